public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `LinkStore.linkSecret`.
    public func linkSecret(orElse new: LinkSecret) async throws(StoreError) -> LinkSecret {
        try await write { database in
            try database.run(
                "INSERT INTO secret (name, value) VALUES ('links', ?1) ON CONFLICT (name) DO NOTHING",
                Base64URL.text(of: new.bytes)
            )
            let text = try database.row("SELECT value FROM secret WHERE name = 'links'")?.text("value")
            guard let bytes = text.flatMap(Base64URL.bytes), !bytes.isEmpty else {
                throw StoreError(.damaged, "the database holds no secret for links")
            }
            return LinkSecret(bytes: bytes)
        }
    }

    /// See `LinkStore.links`.
    public func links(to slots: [Slot], random: RandomSource, at now: Date) async throws(StoreError)
        -> [Slot: LinkToken]
    {
        try await write { database in
            var links: [Slot: LinkToken] = [:]
            for slot in slots {
                let number = try SQLStore.slot(slot, database)
                let known = try database.row("SELECT token FROM link WHERE slot = ?1 AND revoked_at IS NULL", number)
                if let known {
                    links[slot] = LinkToken(known.text("token"))
                    continue
                }
                let token = LinkToken(random: random)
                try database.run(
                    "INSERT INTO link (token, slot, created_at) VALUES (?1, ?2, ?3)",
                    token.rawValue,
                    number,
                    now.milliseconds
                )
                links[slot] = token
            }
            return links
        }
    }

    /// See `LinkStore.revokeLink`.
    public func revokeLink(to slot: Slot, at now: Date) async throws(StoreError) -> Bool {
        try await write { database in
            try database.run(
                """
                UPDATE link SET revoked_at = ?2 WHERE revoked_at IS NULL AND slot = (SELECT id FROM slot WHERE name = ?1)
                """,
                slot.description,
                now.milliseconds
            ) > 0
        }
    }

    /// See `LinkStore.video`.
    public func video(at link: LinkToken) async throws(StoreError) -> Video? {
        let cache = requests
        return try await read { database in
            try database.rows(
                StoredVideo.select(joining: " CROSS JOIN link l")
                    + " WHERE l.token = ?1 AND l.revoked_at IS NULL AND s.id = l.slot AND v.slot = s.id AND v.dropped_at IS NULL",
                link.rawValue
            ).map { try StoredVideo.video($0, cache) }.shown
        }
    }
}
