import Foundation
import Testing
import VitrineCore
import VitrinePipeline
import VitrineStorage
import VitrineTesting

@Suite("What a person decided stays decided")
struct ReviewTests {
    @Test("an approved take is never replaced: a changed request becomes a candidate beside it")
    func stale() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.make()
        let first = try #require(try await shop.videos().first)
        _ = try await shop.desk.decide(.approve, about: first.id)

        try await shop.import([Shop.product("mug", title: "Red mug")])
        let row = try #require(try await shop.rows().first)
        #expect(row.change == .stale)
        #expect(row.why.contains("stays"))
        _ = try await shop.desk.decide(.choose, about: first.id)
        try await shop.make()

        let videos = try await shop.videos()
        #expect(videos.count == 2)
        #expect(videos.shown?.id == first.id)
        #expect(try await shop.rows().map(\.change) == [.unchanged])
    }

    @Test("what was rejected is not made again, until it is asked differently")
    func rejected() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.make()
        let video = try #require(try await shop.videos().first)
        _ = try await shop.desk.decide(.reject, about: video.id)

        #expect(try await shop.rows().map(\.change) == [.rejected])
        try await shop.make()
        #expect(shop.provider.billed == 1)
        #expect(try await shop.videos().shown == nil)

        try await shop.import([Shop.product("mug", title: "Red mug")])
        #expect(try await shop.rows().map(\.change) == [.changed])
    }

    @Test("a settled product is planned again after a decision")
    func unsettled() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.make()
        _ = try await shop.maker.plan(PlanOptions())
        let video = try #require(try await shop.videos().first)

        _ = try await shop.desk.decide(.reject, about: video.id)

        let plan = try await shop.maker.plan(PlanOptions())
        #expect(plan.totals[.rejected] == 1)
        #expect(plan.totals[.unchanged] == 0)
    }

    @Test("a regeneration makes another take with another seed, and its changes stay with the slot")
    func regenerate() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.make()
        let slot = Slot(product: Shop.product("mug").id, placement: .square)
        var override = SlotOverride()
        override.prompt = "on a windowsill"

        let job = try await shop.desk.regenerate(slot, override: override)
        #expect(job.take == 2)
        #expect(job.isUrgent)
        #expect(job.request.prompt == "on a windowsill")
        #expect(job.request.seed != Planner.seed(of: slot, take: 1))
        try await shop.workshop.runToIdle(shop.provider)

        #expect(try await shop.videos().count == 2)
        #expect(try await shop.rows().map(\.change) == [.unchanged])
        let third = try await shop.desk.regenerate(slot, override: SlotOverride())
        #expect(third.take == 3)
        #expect(third.request.prompt == "on a windowsill")
    }

    @Test("a regeneration with a seed of its own is what the next plan finds")
    func seed() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.make()
        let slot = Slot(product: Shop.product("mug").id, placement: .square)
        var override = SlotOverride()
        override.seed = 4711

        let job = try await shop.desk.regenerate(slot, override: override)
        try await shop.workshop.runToIdle(shop.provider)

        #expect(job.request.seed == 4711)
        #expect(try await shop.rows().map(\.change) == [.unchanged])
    }

    @Test("the same regeneration while it is being made is refused")
    func twice() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.store.setBudget(Money(micros: 10_000_000, currency: "USD"))
        let slot = Slot(product: Shop.product("mug").id, placement: .square)
        var override = SlotOverride()
        override.seed = 1
        _ = try await shop.desk.regenerate(slot, override: override)

        await #expect(throws: PipelineError.self) { try await shop.desk.regenerate(slot, override: override) }
    }

    @Test("a promoted draft is asked again as final")
    func promote() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.make()
        let video = try #require(try await shop.videos().first)

        let job = try await shop.desk.promote(video.id)

        #expect(job.request.tier == .final)
        #expect(job.take == 2)
    }

    @Test("a quarantined video cannot be approved or chosen")
    func quarantined() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.store.setBudget(Money(micros: 9_000_000, currency: "USD"))
        let plan = try await shop.maker.plan(PlanOptions())
        _ = try await shop.maker.apply(plan.id)
        let strict = ReadyFinisher(verdicts: [Verdict(check: "black", passed: false, message: "all black")])
        try await shop.workshop.runToIdle(shop.provider, finisher: strict)
        let video = try #require(try await shop.videos().first)

        #expect(video.state == .quarantined)
        #expect(try await shop.videos().shown == nil)
        await #expect(throws: StoreError.self) { try await shop.desk.decide(.approve, about: video.id) }
    }

    @Test("a SKU that names several products is ambiguous, and the products are named")
    func ambiguous() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug", sku: "S"), Shop.product("bowl", sku: "S")])

        await #expect(throws: PipelineError.self) { try await shop.desk.product(named: "S") }
        let one = try await shop.desk.product(named: Shop.product("mug").id.rawValue)
        #expect(one.product.key == "mug")
    }
}
