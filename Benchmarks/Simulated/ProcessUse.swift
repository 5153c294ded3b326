import Foundation

/// What a running process has used, as Linux tells it.
struct ProcessUse {
    /// Seconds of a processor, in user and system mode.
    var processor: Double
    /// The most memory it has held, in bytes.
    var peak: Int

    /// What the process has used until now; throws when it is gone.
    init(of process: pid_t) throws {
        let stat = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        // The name of the program, in parentheses, may hold anything.
        let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
        let ticks = fields.count > 13 ? (Double(fields[12]) ?? 0) + (Double(fields[13]) ?? 0) : 0
        processor = ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
        peak = (kilobytes ?? 0) * 1024
    }
}
