import Foundation

/// Importing 200,000 rows of Google CSV against `sqlite3`'s own `.import` of the same file, and the memory of 1,000,000 rows.
struct FeedImport {
    let folder: String

    func run() throws {
        let small = folder + "/google-200k.csv"
        try GoogleTable.write(rows: 200_000, to: small)
        var ours: [Double] = []
        var theirs: [Double] = []
        var peak = 0
        for round in 0..<5 {
            theirs.append(try sqlite(small, round))
            let home = folder + "/home-\(round)"
            let run = try Spawned.run(
                Benchmarks.program,
                ["import", small, "--skip-images", "--home", home, "--quiet"]
            )
            guard run.code == 0 else { return print("bench feed-import failed: the import ended with \(run.code)") }
            ours.append(run.seconds)
            peak = max(peak, run.peak)
            try FileManager.default.removeItem(atPath: home)
        }
        Benchmarks.report(
            "feed-import",
            ours.median / theirs.median,
            goal: "<=3",
            against: "sqlite3 .import",
            String(format: "%.2f s and %.2f s, medians of 5", ours.median, theirs.median)
        )
        Benchmarks.report(
            "feed-import-memory",
            Double(peak) / 1e6,
            goal: "<=150",
            against: "MB at 200,000 rows",
            "peak"
        )

        let large = folder + "/google-1m.csv"
        try GoogleTable.write(rows: 1_000_000, to: large)
        let home = folder + "/home-large"
        let run = try Spawned.run(Benchmarks.program, ["import", large, "--skip-images", "--home", home, "--quiet"])
        Benchmarks.report(
            "feed-import-memory-1m",
            Double(run.peak) / 1e6,
            goal: "<=160",
            against: "MB at 1,000,000 rows",
            String(format: "%.1f s, exit %d", run.seconds, run.code)
        )
        try FileManager.default.removeItem(atPath: home)
        try FileManager.default.removeItem(atPath: large)
    }

    private func sqlite(_ path: String, _ round: Int) throws -> Double {
        let database = folder + "/peer-\(round).db"
        let script = folder + "/import.sql"
        try Data(".mode csv\n.import \(path) feed\n".utf8).write(to: URL(filePath: script))
        let run = try Spawned.run(Spawned.find("sqlite3"), [database], input: script)
        try FileManager.default.removeItem(atPath: database)
        return run.seconds
    }
}

/// A Google CSV feed of about 500 bytes a row.
enum GoogleTable {
    static func write(rows: Int, to path: String) throws {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        guard let file = FileHandle(forWritingAtPath: path) else { throw CocoaError(.fileWriteUnknown) }
        let header =
            "id,title,description,link,image_link,availability,price,brand,gtin,condition,google_product_category,product_type,color,material,size\n"
        var buffer = header
        let colors = ["red", "blue", "green", "black", "white", "ochre"]
        let words =
            "thrown by hand from a speckled clay and dipped so that the foot stays bare and it warms slowly in the hand "
        for row in 0..<rows {
            let color = colors[row % colors.count]
            buffer += "item-\(row),\"Stoneware mug no. \(row), \(color)\","
            buffer +=
                "\"\(words)\(row) \(words)\",https://shop.example/p/\(row),https://cdn.example/images/mug-\(row).jpg,in stock,"
            buffer +=
                "\(row % 90 + 9).90 EUR,Tidewater,\(4_000_000_000_000 + row),new,\"Home & Garden > Kitchen & Dining > "
            buffer += "Tableware > Drinkware > Mugs\",Kitchen > Mugs,\(color),stoneware,300 ml\n"
            if buffer.utf8.count > 1 << 20 {
                try file.write(contentsOf: Data(buffer.utf8))
                buffer.removeAll(keepingCapacity: true)
            }
        }
        try file.write(contentsOf: Data(buffer.utf8))
        try file.close()
    }
}
