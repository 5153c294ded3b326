import GRDB
import VitrineCore

/// A page of rows that are numbered, newest first, found by the number of the row before.
struct NumberPage {
    private let below: Int64
    private let limit: Int

    /// The page after a cursor; throws `badCursor` for one that is none.
    init(_ cursor: PageCursor?, _ limit: Int) throws {
        below = try cursor.map { try NumberPage.number($0) } ?? Int64.max
        self.limit = max(1, limit)
    }

    /// The rows of a statement that ends in a condition; `?1` and `?2` are the page's, `table` the name that has the number.
    func rows(
        _ select: String,
        _ table: String,
        values: [(any StatementValue)?] = [],
        _ database: Database
    ) throws -> Page<Row> {
        let rows = try database.rows(
            select + " AND \(table).number < ?1 ORDER BY \(table).number DESC LIMIT ?2",
            values: [below, limit + 1] + values
        )
        return NumberPage.page(rows, limit) { [String($0.number("number"))] }
    }

    /// The first `limit` of the rows, and where to go on if there is one more.
    static func page(_ rows: [Row], _ limit: Int, key: (Row) -> [String]) -> Page<Row> {
        guard rows.count > limit, limit > 0 else { return Page(rows) }
        let items = Array(rows.prefix(limit))
        return Page(items, next: items.last.map { PageCursor(after: key($0)) })
    }

    /// The number that a cursor holds.
    static func number(_ cursor: PageCursor) throws -> Int64 {
        guard let number = cursor.key(of: 1).flatMap({ Int64($0[0]) }) else { throw notOurs }
        return number
    }

    static let notOurs = StoreError(.badCursor, "the cursor is none of this list")
}

extension Page {
    /// The page with each row made into something else.
    func map<Other>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(try items.map(transform), next: next)
    }
}
