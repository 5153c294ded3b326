import Foundation
import Synchronization
public import VitrineCore

/// HTTP as a table of answers, which notes what it was asked.
public final class ScriptedTransport: HTTPTransport {
    private let answers: @Sendable (HTTPRequest) throws(TransportError) -> HTTPResponse
    private let asked = Mutex<[HTTPRequest]>([])

    /// A transport that answers by this function.
    public init(_ answers: @escaping @Sendable (HTTPRequest) throws(TransportError) -> HTTPResponse) {
        self.answers = answers
    }

    /// A transport that nobody may ask.
    public static let none = ScriptedTransport { (_) throws(TransportError) in
        throw TransportError(.unreachable, "there is no network in this test", mayHaveBeenSent: false)
    }

    /// What it was asked, in order.
    public var requests: [HTTPRequest] { asked.withLock { $0 } }

    /// The scripted answer.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        asked.withLock { $0.append(request) }
        return try answers(request)
    }

    /// The scripted answer, its body in a file.
    public func download(_ request: HTTPRequest, to path: String) async throws(TransportError) -> HTTPResponse {
        var response = try await send(request)
        guard (200..<300).contains(response.status) else { return response }
        guard FileManager.default.createFile(atPath: path, contents: response.body) else {
            throw TransportError(.notKept, "no room", mayHaveBeenSent: true)
        }
        response.body = Data()
        return response
    }
}
