import Foundation
import VitrineCore

/// What may stand in a request, and what of it may go on to another address.
enum RequestCheck {
    /// Throws `badAddress` when method or header fields could not be written as they are.
    static func check(_ request: HTTPRequest) throws(TransportError) {
        let method = request.method
        guard !method.isEmpty, method.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw TransportError(
                .badAddress,
                "expected a method in capitals but got `\(method)`",
                mayHaveBeenSent: false
            )
        }
        for (name, value) in request.headers {
            guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
                throw TransportError(.badAddress, "a header field has no proper name", mayHaveBeenSent: false)
            }
            guard !value.utf8.contains(where: { $0 < 32 && $0 != 9 || $0 == 127 }) else {
                throw TransportError(
                    .badAddress,
                    "header field `\(name)` holds a control character",
                    mayHaveBeenSent: false
                )
            }
        }
    }

    /// Header fields that say nothing about who asks, lower case: only these cross to another origin.
    static let harmless: Set<String> = [
        "accept", "accept-encoding", "accept-language", "cache-control", "if-modified-since", "if-none-match", "range",
        "user-agent",
    ]

    /// Whether a header field proves who asks.
    static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasSuffix("authorization") || name.hasSuffix("key") || name.hasSuffix("token") || name == "cookie"
            || name.contains("secret") || name.contains("signature")
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension HTTPRequest {
    /// The request that follows a redirect: without body after 301, 302 and 303 unless it was a HEAD, and with nothing
    /// that tells who asks when the origin changes.
    func redirected(from old: WebAddress, to new: WebAddress, status: Int) throws(TransportError) -> HTTPRequest {
        var next = self
        next.url = new.text
        let keepsMethod = status == 307 || status == 308 || method == "GET" || method == "HEAD"
        if !keepsMethod {
            next.method = "GET"
            next.body = nil
            next.headers = next.headers.filter { !$0.key.lowercased().hasPrefix("content-") }
        }
        guard !old.sharesOrigin(with: new) else { return next }
        guard next.body == nil, next.method == "GET" || next.method == "HEAD" else {
            throw TransportError(
                .forbiddenAddress,
                "`\(old.shown)` redirects a request with a body to another host, `\(new.shown)`",
                mayHaveBeenSent: true
            )
        }
        next.headers = next.headers.filter { RequestCheck.harmless.contains($0.key.lowercased()) }
        next.isOperators = false
        return next
    }
}
