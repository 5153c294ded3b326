internal import Crypto
public import Foundation

/// The secret of a home that signs links to its media.
public struct LinkSecret: Hashable, Sendable {
    /// Its bytes.
    public let bytes: [UInt8]

    /// A secret that was made earlier.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The path and query under which one file can be read until a moment: `/media/{digest}.{kind}?expires=&signature=`.
    public func path(to file: MediaFile, until end: Date) -> String {
        let seconds = end.milliseconds / 1000
        let name = "\(file.digest).\(file.kind)"
        return "/media/\(name)?expires=\(seconds)&signature=\(Base64URL.text(of: code(name, seconds)))"
    }

    /// Whether a link to a file name, as it came, was made by this secret and has not ended; says nothing of how it differs.
    public func allows(name: String, expires: String, signature: String, at now: Date) -> Bool {
        guard let seconds = Int64(expires), String(seconds) == expires, let given = Base64URL.bytes(of: signature),
            HMAC<SHA256>.isValidAuthenticationCode(
                given,
                authenticating: text(name, seconds),
                using: SymmetricKey(data: bytes)
            )
        else { return false }
        return now.milliseconds < seconds * 1000
    }

    private func code(_ name: String, _ seconds: Int64) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: text(name, seconds), using: SymmetricKey(data: bytes)))
    }

    private func text(_ name: String, _ seconds: Int64) -> Data {
        Data("vitrine.media.1\n\(name)\n\(seconds)".utf8)
    }
}
