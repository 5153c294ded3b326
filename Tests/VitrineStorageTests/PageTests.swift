import Foundation
import GRDB
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Long lists in pages")
struct PageTests {
    /// All rows of a list, read in pages of `limit`, none of which is longer.
    private func all<Item>(
        _ limit: Int,
        _ page: (PageCursor?, Int) async throws -> Page<Item>
    ) async throws -> [Item] {
        var items: [Item] = []
        var cursor: PageCursor?
        repeat {
            let next = try await page(cursor, limit)
            #expect(next.items.count <= limit)
            items += next.items
            cursor = next.next
        } while cursor != nil
        return items
    }

    @Test(
        "products of all feeds come once each in feed order, whatever the page",
        arguments: StoreUnderTest.all,
        [1, 2, 5, 9]
    )
    func products(kind: StoreUnderTest, limit: Int) async throws {
        try await kind.run { store in
            try await importing(["z", "a", "m"].map { Sample.product($0) }, into: store)
            let other = ["c", "b"].map { Sample.product($0, feed: "outlet") }
            try await importing(other, into: store, feed: "outlet")

            let found = try await all(limit) {
                try await store.products(ProductQuery(), states: [], after: $0, limit: $1)
            }
            #expect(found.map(\.entry.product.key) == ["c", "b", "z", "a", "m"])
            let shop = try await all(limit) {
                try await store.products(ProductQuery(feed: "shop"), states: [], after: $0, limit: $1)
            }
            #expect(shop.map(\.entry.product.key) == ["z", "a", "m"])
        }
    }

    @Test(
        "products are found by title or SKU, not by their descriptions, and by state and preset",
        arguments: StoreUnderTest.all
    )
    func conditions(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await importing(
                [Sample.product("a", skus: ["RED-1"]), Sample.product("b"), Sample.product("c")],
                into: store
            )
            let course = try await JobCourse.begin(store)
            try await course.bring(Sample.job("j_1", slot: Sample.slot("a")), to: .finished)
            try await course.bring(Sample.job("j_2", slot: Sample.slot("b")), to: .queued)

            func keys(_ text: String? = nil, _ states: [ProductState] = [], preset: String? = nil) async throws
                -> [String]
            {
                let query = ProductQuery(text: text, preset: preset)
                return try await all(1) { try await store.products(query, states: states, after: $0, limit: $1) }
                    .map(\.entry.product.key)
            }
            #expect(try await keys("PRODUCT B") == ["b"])
            #expect(try await keys("red-") == ["a"])
            #expect(try await keys("what b is").isEmpty)
            #expect(try await keys(nil, [.new]) == ["a"])
            #expect(try await keys(nil, [.inFlight, .new]) == ["a", "b"])
            #expect(try await keys("product", [.none]) == ["c"])
            #expect(try await keys(preset: "shoes") == ["a", "b"])
            #expect(try await keys(nil, [.new], preset: "shoes") == ["a"])
            #expect(try await keys(preset: "bags").isEmpty)
        }
    }

    @Test(
        "jobs and videos come newest first, once each, and by what is asked",
        arguments: StoreUnderTest.all,
        [1, 2, 9]
    )
    func jobsAndVideos(kind: StoreUnderTest, limit: Int) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            for (take, second) in [(1, 1.0), (2, 1.0), (3, 2.0)] {
                let job = Sample.job(JobID("j_\(take)"), take: take, prompt: "\(take)", at: Sample.later(second))
                try await course.bring(job, to: .finished, at: Sample.later(second))
            }
            let jobs = try await all(limit) { try await store.jobs(JobQuery(), after: $0, limit: $1) }
            #expect(jobs.map(\.id) == ["j_3", "j_2", "j_1"])
            let videos = try await all(limit) { try await store.videos(VideoQuery(), after: $0, limit: $1) }
            #expect(videos.map(\.id) == ["v_j_3", "v_j_2", "v_j_1"])

            _ = try await store.review("v_j_2", .reject, at: Sample.start)
            let rejected = try await all(limit) {
                try await store.videos(VideoQuery(run: "r_1", states: [.rejected]), after: $0, limit: $1)
            }
            #expect(rejected.map(\.id) == ["v_j_2"])
        }
    }

    @Test(
        "rows of a plan come in order, and only those of the kinds asked for",
        arguments: StoreUnderTest.all,
        [1, 2, 9]
    )
    func rows(kind: StoreUnderTest, limit: Int) async throws {
        try await kind.run { store in
            let plan = Plan(id: "plan_1", createdAt: Sample.start, feed: "shop")
            try await store.begin(plan)
            let changes: [Change] = [.new, .unchanged, .new]
            let rows = changes.enumerated().map { index, change in
                PlannedRequest(
                    slot: Sample.slot("\(index)"),
                    skus: [],
                    title: "T",
                    change: change,
                    why: "because",
                    request: Sample.request(Sample.slot("\(index)")),
                    price: .zero("USD")
                )
            }
            try await store.add(rows, to: plan.id)

            let found = try await all(limit) {
                try await store.rows(of: plan.id, PlanRowQuery(), after: $0, limit: $1)
            }
            #expect(found == rows)
            let new = try await all(limit) {
                try await store.rows(of: plan.id, PlanRowQuery(changes: [.new]), after: $0, limit: $1)
            }
            #expect(new == [rows[0], rows[2]])
        }
    }

    @Test("a cursor that is none is refused by every list", arguments: StoreUnderTest.all)
    func cursors(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            for cursor in [PageCursor(text: "%"), PageCursor(after: ["a", "b"]), PageCursor(after: [])] {
                #expect(
                    await trouble {
                        try await store.products(ProductQuery(), states: [], after: cursor, limit: 1)
                    } == .badCursor
                )
                #expect(await trouble { try await store.jobs(JobQuery(), after: cursor, limit: 1) } == .badCursor)
                #expect(await trouble { try await store.videos(VideoQuery(), after: cursor, limit: 1) } == .badCursor)
                #expect(
                    await trouble {
                        try await store.rows(of: "plan_1", PlanRowQuery(changes: []), after: cursor, limit: 1)
                    }
                        == .badCursor
                )
            }
        }
    }

    @Test("a page of products is one search of the primary key, without sorting")
    func productPlan() async throws {
        let store = try SQLStore.inMemory()
        let details = try store.driver.onWriter { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + ProductPager.select, arguments: [1, 0, 10])
                .map { $0.text("detail") }
        }
        #expect(details.count == 1)
        #expect(details.first?.contains("sqlite_autoindex_product_1 (generation=? AND position>?)") == true)
        #expect(!details.contains { $0.contains("TEMP B-TREE") })
    }
}
