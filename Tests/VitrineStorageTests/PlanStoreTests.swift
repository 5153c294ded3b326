import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Plans in storage")
struct PlanStoreTests {
    @Test("a plan keeps its rows in order and its sums", arguments: StoreUnderTest.all)
    func plans(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            #expect(try await store.plan(nil) == nil)
            var plan = Plan(id: "plan_1", createdAt: Sample.start, feed: "shop", options: "{\"per\":\"product\"}")
            try await store.begin(plan)
            let changes: [Change] = [.new, .unchanged, .blocked, .new, .orphaned, .refinish]
            let rows = changes.enumerated().map { index, change in
                PlannedRequest(
                    slot: Sample.slot("\(index)"),
                    skus: ["S"],
                    title: "T",
                    change: change,
                    why: "because",
                    request: Sample.request(Sample.slot("\(index)")),
                    price: Money(micros: 5, currency: "USD")
                )
            }
            try await store.add(Array(rows[0..<4]), to: plan.id)
            try await store.add(Array(rows[4...]), to: plan.id)
            for row in rows { plan.totals.count(row) }
            plan.run = "r_1"
            try await store.update(plan)
            try await store.begin(Plan(id: "plan_0", createdAt: Sample.start, feed: nil))

            #expect(try await store.plan("plan_1") == plan)
            #expect(try await store.plan(nil)?.id == "plan_0")
            #expect(try await store.plan("plan_9") == nil)
            #expect(try await store.rows(of: plan.id, changes: [], offset: 0, limit: 9) == rows)
            #expect(try await store.rows(of: plan.id, changes: [], offset: 4, limit: 9) == Array(rows[4...]))
            #expect(
                try await store.rows(of: plan.id, changes: [.new, .refinish], offset: 0, limit: 2) == [
                    rows[0], rows[3],
                ]
            )
            #expect(try await store.rows(of: plan.id, changes: [.refinish, .new], offset: 2, limit: 2) == [rows[5]])
            #expect(try await store.rows(of: plan.id, changes: [.new, .refinish], offset: 1, limit: 1) == [rows[3]])
            #expect(try await store.rows(of: plan.id, changes: [.failed], offset: 0, limit: 2).isEmpty)
            #expect(await trouble { try await store.add(rows, to: "plan_9") } == .notFound)
            #expect(
                await trouble { try await store.update(Plan(id: "plan_9", createdAt: Sample.start, feed: nil)) }
                    == .notFound
            )
            #expect(await trouble { try await store.begin(plan) } == .conflict)
        }
    }
}
