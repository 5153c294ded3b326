import Foundation

/// A connection to a port of this machine that sends what it is told, and reads only when it is told.
public final class LoopbackClient: Sendable {
    private let socket: Int32

    /// Connects; throws `POSIXError` when nobody listens.
    public init(port: Int) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        guard code == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .ECONNREFUSED) }
    }

    deinit { close(socket) }

    /// Connections that come in one after the other until nobody listens, at most so many.
    public static func crowd(at port: Int, most: Int) -> [LoopbackClient] {
        var clients: [LoopbackClient] = []
        while clients.count < most, let client = try? LoopbackClient(port: port) { clients.append(client) }
        return clients
    }

    /// Sends text.
    public func send(_ text: String) {
        var text = text
        _ = text.withUTF8 { Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// The next bytes that come, at most so many, as text; empty at the end.
    public func receive(_ count: Int) async -> String {
        let socket = socket
        return await withCheckedContinuation { continuation in
            // A read that blocks would hold one of the few threads that the other side may need to answer.
            Thread {
                var bytes = [UInt8](repeating: 0, count: count)
                let received = max(0, recv(socket, &bytes, count, 0))
                continuation.resume(returning: String(decoding: bytes.prefix(received), as: UTF8.self))
            }.start()
        }
    }
}
