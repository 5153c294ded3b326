public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `SessionStore.begin`.
    public func begin(_ session: Session) async throws(StoreError) {
        try await write { database in
            try database.run("DELETE FROM session WHERE ends_at <= ?1", session.createdAt.milliseconds)
            try database.run(
                "INSERT INTO session (digest, key, key_digest, created_at, ends_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                session.digest.hexadecimal,
                session.key.rawValue,
                session.keyDigest.hexadecimal,
                session.createdAt.milliseconds,
                session.endsAt.milliseconds
            )
        }
    }

    /// See `SessionStore.session`.
    public func session(_ digest: Digest, at now: Date) async throws(StoreError) -> Session? {
        try await read { database in
            let row = try database.row(
                "SELECT * FROM session WHERE digest = ?1 AND ends_at > ?2",
                digest.hexadecimal,
                now.milliseconds
            )
            guard let row, let keyDigest = Digest(hexadecimal: row.text("key_digest")) else { return nil }
            return Session(
                digest: digest,
                key: KeyID(row.text("key")),
                keyDigest: keyDigest,
                createdAt: row.date("created_at"),
                endsAt: row.date("ends_at")
            )
        }
    }

    /// See `SessionStore.end`.
    public func end(_ session: Digest) async throws(StoreError) {
        try await write { try $0.run("DELETE FROM session WHERE digest = ?1", session.hexadecimal) }
    }
}
