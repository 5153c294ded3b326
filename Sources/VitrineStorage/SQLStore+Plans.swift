import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `CatalogStore.begin`.
    public func begin(_ plan: Plan) async throws(StoreError) {
        try await write { database in
            try database.run(
                """
                INSERT INTO plan (id, number, created_at, feed, options, totals, run, parts)
                SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM plan
                """,
                plan.id.rawValue,
                plan.createdAt.milliseconds,
                plan.feed?.rawValue,
                plan.options,
                StoredJSON.text(plan.totals),
                plan.run?.rawValue,
                StoredJSON.text(plan.parts)
            )
        }
    }

    /// See `CatalogStore.add`.
    public func add(_ rows: [PlannedRequest], to plan: PlanID) async throws(StoreError) {
        let texts = rows.map { (row: $0, body: StoredJSON.text($0)) }
        try await writeLazily { database in
            guard let first = try database.integer("SELECT next_row FROM plan WHERE id = ?1", plan.rawValue) else {
                throw StoreError(.notFound, "no plan `\(plan)`")
            }
            var number = first
            for text in texts {
                try database.run(
                    """
                    INSERT INTO plan_row (plan, number, slot, change, body, category, reason)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                    """,
                    plan.rawValue,
                    number,
                    text.row.slot.description,
                    text.row.change.rawValue,
                    text.body,
                    text.row.category ?? "",
                    text.row.reason
                )
                number += 1
            }
            try database.run("UPDATE plan SET next_row = ?2 WHERE id = ?1", plan.rawValue, number)
        }
    }

    /// See `CatalogStore.update`.
    public func update(_ plan: Plan) async throws(StoreError) {
        try await write { database in
            let changed = try database.run(
                "UPDATE plan SET feed = ?2, options = ?3, totals = ?4, run = ?5, parts = ?6 WHERE id = ?1",
                plan.id.rawValue,
                plan.feed?.rawValue,
                plan.options,
                StoredJSON.text(plan.totals),
                plan.run?.rawValue,
                StoredJSON.text(plan.parts)
            )
            guard changed == 1 else { throw StoreError(.notFound, "no plan `\(plan.id)`") }
        }
    }

    /// See `CatalogStore.plan`.
    public func plan(_ id: PlanID?) async throws(StoreError) -> Plan? {
        try await read { database in
            let row =
                if let id {
                    try database.row("SELECT * FROM plan WHERE id = ?1", id.rawValue)
                } else {
                    try database.row("SELECT * FROM plan ORDER BY number DESC LIMIT 1")
                }
            return try row.map { row in
                Plan(
                    id: PlanID(row.text("id")),
                    createdAt: row.date("created_at"),
                    feed: row.optionalText("feed").map { FeedName($0) },
                    options: row.text("options"),
                    totals: try row.value("totals"),
                    parts: try row.value("parts"),
                    run: row.optionalText("run").map { RunID($0) }
                )
            }
        }
    }

    /// See `CatalogStore.rows`.
    public func rows(of plan: PlanID, changes: [Change], offset: Int, limit: Int) async throws(StoreError)
        -> [PlannedRequest]
    {
        let bookmarks = bookmarks
        let names = Set(changes.map(\.rawValue)).sorted()
        let answer = "plan " + plan.rawValue + " " + names.joined(separator: " ")
        return try await read { database in
            let bookmark = bookmarks.place(answer, offset)
            let filter = names.isEmpty ? "" : " AND change IN (\(places(names.count, from: 5)))"
            let rows = try database.rows(
                """
                SELECT number, body FROM plan_row WHERE plan = ?1 AND number >= ?2\(filter)
                ORDER BY number LIMIT ?3 OFFSET ?4
                """,
                values: [plan.rawValue, bookmark?.number ?? 0, max(0, limit), bookmark == nil ? max(0, offset) : 0]
                    + names
            )
            if let last = rows.last {
                let next = Bookmarks.Place(number: last.number("number") + 1)
                bookmarks.keep(next, answer, at: offset + rows.count)
            }
            return try rows.map { try $0.value("body") }
        }
    }
}
