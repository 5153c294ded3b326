public import Foundation
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

    /// See `WebhookStore.deliveries`.
    public func deliveries(of webhook: WebhookID?, after cursor: PageCursor?, limit: Int) async throws(StoreError)
        -> Page<Delivery>
    {
        try await read { database in
            let page = try NumberPage(cursor, limit)
            let select = "SELECT * FROM delivery d WHERE " + (webhook == nil ? "true" : "d.webhook = ?3")
            let values = webhook.map { [$0.rawValue] } ?? []
            return try page.rows(select, "d", values: values, database).map(SQLStore.delivery)
        }
    }

    /// See `WebhookStore.claimDeliveries`.
    public func claimDeliveries(token: String, until: Date, limit: Int, at now: Date) async throws(StoreError)
        -> [(delivery: Delivery, webhook: Webhook)]
    {
        try await write { database in
            let due = try database.rows(
                """
                SELECT * FROM delivery WHERE state = 'waiting' AND due_at <= ?1 AND (lease_until IS NULL OR lease_until <= ?1)
                ORDER BY due_at, number LIMIT ?2
                """,
                now.milliseconds,
                max(0, limit)
            ).map(SQLStore.delivery)
            guard !due.isEmpty else { return [] }
            let webhooks = Dictionary(
                uniqueKeysWithValues: try database.rows("SELECT * FROM webhook").map { row in
                    let webhook = try SQLStore.webhook(row)
                    return (webhook.id, webhook)
                }
            )
            return try due.compactMap { delivery in
                guard let webhook = webhooks[delivery.webhook] else { return nil }
                try database.run(
                    "UPDATE delivery SET lease_token = ?2, lease_until = ?3 WHERE id = ?1",
                    delivery.id.rawValue,
                    token,
                    until.milliseconds
                )
                return (delivery: delivery, webhook: webhook)
            }
        }
    }

    /// See `WebhookStore.record`.
    public func record(_ delivery: Delivery, token: String) async throws(StoreError) {
        try await write { database in
            try database.run(
                """
                UPDATE delivery SET state = ?3, attempts = ?4, due_at = ?5, last_answer = ?6, lease_token = NULL, lease_until = NULL
                WHERE id = ?1 AND lease_token = ?2
                """,
                delivery.id.rawValue,
                token,
                delivery.state.rawValue,
                delivery.attempts,
                delivery.dueAt.milliseconds,
                delivery.lastAnswer
            )
        }
    }

    /// See `WebhookStore.replay`.
    public func replay(_ delivery: DeliveryID, at now: Date) async throws(StoreError) -> Delivery {
        try await write { database in
            try database.run(
                """
                UPDATE delivery SET state = 'waiting', attempts = 0, due_at = ?2, begun_at = ?2, lease_token = NULL,
                    lease_until = NULL
                WHERE id = ?1
                """,
                delivery.rawValue,
                now.milliseconds
            )
            guard let row = try database.row("SELECT * FROM delivery WHERE id = ?1", delivery.rawValue) else {
                throw StoreError(.notFound, "no delivery `\(delivery)`")
            }
            return try SQLStore.delivery(row)
        }
    }

    /// See `WebhookStore.nextDelivery`.
    public func nextDelivery() async throws(StoreError) -> Date? {
        try await read { database in
            try database.integer("SELECT min(due_at) FROM delivery WHERE state = 'waiting'").map(
                Date.init(milliseconds:)
            )
        }
    }

    private static func webhook(_ row: Row) throws -> Webhook {
        guard let secret = WebhookSecret(row.text("secret")) else {
            throw StoreError(.damaged, "the database holds a webhook without its secret")
        }
        return Webhook(
            id: WebhookID(row.text("id")),
            url: row.text("url"),
            events: Set(row.text("events").split(separator: " ").compactMap { WebhookEvent(rawValue: String($0)) }),
            secret: secret,
            createdAt: row.date("created_at")
        )
    }

    private static func delivery(_ row: Row) throws -> Delivery {
        var delivery = Delivery(
            id: DeliveryID(row.text("id")),
            webhook: WebhookID(row.text("webhook")),
            event: try row.name("event"),
            body: row.text("body"),
            createdAt: row.date("created_at")
        )
        delivery.state = try row.name("state")
        delivery.attempts = row.count("attempts")
        delivery.dueAt = row.date("due_at")
        delivery.begunAt = row.date("begun_at")
        delivery.lastAnswer = row.optionalText("last_answer")
        return delivery
    }
}
