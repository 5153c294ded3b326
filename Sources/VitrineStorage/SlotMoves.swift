import GRDB
import VitrineCore

/// What an import does to slots: those of a product whose identity changed follow it by the overlap of its SKUs,
/// those of a product that left are orphaned, those of one that came back are not any more.
struct SlotMoves: Sendable {
    private var moved: [(from: String, to: String)] = []
    private var left: [String] = []
    private var returned: [String] = []

    /// Compares the slots with the products of a generation that is not turned on yet.
    init(in database: Database, to generation: Generation) throws {
        let current = try database.integer(
            "SELECT id FROM generation WHERE feed = ?1 AND is_current = 1",
            generation.feed.rawValue
        )
        let products = try database.rows(
            """
            SELECT DISTINCT slot.product AS product, slot.is_orphaned AS is_orphaned,
                EXISTS (SELECT 1 FROM product_name WHERE generation = ?2 AND id = slot.product) AS is_there
            FROM slot WHERE slot.feed = ?1
            """,
            generation.feed.rawValue,
            generation.id
        )
        for row in products {
            let product = row.text("product")
            if row.flag("is_there") {
                if row.flag("is_orphaned") { returned.append(product) }
            } else if !row.flag("is_orphaned") {
                if let current, let heir = try SlotMoves.heir(of: product, from: current, to: generation.id, database) {
                    moved.append((from: product, to: heir))
                } else {
                    left.append(product)
                }
            }
        }
    }

    /// The one product of the new generation, itself new, that shares SKUs with one that left; nil when there are several or none.
    private static func heir(of product: String, from old: Int64, to new: Int64, _ database: Database) throws -> String?
    {
        let heirs = try database.rows(
            """
            SELECT DISTINCT heir.id AS id FROM product_name old
            JOIN sku mine ON mine.generation = old.generation AND mine.position = old.position
            JOIN sku its ON its.generation = ?3 AND its.sku = mine.sku
            JOIN product heir ON heir.generation = its.generation AND heir.position = its.position
            WHERE old.generation = ?1 AND old.id = ?2
                AND NOT EXISTS (SELECT 1 FROM product_name known WHERE known.generation = ?1 AND known.id = heir.id)
            LIMIT 2
            """,
            old,
            product,
            new
        )
        return heirs.count == 1 ? heirs[0].text("id") : nil
    }

    /// Moves and marks the slots.
    func apply(in database: Database) throws {
        for move in moved {
            let slots = try database.rows("SELECT id, variant, placement FROM slot WHERE product = ?1", move.from)
            for row in slots {
                let slot = Slot(
                    product: ProductID(rawValue: move.to),
                    variant: row.optionalText("variant"),
                    placement: try row.name("placement")
                )
                try database.run(
                    """
                    UPDATE slot SET product = ?2, name = ?3, is_orphaned = 0 WHERE id = ?1
                        AND NOT EXISTS (SELECT 1 FROM slot other WHERE other.name = ?3)
                    """,
                    row.number("id"),
                    move.to,
                    slot.description
                )
            }
            try database.run("UPDATE slot SET is_orphaned = 1 WHERE product = ?1", move.from)
            try database.run("DELETE FROM settled WHERE product IN (?1, ?2)", move.from, move.to)
        }
        for product in left { try database.run("UPDATE slot SET is_orphaned = 1 WHERE product = ?1", product) }
        for product in returned { try database.run("UPDATE slot SET is_orphaned = 0 WHERE product = ?1", product) }
    }
}
