import Foundation

/// `vitrine --help` against a program that does nothing.
struct Help {
    let folder: String

    func run() throws {
        var ours: [Double] = []
        var theirs: [Double] = []
        for _ in 0..<20 {
            ours.append(try Spawned.run(Benchmarks.program, ["--help"]).seconds)
            theirs.append(try Spawned.run(Spawned.find("sqlite3"), ["--version"]).seconds)
        }
        let home = FileManager.default.fileExists(atPath: FileManager.default.currentDirectoryPath + "/.vitrine")
        Benchmarks.report(
            "help",
            ours.median * 1000,
            goal: "a few",
            against: "ms of work",
            String(format: "sqlite3 --version: %.1f ms", theirs.median * 1000) + (home ? ", with a home here" : "")
        )
    }
}
