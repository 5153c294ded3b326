import Testing
import VitrineCore
import VitrinePipeline
import VitrineStorage
import VitrineTesting

@Suite("Parts of a plan")
struct PlanPartTests {
    private func shop() async throws -> (shop: Shop, plan: Plan) {
        let shop = try Shop()
        var mug = Shop.product("mug")
        var bowl = Shop.product("bowl", title: "Bowl")
        mug.categories = [CategoryPath("Kitchen > Mugs")]
        bowl.categories = [CategoryPath("Kitchen > Bowls")]
        try await shop.import([mug, bowl, Shop.product("vase", title: "Vase")])
        return (shop, try await shop.maker.plan(PlanOptions()))
    }

    @Test("the work of a plan is summed by category and reason, with prices that add up to the plan's")
    func sums() async throws {
        let (shop, plan) = try await shop()
        let kept = try #require(try await shop.store.plan(plan.id))
        #expect(kept.parts == plan.parts)
        #expect(Set(plan.parts.map(\.category)) == ["Kitchen > Mugs", "Kitchen > Bowls", ""])
        #expect(Set(plan.parts.map(\.reason)) == ["nothing has been made for it yet"])
        var sum = MoneySum()
        for part in plan.parts { for amount in part.price { sum.add(amount) } }
        #expect(sum.amounts == plan.totals.price)
    }

    @Test("rows are found by category, by reason and by slot, also those without a category")
    func rows() async throws {
        let (shop, plan) = try await shop()
        func titles(_ query: PlanRowQuery) async throws -> [String] {
            try await shop.store.rows(of: plan.id, query, after: nil, limit: 10).items.map(\.title)
        }
        #expect(try await titles(PlanRowQuery()).count == 3)
        #expect(try await titles(PlanRowQuery(categories: ["Kitchen > Mugs"])) == ["Blue mug"])
        #expect(try await titles(PlanRowQuery(categories: ["", "Kitchen > Bowls"])).sorted() == ["Bowl", "Vase"])
        #expect(try await titles(PlanRowQuery(reasons: ["something else"])) == [])
        let vase = try #require(
            try await shop.store.rows(of: plan.id, PlanRowQuery(categories: [""]), after: nil, limit: 1).items.first
        )
        #expect(try await titles(PlanRowQuery(changes: [.new], slots: [vase.slot])) == ["Vase"])
        #expect(Slot(vase.slot.description) == vase.slot)
    }

    @Test("applying a part makes exactly that, and the rest is in the next plan")
    func applying() async throws {
        let (shop, plan) = try await shop()
        let query = PlanRowQuery(categories: ["Kitchen > Mugs"])
        let applied = try await shop.maker.apply(plan.id, only: query.holds)
        #expect(applied.jobs.count == 1)
        #expect(applied.price == [Money(micros: 1_000_000, currency: "USD")])
        let next = try await shop.maker.plan(PlanOptions())
        #expect(next.totals[.new] == 2 && next.totals[.inFlight] == 1)
    }
}
