import Foundation
import Testing
import VitrineCore
import VitrinePipeline
import VitrineStorage
import VitrineTesting

@Suite("A job goes on with the next provider of its list")
struct FallbackRunTests {
    private static let dollar = Money(micros: 1_000_000, currency: "USD")
    private static let two = Money(micros: 2_000_000, currency: "USD")

    private static func provider(
        _ name: ProviderID,
        price: Money = dollar,
        _ change: (inout ScriptedProvider.Script) -> Void = { _ in }
    ) -> ScriptedProvider {
        var script = ScriptedProvider.Script()
        script.price = price
        change(&script)
        return ScriptedProvider(name, script)
    }

    private static func events(_ workshop: Workshop, _ job: JobID) async throws -> [JobEvent.Name] {
        try await workshop.store.events(of: job).map(\.event.name)
    }

    // MARK: Refused

    @Test("what one moderates the next one makes, in the same job, paid once")
    func moderated() async throws {
        let workshop = try Workshop()
        let one = Self.provider("a") { $0.outcome = JobFailure(.moderated, "a brand is in the picture") }
        let other = Self.provider("b", price: Self.two)
        let id = try await workshop.enqueue(one, instead: [Workshop.alternative("b", price: Self.two)])

        try await workshop.runToIdle(one, other)

        let job = try #require(try await workshop.store.job(id))
        let video = try #require(try await workshop.store.videos(VideoQuery(), offset: 0, limit: 10).first)
        let budget = try #require(try await workshop.store.budgets().first)
        #expect(job.state == .finished(video.id))
        #expect(video.provider == "b")
        #expect(video.fingerprint == Workshop.alternative("b").request.fingerprint)
        #expect(job.passed.map(\.failure.message) == ["a brand is in the picture"])
        #expect(one.billed == 1)
        #expect(other.billed == 1)
        #expect(budget.spent == Self.two)
        #expect(budget.reserved.isZero)
        #expect(try await Self.events(workshop, id).filter { $0 == .fellBack }.count == 1)
    }

    @Test("what is refused at once costs nothing, and a list is gone through to its end before the job fails")
    func wholeList() async throws {
        let workshop = try Workshop()
        let refusal = ProviderError(JobFailure(.refused, "not this"))
        let providers = ["a", "b", "c"].map { name in
            Self.provider(ProviderID(name)) { $0.submitErrors = [refusal] }
        }
        let id = try await workshop.enqueue(
            providers[0],
            instead: [Workshop.alternative("b"), Workshop.alternative("c")]
        )

        try await workshop.runToIdle(providers[0], providers[1], providers[2])

        let job = try #require(try await workshop.store.job(id))
        let budget = try #require(try await workshop.store.budgets().first)
        #expect(job.state == .failed(refusal.failure))
        #expect(job.passed.map(\.provider) == ["a", "b"])
        #expect(providers.map(\.billed) == [0, 0, 0])
        #expect(budget.spent.isZero)
        #expect(budget.reserved.isZero)
    }

    @Test("after an unknown outcome nobody else is asked, and the money stays reserved")
    func unknown() async throws {
        let workshop = try Workshop()
        let lost = ProviderError(JobFailure(.unreachable, "no answer"), mayHaveBeenSent: true, isPassing: true)
        let one = Self.provider("a") { script in
            script.submitErrors = [lost]
            script.listIsBroken = true
        }
        let other = Self.provider("b")
        let id = try await workshop.enqueue(one, instead: [Workshop.alternative("b")])

        try await workshop.runToIdle(one, other)

        let budget = try #require(try await workshop.store.budgets().first)
        #expect(try await workshop.store.job(id)?.lastFailure?.kind == .unknownOutcome)
        #expect(other.sent.isEmpty)
        #expect(budget.reserved == Self.dollar)
    }

    @Test(
        "a failure that was billed, or may have been, is not made good with more money",
        arguments: [JobFailure.Billed.yes, .unknown]
    )
    func billed(billed: JobFailure.Billed) async throws {
        let workshop = try Workshop()
        let one = Self.provider("a") { $0.outcome = JobFailure(.renderFailed, "broken", billed: billed) }
        let other = Self.provider("b")
        let id = try await workshop.enqueue(one, instead: [Workshop.alternative("b")])

        try await workshop.runToIdle(one, other)

        #expect(try await workshop.store.job(id)?.state.name == .failed)
        #expect(other.sent.isEmpty)
    }

    // MARK: Out

    @Test("what waits for a provider whose account is empty is made by the next one, all of it")
    func held() async throws {
        let workshop = try Workshop()
        let empty = ProviderError(
            JobFailure(.outOfCredit, "the account is empty"),
            isPassing: true,
            retryAfter: .seconds(3600),
            pausesLane: true
        )
        let one = Self.provider("a") { $0.submitErrors = Array(repeating: empty, count: 10) }
        let other = Self.provider("b")
        var ids: [JobID] = []
        for number in 1...5 {
            let product = ProductID("p_\(number)")
            ids.append(
                try await workshop.enqueue(
                    one,
                    product: product,
                    instead: [Workshop.alternative("b", product: product)]
                )
            )
        }
        let began = workshop.time.now

        try await workshop.runToIdle(one, other)

        #expect(try await workshop.store.counts(JobQuery())[.finished] == 5)
        #expect(other.billed == 5)
        #expect(one.billed == 0)
        #expect(workshop.time.now.timeIntervalSince(began) < 60)
        for id in ids {
            let passed = try #require(try await workshop.store.job(id)?.passed)
            #expect(passed.map(\.reason) == [.out])
            #expect(passed.first?.failure.message == "`a` is held: the account is empty")
        }
    }

    @Test("a pool that works until all is made does not rest while a held lane's work can be passed on")
    func untilIdle() async throws {
        let workshop = try Workshop()
        let (one, other) = (Self.provider("a"), Self.provider("b"))
        _ = try await workshop.enqueue(one, instead: [Workshop.alternative("b")])
        let alone = try await workshop.enqueue(one, product: "p_2")
        try await workshop.store.register([one.lane, other.lane, Lane(id: .finishing, limit: 1)])
        try await workshop.store.pause("a", until: workshop.time.now.adding(.seconds(86_400)), reason: "out")
        let runner = workshop.runner(one, other)

        try await workshop.pool(runner, one, other).run(until: .idle)

        #expect(other.billed == 1)
        #expect(one.sent.isEmpty)
        #expect(try await workshop.store.job(alone)?.state == .queued)
    }

    @Test("a short pause is waited for")
    func shortPause() async throws {
        let workshop = try Workshop()
        let (one, other) = (Self.provider("a"), Self.provider("b"))
        _ = try await workshop.enqueue(one, instead: [Workshop.alternative("b")])
        try await workshop.store.register([one.lane, other.lane, Lane(id: .finishing, limit: 1)])
        try await workshop.store.pause("a", until: workshop.time.now.adding(Lane.patience), reason: "slower")
        let runner = workshop.runner(one, other)

        try await workshop.pool(runner, one, other).run(until: .idle)

        #expect(one.billed == 1)
        #expect(other.sent.isEmpty)
    }

    // MARK: Too dear

    @Test("what the budget does not cover any more is made by the cheaper one of the list")
    func tooDear() async throws {
        let workshop = try Workshop()
        let one = Self.provider("a", price: Self.two)
        let other = Self.provider("b")
        for number in 1...3 {
            let product = ProductID("p_\(number)")
            _ = try await workshop.enqueue(
                one,
                price: Self.two,
                product: product,
                instead: [Workshop.alternative("b", product: product)],
                budget: Money(micros: 5_500_000, currency: "USD")
            )
        }

        try await workshop.runToIdle(one, other)

        let budget = try #require(try await workshop.store.budgets().first)
        let jobs = try await workshop.store.jobs(JobQuery(), offset: 0, limit: 10)
        #expect(jobs.allSatisfy { $0.state.name == .finished })
        #expect(one.billed == 2)
        #expect(other.billed == 1)
        #expect(budget.spent == Money(micros: 5_000_000, currency: "USD"))
        #expect(jobs.flatMap(\.passed).map(\.reason) == [.tooDear])
    }

    @Test("where nobody of the list is cheap enough the job waits for money, and nothing is sent")
    func allTooDear() async throws {
        let workshop = try Workshop()
        let (one, other) = (Self.provider("a"), Self.provider("b"))
        let id = try await workshop.enqueue(
            one,
            instead: [Workshop.alternative("b")],
            budget: Money(micros: 500_000, currency: "USD")
        )
        let runner = workshop.runner(one, other)

        try await workshop.pool(runner, one, other).drain()

        #expect(try await workshop.store.job(id)?.state == .queued)
        #expect(try await workshop.store.job(id)?.request.provider == "a")
        #expect(one.sent.isEmpty && other.sent.isEmpty)
        #expect(try await workshop.store.lanes().first { $0.id == "a" }?.pauseReason?.contains("0.50 USD") == true)
    }

    @Test("without any budget nobody is taken instead: a person is asked to set one")
    func noBudget() async throws {
        let workshop = try Workshop()
        let (one, other) = (Self.provider("a"), Self.provider("b"))
        let id = try await workshop.enqueue(
            one,
            price: Money(micros: 1_000_000, currency: "CNY"),
            instead: [Workshop.alternative("b")]
        )
        let runner = workshop.runner(one, other)

        try await workshop.pool(runner, one, other).drain()

        #expect(try await workshop.store.job(id)?.request.provider == "a")
        #expect(other.sent.isEmpty)
    }

    // MARK: A worker dies on the way

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var refusal: ProviderError?
        var outcome: JobFailure?
        var isHeld = false
        var isPoor = false
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "the first one moderates what it took", outcome: JobFailure(.moderated, "no")),
        Case(name: "the first one refuses at once", refusal: ProviderError(JobFailure(.refused, "no"))),
        Case(name: "the first one is out", isHeld: true),
        Case(name: "the first one is too dear", isPoor: true),
    ]

    @Test(
        "at every call, before and after it took effect: one video, no submit twice, books that add up",
        arguments: cases
    )
    func everyCall(of each: Case) async throws {
        for moment in Faults.Moment.allCases {
            var number = 1
            while true {
                let workshop = try Workshop()
                let price = each.isPoor ? Money(micros: 90_000_000, currency: "USD") : Self.dollar
                let one = Self.provider("a", price: price) { script in
                    if let refusal = each.refusal { script.submitErrors = [refusal] }
                    script.outcome = each.outcome
                }
                let other = Self.provider("b", price: Self.two)
                let id = try await workshop.enqueue(
                    one,
                    price: price,
                    instead: [Workshop.alternative("b", price: Self.two)],
                    budget: Money(micros: 50_000_000, currency: "USD")
                )
                if each.isHeld {
                    try await workshop.store.register([one.lane, other.lane, Lane(id: .finishing, limit: 1)])
                    try await workshop.store.pause(
                        "a",
                        until: workshop.time.now.adding(.seconds(86_400)),
                        reason: "out"
                    )
                }
                let faults = Faults(at: number, moment)
                await Self.work(workshop, one, other, faults)
                try await workshop.runToIdle(one, other)

                let place = Comment(rawValue: "call \(number), \(moment)")
                try await Self.expectOneVideoOrDoubt(workshop, one, other, id, place)
                guard faults.happened else { break }
                number += 1
            }
            #expect(number > 8, "a job makes more than eight calls")
        }
    }

    private static func work(
        _ workshop: Workshop,
        _ one: ScriptedProvider,
        _ other: ScriptedProvider,
        _ faults: Faults
    ) async {
        let store = FaultyStore(wrapping: workshop.store, faults)
        let (first, second) = (FaultyProvider(one, faults), FaultyProvider(other, faults))
        let pool = workshop.pool(workshop.runner(first, second, jobs: store), first, second, jobs: store)
        for _ in 0..<20 {
            do {
                try await pool.drain()
            } catch {
                // The worker is dead; the next one is what the test is about.
                return
            }
            if faults.happened { return }
            guard let counts = try? await workshop.store.counts(JobQuery()), counts.open > 0 else { return }
            workshop.time.advance(to: counts.nextDueAt ?? workshop.time.now)
        }
    }

    private static func expectOneVideoOrDoubt(
        _ workshop: Workshop,
        _ one: ScriptedProvider,
        _ other: ScriptedProvider,
        _ id: JobID,
        _ place: Comment
    ) async throws {
        let job = try #require(try await workshop.store.job(id))
        let videos = try await workshop.store.videos(VideoQuery(), offset: 0, limit: 10)
        let budget = try #require(try await workshop.store.budgets().first)
        #expect(job.lease == nil, place)
        #expect(one.sent.count <= 1, place)
        #expect(other.sent.count <= 1, place)
        if case .failed(let failure) = job.state {
            #expect(failure.kind == .unknownOutcome, place)
            #expect(videos.isEmpty, place)
            #expect(other.sent.isEmpty, place)
            #expect(budget.reserved == job.price, place)
            #expect(budget.spent.isZero, place)
        } else {
            #expect(job.state.name == .finished, place)
            #expect(videos.map(\.provider) == ["b"], place)
            #expect(other.billed == 1, place)
            #expect(job.passed.map(\.provider) == ["a"], place)
            #expect(budget.spent == job.price, place)
            #expect(budget.reserved.isZero, place)
        }
    }
}
