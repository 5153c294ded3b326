public import Foundation

/// The identity of a key of the HTTP service.
public struct KeyID: Named {
    /// The identity as it is written, `k_…`.
    public let rawValue: String
    /// An identity as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Whoever calls a service that has no keys, from the machine itself.
    public static let local: KeyID = "local"
    /// Whoever has the key of `VITRINE_ADMIN_KEY_FILE`.
    public static let adminFile: KeyID = "admin-file"
}

/// What a key may be used for.
public enum Scope: String, Hashable, Sendable, Codable, CaseIterable {
    /// Look at everything but keys.
    case read
    /// Import, plan, apply, regenerate and review.
    case generate
    /// Write presets.
    case author
    /// Everything.
    case admin
}

/// A key of the HTTP service: known by the digest of its secret alone.
public struct AccessKey: Hashable, Sendable {
    /// Its identity, which stands in its text.
    public var id: KeyID
    /// What people call it.
    public var name: String
    /// What it may be used for.
    public var scopes: Set<Scope>
    /// The digest of its whole text.
    public var digest: Digest
    /// When it was made.
    public var createdAt: Date
    /// When it was last used, to the minute.
    public var lastUsedAt: Date?
    /// When it was revoked.
    public var revokedAt: Date?

    /// A key.
    public init(
        id: KeyID,
        name: String,
        scopes: Set<Scope>,
        digest: Digest,
        createdAt: Date,
        lastUsedAt: Date? = nil,
        revokedAt: Date? = nil
    ) {
        self.id = id
        self.name = name
        self.scopes = scopes
        self.digest = digest
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.revokedAt = revokedAt
    }

    /// Whether it may be used for that; every key but a revoked one may read.
    public func allows(_ scope: Scope) -> Bool {
        revokedAt == nil && !scopes.isEmpty && (scope == .read || scopes.contains(scope) || scopes.contains(.admin))
    }

    /// A new key and its text, which nobody can find out again: 256 random bits behind the key's identity.
    public static func new(
        name: String,
        scopes: Set<Scope>,
        at now: Date,
        random: RandomSource
    ) -> (key: AccessKey, text: String) {
        let id = KeyID(random.identifier("k"))
        let text = "v\(id)_" + Base64URL.text(of: random.bytes(32))
        return (AccessKey(id: id, name: name, scopes: scopes, digest: Digest(of: text), createdAt: now), text)
    }

    /// The identity in the text of a key; nil when it is no key of ours.
    public static func id(in text: String) -> KeyID? {
        let parts = text.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "vk", !parts[1].isEmpty, text.utf8.count <= 100 else { return nil }
        return KeyID("k_" + parts[1])
    }
}

extension Digest {
    /// Whether both are the same, in a time that does not tell where they differ.
    public func isSame(as other: Digest) -> Bool {
        var difference: UInt8 = 0
        for (left, right) in zip(hexadecimal.utf8, other.hexadecimal.utf8) { difference |= left ^ right }
        return difference == 0
    }
}
