import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `CatalogStore.add`.
    public func add(
        _ records: [ProductRecord],
        diagnostics: [Diagnostic],
        to generation: Int64
    ) async throws(StoreError) -> Int {
        let imports = imports
        let outcome = try await writeLazily { database in
            guard
                let row = try database.row(
                    "SELECT next_position, next_unnamed, next_diagnostic, turned_on_at FROM generation WHERE id = ?1",
                    generation
                )
            else {
                throw StoreError(
                    .notFound,
                    "import \(generation) is not there: it was abandoned, or a later one was turned on"
                )
            }
            guard records.isEmpty || row.optionalNumber("turned_on_at") == nil else {
                throw StoreError(.conflict, "import \(generation) is turned on already")
            }
            let position = row.number("next_position")
            var batch = try ProductBatch(database, generation: generation, position: position, imports: imports)
            for index in records.indices { try batch.add(records[index]) }
            let number = try SQLStore.write(diagnostics, of: generation, from: row.number("next_diagnostic"), database)
            try database.run(
                "UPDATE generation SET next_position = ?2, next_diagnostic = ?3 WHERE id = ?1",
                generation,
                batch.position,
                number
            )
            return (added: batch.added, places: batch.places, unnamed: batch.position - row.number("next_unnamed"))
        }
        imports.append(outcome.places, to: generation)
        if outcome.unnamed >= SQLStore.namedAtOnce { try await nameProducts(of: generation) }
        return outcome.added
    }

    /// How many products get their names in one transaction: many, so that a page of names is not written again for each.
    private static let namedAtOnce: Int64 = 16_000

    /// Writes the names of products that have none yet.
    func nameProducts(of generation: Int64) async throws(StoreError) {
        try await writeLazily { try SQLStore.nameProducts(of: generation, $0) }
    }

    /// Writes the names of products that have none yet, in the order of their table.
    static func nameProducts(of generation: Int64, _ database: Database) throws {
        let row = try database.row("SELECT next_position, next_unnamed FROM generation WHERE id = ?1", generation)
        guard let row, row.number("next_unnamed") < row.number("next_position") else { return }
        try database.run(
            """
            INSERT INTO product_name (generation, id, position) SELECT generation, id, position FROM product
            WHERE generation = ?1 AND position >= ?2 ORDER BY id
            """,
            generation,
            row.number("next_unnamed")
        )
        try database.run("UPDATE generation SET next_unnamed = next_position WHERE id = ?1", generation)
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
                CROSS JOIN product_name n ON n.generation = g.id AND n.id = ?1
                CROSS JOIN product p ON p.generation = n.generation AND p.position = n.position WHERE g.is_current = 1
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
    private let imports: OpenImports
    /// Where the products stand that `imports` does not know yet.
    private(set) var places: ProductPlaces
    private(set) var added = 0

    init(_ database: Database, generation: Int64, position: Int64, imports: OpenImports) throws {
        self.database = database
        self.generation = generation
        self.imports = imports
        places = ProductPlaces(from: imports.end(of: generation, limit: position))
        insert = try database.cachedStatement(
            sql: """
                INSERT INTO product (generation, position, id, version, title, lines, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                """
        )
        name = try database.cachedStatement(
            sql: "INSERT INTO sku (generation, sku, position, line) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
        )
        guard places.end < position else { return }
        var known = places
        try database.each(
            "SELECT id FROM product WHERE generation = ?1 AND position >= ?2 ORDER BY position",
            values: [generation, places.end]
        ) { known.append(ProductPlaces.hash($0[0])) }
        places = known
    }

    /// The place of the next product.
    var position: Int64 { places.end }

    mutating func add(_ record: ProductRecord) throws {
        let hash = ProductPlaces.hash(record.id.rawValue)
        if let earlier = try earlier(record.id, hash) { return try absorb(record, into: earlier) }
        let position = position
        try insert.run(
            each: generation,
            position,
            record.id.rawValue,
            record.version,
            record.title,
            record.lines,
            record.body,
            in: database
        )
        places.append(hash)
        try add(record.names, at: position)
        added += 1
    }

    /// The row of the product, if the import has it already.
    private func earlier(_ id: ProductID, _ hash: UInt64) throws -> Row? {
        let found = imports.candidates(hash, in: generation) + places.candidates(hash)
        for position in found {
            let row = try database.row(
                "SELECT position, lines, body FROM product WHERE generation = ?1 AND position = ?2 AND id = ?3",
                generation,
                position,
                id.rawValue
            )
            if let row { return row }
        }
        return nil
    }

    private func add(_ names: [ProductRecord.Name], at position: Int64) throws {
        for name in names {
            try self.name.run(each: generation, name.sku.rawValue, position, name.line, in: database)
        }
    }

    private mutating func absorb(_ record: ProductRecord, into row: Row) throws {
        var whole = try ProductRecord.product(record.id, body: row.text("body"), lines: row.text("lines"))
        whole.absorb(try ProductRecord.product(record.id, body: record.body, lines: record.lines))
        let absorbed = ProductRecord(whole)
        try database.run(
            """
            UPDATE product SET version = ?3, title = ?4, lines = ?5, body = ?6, pictures = NULL
            WHERE generation = ?1 AND position = ?2
            """,
            generation,
            row.number("position"),
            absorbed.version,
            absorbed.title,
            absorbed.lines,
            absorbed.body
        )
        try add(absorbed.names, at: row.number("position"))
    }
}

/// A row of the catalogue as it is read, before its texts are understood.
struct StoredEntry: Sendable {
    var position: Int64
    var id: String
    var version: String
    var lines: String
    var pictures: String?
    var body: String

    static let columns = "p.position, p.id, p.version, p.lines, p.pictures, p.body"

    init(_ row: Row) {
        position = row[0]
        id = row[1]
        version = row[2]
        lines = row[3]
        pictures = row[4]
        body = row[5]
    }

    func entry() throws -> CatalogEntry {
        CatalogEntry(
            product: try ProductRecord.product(ProductID(rawValue: id), body: body, lines: lines),
            pictures: try pictures.map { try StoredJSON.value($0) } ?? [],
            version: version,
            position: position
        )
    }
}
