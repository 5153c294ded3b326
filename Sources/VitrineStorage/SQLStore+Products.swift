import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `CatalogStore.add`.
    public func add(
        _ products: [Product],
        diagnostics: [Diagnostic],
        to generation: Int64
    ) async throws(StoreError) -> Int {
        var writer = ProductWriter()
        let texts = products.map { writer.text(of: $0) }
        return try await writeLazily { database in
            guard
                let row = try database.row(
                    "SELECT next_position, next_diagnostic, turned_on_at FROM generation WHERE id = ?1",
                    generation
                )
            else {
                throw StoreError(
                    .notFound,
                    "import \(generation) is not there: it was abandoned, or a later one was turned on"
                )
            }
            guard products.isEmpty || row.optionalNumber("turned_on_at") == nil else {
                throw StoreError(.conflict, "import \(generation) is turned on already")
            }
            var batch = try ProductBatch(database, generation: generation, position: row.number("next_position"))
            for (product, text) in zip(products, texts) { try batch.add(product, text) }
            let number = try SQLStore.write(diagnostics, of: generation, from: row.number("next_diagnostic"), database)
            try database.run(
                "UPDATE generation SET next_position = ?2, next_diagnostic = ?3 WHERE id = ?1",
                generation,
                batch.position,
                number
            )
            return batch.added
        }
    }

    /// Writes complaints from a number on; gives back the next number.
    static func write(
        _ diagnostics: [Diagnostic],
        of generation: Int64,
        from first: Int64,
        _ database: Database
    ) throws -> Int64 {
        var number = first
        for diagnostic in diagnostics {
            try database.run(
                "INSERT INTO diagnostic (generation, place, number, body) VALUES (?1, ?2, ?3, ?4)",
                generation,
                diagnostic.line.map(Int64.init) ?? Int64.max,
                number,
                StoredJSON.text(diagnostic)
            )
            number += 1
        }
        return number
    }

    /// See `CatalogStore.entries`.
    public func entries(of generation: Int64, from position: Int64, limit: Int) async throws(StoreError)
        -> [CatalogEntry]
    {
        try await read { database in
            try database.rows(
                "SELECT \(StoredEntry.columns) FROM product p WHERE generation = ?1 AND position >= ?2 ORDER BY position LIMIT ?3",
                generation,
                position,
                max(0, limit)
            ).map { try StoredEntry($0).entry() }
        }
    }

    /// See `CatalogStore.entries`.
    public func entries(_ query: ProductQuery, offset: Int, limit: Int) async throws(StoreError) -> [CatalogEntry] {
        try await read { database in
            try ProductSearch(query, database).entries(offset: max(0, offset), limit: max(0, limit), database)
        }
    }

    /// See `CatalogStore.entry`.
    public func entry(_ id: ProductID) async throws(StoreError) -> CatalogEntry? {
        try await read { database in
            try database.row(
                """
                SELECT \(StoredEntry.columns) FROM generation g
                JOIN product p ON p.generation = g.id AND p.id = ?1 WHERE g.is_current = 1
                """,
                id.rawValue
            ).map { try StoredEntry($0).entry() }
        }
    }

    /// See `CatalogStore.products`.
    public func products(named name: String) async throws(StoreError) -> [ProductID] {
        try await read { try ProductSearch.products(named: name, $0) }
    }
}

/// Writes products of one import with statements that are prepared once.
struct ProductBatch {
    private let database: Database
    private let generation: Int64
    private let insert: Statement
    private let name: Statement
    private(set) var position: Int64
    private(set) var added = 0
    private var writer = ProductWriter()

    init(_ database: Database, generation: Int64, position: Int64) throws {
        self.database = database
        self.generation = generation
        self.position = position
        insert = try database.cachedStatement(
            sql: """
                INSERT INTO product (generation, position, id, version, title, lines, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                ON CONFLICT (generation, id) DO NOTHING
                """
        )
        name = try database.cachedStatement(
            sql: "INSERT INTO sku (generation, sku, position, line) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
        )
    }

    mutating func add(_ product: Product, _ text: ProductText) throws {
        try insert.execute(
            arguments: [generation, position, product.id.rawValue, text.version, product.title, text.lines, text.body]
        )
        if database.changesCount == 1 {
            try addSKUs(of: product, at: position)
            position += 1
            added += 1
        } else {
            try absorb(product)
        }
    }

    private func addSKUs(of product: Product, at position: Int64) throws {
        for variant in product.variants {
            guard let sku = variant.sku, !sku.rawValue.isEmpty else { continue }
            try name.execute(arguments: [generation, sku.rawValue, position, variant.line])
        }
    }

    private mutating func absorb(_ product: Product) throws {
        guard
            let row = try database.row(
                "SELECT position, lines, body FROM product WHERE generation = ?1 AND id = ?2",
                generation,
                product.id.rawValue
            )
        else { return }
        var whole = try ProductText.product(body: row.text("body"), lines: row.text("lines"))
        whole.absorb(product)
        let text = writer.text(of: whole)
        try database.run(
            """
            UPDATE product SET version = ?3, title = ?4, lines = ?5, body = ?6, pictures = NULL
            WHERE generation = ?1 AND position = ?2
            """,
            generation,
            row.number("position"),
            text.version,
            whole.title,
            text.lines,
            text.body
        )
        try addSKUs(of: whole, at: row.number("position"))
    }
}

/// A row of the catalogue as it is read, before its texts are understood.
struct StoredEntry: Sendable {
    var position: Int64
    var version: String
    var lines: String
    var pictures: String?
    var body: String

    static let columns = "p.position, p.version, p.lines, p.pictures, p.body"

    init(_ row: Row) {
        position = row[0]
        version = row[1]
        lines = row[2]
        pictures = row[3]
        body = row[4]
    }

    func entry() throws -> CatalogEntry {
        CatalogEntry(
            product: try ProductText.product(body: body, lines: lines),
            pictures: try pictures.map { try StoredJSON.value($0) } ?? [],
            version: version,
            position: position
        )
    }
}
