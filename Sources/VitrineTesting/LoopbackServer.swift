public import Foundation
import Synchronization

/// A server on this machine that answers as a test tells it to, lies included.
public final class LoopbackServer: Sendable {
    /// A request as it came over the wire.
    public struct Request: Sendable {
        /// Its method.
        public var method: String
        /// Its path and query.
        public var target: String
        /// Its header fields by lower-case name.
        public var headers: [String: String]
        /// Its body.
        public var body: Data
        /// Which connection it came by, from 1.
        public var connection: Int
    }

    /// The server's end of a connection.
    public final class Connection {
        /// Which one it is, from 1.
        public let number: Int
        private let socket: Int32
        private var received: [UInt8] = []

        fileprivate init(_ socket: Int32, number: Int) {
            self.socket = socket
            self.number = number
        }

        /// Sends text; false when the other side is gone.
        @discardableResult
        public func send(_ text: String) -> Bool {
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes {
                    Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return false }
                rest = rest.dropFirst(sent)
            }
            return true
        }

        /// Blocks until the other side closes.
        public func waitForClose() {
            while receive() {}
        }

        fileprivate func receive() -> Bool {
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return false }
            received += buffer[..<count]
            return true
        }

        fileprivate func request() -> Request? {
            let end = Array("\r\n\r\n".utf8)
            var head: Int?
            while head == nil {
                head = received.firstRange(of: end)?.lowerBound
                if head == nil, !receive() { return nil }
            }
            guard let head else { return nil }
            let lines = String(decoding: received[..<head], as: UTF8.self).components(separatedBy: "\r\n")
            var headers: [String: String] = [:]
            for line in lines.dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                headers[line[..<colon].lowercased()] = line[line.index(after: colon)...]
                    .trimmingCharacters(in: .whitespaces)
            }
            let length = headers["content-length"].flatMap { Int($0) } ?? 0
            while received.count < head + 4 + length {
                guard receive() else { return nil }
            }
            let body = Data(received[(head + 4)..<(head + 4 + length)])
            received.removeFirst(head + 4 + length)
            let words = lines[0].split(separator: " ").map(String.init)
            return Request(
                method: words[0],
                target: words.count > 1 ? words[1] : "",
                headers: headers,
                body: body,
                connection: number
            )
        }
    }

    /// Where it listens on 127.0.0.1.
    public let port: Int
    private let listener: Int32
    private let seen = Mutex<[Request]>([])

    /// Serves until released.
    ///
    /// The handler answers one request and tells whether the connection stays open.
    public init(_ handler: @escaping @Sendable (Request, Connection) -> Bool) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isReady = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 128) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard isReady else { throw CocoaError(.featureUnsupported) }
        port = Int(UInt16(bigEndian: address.sin_port))
        self.listener = listener
        let record: @Sendable (Request) -> Void = { [weak self] request in
            self?.seen.withLock { $0.append(request) }
        }
        Thread.detachNewThread {
            var count = 0
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else {
                    close(listener)
                    return
                }
                count += 1
                let number = count
                Thread.detachNewThread {
                    defer { close(socket) }
                    let connection = Connection(socket, number: number)
                    while let request = connection.request() {
                        record(request)
                        guard handler(request, connection) else { return }
                    }
                }
            }
        }
    }

    deinit {
        // Wakes the thread that accepts; it closes the socket, whose number nobody else gets before.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// The requests that came, in order.
    public var requests: [Request] { seen.withLock { $0 } }

    /// An address of this server.
    public func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }
}

extension LoopbackServer.Connection {
    /// Sends a whole answer with its length.
    @discardableResult
    public func answer(_ status: Int, _ headers: [String: String] = [:], _ body: String = "") -> Bool {
        var text = "HTTP/1.1 \(status) Status\r\nContent-Length: \(body.utf8.count)\r\n"
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { text += "\(name): \(value)\r\n" }
        return send(text + "\r\n" + body)
    }
}
