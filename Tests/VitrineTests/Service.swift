import Foundation
import Testing

/// `vitrine serve` on a free port.
final class Service {
    private let running: Running
    private let folder: String
    private let port: String

    init(_ program: Program) throws {
        folder = program.folder
        let process = try program.start(["serve", "--port", "0"])
        running = process
        var found: String?
        while found == nil, process.process.isRunning {
            let match = process.text("stderr").firstMatch(of: /listening on http:\/\/127\.0\.0\.1:([0-9]+)/)
            found = match.map { String($0.1) }
            if found == nil { usleep(20_000) }
        }
        port = try #require(found, "\(process.text("stderr"))")
    }

    /// Runs lines of a shell in the folder, where `catalog-samples` is; the first that fails ends it, and so do two minutes.
    func shell(_ lines: String) throws -> (code: Int32, text: String) {
        let samples = folder + "/catalog-samples"
        if !FileManager.default.fileExists(atPath: samples) {
            try FileManager.default.createSymbolicLink(
                atPath: samples,
                withDestinationPath: Program.root + "/catalog-samples"
            )
        }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        process.arguments = ["--kill-after=1", "120", "bash", "-c", "set -euo pipefail\n" + lines]
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["VITRINE": "http://127.0.0.1:\(port)", "PORT": port]
        ) { $1 }
        let log = folder + "/shell-\(UUID().uuidString)"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let file = try #require(FileHandle(forWritingAtPath: log))
        process.standardOutput = file
        process.standardError = file
        try process.run()
        process.waitUntilExit()
        return (process.terminationStatus, (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
    }

    func kill() {
        Foundation.kill(running.process.processIdentifier, SIGKILL)
        running.process.waitUntilExit()
    }

    @discardableResult
    func stop() -> Int32 {
        running.process.terminate()
        running.process.waitUntilExit()
        return running.process.terminationStatus
    }

    /// A port that was free a moment ago.
    static func freePort() throws -> Int {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        try #require(isBound)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
