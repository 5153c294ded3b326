public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
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
            var due: [(delivery: Delivery, webhook: Webhook)] = []
            for row in try database.rows("SELECT * FROM webhook WHERE off_since IS NULL ORDER BY number") {
                let webhook = try SQLStore.webhook(row)
                let room = try SQLStore.room(for: webhook, database, at: now)
                due += try database.rows(
                    """
                    SELECT * FROM delivery WHERE webhook = ?1 AND state = 'waiting' AND due_at <= ?2
                        AND (lease_until IS NULL OR lease_until <= ?2)
                    ORDER BY due_at, number LIMIT ?3
                    """,
                    webhook.id.rawValue,
                    now.milliseconds,
                    max(0, room)
                ).map { (delivery: try SQLStore.delivery($0), webhook: webhook) }
            }
            let claimed = due.sorted { $0.delivery.dueAt < $1.delivery.dueAt }.prefix(max(0, limit))
            for (delivery, _) in claimed {
                try database.run(
                    "UPDATE delivery SET lease_token = ?2, lease_until = ?3 WHERE id = ?1",
                    delivery.id.rawValue,
                    token,
                    until.milliseconds
                )
            }
            return Array(claimed)
        }
    }

    /// How many more messages may be on their way to an address: four in all, or one to find out whether it takes any again.
    private static func room(for webhook: Webhook, _ database: Database, at now: Date) throws -> Int64 {
        let underway = try database.integer(
            "SELECT count(*) FROM delivery WHERE webhook = ?1 AND lease_until > ?2",
            webhook.id.rawValue,
            now.milliseconds
        )
        return (webhook.failingSince == nil ? 4 : 1) - (underway ?? 0)
    }

    /// See `WebhookStore.record`.
    public func record(
        _ delivery: Delivery,
        _ answer: DeliveryAnswer,
        token: String,
        at now: Date
    ) async throws(StoreError) -> Bool {
        try await write { database in
            let recorded = try database.run(
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
            guard recorded == 1 else { return false }
            let webhook = delivery.webhook.rawValue
            switch answer {
            case .taken:
                try database.run("UPDATE webhook SET failing_since = NULL WHERE id = ?1", webhook)
                return false
            case .refused:
                try database.run(
                    "UPDATE webhook SET failing_since = coalesce(failing_since, ?2) WHERE id = ?1",
                    webhook,
                    now.milliseconds
                )
                let failing = try database.integer("SELECT failing_since FROM webhook WHERE id = ?1", webhook)
                guard let failing, now.milliseconds - failing >= Webhook.patience.milliseconds else { return false }
            case .gone:
                break
            }
            return try SQLStore.switchOff(delivery.webhook, because: answer.words, database, at: now)
        }
    }

    private static func switchOff(
        _ webhook: WebhookID,
        because reason: String,
        _ database: Database,
        at now: Date
    ) throws -> Bool {
        let isNew = try database.run(
            "UPDATE webhook SET off_since = ?2, off_reason = ?3 WHERE id = ?1 AND off_since IS NULL",
            webhook.rawValue,
            now.milliseconds,
            reason
        )
        try database.run(
            """
            UPDATE delivery SET state = 'given-up', lease_token = NULL, lease_until = NULL,
                last_answer = coalesce(last_answer, ?2)
            WHERE webhook = ?1 AND state = 'waiting'
            """,
            webhook.rawValue,
            Deliveries.neverTried
        )
        return isNew == 1
    }

    /// See `WebhookStore.replay`.
    public func replay(_ delivery: DeliveryID, at now: Date) async throws(StoreError) -> Delivery {
        try await write { database in
            try SQLStore.refuseWhileOff(try SQLStore.delivery(delivery, database).webhook, database)
            try SQLStore.beginAnew("id = ?1", delivery.rawValue, database, at: now)
            return try SQLStore.delivery(delivery, database)
        }
    }

    /// See `WebhookStore.replayMissed`.
    public func replayMissed(of webhook: WebhookID, at now: Date) async throws(StoreError) -> Int {
        try await write { database in
            try SQLStore.refuseWhileOff(webhook, database)
            return try SQLStore.beginAnew(
                "webhook = ?1 AND state = 'given-up'",
                webhook.rawValue,
                database,
                at: now
            )
        }
    }

    @discardableResult
    private static func beginAnew(_ condition: String, _ value: String, _ database: Database, at now: Date) throws
        -> Int
    {
        try database.run(
            """
            UPDATE delivery SET state = 'waiting', attempts = 0, due_at = ?2, begun_at = ?2, lease_token = NULL,
                lease_until = NULL
            WHERE \(condition)
            """,
            value,
            now.milliseconds
        )
    }

    private static func refuseWhileOff(_ webhook: WebhookID, _ database: Database) throws {
        guard let off = try SQLStore.webhook(webhook, database).off else { return }
        throw StoreError(.conflict, "webhook `\(webhook)` is switched off: \(off.reason)")
    }

    /// See `WebhookStore.nextDelivery`.
    public func nextDelivery() async throws(StoreError) -> Date? {
        try await read { database in
            try database.integer("SELECT min(due_at) FROM delivery WHERE state = 'waiting'").map(
                Date.init(milliseconds:)
            )
        }
    }

    private static func delivery(_ id: DeliveryID, _ database: Database) throws -> Delivery {
        guard let row = try database.row("SELECT * FROM delivery WHERE id = ?1", id.rawValue) else {
            throw StoreError(.notFound, "no delivery `\(id)`")
        }
        return try delivery(row)
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
