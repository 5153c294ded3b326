import Foundation
import VitrineCore

/// One request as a provider's server sees it.
struct Call: Sendable {
    /// Upper case.
    var method: String
    /// The decoded parts of the path after the provider's name.
    var path: [String]
    /// Decoded, in order.
    var query: [(name: String, value: String)] = []
    /// By lower-case name.
    var headers: [String: String] = [:]
    var body = Data()
    /// What stands before the path, such as `http://127.0.0.1:8100/fal`.
    var base: String
    /// The provider's name.
    var provider: String
    /// Which connection it came on.
    var connection: String = ""

    /// The first value of a query parameter.
    func query(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// All values of a query parameter.
    func queries(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }

    /// The credential behind a scheme's word in `Authorization`, such as `Bearer`.
    func credential(_ scheme: String) -> String? {
        guard let value = headers["authorization"], value.hasPrefix(scheme + " ") else { return nil }
        let credential = value.dropFirst(scheme.count + 1)
        return credential.isEmpty ? nil : String(credential)
    }

    /// The body as a JSON object; refuses anything else, and a body that is not called JSON.
    func fields() throws(Refusal) -> Fields {
        guard headers["content-type"]?.lowercased().hasPrefix("application/json") == true else {
            throw Refusal(.field, "expected the content type `application/json`", field: "Content-Type")
        }
        guard let value = JSON(body), let map = value.map else {
            throw Refusal(.field, "the body is no JSON object", field: "body")
        }
        return Fields(map)
    }
}

/// What a server answers.
struct Reply: Sendable {
    var status: Int
    var headers: [String: String] = [:]
    var body = Data()

    /// A JSON document.
    static func json(_ value: JSON, status: Int = 200, headers: [String: String] = [:]) -> Reply {
        Reply(
            status: status,
            headers: ["content-type": "application/json"].merging(headers) { $1 },
            body: value.bytes
        )
    }

    /// No body.
    static func empty(_ status: Int) -> Reply { Reply(status: status) }

    /// Bytes of a kind, or the range of them that was asked for, so that a cut download can go on.
    static func file(_ bytes: Data, kind: String, for call: Call) -> Reply {
        let headers = ["content-type": kind, "accept-ranges": "bytes"]
        guard let range = call.headers["range"], range.hasPrefix("bytes="), let dash = range.firstIndex(of: "-"),
            let first = Int(range[..<dash].dropFirst(6))
        else { return Reply(status: 200, headers: headers, body: bytes) }
        let last = min(Int(range[dash...].dropFirst()) ?? bytes.count - 1, bytes.count - 1)
        guard first <= last else {
            return Reply(status: 416, headers: ["content-range": "bytes */\(bytes.count)"])
        }
        let part = ["content-range": "bytes \(first)-\(last)/\(bytes.count)"]
        return Reply(
            status: 206,
            headers: headers.merging(part) { $1 },
            body: Data(bytes.dropFirst(first).prefix(last - first + 1))
        )
    }
}

/// Why a server does not do what it was asked; each provider says it in its own form.
struct Refusal: Error, Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case noKey
        case keyRefused
        case outOfCredit
        case field
        case unknownModel
        case notFound
        case moderated
        /// A picture that cannot be had or used.
        case picture
        case rateLimited(after: Duration?)
        /// A 5xx.
        case trouble(Int)
        case retired
        case notCancellable
    }

    var kind: Kind
    var message: String
    var field: String?

    init(_ kind: Kind, _ message: String, field: String? = nil) {
        self.kind = kind
        self.message = message
        self.field = field
    }

    /// The seconds to wait, where they are told.
    var retryAfter: [String: String] {
        guard case .rateLimited(let wait?) = kind else { return [:] }
        return ["retry-after": String(max(1, Int(wait.seconds.rounded(.up))))]
    }
}
