public import Foundation

/// Somebody who is signed in to the studio: a key that was shown once, remembered by the digest of a cookie's secret.
public struct Session: Hashable, Sendable {
    /// The digest of the secret that the browser keeps.
    public var digest: Digest
    /// The key.
    public var key: KeyID
    /// The digest of the key's text: a key that was made anew ends its sessions.
    public var keyDigest: Digest
    /// When it began.
    public var createdAt: Date
    /// When it ends.
    public var endsAt: Date

    /// A session.
    public init(digest: Digest, key: KeyID, keyDigest: Digest, createdAt: Date, endsAt: Date) {
        self.digest = digest
        self.key = key
        self.keyDigest = keyDigest
        self.createdAt = createdAt
        self.endsAt = endsAt
    }
}
