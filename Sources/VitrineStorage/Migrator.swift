import CAssets
import Foundation
import GRDB
import VitrineCore

/// Brings a database forward, one numbered step and one transaction at a time, and never back.
struct Migrator: Sendable {
    struct Step: Sendable {
        var number: Int64
        var name: String
        var sql: String
    }

    var steps: [Step]

    /// The steps that travel inside the program.
    static let bundled = Migrator(steps: read())

    private static func read() -> [Step] {
        var steps: [Step] = []
        var index = 0
        while let asset = vitrine_asset_at(index) {
            index += 1
            let path = String(cString: asset.pointee.name)
            guard path.hasPrefix("Sources/VitrineStorage/Migrations/m"), path.hasSuffix(".sql") else { continue }
            let file = path.split(separator: "/").last ?? ""
            guard let number = Int64(file.dropFirst().prefix { $0.isNumber }) else {
                preconditionFailure("a migration's name begins with its number: \(file)")
            }
            let bytes = UnsafeBufferPointer(start: asset.pointee.bytes, count: asset.pointee.count)
            steps.append(Step(number: number, name: String(file), sql: String(decoding: bytes, as: UTF8.self)))
        }
        return steps.sorted { $0.number < $1.number }
    }

    private var newest: Int64 { steps.last?.number ?? 0 }

    /// Throws `tooNew` or `damaged` unless the database is one that this release may open.
    static func refuseForeign(_ database: Database) throws {
        try bundled.check(database)
    }

    /// Race: asked anew each time, because another process may have migrated since.
    private func hasBegun(_ database: Database) throws -> Bool {
        try database.row("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'") != nil
    }

    private func check(_ database: Database) throws {
        guard try hasBegun(database) else {
            let tables = try database.integer("SELECT count(*) FROM sqlite_master") ?? 0
            guard tables == 0 else { throw StoreError(.damaged, "the file is a database, but not one of vitrine") }
            return
        }
        let found = try database.integer("SELECT max(number) FROM migration") ?? 0
        guard found <= newest else {
            throw StoreError(
                .tooNew,
                "the database was written by a newer release: expected at most migration \(newest) but got \(found)"
            )
        }
    }

    /// Applies what is missing.
    ///
    /// Two processes may do so at once: each step is looked for again under the write lock.
    func migrate(_ database: Database, at now: Date) throws {
        let done =
            try hasBegun(database) ? database.integer("SELECT max(number) FROM migration") ?? 0 : 0
        guard done != newest else { return }
        for step in steps where step.number > done {
            try database.inTransaction(.immediate) {
                try check(database)
                try database.execute(
                    sql: """
                        CREATE TABLE IF NOT EXISTS migration (
                            number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL
                        )
                        """
                )
                guard try database.row("SELECT 1 FROM migration WHERE number = ?1", step.number) == nil else {
                    return .commit
                }
                try database.execute(sql: step.sql.replacing("/* sqlite: WITHOUT ROWID */", with: "WITHOUT ROWID"))
                try database.run(
                    "INSERT INTO migration (number, name, applied_at) VALUES (?1, ?2, ?3)",
                    step.number,
                    step.name,
                    now.milliseconds
                )
                return .commit
            }
        }
        try check(database)
    }
}
