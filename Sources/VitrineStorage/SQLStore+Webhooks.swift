import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `WebhookStore.add`.
    public func add(_ webhook: Webhook) async throws(StoreError) {
        try await write { database in
            try database.run(
                """
                INSERT INTO webhook (id, number, url, events, secret, created_at)
                SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5 FROM webhook
                """,
                webhook.id.rawValue,
                webhook.url,
                webhook.events.map(\.rawValue).sorted().joined(separator: " "),
                webhook.secret.text,
                webhook.createdAt.milliseconds
            )
        }
    }

    /// See `WebhookStore.webhooks`.
    public func webhooks() async throws(StoreError) -> [Webhook] {
        try await read { try $0.rows("SELECT * FROM webhook ORDER BY number").map(SQLStore.webhook) }
    }

    /// See `WebhookStore.remove`.
    public func remove(_ webhook: WebhookID) async throws(StoreError) {
        try await write { database in
            try database.run("DELETE FROM delivery WHERE webhook = ?1", webhook.rawValue)
            let removed = try database.run("DELETE FROM webhook WHERE id = ?1", webhook.rawValue)
            guard removed == 1 else { throw StoreError(.notFound, "no webhook `\(webhook)`") }
        }
    }

    /// See `WebhookStore.switchOn`.
    public func switchOn(_ webhook: WebhookID) async throws(StoreError) -> Webhook {
        try await write { database in
            try database.run(
                "UPDATE webhook SET off_since = NULL, off_reason = NULL, failing_since = NULL WHERE id = ?1",
                webhook.rawValue
            )
            return try SQLStore.webhook(webhook, database)
        }
    }

    static func webhook(_ id: WebhookID, _ database: Database) throws -> Webhook {
        guard let row = try database.row("SELECT * FROM webhook WHERE id = ?1", id.rawValue) else {
            throw StoreError(.notFound, "no webhook `\(id)`")
        }
        return try webhook(row)
    }

    static func webhook(_ row: Row) throws -> Webhook {
        guard let secret = WebhookSecret(row.text("secret")) else {
            throw StoreError(.damaged, "the database holds a webhook without its secret")
        }
        var webhook = Webhook(
            id: WebhookID(row.text("id")),
            url: row.text("url"),
            events: Set(row.text("events").split(separator: " ").compactMap { WebhookEvent(rawValue: String($0)) }),
            secret: secret,
            createdAt: row.date("created_at")
        )
        webhook.failingSince = row.optionalDate("failing_since")
        webhook.off = row.optionalDate("off_since").map { .init(since: $0, reason: row.text("off_reason")) }
        return webhook
    }
}
