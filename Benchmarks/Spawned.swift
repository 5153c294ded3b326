import Foundation
import VitrineCore

/// What one run of a program took.
struct Spawned {
    /// From the start to the end.
    var seconds: Double
    /// The seconds that processors worked for it, in user and system mode.
    var processor: Double
    /// The most memory it held, in bytes.
    var peak: Int
    var code: Int32
    /// Whether it was ended by SIGKILL.
    var isKilled = false

    /// Runs a program to its end, its output thrown away.
    static func run(_ path: String, _ arguments: [String], input: String = "/dev/null") throws -> Spawned {
        let began = ContinuousClock.now
        return wait(for: try start(path, arguments, input: input), since: began)
    }

    /// Starts a program, its output thrown away.
    static func start(_ path: String, _ arguments: [String], input: String = "/dev/null") throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var pointers: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process: pid_t = 0
        guard posix_spawn(&process, path, &actions, nil, &pointers, environ) == 0 else {
            throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: path])
        }
        return process
    }

    /// Waits for the end of a program that was started, on a thread of its own.
    static func end(of process: pid_t) async throws -> Spawned {
        let began = ContinuousClock.now
        return try await waiting.run { wait(for: process, since: began) }
    }

    /// The most memory that a running program itself has held so far, in bytes; nil when it has ended.
    static func mostHeld(by process: pid_t) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return kilobytes * 1024
    }

    private static let waiting = BlockingPool(name: "waiting", width: 1)

    private static func wait(for process: pid_t, since began: ContinuousClock.Instant) -> Spawned {
        var status: Int32 = 0
        var usage = rusage()
        wait4(process, &status, 0, &usage)
        let elapsed = ContinuousClock.now - began
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        return Spawned(
            seconds: seconds,
            processor: usage.seconds,
            peak: usage.ru_maxrss * 1024,
            code: (status >> 8) & 0xFF,
            isKilled: status & 0x7F == SIGKILL
        )
    }

    /// Seconds of a processor that this process has used.
    static func processorSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.seconds
    }

    /// Where a program is.
    static func find(_ name: String) -> String {
        for folder in ["/usr/bin", "/bin", "/usr/local/bin"]
        where FileManager.default.isExecutableFile(atPath: folder + "/" + name) {
            return folder + "/" + name
        }
        return name
    }
}

extension Sequence<Double> {
    /// The value in the middle.
    var median: Double {
        let sorted = sorted()
        return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
    }
}

extension rusage {
    /// User and system time.
    fileprivate var seconds: Double {
        Double(ru_utime.tv_sec + ru_stime.tv_sec) + Double(ru_utime.tv_usec + ru_stime.tv_usec) / 1e6
    }
}

extension Duration {
    /// It as a number.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
