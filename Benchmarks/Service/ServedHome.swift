import Foundation
import VitrineCore

/// `vitrine serve` as a process of its own, on a free port, on a home.
final class ServedHome {
    let home: String
    let address: String
    let process: pid_t

    /// Starts it; it is told of no key, so it answers programs of this machine.
    init(_ home: String, workers: Bool = false) async throws {
        setenv("VITRINE_REQUESTS_A_MINUTE", "0", 1)
        let words = home + "-said-\(RandomSource.system.identifier("w"))"
        let flags = workers ? "" : " --no-workers"
        process = try Spawned.start(
            "/bin/sh",
            ["-c", "exec \"$0\" serve --port 0 --home \"$1\"\(flags) 2> \"$2\"", Benchmarks.program, home, words]
        )
        self.home = home
        address = try await ServedHome.address(in: words)
    }

    /// The address that a service has written down.
    static func address(in path: String) async throws -> String {
        for _ in 0..<600 {
            let said = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            if let found = said.firstMatch(of: /listening on (http:\/\/[0-9.]+:[0-9]+)\n/) { return String(found.1) }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw CocoaError(.fileReadUnknown)
    }

    /// Its port.
    var port: Int { Int(address.split(separator: ":").last ?? "") ?? 0 }

    /// The memory that it holds, in bytes.
    var memory: Int {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        return (status.firstMatch(of: /VmRSS:\s+([0-9]+) kB/).flatMap { Int($0.1) } ?? 0) * 1024
    }

    /// Ends it.
    func stop() async throws {
        kill(process, SIGTERM)
        _ = try await Spawned.end(of: process)
    }
}
