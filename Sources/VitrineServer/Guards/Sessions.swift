import Foundation
import HTTPTypes
import Hummingbird
import VitrineCore

/// Who is signed in to the studio: a secret in a cookie, of which only the digest is kept.
struct Sessions: Sendable {
    /// Somebody who is signed in.
    struct Visitor: Sendable {
        var key: AccessKey
        /// What forms of this session carry, so that no page of another place can send them.
        var formToken: String
    }

    let store: any SessionStore & AccessStore
    /// The digest of the key that a file holds, if one does.
    let adminKey: Digest?
    /// Whether browsers reach the service over TLS alone.
    let isSecure: Bool
    let time: TimeSource
    let random: RandomSource

    private static let cookie = "vitrine_session"
    private static let life = Duration.seconds(14 * 86_400)

    /// Begins a session for whoever showed that key; gives back the header that makes a browser keep it.
    func begin(with key: AccessKey) async throws -> String {
        let secret = Digest(of: random.bytes(32)).hexadecimal
        let now = time.now()
        let session = Session(
            digest: Digest(of: secret),
            key: key.id,
            keyDigest: key.digest,
            createdAt: now,
            endsAt: now.adding(Self.life)
        )
        try await store.begin(session)
        return header(secret, seconds: Int(Self.life.components.seconds))
    }

    /// Ends the session of a request; gives back the header that makes a browser forget it.
    func end(_ request: Request) async throws -> String {
        if let secret = Self.secret(in: request) { try await store.end(Digest(of: secret)) }
        return header("", seconds: 0)
    }

    /// Who sent a request, as long as the session lasts and its key is as it was.
    func visitor(of request: Request) async throws -> Visitor? {
        guard let secret = Self.secret(in: request),
            let session = try await store.session(Digest(of: secret), at: time.now()),
            let key = try await key(of: session), key.digest.isSame(as: session.keyDigest), key.revokedAt == nil
        else { return nil }
        return Visitor(key: key, formToken: Digest(of: "form\n" + secret).digits(32))
    }

    private func key(of session: Session) async throws -> AccessKey? {
        guard session.key == .adminFile else { return try await store.key(session.key) }
        return adminKey.map { .admin($0, at: session.createdAt) }
    }

    private func header(_ secret: String, seconds: Int) -> String {
        "\(Self.cookie)=\(secret); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }

    private static func secret(in request: Request) -> String? {
        for field in request.headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].trimmed == cookie else { continue }
                let secret = parts[1].trimmed
                return (20...100).contains(secret.utf8.count) ? secret : nil
            }
        }
        return nil
    }
}

extension AccessKey {
    /// The key that a file holds.
    static func admin(_ digest: Digest, at now: Date) -> AccessKey {
        AccessKey(id: .adminFile, name: "admin", scopes: [.admin], digest: digest, createdAt: now)
    }
}
