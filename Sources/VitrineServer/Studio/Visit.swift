import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import VitrineCore

/// One page that somebody asks for: the request, and who that is.
struct Visit: Sendable {
    let request: Request
    let context: ServerContext
    /// What forms must carry; nil on a service without keys, where the browser's own word about the sender is enough.
    let formToken: String?
    /// Whether the visitor may make and decide.
    let mayGenerate: Bool
    /// Whether the visitor may write presets.
    let mayAuthor: Bool
    /// Whether the visitor may set budgets.
    let mayAdmin: Bool
    /// Whether the visitor can sign out.
    var isSignedIn: Bool { formToken != nil }

    /// The fields of a form that was sent, at most so many bytes as they were sent; throws when the form is not of this session.
    func form(atMost limit: Int = 64 << 10) async throws -> [String: [String]] {
        guard request.contentType == "application/x-www-form-urlencoded" else {
            throw RequestError(.unsupportedType, "expected a form")
        }
        let text = String(buffer: try await request.bytes(atMost: limit))
        var fields: [String: [String]] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(parts[0]), let value = Self.decoded(parts.count > 1 ? parts[1] : "") else {
                throw RequestError(.invalid, "the form is not percent-encoded UTF-8")
            }
            guard !value.utf8.contains(0) else {
                throw RequestError(.invalid, "`\(name.prefix(40))` holds a zero byte")
            }
            fields[name, default: []].append(value.replacing("\r\n", with: "\n"))
        }
        try check(fields["form"]?.first)
        return fields
    }

    /// Refuses what was not sent from a page of this session.
    func check(_ token: String?) throws(RequestError) {
        guard let formToken else { return }
        guard let token, Digest(of: token).isSame(as: Digest(of: formToken)) else {
            throw RequestError(.forbidden, "this page is of an earlier session", hint: "load it again")
        }
    }

    /// An answer that sends the browser to another page of ours.
    static func redirect(to path: String, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.location] = path
        return Response(status: .seeOther, headers: headers)
    }

    private static func decoded(_ text: Substring) -> String? {
        text.replacing("+", with: " ").removingPercentEncoding
    }
}
