import Foundation
import HTTPTypes
import Hummingbird
import Synchronization
import VitrineCore

/// Who asks.
enum Caller: Hashable, Sendable {
    /// Nobody has looked yet, or nobody needs to.
    case nobody
    /// Whoever is on this machine, where the service has no keys.
    case local
    /// Whoever has that key.
    case key(KeyID)

    /// The identity under which what this caller does is written down.
    var id: KeyID {
        switch self {
        case .nobody, .local: .local
        case .key(let id): id
        }
    }
}

/// Decides who may do what: keys with scopes, or, where there are none, whoever is on this machine.
final class AccessControl: Sendable {
    private struct Look {
        var at: Date
        var hasKeys: Bool
    }

    private let store: any AccessStore
    private let adminKey: Digest?
    private let time: TimeSource
    private let limiter: RateLimiter
    private let look = Mutex<Look?>(nil)
    /// Who is signed in to the studio.
    let sessions: Sessions

    /// Keys are asked of `sessions` too, whose visitors may look at everything that a page shows.
    init(store: any AccessStore, sessions: Sessions, time: TimeSource, limiter: RateLimiter) {
        self.store = store
        adminKey = sessions.adminKey
        self.sessions = sessions
        self.time = time
        self.limiter = limiter
    }

    /// Whether callers need a key; looked up at most once a second while none is there.
    func needsKeys() async throws -> Bool {
        if adminKey != nil { return true }
        let now = time.now()
        if let look = look.withLock({ $0 }), look.hasKeys || now < look.at.adding(.seconds(1)), now >= look.at {
            return look.hasKeys
        }
        let hasKeys = try await store.keys().contains { $0.revokedAt == nil }
        look.withLock { $0 = Look(at: now, hasKeys: hasKeys) }
        return hasKeys
    }

    /// The caller, who may do what `scope` covers; throws `unauthorized`, `forbidden` or `too-many`.
    func admit(_ request: Request, from address: String?, to scope: Scope) async throws -> Caller {
        guard try await needsKeys() else { return try local(request, from: address) }
        if let text = Self.bearer(request) {
            return try await admit(try await key(text, from: address), to: scope)
        }
        // A cookie comes along with whatever a page of another place sends, so it only ever lets somebody look.
        if request.method == .get || request.method == .head, let visitor = try await sessions.visitor(of: request) {
            return try await admit(visitor.key, to: scope)
        }
        throw Self.unauthorized(
            "a key is needed",
            hint: "send `Authorization: Bearer KEY`; `vitrine keys create` makes one"
        )
    }

    /// The caller of a service without keys, who must be on this machine.
    func local(_ request: Request, from address: String?) throws(RequestError) -> Caller {
        guard Self.isLocal(request.head.authority ?? ""), Self.isHere(address) else {
            throw RequestError(
                .forbidden,
                "a service without keys answers to `localhost`, `127.0.0.1` and `[::1]` alone",
                hint: "make a key with `vitrine keys create` to use it under another name"
            )
        }
        return .local
    }

    /// The key of that text; guessing is slowed down by address.
    func key(_ text: String, from address: String?) async throws -> AccessKey {
        guard let key = try await key(text) else {
            try limiter.count("guess:" + (address ?? ""), limit: 60, at: time.now())
            throw Self.unauthorized("this key is not known, or was revoked", hint: nil)
        }
        return key
    }

    /// Whoever has that key, who may do what `scope` covers.
    func admit(_ key: AccessKey, to scope: Scope) async throws -> Caller {
        let now = time.now()
        try limiter.count(key.id.rawValue, at: now)
        guard key.allows(scope) else {
            throw RequestError(.forbidden, "this key may not do that", hint: "it needs the scope `\(scope.rawValue)`")
        }
        if key.id != .adminFile, now >= (key.lastUsedAt ?? .distantPast).adding(.seconds(60)) {
            try await store.noteUse(of: key.id, at: now)
        }
        return .key(key.id)
    }

    /// Whether a `Host` names this machine itself, on any port.
    static func isLocal(_ host: String) -> Bool {
        ["localhost", "127.0.0.1", "[::1]"].contains { name in
            guard host.lowercased().hasPrefix(name) else { return false }
            let rest = host.dropFirst(name.count)
            return rest.isEmpty || (rest.first == ":" && rest.dropFirst().allSatisfy { $0.isASCII && $0.isNumber })
        }
    }

    /// Whether the other side is this machine itself; nil in tests without a socket.
    private static func isHere(_ address: String?) -> Bool {
        guard let address else { return true }
        return address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
    }

    private func key(_ text: String) async throws -> AccessKey? {
        let digest = Digest(of: text)
        if let adminKey, digest.isSame(as: adminKey) {
            return .admin(digest, at: time.now())
        }
        guard let id = AccessKey.id(in: text), let key = try await store.key(id) else { return nil }
        return digest.isSame(as: key.digest) && key.revokedAt == nil ? key : nil
    }

    private static func bearer(_ request: Request) -> String? {
        guard let header = request.headers[.authorization], header.utf8.count <= 300 else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return parts[1].trimmed
    }

    private static func unauthorized(_ message: String, hint: String?) -> RequestError {
        RequestError(.unauthorized, message, hint: hint, headers: [.wwwAuthenticate: "Bearer realm=\"vitrine\""])
    }
}

/// How many requests a caller may send in a minute: a bucket that fills evenly.
final class RateLimiter: Sendable {
    private struct Bucket {
        var level: Double
        var at: Date
    }

    private let limit: Int
    private let buckets = Mutex<[String: Bucket]>([:])

    /// At most `limit` requests a minute by default; 0 for any number.
    init(limit: Int) {
        self.limit = limit
    }

    /// Counts one request; throws `too-many` with the seconds to wait.
    func count(_ caller: String, limit: Int? = nil, at now: Date) throws(RequestError) {
        let most = Double(limit ?? self.limit)
        guard most > 0 else { return }
        let wait: Double? = buckets.withLock { buckets in
            if buckets.count > 10_000 { buckets = buckets.filter { now.timeIntervalSince($0.value.at) < 60 } }
            var bucket = buckets[caller] ?? Bucket(level: 0, at: now)
            bucket.level = max(0, bucket.level - now.timeIntervalSince(bucket.at) * most / 60)
            bucket.at = now
            defer { buckets[caller] = bucket }
            guard bucket.level + 1 <= most else { return (bucket.level + 1 - most) * 60 / most }
            bucket.level += 1
            return nil
        }
        if let wait {
            throw RequestError(
                .tooMany,
                "more than \(Int(most)) requests in a minute",
                hint: "wait as long as `Retry-After` says",
                headers: [.retryAfter: "\(Int(wait.rounded(.up)))"]
            )
        }
    }
}
