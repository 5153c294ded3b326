public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `AccessStore.add`.
    public func add(_ key: AccessKey) async throws(StoreError) {
        try await write { database in
            try database.run(
                """
                INSERT INTO access_key (id, number, name, scopes, digest, created_at, last_used_at, revoked_at)
                SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM access_key
                """,
                key.id.rawValue,
                key.name,
                key.scopes.map(\.rawValue).sorted().joined(separator: " "),
                key.digest.hexadecimal,
                key.createdAt.milliseconds,
                key.lastUsedAt?.milliseconds,
                key.revokedAt?.milliseconds
            )
        }
    }

    /// See `AccessStore.key`.
    public func key(_ id: KeyID) async throws(StoreError) -> AccessKey? {
        try await read { try SQLStore.key(id, $0) }
    }

    /// See `AccessStore.keys`.
    public func keys() async throws(StoreError) -> [AccessKey] {
        try await read { try $0.rows("SELECT * FROM access_key ORDER BY number").map(SQLStore.key) }
    }

    /// See `AccessStore.revoke`.
    public func revoke(_ id: KeyID, at now: Date) async throws(StoreError) -> AccessKey {
        try await write { database in
            try database.run(
                "UPDATE access_key SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL",
                id.rawValue,
                now.milliseconds
            )
            guard let key = try SQLStore.key(id, database) else { throw StoreError(.notFound, "no key `\(id)`") }
            return key
        }
    }

    /// See `AccessStore.noteUse`.
    public func noteUse(of id: KeyID, at now: Date) async throws(StoreError) {
        try await writeLazily { database in
            try database.run(
                "UPDATE access_key SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at <= ?2 - 60000)",
                id.rawValue,
                now.milliseconds
            )
        }
    }

    private static func key(_ id: KeyID, _ database: Database) throws -> AccessKey? {
        try database.row("SELECT * FROM access_key WHERE id = ?1", id.rawValue).map(key)
    }

    private static func key(_ row: Row) throws -> AccessKey {
        guard let digest = Digest(hexadecimal: row.text("digest")) else {
            throw StoreError(.damaged, "the database holds a key without its digest")
        }
        return AccessKey(
            id: KeyID(row.text("id")),
            name: row.text("name"),
            scopes: Set(row.text("scopes").split(separator: " ").compactMap { Scope(rawValue: String($0)) }),
            digest: digest,
            createdAt: row.date("created_at"),
            lastUsedAt: row.optionalDate("last_used_at"),
            revokedAt: row.optionalDate("revoked_at")
        )
    }
}
