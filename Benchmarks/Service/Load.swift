import Foundation

/// What `wrk` measured.
struct Load {
    /// Answers a second.
    var rate: Double
    /// Half of the answers came within so many milliseconds.
    var median: Double
    /// All but one in a hundred came within so many milliseconds.
    var slowest: Double
    /// Answers that were not 2xx or 3xx.
    var refused: Int

    /// Asks an address again and again over 16 connections for some seconds; `script` is Lua that `wrk` runs.
    static func run(
        _ address: String,
        seconds: Int = 4,
        connections: Int = 16,
        script: String? = nil,
        in folder: String
    )
        throws -> Load
    {
        let report = folder + "/wrk.txt"
        let lua = folder + "/wrk.lua"
        try Data((script ?? "").utf8).write(to: URL(filePath: lua))
        let command =
            "exec wrk -t1 -c\(connections) -d\(seconds)s --latency \(script == nil ? "" : "-s \"$1\"") \"$0\" > \"$2\""
        let run = try Spawned.run("/bin/sh", ["-c", command, address, lua, report])
        guard run.code == 0 else { throw CocoaError(.executableLoad) }
        let text = try String(contentsOfFile: report, encoding: .utf8)
        return Load(
            rate: text.firstMatch(of: /Requests\/sec:\s+([0-9.]+)/).flatMap { Double($0.1) } ?? 0,
            median: milliseconds(text.firstMatch(of: /50%\s+([0-9.]+)(us|ms|s)/)),
            slowest: milliseconds(text.firstMatch(of: /99%\s+([0-9.]+)(us|ms|s)/)),
            refused: text.firstMatch(of: /Non-2xx or 3xx responses: ([0-9]+)/).flatMap { Int($0.1) } ?? 0
        )
    }

    private static func milliseconds(_ match: Regex<(Substring, Substring, Substring)>.Match?) -> Double {
        guard let match, let number = Double(match.1) else { return .nan }
        return number * (match.2 == "us" ? 0.001 : match.2 == "s" ? 1000 : 1)
    }
}
