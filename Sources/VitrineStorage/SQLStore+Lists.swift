import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `ListStore.products`.
    public func products(
        _ query: ProductQuery,
        states: [ProductState],
        after cursor: PageCursor?,
        limit: Int
    ) async throws(StoreError) -> Page<ListedProduct> {
        let cache = requests
        return try await read { database in
            try ProductPager(query, Set(states), cache).page(after: cursor, limit: max(1, limit), database)
        }
    }

    /// See `ListStore.jobs`.
    public func jobs(_ query: JobQuery, after cursor: PageCursor?, limit: Int) async throws(StoreError) -> Page<Job> {
        let cache = requests
        return try await read { database in
            let filter = JobFilter(query, from: 3)
            let page = try NumberPage(cursor, limit).rows(
                StoredJob.numbered + " WHERE s.id = j.slot\(filter.sql)",
                "j",
                values: filter.values,
                database
            )
            return try page.map { try StoredJob($0, cache).job }
        }
    }

    /// See `ListStore.videos`.
    public func videos(_ query: VideoQuery, after cursor: PageCursor?, limit: Int) async throws(StoreError) -> Page<
        Video
    > {
        let cache = requests
        let limit = max(1, limit)
        return try await read { database in
            let last = try VideoPlace(cursor)
            var filter = VideoFilter(from: 4)
            filter.add(query)
            let rows = try database.rows(
                StoredVideo.selectNewest + filter.tables
                    + " WHERE s.id = v.slot AND v.dropped_at IS NULL AND (v.created_at, v.id) < (?1, ?2)" + filter.sql
                    + " ORDER BY v.created_at DESC, v.id DESC LIMIT ?3",
                values: [last.createdAt, last.id, limit + 1] + filter.values
            )
            let page = NumberPage.page(rows, limit) { [String($0.number("created_at")), $0.text("id")] }
            return try page.map { try StoredVideo.video($0, cache) }
        }
    }

    /// See `ListStore.rows`.
    public func rows(of plan: PlanID, _ query: PlanRowQuery, after cursor: PageCursor?, limit: Int)
        async throws(StoreError) -> Page<PlannedRequest>
    {
        let wanted = [
            ("change", query.changes.map(\.rawValue)), ("category", query.categories), ("reason", query.reasons),
            ("slot", query.slots.map(\.description)),
        ].filter { !$0.1.isEmpty }
        let limit = max(1, limit)
        return try await read { database in
            let last = try cursor.map { try NumberPage.number($0) } ?? -1
            var filter = ""
            var values: [(any StatementValue)?] = [plan.rawValue, last, limit + 1]
            for (column, names) in wanted {
                filter += " AND \(column) IN (\(places(names.count, from: values.count + 1)))"
                values += names
            }
            let rows = try database.rows(
                "SELECT number, body FROM plan_row WHERE plan = ?1 AND number > ?2\(filter) ORDER BY number LIMIT ?3",
                values: values
            )
            let page = NumberPage.page(rows, limit) { [String($0.number("number"))] }
            return try page.map { try $0.value("body") }
        }
    }
}

/// The row before a page of videos.
private struct VideoPlace {
    var createdAt = Int64.max
    var id = ""

    init(_ cursor: PageCursor?) throws {
        guard let cursor else { return }
        guard let key = cursor.key(of: 2), let createdAt = Int64(key[0]) else { throw NumberPage.notOurs }
        self.createdAt = createdAt
        id = key[1]
    }
}

/// The conditions of a query about videos; `v` is the video, `s` its slot, `j` its job.
struct VideoFilter {
    private(set) var tables = ""
    private(set) var sql = ""
    private(set) var values: [(any StatementValue)?] = []
    private let first: Int

    init(from first: Int) {
        self.first = first
    }

    mutating func add(_ query: VideoQuery) {
        require("s.feed", query.feed?.rawValue)
        require("s.product", query.product?.rawValue)
        require("s.name", query.slot?.description)
        if query.run != nil {
            tables = " CROSS JOIN job j"
            sql += " AND j.id = v.job"
        }
        require("j.run", query.run?.rawValue)
        let states = Set(query.states.map(\.rawValue)).sorted()
        guard !states.isEmpty else { return }
        sql += " AND v.state IN (\(places(states.count, from: first + values.count)))"
        values += states
    }

    private mutating func require(_ column: String, _ value: String?) {
        guard let value else { return }
        sql += " AND \(column) = ?\(first + values.count)"
        values.append(value)
    }
}
