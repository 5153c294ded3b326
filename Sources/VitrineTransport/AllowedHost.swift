import Foundation

/// A host and port that an operator lets pictures and feeds come from although its address is private.
public struct AllowedHost: Hashable, Sendable, CustomStringConvertible {
    /// The host, lower case; an IPv6 address stands in brackets.
    public let host: String
    /// The port.
    public let port: Int

    /// Reads `host:port`, an entry of `VITRINE_ALLOW_HOSTS`; nil for anything else.
    public init?(_ text: String) {
        let text = text.trimmingCharacters(in: .whitespaces).lowercased()
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let host = text[..<colon]
        guard let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port), !host.isEmpty else {
            return nil
        }
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), AddressGuard.bytes(of: String(host.dropFirst().dropLast()))?.count == 16 else {
                return nil
            }
        } else if host.contains(where: { ":/@?#[] ".contains($0) }) {
            return nil
        }
        self.host = String(host)
        self.port = port
    }

    /// Written as `host:port`.
    public var description: String { "\(host):\(port)" }
}
