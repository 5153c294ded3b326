public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `CatalogStore.beginGeneration`.
    public func beginGeneration(
        of feed: FeedName,
        format: String,
        origin: String,
        at now: Date
    ) async throws(StoreError) -> Generation {
        try await write { database in
            let id = (try database.integer("SELECT max(id) FROM generation") ?? 0) + 1
            try database.run(
                "INSERT INTO generation (id, feed, format, origin, begun_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                id,
                feed.rawValue,
                format,
                origin,
                now.milliseconds
            )
            return Generation(id: id, feed: feed, format: format, begunAt: now, origin: origin)
        }
    }

    /// See `CatalogStore.turnOn`.
    public func turnOn(_ generation: Generation, at now: Date) async throws(StoreError) {
        try await nameProducts(of: generation.id)
        try await keepPictures(of: generation)
        let moves = try await read { try SlotMoves(in: $0, to: generation) }
        try await write { database in
            let older = try SQLStore.requireOff(generation.id, database)
            try SQLStore.nameProducts(of: generation.id, database)
            try database.run(
                "UPDATE generation SET is_current = 0 WHERE feed = ?1 AND is_current = 1 AND id <> ?2",
                older.feed.rawValue,
                generation.id
            )
            try database.run(
                """
                UPDATE generation SET is_current = 1, turned_on_at = ?2, format = ?3, row_count = ?4, product_count = ?5,
                    variant_count = ?6, skipped_count = ?7, file = ?8, reading = ?9, categories = ?10
                WHERE id = ?1
                """,
                generation.id,
                now.milliseconds,
                generation.format,
                generation.rows,
                generation.products,
                generation.variants,
                generation.skipped,
                generation.file.map { StoredJSON.text($0) },
                generation.reading,
                StoredJSON.text(generation.categories)
            )
            try moves.apply(in: database)
        }
        imports.forget(generation.id)
        try await dropGenerations(before: generation.id, of: generation.feed)
    }

    /// See `CatalogStore.abandon`.
    public func abandon(_ generation: Int64) async throws(StoreError) {
        try await write { database in
            try SQLStore.requireOff(generation, database)
        }
        try await drop(generation)
    }

    /// See `CatalogStore.feeds`.
    public func feeds() async throws(StoreError) -> [Generation] {
        try await read { database in
            try database.rows("SELECT * FROM generation WHERE is_current = 1 ORDER BY feed").map(SQLStore.generation)
        }
    }

    /// See `CatalogStore.diagnostics`.
    public func diagnostics(of generation: Int64, offset: Int, limit: Int) async throws(StoreError) -> [Diagnostic] {
        try await read { database in
            try database.rows(
                "SELECT body FROM diagnostic WHERE generation = ?1 ORDER BY place, number LIMIT ?2 OFFSET ?3",
                generation,
                max(0, limit),
                max(0, offset)
            ).map { try $0.value("body") }
        }
    }

    /// See `CatalogStore.doubledSKUs`.
    public func doubledSKUs(in generation: Int64, limit: Int) async throws(StoreError) -> [(sku: SKU, lines: [Int])] {
        try await read { database in
            let doubled = try database.rows(
                """
                SELECT sku, min(line) AS line FROM sku WHERE generation = ?1
                GROUP BY sku HAVING min(position) <> max(position) ORDER BY min(line), sku LIMIT ?2
                """,
                generation,
                max(0, limit)
            )
            return try doubled.map { row in
                let lines = try database.rows(
                    "SELECT DISTINCT line FROM sku WHERE generation = ?1 AND sku = ?2 ORDER BY line",
                    generation,
                    row.text("sku")
                )
                return (sku: SKU(row.text("sku")), lines: lines.map { $0.count("line") })
            }
        }
    }

    /// The generation, unless it is not there or is the catalogue already.
    @discardableResult
    static func requireOff(_ id: Int64, _ database: Database) throws -> Generation {
        guard let row = try database.row("SELECT * FROM generation WHERE id = ?1", id) else {
            throw StoreError(.notFound, "import \(id) is not there: it was abandoned, or a later one was turned on")
        }
        let generation = try generation(row)
        guard generation.turnedOnAt == nil else {
            throw StoreError(.conflict, "import \(id) is turned on already")
        }
        return generation
    }

    static func generation(_ row: Row) throws -> Generation {
        Generation(
            id: row.number("id"),
            feed: FeedName(row.text("feed")),
            format: row.text("format"),
            begunAt: row.date("begun_at"),
            turnedOnAt: row.optionalDate("turned_on_at"),
            rows: row.count("row_count"),
            products: row.count("product_count"),
            variants: row.count("variant_count"),
            skipped: row.count("skipped_count"),
            categories: try row.value("categories"),
            file: try row.optionalValue("file"),
            origin: row.text("origin"),
            reading: row.text("reading")
        )
    }

    /// Gives products that were not resolved the pictures that they had in the catalogue before, in short pieces.
    private func keepPictures(of generation: Generation) async throws(StoreError) {
        let earlier = try await read { database in
            try database.integer(
                "SELECT id FROM generation WHERE feed = ?1 AND is_current = 1 AND id <> ?2",
                generation.feed.rawValue,
                generation.id
            )
        }
        guard let earlier else { return }
        let length = ProductRecord.versionLength
        let old =
            "FROM product_name n JOIN product o ON o.generation = n.generation AND o.position = n.position "
            + "WHERE n.generation = ?2 AND n.id = product.id AND o.pictures IS NOT NULL"
        let end = try await read { database in
            try database.integer("SELECT max(position) FROM product WHERE generation = ?1", generation.id) ?? -1
        }
        var position: Int64 = 0
        while position <= end {
            let first = position
            _ = try await writeLazily { database in
                try database.run(
                    """
                    UPDATE product SET pictures = (SELECT o.pictures \(old)),
                        version = version || (SELECT substr(o.version, \(length + 1)) \(old))
                    WHERE generation = ?1 AND position >= ?3 AND position < ?4 AND pictures IS NULL AND EXISTS (SELECT 1 \(old))
                    """,
                    generation.id,
                    earlier,
                    first,
                    first + 2_000
                )
            }
            position += 2_000
        }
    }

    private func dropGenerations(before id: Int64, of feed: FeedName) async throws(StoreError) {
        let older = try await read { database in
            try database.rows(
                "SELECT id FROM generation WHERE feed = ?1 AND id < ?2 AND is_current = 0 ORDER BY id",
                feed.rawValue,
                id
            ).map { $0.number("id") }
        }
        for id in older { try await drop(id) }
    }

    /// Deletes a generation piece by piece, its own row last, so that no transaction is long.
    private func drop(_ generation: Int64) async throws(StoreError) {
        imports.forget(generation)
        let pieces = [
            "DELETE FROM product WHERE generation = ?1 AND position IN "
                + "(SELECT position FROM product WHERE generation = ?1 ORDER BY position LIMIT ?2)",
            "DELETE FROM product_name WHERE generation = ?1 AND id IN "
                + "(SELECT id FROM product_name WHERE generation = ?1 ORDER BY id LIMIT ?2)",
            "DELETE FROM sku WHERE generation = ?1 AND sku IN "
                + "(SELECT sku FROM sku WHERE generation = ?1 ORDER BY sku LIMIT ?2)",
            "DELETE FROM diagnostic WHERE generation = ?1 AND place IN "
                + "(SELECT place FROM diagnostic WHERE generation = ?1 ORDER BY place LIMIT ?2)",
        ]
        for piece in pieces {
            var deleted = 1
            while deleted > 0 {
                deleted = try await writeLazily { try $0.run(piece, generation, 2_000) }
            }
        }
        try await write { database in
            try database.run("DELETE FROM generation WHERE id = ?1 AND is_current = 0", generation)
        }
    }
}
