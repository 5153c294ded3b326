import Foundation
import GRDB
import VitrineCore

/// A page of products of the catalogue in feed order, found by the place of the product before it.
///
/// Without conditions any page is one search of the primary key. With them it reads on until the page is full, but never so far
/// that others would wait: then the page is short and says where to go on.
struct ProductPager {
    private let query: ProductQuery
    private let states: Set<ProductState>
    private let cache: RequestCache
    private let text: String?
    private let category: [String]?

    /// The most products that are looked at for one page.
    static let reach = 20_000

    init(_ query: ProductQuery, _ states: Set<ProductState>, _ cache: RequestCache) {
        self.query = query
        self.states = states
        self.cache = cache
        text = query.text.flatMap { $0.isEmpty ? nil : $0.lowercased() }
        category = query.category.map { $0.segments.map { $0.lowercased() } }
    }

    /// Products of a generation after a place.
    static let select = """
        SELECT \(StoredEntry.columns), p.title FROM product p WHERE p.generation = ?1 AND p.position > ?2 ORDER BY p.position LIMIT ?3
        """

    func page(after cursor: PageCursor?, limit: Int, _ database: Database) throws -> Page<ListedProduct> {
        guard query.names.isEmpty else { return Page(try named(limit: limit, database)) }
        let start = try place(cursor)
        let feeds = try database.rows(
            """
            SELECT id, feed FROM generation WHERE is_current = 1 AND (CAST(?1 AS TEXT) IS NULL OR feed = ?1) AND feed >= ?2
            ORDER BY feed
            """,
            query.feed?.rawValue,
            start.feed
        )
        var found: [ListedProduct] = []
        var looked = 0
        for row in feeds {
            let (generation, feed) = (row.number("id"), row.text("feed"))
            var position = feed == start.feed ? start.position : -1
            let holding = try text.map { try positions(holding: $0, in: generation, database) }
            while true {
                let length = isConditional ? 500 : limit - found.count + 1
                let rows = try database.rows(Self.select, generation, position, length)
                for listed in try self.listed(rows, holding, database) {
                    if found.count == limit { return Page(found, next: next(after: found, feed)) }
                    found.append(listed)
                }
                looked += rows.count
                guard let last = rows.last, rows.count == length else { break }
                position = last[0]
                if looked >= Self.reach {
                    return Page(found, next: PageCursor(after: [feed, String(position)]))
                }
            }
        }
        return Page(found)
    }

    private var isConditional: Bool { text != nil || category != nil || query.preset != nil || !states.isEmpty }

    private func place(_ cursor: PageCursor?) throws -> (feed: String, position: Int64) {
        guard let cursor else { return ("", -1) }
        guard let key = cursor.key(of: 2), let position = Int64(key[1]) else { throw NumberPage.notOurs }
        return (key[0], position)
    }

    private func next(after found: [ListedProduct], _ feed: String) -> PageCursor? {
        found.last.map { PageCursor(after: [$0.entry.product.feed.rawValue, String($0.entry.position)]) }
    }

    private func listed(_ rows: [Row], _ holding: Set<Int64>?, _ database: Database) throws -> [ListedProduct] {
        var entries: [CatalogEntry] = []
        // A product is only understood when its state is one of those: that takes most of the time.
        let known = states.isEmpty ? nil : try SlotStates(of: rows.map { ProductID(rawValue: $0[1]) }, database)
        for row in rows {
            if let known, !states.contains(known.state(of: ProductID(rawValue: row[1]))) { continue }
            if let text, let holding {
                let title: String = row[6]
                guard holding.contains(row[0]) || title.lowercased().contains(text) else { continue }
            }
            let entry = try StoredEntry(row).entry()
            if matches(entry) { entries.append(entry) }
        }
        return try listed(entries, database)
    }

    private func listed(_ entries: [CatalogEntry], _ database: Database) throws -> [ListedProduct] {
        let products = entries.map(\.product.id)
        let made = try query.preset.map { try self.products(products, madeBy: $0, database) }
        let known = try SlotStates(of: products, database)
        return entries.compactMap { entry in
            let id = entry.product.id
            let state = known.state(of: id)
            guard made?.contains(id) ?? true, states.isEmpty || states.contains(state) else { return nil }
            return ListedProduct(entry: entry, state: state)
        }
    }

    /// Those of the products for which a take was asked of that preset.
    private func products(_ products: [ProductID], madeBy preset: String, _ database: Database) throws -> Set<ProductID>
    {
        var made = Set<ProductID>()
        for list in products.map(\.rawValue).lists(of: 200) {
            try database.each(
                "SELECT s.product, j.preset FROM slot s CROSS JOIN job j WHERE j.slot = s.id AND s.product IN (\(places(list.count)))",
                values: list
            ) { row in
                let use: PresetUse = try cache.preset(row[1])
                if use.name == preset { made.insert(ProductID(rawValue: row[0])) }
            }
        }
        return made
    }

    private func matches(_ entry: CatalogEntry) -> Bool {
        guard let category else { return true }
        return entry.product.categories.contains { $0.segments.map { $0.lowercased() }.starts(with: category) }
    }

    /// Places of the products one of whose SKUs holds the text.
    private func positions(holding text: String, in generation: Int64, _ database: Database) throws -> Set<Int64> {
        var found = Set<Int64>()
        try database.each("SELECT position, sku FROM sku WHERE generation = ?1", values: [generation]) { row in
            let sku: String = row[1]
            if sku.lowercased().contains(text) { found.insert(row[0]) }
        }
        return found
    }

    private func named(limit: Int, _ database: Database) throws -> [ListedProduct] {
        let entries = try ProductSearch(query, database).entries(offset: 0, limit: limit, database)
        return try listed(entries, database)
    }
}

/// How the slots of some products stand, without what was asked.
struct SlotStates {
    private var slots: [ProductID: [Int64: SlotState]] = [:]

    init(of products: [ProductID], _ database: Database) throws {
        for list in products.map(\.rawValue).lists(of: 200) {
            try database.each(
                """
                SELECT s.product, s.id, j.state, v.state, v.is_chosen, v.dropped_at
                FROM slot s LEFT JOIN job j ON j.slot = s.id LEFT JOIN video v ON v.job = j.id
                WHERE s.product IN (\(places(list.count)))
                """,
                values: list
            ) { row in
                var slot = slots[ProductID(rawValue: row[0])]?[row[1]] ?? SlotState()
                add(row, to: &slot)
                slots[ProductID(rawValue: row[0]), default: [:]][row[1]] = slot
            }
        }
    }

    private func add(_ row: Row, to slot: inout SlotState) {
        guard let job: String = row[2] else { return }
        slot.hasTakes = true
        if let name = JobState.Name(rawValue: job), !name.isFinal { slot.isInFlight = true }
        let dropped: Int64? = row[5]
        guard dropped == nil, let video: String = row[3] else { return }
        if let state = Video.State(rawValue: video) { slot.videos.append(state) }
        if row[4] == 1 { slot.hasChosen = true }
    }

    /// How the product stands, all in all.
    func state(of product: ProductID) -> ProductState {
        ProductState(slots[product].map { Array($0.values) } ?? [])
    }
}
