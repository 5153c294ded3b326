import GRDB
public import VitrineCore

extension SQLStore {
    /// See `CatalogStore.settledSlots`.
    public func settledSlots(feed: FeedName?, key: Digest) async throws(StoreError) -> Int {
        try await read { database in
            let slots = try database.integer(
                """
                SELECT sum(s.slots) FROM generation g CROSS JOIN product p CROSS JOIN settled s
                WHERE g.is_current = 1 AND (CAST(?2 AS TEXT) IS NULL OR g.feed = ?2)
                    AND p.generation = g.id AND s.product = p.id AND s.version = p.version AND s.plan_key = ?1
                """,
                key.hexadecimal,
                feed?.rawValue
            )
            return Int(slots ?? 0)
        }
    }

    /// See `CatalogStore.unsettled`.
    public func unsettled(feed: FeedName?, key: Digest, offset: Int, limit: Int) async throws(StoreError)
        -> [CatalogEntry]
    {
        guard limit > 0 else { return [] }
        let bookmarks = bookmarks
        return try await read { database in
            let generations = try database.rows(
                "SELECT id, feed FROM generation WHERE is_current = 1 AND (CAST(?1 AS TEXT) IS NULL OR feed = ?1) ORDER BY feed",
                feed?.rawValue
            )
            let ids = generations.map { String($0.number("id")) }.joined(separator: " ")
            let answer = "unsettled \(ids) \(key.hexadecimal)"
            let bookmark = bookmarks.place(answer, offset)
            var skip = bookmark == nil ? max(0, offset) : 0
            var entries: [CatalogEntry] = []
            var next: Bookmarks.Place?
            for generation in generations where entries.count < limit {
                let name = generation.text("feed")
                if let bookmark, name < bookmark.feed { continue }
                let start = bookmark?.feed == name ? bookmark?.number ?? 0 : 0
                try database.each(
                    """
                    SELECT \(StoredEntry.columns) FROM product p WHERE p.generation = ?1 AND p.position >= ?2
                        AND NOT EXISTS (SELECT 1 FROM settled s WHERE s.product = p.id AND s.version = p.version AND s.plan_key = ?3)
                    ORDER BY p.position LIMIT ?4
                    """,
                    values: [generation.number("id"), start, key.hexadecimal, limit - entries.count + skip]
                ) { row in
                    if skip > 0 {
                        skip -= 1
                        return
                    }
                    let entry = try StoredEntry(row).entry()
                    entries.append(entry)
                    next = Bookmarks.Place(feed: name, number: entry.position + 1)
                }
            }
            if let next { bookmarks.keep(next, answer, at: offset + entries.count) }
            return entries
        }
    }

    /// See `CatalogStore.settle`.
    public func settle(_ products: [(id: ProductID, version: String, slots: Int)], key: Digest) async throws(StoreError)
    {
        try await writeLazily { database in
            for product in products {
                try database.run(
                    """
                    INSERT INTO settled (product, plan_key, version, slots) VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT (product) DO UPDATE SET plan_key = excluded.plan_key, version = excluded.version,
                        slots = excluded.slots
                    """,
                    product.id.rawValue,
                    key.hexadecimal,
                    product.version,
                    product.slots
                )
            }
        }
    }

    /// Forgets that the slots of a slot's product were found unchanged.
    static func unsettle(slot: Int64, _ database: Database) throws {
        try database.run("DELETE FROM settled WHERE product = (SELECT product FROM slot WHERE id = ?1)", slot)
    }
}
