import Foundation

/// The rows that regenerations have left in a home, inserted again into an empty copy of its tables by `sqlite3`: a transaction each under FULL.
struct BareInserts {
    let home: String
    let folder: String

    /// Transactions a second, and the tables that each of them writes to.
    func transactionsPerSecond() throws -> (rate: Double, tables: [String]) {
        let source = home + "/vitrine.db"
        let tables = ["run", "slot", "job", "home_event", "idempotency"]
        var rows: [[Substring]] = []
        for table in tables {
            let text = try ask(source, ".mode insert \(table)\nSELECT * FROM \(table) LIMIT 3000;\n")
            rows.append(text.split(separator: "\n").filter { $0.hasPrefix("INSERT INTO") })
        }
        let count = rows.map(\.count).max() ?? 0
        let schema = try ask(source, ".schema\n")
        var script = "PRAGMA journal_mode=WAL;\nPRAGMA synchronous=FULL;\n" + schema + "\n"
        for index in 0..<count {
            let inserts = rows.compactMap { $0.indices.contains(index) ? String($0[index]) : nil }
            script += "BEGIN IMMEDIATE;\n" + inserts.joined(separator: "\n") + "\nCOMMIT;\n"
        }
        let path = folder + "/inserts.sql"
        try Data(script.utf8).write(to: URL(filePath: path))
        let run = try Spawned.run(Spawned.find("sqlite3"), [folder + "/inserts.db"], input: path)
        return (Double(count) / run.seconds, zip(tables, rows).filter { !$1.isEmpty }.map(\.0))
    }

    private func ask(_ database: String, _ script: String) throws -> String {
        let (input, output) = (folder + "/ask.sql", folder + "/answer.txt")
        try Data(script.utf8).write(to: URL(filePath: input))
        _ = try Spawned.run("/bin/sh", ["-c", "exec sqlite3 \"$0\" > \"$1\"", database, output], input: input)
        return try String(contentsOfFile: output, encoding: .utf8)
    }
}
