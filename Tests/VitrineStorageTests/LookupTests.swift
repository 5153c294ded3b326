import GRDB
import GRDBSQLite
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Looking things up")
struct LookupTests {
    @Test("what is asked for by its name takes as many steps in a large catalogue as in a small one")
    func steps() async throws {
        let small = try await steps(in: 30)
        let large = try await steps(in: 300)

        // A table read from end to end would take some steps for each of 270 more rows.
        for (sql, steps) in large { #expect(steps < (small[sql] ?? 0) + 200, "\(sql)") }
        #expect(large.count > 20)
    }

    /// The steps that SQLite's machine takes for each statement, in a home of so many products with a video each.
    private func steps(in count: Int) async throws -> [String: Int] {
        let store = try SQLStore.inMemory()
        let keys = (0..<count).map { "k\($0)" }
        try await importing(keys.map { Sample.product($0, skus: [SKU("sku-\($0)")]) }, into: store)
        let course = try await JobCourse.begin(store)
        for key in keys { try await course.bring(Sample.job(JobID("j_\(key)"), slot: Sample.slot(key)), to: .finished) }
        let product = Sample.slot("k20").product
        _ = try store.driver.onWriter { statementSteps($0) }

        _ = try #require(try await store.entry(product))
        #expect(try await store.products(named: "sku-k20") == [product])
        #expect(try await store.products(named: "k20") == [product])
        #expect(try await store.entries(ProductQuery(names: ["k20"]), offset: 0, limit: 9).count == 1)
        #expect(try await store.slots(of: [product]).count == 1)
        _ = try #require(try await store.job("j_k20"))
        #expect(try await !store.events(of: "j_k20").isEmpty)
        #expect(try await store.submissions(of: "j_k20").count == 1)
        _ = try #require(try await store.video("v_j_k20"))
        #expect(try await store.events(after: try await store.latestEvent() - 3, limit: 9).count == 3)
        let again = Sample.job("j_again", slot: Sample.slot("k20"), take: 2, prompt: "another shoe")
        try await course.bring(again, to: .finished)
        _ = try await store.review("v_j_again", .approve, at: Sample.start)
        return try store.driver.onWriter { statementSteps($0) }
    }

    /// The steps of each statement of a connection since this was last asked.
    private func statementSteps(_ database: Database) -> [String: Int] {
        var found: [String: Int] = [:]
        var next = sqlite3_next_stmt(database.sqliteConnection, nil)
        while let statement = next {
            let steps = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1)
            if steps > 0 { found[String(cString: sqlite3_sql(statement))] = Int(steps) }
            next = sqlite3_next_stmt(database.sqliteConnection, statement)
        }
        return found
    }
}
