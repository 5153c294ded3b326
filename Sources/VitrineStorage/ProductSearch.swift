import GRDB
import VitrineCore

/// Finds the products of the catalogue that a query means, in feed order.
struct ProductSearch {
    private let query: ProductQuery
    private let generations: [Int64]

    init(_ query: ProductQuery, _ database: Database) throws {
        self.query = query
        generations = try database.rows(
            "SELECT id FROM generation WHERE is_current = 1 AND (?1 IS NULL OR feed = ?1) ORDER BY feed",
            query.feed?.rawValue
        ).map { $0.number("id") }
    }

    /// The products that a person may mean by a `p_…`, a key or a SKU.
    static func products(named name: String, _ database: Database) throws -> [ProductID] {
        var found: [ProductID] = []
        let feeds = try database.rows("SELECT id, feed FROM generation WHERE is_current = 1 ORDER BY feed")
        for row in feeds {
            let keyed = ProductID(feed: FeedName(row.text("feed")), key: name)
            let rows = try database.rows(
                """
                SELECT id, position FROM product_name WHERE generation = ?1 AND id IN (?2, ?3)
                UNION
                SELECT p.id, p.position FROM sku s CROSS JOIN product p ON p.generation = s.generation AND p.position = s.position
                WHERE s.generation = ?1 AND s.sku = ?2
                ORDER BY position
                """,
                row.number("id"),
                name,
                keyed.rawValue
            )
            for row in rows {
                let id = ProductID(rawValue: row.text("id"))
                if !found.contains(id) { found.append(id) }
            }
        }
        return found
    }

    func entries(offset: Int, limit: Int, _ database: Database) throws -> [CatalogEntry] {
        guard limit > 0 else { return [] }
        if !query.names.isEmpty { return try named(offset: offset, limit: limit, database) }
        if query.text != nil || query.category != nil { return try searched(offset: offset, limit: limit, database) }
        var skip = offset
        var entries: [CatalogEntry] = []
        for generation in generations where entries.count < limit {
            let rows = try database.rows(
                "SELECT \(StoredEntry.columns) FROM product p WHERE generation = ?1 ORDER BY position LIMIT ?2 OFFSET ?3",
                generation,
                limit - entries.count,
                skip
            )
            if rows.isEmpty, skip > 0 {
                let count = try database.integer("SELECT count(*) FROM product WHERE generation = ?1", generation) ?? 0
                skip = max(0, skip - Int(count))
            } else {
                skip = 0
            }
            entries += try rows.map { try StoredEntry($0).entry() }
        }
        return entries
    }

    private func named(offset: Int, limit: Int, _ database: Database) throws -> [CatalogEntry] {
        var ids = Set<String>()
        for name in query.names {
            for product in try ProductSearch.products(named: name, database) { ids.insert(product.rawValue) }
        }
        var found: [CatalogEntry] = []
        for generation in generations {
            var entries: [CatalogEntry] = []
            for list in ids.sorted().lists(of: 200) {
                let rows = try database.rows(
                    """
                    SELECT \(StoredEntry.columns) FROM product_name n
                    CROSS JOIN product p ON p.generation = n.generation AND p.position = n.position
                    WHERE n.generation = ?1 AND n.id IN (\(places(list.count, from: 2)))
                    """,
                    values: [generation] + list
                )
                entries += try rows.map { try StoredEntry($0).entry() }
            }
            found += entries.filter(matches).sorted { $0.position < $1.position }
        }
        return Array(found.dropFirst(offset).prefix(limit))
    }

    private func searched(offset: Int, limit: Int, _ database: Database) throws -> [CatalogEntry] {
        var skip = offset
        var found: [CatalogEntry] = []
        for generation in generations where found.count < limit {
            var candidates: [Int64]?
            if let text = query.text { candidates = try positions(holding: text, in: generation, database) }
            let select = "SELECT \(StoredEntry.columns) FROM product p WHERE generation = ?1"
            func take(_ row: Row) throws {
                guard found.count < limit else { return }
                let entry = try StoredEntry(row).entry()
                guard query.category == nil || matches(entry) else { return }
                if skip > 0 { skip -= 1 } else { found.append(entry) }
            }
            guard let candidates else {
                try database.each(select + " ORDER BY position", values: [generation], take)
                continue
            }
            for position in candidates where found.count < limit {
                if skip > 0, query.category == nil {
                    skip -= 1
                } else if let row = try database.row(select + " AND position = ?2", generation, position) {
                    try take(row)
                }
            }
        }
        return found
    }

    /// Places of the products whose title or one of whose SKUs holds the text, whatever the case of its letters.
    private func positions(holding text: String, in generation: Int64, _ database: Database) throws -> [Int64] {
        let wanted = text.lowercased()
        guard !wanted.isEmpty else { return [] }
        var found = Set<Int64>()
        for (table, column) in [("product", "title"), ("sku", "sku")] {
            try database.each("SELECT position, \(column) FROM \(table) WHERE generation = ?1", values: [generation]) {
                row in
                let value: String = row[1]
                if value.lowercased().contains(wanted) { found.insert(row[0]) }
            }
        }
        return found.sorted()
    }

    private func matches(_ entry: CatalogEntry) -> Bool {
        if let category = query.category {
            let wanted = category.segments.map { $0.lowercased() }
            let isWithin = entry.product.categories.contains {
                $0.segments.map { $0.lowercased() }.starts(with: wanted)
            }
            guard isWithin else { return false }
        }
        guard let text = query.text?.lowercased() else { return true }
        return entry.product.title.lowercased().contains(text)
            || entry.product.skus.contains { $0.rawValue.lowercased().contains(text) }
    }
}
