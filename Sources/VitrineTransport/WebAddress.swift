import CCurl
import Foundation
import VitrineCore

/// An http or https address as libcurl itself reads it, so that what is judged is what is asked.
struct WebAddress: Hashable, Sendable {
    /// The most bytes an address may have.
    static let longest = 8192

    /// The whole address without its fragment, spaces and letters beyond ASCII percent-encoded.
    let text: String
    /// `http` or `https`.
    let scheme: String
    /// The host, lower case.
    let host: String
    /// The port, also where it was not written.
    let port: Int
    /// Scheme, host, port and path for messages: a query may hold a key.
    let shown: String

    /// Reads an address; throws `badAddress`.
    init(_ text: String) throws(TransportError) {
        func refusal(_ why: String) -> TransportError {
            TransportError(.badAddress, why, mayHaveBeenSent: false)
        }
        guard text.utf8.count <= WebAddress.longest else {
            throw refusal("expected an address of at most `\(WebAddress.longest)` bytes but got `\(text.utf8.count)`")
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            throw refusal("the address holds a control character")
        }
        guard let parts = curl_url() else { throw refusal("out of memory") }
        defer { curl_url_cleanup(parts) }
        let flags = UInt32(CURLU_URLENCODE | CURLU_DISALLOW_USER)
        let outcome = curl_url_set(parts, CURLUPART_URL, text, flags)
        guard outcome != CURLUE_USER_NOT_ALLOWED else { throw refusal("the address holds a user name or password") }
        guard outcome == CURLUE_OK else { throw refusal("expected an http or https address") }
        curl_url_set(parts, CURLUPART_FRAGMENT, nil, 0)

        func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
            var value: UnsafeMutablePointer<CChar>?
            guard curl_url_get(parts, part, &value, UInt32(flags)) == CURLUE_OK, let value else { return nil }
            defer { curl_free(value) }
            return String(cString: value)
        }
        guard let whole = part(CURLUPART_URL), let scheme = part(CURLUPART_SCHEME)?.lowercased(),
            let host = part(CURLUPART_HOST)?.lowercased(),
            let port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap({ Int($0) })
        else { throw refusal("expected an http or https address") }
        guard scheme == "http" || scheme == "https" else {
            throw refusal("expected an http or https address but got `\(scheme)`")
        }
        self.text = whole
        self.scheme = scheme
        self.host = host
        self.port = port
        let isUsual = port == (scheme == "https" ? 443 : 80)
        shown = "\(scheme)://\(host)\(isUsual ? "" : ":\(port)")\(part(CURLUPART_PATH) ?? "")"
    }

    /// Whether both have the same scheme, host and port.
    func sharesOrigin(with other: WebAddress) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }
}
