import Foundation
import Testing
import VitrineCore
import VitrinePresets
import VitrineStorage
import VitrineTesting

@testable import VitrinePipeline

@Suite("A plan is routed by votes only when it is told to")
struct RouteTests {
    private static func standing(_ provider: ProviderID, _ wins: Int, of count: Int, in category: String? = nil)
        -> ModelStanding
    {
        ModelStanding(provider: provider, model: "m1", category: category, wins: wins, of: count)
    }

    private func order(_ standings: [ModelStanding], category: String? = nil, _ list: [ProviderID] = ["a", "b", "c"])
        -> [ProviderID]
    {
        VoteOrder(standings, category: category).ordered(list) { _ in "m1" }
    }

    @Test("who is surely better goes first; who may be by chance stays where the list has it")
    func sure() {
        let sure = [Self.standing("a", 1, of: 20), Self.standing("b", 19, of: 20)]
        let chance = [Self.standing("a", 4, of: 10), Self.standing("b", 6, of: 10)]
        let last = [Self.standing("a", 10, of: 20), Self.standing("b", 1, of: 20), Self.standing("c", 19, of: 20)]

        #expect(order(sure) == ["b", "a", "c"])
        #expect(order(chance) == ["a", "b", "c"])
        #expect(order(last) == ["c", "a", "b"])
        #expect(order([]) == ["a", "b", "c"])
    }

    @Test("votes of the product's own category count before those of all")
    func category() {
        let standings = [
            Self.standing("a", 19, of: 20), Self.standing("b", 1, of: 20),
            Self.standing("a", 1, of: 20, in: "Shoes"), Self.standing("b", 19, of: 20, in: "Shoes"),
        ]

        #expect(order(standings, category: "Shoes") == ["b", "a", "c"])
        #expect(order(standings, category: "Mugs") == ["a", "b", "c"])
        #expect(order(standings, category: nil) == ["a", "b", "c"])
    }

    @Test("after votes, a plan with a route asks the winner first and says why; one without asks as the list says")
    func plans() async throws {
        let presets = Shop.presets.replacing(
            "tiers: {draft: {provider: scripted}, final: {provider: scripted, resolution: 1080P}}",
            with: "tiers: {draft: {provider: [a, b]}}"
        )
        let shop = try Shop(presets: presets)
        let (one, other) = (ScriptedProvider("a"), ScriptedProvider("b"))
        let maker = PlanMaker(
            catalog: shop.store,
            jobs: shop.store,
            planner: Planner(library: shop.library, offers: one.offers + other.offers),
            time: shop.workshop.time.source,
            random: shop.workshop.random.source
        )
        try await shop.import((1...12).map { Shop.product("mug-\($0)", line: $0 + 1) })
        try await shop.store.setBudget(Money(micros: 1_000_000_000, currency: "USD"))
        var both = PlanOptions()
        both.providers = ["a", "b"]
        _ = try await maker.apply(try await maker.plan(both).id)
        try await shop.workshop.runToIdle(one, other)
        let comparison = Comparison(catalog: shop.store, jobs: shop.store, time: shop.workshop.time.source)
        for video in try await shop.videos() where video.provider == "b" {
            _ = try await comparison.vote(for: video.id)
        }
        try await shop.import((1...13).map { Shop.product("mug-\($0)", line: $0 + 1) })
        var routed = PlanOptions()
        routed.route = .votes
        routed.products = ["mug-13"]
        var plain = routed
        plain.route = nil
        var rows: [PlannedRequest] = []

        let plan = try await maker.plan(routed) { rows.append($0) }
        _ = try await maker.plan(plain) { rows.append($0) }
        let applied = try await maker.apply(plan.id)

        #expect(rows.map { $0.request?.provider } == ["b", "a"])
        #expect(rows.first?.because.contains("by votes: `b` `m1` won 12 of 12") == true)
        #expect(applied.jobs.count == 1)
        #expect(applied.leftOut.isEmpty)
    }
}
