import Foundation
import Testing
import VitrineCore
import VitrinePipeline
import VitrineStorage
import VitrineTesting

@Suite("One job on its way")
struct JobRunnerTests {
    @Test("a job goes from queued to finished, and every step is in its history")
    func history() async throws {
        let workshop = try Workshop()
        let provider = ScriptedProvider()
        let id = try await workshop.enqueue(provider)

        try await workshop.runToIdle(provider)

        let names = try await workshop.store.events(of: id).map(\.event.name)
        #expect(names == [.begun, .accepted, .rendered, .fetched, .attached])
        let submission = try #require(try await workshop.store.submissions(of: id).first)
        #expect(submission.outcome == .accepted)
        #expect(submission.settled == Money("1", currency: "USD"))
    }

    @Test("a submission that was certainly not taken is tried again, with a new key")
    func turnedAway() async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        let busy = JobFailure(.tooMany, "slow down")
        script.submitErrors = [
            ProviderError(busy, isPassing: true, retryAfter: .seconds(30)), ProviderError(busy, isPassing: true),
        ]
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)

        try await workshop.runToIdle(provider)

        #expect(try await workshop.store.job(id)?.state.name == .finished)
        let submissions = try await workshop.store.submissions(of: id)
        #expect(submissions.map(\.outcome) == [.turnedAway, .turnedAway, .accepted])
        #expect(Set(submissions.map(\.key)).count == 3)
        #expect(provider.billed == 1)
    }

    @Test("a submission that was one too many teaches the lane how many its provider takes, and pauses nothing")
    func learned() async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        script.checksBeforeReady = 100
        let roomy = ScriptedProvider("scripted", script)
        for product in ["p_1", "p_2"] { _ = try await workshop.enqueue(roomy, product: ProductID(product)) }
        try await workshop.pool(workshop.runner(roomy), roomy).drain()
        let third = try await workshop.enqueue(roomy, product: "p_3")
        script.submitErrors = [ProviderError(JobFailure(.tooMany, "slow down"), isPassing: true)]
        let full = ScriptedProvider("scripted", script)

        try await workshop.pool(workshop.runner(full), full).drain()

        let lane = try #require(try await workshop.store.lanes().first { $0.id == "scripted" })
        #expect(lane.pace?.inFlight == 2)
        #expect(lane.pausedUntil == nil)
        #expect(try await workshop.store.job(third)?.state == .queued)
    }

    @Test("a refusal fails the job at once, and gives the money back")
    func refused() async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        script.submitErrors = [ProviderError(JobFailure(.refused, "not this picture", billed: .no))]
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)

        try await workshop.runToIdle(provider)

        #expect(
            try await workshop.store.job(id)?.state == .failed(JobFailure(.refused, "not this picture", billed: .no))
        )
        #expect(try await workshop.store.budgets().first?.reserved.isZero == true)
        #expect(provider.sent.isEmpty)
    }

    @Test("an unanswered submission is looked for and adopted, never sent again")
    func unanswered() async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        script.submitErrors = [ProviderError(JobFailure(.unreachable, "no answer"), mayHaveBeenSent: true)]
        script.looksBeforeListed = 1
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)

        try await workshop.runToIdle(provider)

        #expect(try await workshop.store.job(id)?.state.name == .finished)
        #expect(provider.sent.count == 1)
    }

    @Test("a link that died is asked for again")
    func lapsed() async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        script.deadLinks = 2
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)

        try await workshop.runToIdle(provider)

        #expect(try await workshop.store.job(id)?.state.name == .finished)
        #expect(try await workshop.store.events(of: id).filter { $0.event.name == .lapsed }.count == 2)
        #expect(provider.billed == 1)
    }

    @Test(
        "a job that a person cancels while it renders is stopped at the provider too, and is paid unless that was for free",
        arguments: [false, true]
    )
    func cancelled(isFree: Bool) async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        script.checksBeforeReady = 100
        script.stopsForFree = isFree
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)
        try await workshop.pool(workshop.runner(provider), provider).drain()
        #expect(try await workshop.store.job(id)?.state.name == .rendering)

        let wished = try await workshop.store.decide(.cancelled, for: id, at: workshop.time.now)
        #expect(wished.state.name == .rendering && wished.isCancelWanted)
        try await workshop.pool(workshop.runner(provider), provider).drain()

        #expect(try await workshop.store.job(id)?.state.name == .cancelled)
        #expect(provider.cancelled == [RemoteJob(id: "remote-1")])
        let budget = try #require(try await workshop.store.budgets().first)
        #expect(budget.reserved.isZero)
        #expect(budget.spent == (isFree ? .zero("USD") : Money("1", currency: "USD")))
    }

    @Test("a wish to cancel that comes while a worker looks is heeded at once, not at the next look")
    func cancelledInHand() async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        script.checksBeforeReady = 100
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)
        let runner = workshop.runner(provider)
        let pool = workshop.pool(runner, provider)
        try await pool.drain()
        workshop.time.advance(by: .seconds(10))
        let claimed = try #require(
            try await workshop.store.claim(
                lane: provider.lane.id,
                run: nil,
                token: "w",
                until: workshop.time.now.adding(.seconds(60)),
                limit: 1,
                at: workshop.time.now
            ).first
        )
        _ = try await workshop.store.decide(.cancelled, for: id, at: workshop.time.now)

        await runner.work(on: claimed, token: "w")
        try await pool.drain()

        #expect(try await workshop.store.job(id)?.state.name == .cancelled)
        #expect(provider.cancelled.count == 1)
    }

    @Test("without a budget nothing paid is begun, and the job is held with the reason")
    func held() async throws {
        let workshop = try Workshop()
        let provider = ScriptedProvider()
        let id = try await workshop.enqueue(provider, price: Money(micros: 900_000_000, currency: "USD"))

        try await workshop.pool(workshop.runner(provider), provider).drain()

        #expect(try await workshop.store.job(id)?.state.name == .queued)
        #expect(provider.sent.isEmpty)
        #expect(try await workshop.store.lanes().first { $0.id == provider.lane.id }?.pauseReason != nil)
    }

    @Test("a job whose provider is not configured fails with what to do")
    func unconfigured() async throws {
        let workshop = try Workshop()
        let provider = ScriptedProvider("veo")
        let id = try await workshop.enqueue(provider)
        let other = ScriptedProvider("other")
        let runner = workshop.runner(other)
        try await workshop.store.register([provider.lane])
        let claimed = try #require(
            try await workshop.store.claim(
                lane: provider.lane.id,
                run: nil,
                token: "w",
                until: workshop.time.now.adding(.seconds(60)),
                limit: 1,
                at: workshop.time.now
            ).first
        )

        await runner.work(on: claimed, token: "w")

        guard case .failed(let failure) = try await workshop.store.job(id)?.state else {
            Issue.record("expected the job to fail")
            return
        }
        #expect(failure.kind == .missing)
        #expect(failure.message.contains("`veo`"))
    }

    @Test("a worker that is stopped finishes its step and gives its lease back")
    func stopped() async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        script.checksBeforeReady = 3
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)
        let pool = workshop.pool(workshop.runner(provider), provider)

        let task = Task { try await pool.drain() }
        task.cancel()
        _ = await task.result

        #expect(try await workshop.store.job(id)?.lease == nil)
        try await workshop.runToIdle(provider)
        #expect(provider.billed == 1)
    }

    @Test("two workers on one home make each video once")
    func twoWorkers() async throws {
        let workshop = try Workshop()
        let provider = ScriptedProvider()
        for number in 1...20 { _ = try await workshop.enqueue(provider, product: ProductID("p_\(number)")) }
        let pool = workshop.pool(workshop.runner(provider), provider)

        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { try await pool.run(until: .idle) } }
            try await group.waitForAll()
        }

        #expect(try await workshop.store.counts(JobQuery())[.finished] == 20)
        #expect(provider.billed == 20)
        #expect(Set(provider.sent).count == 20)
    }
}
