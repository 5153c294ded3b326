import Foundation
import VitrineCore
import VitrinePipeline

/// This process as a worker: known by the machine's boot, its process namespace, its number and its start.
enum WorkerProcess {
    /// The name under which this process works.
    ///
    /// On a machine without `/proc` nobody is ever known to be gone.
    static var name: WorkerName {
        guard let machine = machine(), let start = start(of: getpid()) else { return .unknown }
        let prefix = "\(machine)-"
        return WorkerName(name: "\(prefix)\(getpid())-\(start)") { token in
            guard token.hasPrefix(prefix) else { return false }
            let parts = token.dropFirst(prefix.count).prefix { $0 != "_" }.split(separator: "-")
            guard parts.count == 2, let process = pid_t(parts[0]) else { return false }
            return WorkerProcess.start(of: process) != String(parts[1])
        }
    }

    private static func machine() -> String? {
        guard let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8),
            let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        else { return nil }
        return String(Digest(of: boot + namespace).hexadecimal.prefix(10))
    }

    /// When a process began, in ticks since the boot; nil when it is not there.
    private static func start(of process: pid_t) -> String? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = status.lastIndex(of: ")")
        else { return nil }
        let fields = status[end...].split(separator: " ")
        return fields.count > 20 ? String(fields[20]) : nil
    }
}
