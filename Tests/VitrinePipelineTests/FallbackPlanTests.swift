import Foundation
import Testing
import VitrineCore
import VitrinePipeline
import VitrinePresets
import VitrineStorage
import VitrineTesting

@Suite("A plan says who makes it instead, and what that costs")
struct FallbackPlanTests {
    private static let presets = Shop.presets.replacing(
        "tiers: {draft: {provider: scripted}, final: {provider: scripted, resolution: 1080P}}",
        with: "tiers: {draft: {provider: [a, b, c]}}"
    )

    private static func money(_ cents: Int64) -> Money { Money(micros: cents * 10_000, currency: "USD") }

    private static func provider(
        _ name: ProviderID,
        cents: Int64,
        _ change: (inout ScriptedProvider.Script) -> Void = { _ in }
    ) -> ScriptedProvider {
        var script = ScriptedProvider.Script()
        script.price = money(cents)
        change(&script)
        return ScriptedProvider(name, script)
    }

    private let shop: Shop
    private let providers: [ScriptedProvider]

    init() throws {
        shop = try Shop(presets: Self.presets)
        providers = [
            Self.provider("a", cents: 50) { $0.outcome = JobFailure(.moderated, "a brand is in the picture") },
            Self.provider("b", cents: 80), Self.provider("c", cents: 30),
        ]
    }

    private func maker(left: [String: Money] = [:]) -> PlanMaker {
        PlanMaker(
            catalog: shop.store,
            jobs: shop.store,
            planner: Planner(library: shop.library, offers: providers.flatMap(\.offers), left: left),
            time: shop.workshop.time.source,
            random: shop.workshop.random.source
        )
    }

    private func plan(_ maker: PlanMaker) async throws -> (plan: Plan, rows: [PlannedRequest]) {
        var rows: [PlannedRequest] = []
        let plan = try await maker.plan(PlanOptions(), listsUnchanged: true) { rows.append($0) }
        return (plan, rows)
    }

    private func work() async throws {
        try await shop.store.setBudget(Self.money(100_000))
        try await shop.workshop.runToIdle(providers[0], providers[1], providers[2])
    }

    @Test(
        "each row has the others of its list in order, each with its own request and price, and the plan says what it costs at most"
    )
    func rows() async throws {
        try await shop.import([Shop.product("one"), Shop.product("two")])

        let (plan, rows) = try await plan(maker())

        let row = try #require(rows.first)
        let instead = try #require(row.alternatives)
        #expect(row.request?.provider == "a")
        #expect(instead.map(\.request.provider) == ["b", "c"])
        #expect(instead.map(\.price) == [Self.money(80), Self.money(30)])
        #expect(instead.map(\.lane) == ["b", "c"])
        #expect(Set([row.request].compactMap { $0?.fingerprint } + instead.map(\.request.fingerprint)).count == 3)
        #expect(plan.totals.price == [Self.money(100)])
        #expect(plan.totals.atMost == [Self.money(160)])
    }

    @Test(
        "one apply is enough: what the first one moderates is there when the run has ended, and nothing is left to plan"
    )
    func oneApply() async throws {
        try await shop.import([Shop.product("one")])
        let (plan, _) = try await plan(maker())

        let applied = try await maker().apply(plan.id)
        try await work()

        #expect(try await shop.store.counts(JobQuery(run: applied.run)).states == [.finished: 1])
        #expect(try await shop.videos().map(\.provider) == ["b"])
        #expect(try await self.plan(maker()).rows.map(\.change) == [.unchanged])
    }

    @Test("under a cap that the dearest would break, only those who cost no more are asked instead")
    func cap() async throws {
        try await shop.import([Shop.product("one")])
        let (plan, _) = try await plan(maker())

        let tight = try await maker().apply(plan.id, atMost: Self.money(79))

        let id = try #require(tight.jobs.first)
        let job = try #require(try await shop.store.job(id))
        #expect(job.alternatives.map(\.request.provider) == ["c"])
    }

    @Test("under a cap that covers the dearest, all of the list may be asked")
    func wideCap() async throws {
        try await shop.import([Shop.product("one")])
        let (plan, _) = try await plan(maker())

        let wide = try await maker().apply(plan.id, atMost: Self.money(80))

        let id = try #require(wide.jobs.first)
        let job = try #require(try await shop.store.job(id))
        #expect(job.alternatives.map(\.request.provider) == ["b", "c"])
    }

    @Test("who costs more than is left is passed over, and the row says so; where all do, the first one stands")
    func tooDear() async throws {
        try await shop.import([Shop.product("one")])

        let cheap = try #require(try await plan(maker(left: ["USD": Self.money(40)])).rows.first)
        let poor = try #require(try await plan(maker(left: ["USD": Self.money(10)])).rows.first)

        #expect(cheap.request?.provider == "c")
        #expect(cheap.because.contains("`a` is too dear: it costs 0.50 USD, and 0.40 USD are left"))
        #expect(cheap.because.contains("`b` is too dear"))
        #expect(poor.request?.provider == "a")
    }

    @Test("who refused within a job is not asked for that slot again, also when the job failed in the end")
    func remembered() async throws {
        let refusal = ProviderError(JobFailure(.refused, "not this"))
        let shop = try Shop(presets: Self.presets)
        let providers = ["a", "b", "c"].map { name in
            Self.provider(ProviderID(name), cents: 10) { $0.submitErrors = [refusal] }
        }
        try await shop.import([Shop.product("one")])
        try await shop.store.setBudget(Self.money(100_000))
        func maker() -> PlanMaker {
            PlanMaker(
                catalog: shop.store,
                jobs: shop.store,
                planner: Planner(library: shop.library, offers: providers.flatMap(\.offers)),
                time: shop.workshop.time.source,
                random: shop.workshop.random.source
            )
        }
        let first = try await plan(maker())
        _ = try await maker().apply(first.plan.id)
        try await shop.workshop.runToIdle(providers[0], providers[1], providers[2])

        let row = try #require(try await plan(maker()).rows.first)

        #expect(row.change == .blocked)
        #expect(row.why == "`a` has failed (refused), and nobody else is left to ask")
    }

    @Test("a person who asks for one provider is given nobody else")
    func asked() async throws {
        try await shop.import([Shop.product("one")])
        var options = PlanOptions()
        options.providers = ["a"]
        var rows: [PlannedRequest] = []

        _ = try await maker().plan(options) { rows.append($0) }

        #expect(rows.map { $0.alternatives } == [nil])
    }

    @Test("a new take that a person asks for goes on with those alone who cost no more than was said")
    func regeneration() async throws {
        try await shop.import([Shop.product("one")])
        try await shop.store.setBudget(Self.money(100_000))
        let maker = maker()
        let desk = ReviewDesk(
            catalog: shop.store,
            jobs: shop.store,
            maker: { maker },
            time: shop.workshop.time.source,
            random: shop.workshop.random.source
        )
        let product = try #require(try await shop.store.products(named: "one").first)

        let job = try await desk.regenerate(Slot(product: product, placement: .square), override: SlotOverride())

        #expect(job.request.provider == "a")
        #expect(job.alternatives.map(\.request.provider) == ["c"])
        #expect(job.alternatives.map(\.request.seed) == [job.request.seed])
    }
}
