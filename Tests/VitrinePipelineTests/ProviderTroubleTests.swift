import Foundation
import Testing
import VitrineCore
import VitrinePipeline
import VitrineStorage
import VitrineTesting

@Suite("Trouble with a provider that has the work")
struct ProviderTroubleTests {
    private let price = Money(micros: 1_000_000, currency: "USD")

    private func money(_ workshop: Workshop) async throws -> [Int64] {
        let budget = try #require(try await workshop.store.budgets().first)
        return [budget.spent.micros / 1_000_000, budget.reserved.micros / 1_000_000]
    }

    private func failure(_ workshop: Workshop, _ id: JobID) async throws -> JobFailure? {
        guard case .failed(let failure) = try await workshop.store.job(id)?.state else { return nil }
        return failure
    }

    @Test(
        "a look that is given up books nothing: the job parks, its money stays set aside, and a person takes it up again",
        arguments: [
            ProviderError(JobFailure(.garbled, "nonsense"), isPassing: false),
            ProviderError(JobFailure(.unreachable, "no answer"), mayHaveBeenSent: true, isPassing: true),
            ProviderError(JobFailure(.badKey, "no key"), isPassing: true),
            ProviderError(JobFailure(.refused, "no such address"), isPassing: false),
        ]
    )
    func deaf(_ error: ProviderError) async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        script.checkErrors = [error, error, error]
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)
        var options = JobRunner.Options()
        options.following = RetryPolicy(limit: 3)
        let pool = workshop.pool(workshop.runner(provider, options: options), provider)

        for _ in 0..<4 {
            try await pool.drain()
            workshop.time.advance(by: .seconds(60))
        }

        let parked = try #require(try await failure(workshop, id))
        #expect(parked.kind == .unknownOutcome && parked.billed == .unknown)
        #expect(parked.message.hasPrefix(error.failure.message))
        #expect(parked.hint?.contains("vitrine jobs adopt \(id) remote-1") == true)
        #expect(try await money(workshop) == [0, 1])

        let remote = RemoteJob(id: "remote-1")
        _ = try await workshop.store.decide(.adopted(remote, pollAt: workshop.time.now), for: id, at: workshop.time.now)
        if error.isPassing { try await workshop.runToIdle(provider) }
        if error.isPassing { #expect(try await money(workshop) == [1, 0]) }
        #expect(provider.sent.count == 1)
    }

    @Test("a link that stays dead is asked for again with longer and longer waits, and not for ever")
    func deadLink() async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        script.deadLinks = .max
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)
        let start = workshop.time.now

        try await workshop.runToIdle(provider)

        #expect(try await failure(workshop, id)?.kind == .missing)
        let lapses = try await workshop.store.events(of: id).filter { $0.event.name == .lapsed }.map(\.at)
        #expect(lapses.count == 59)
        let waits = zip(lapses.dropFirst(), lapses).map { $0.timeIntervalSince($1) }
        #expect(waits.prefix(4).map { $0.rounded() } == [2, 5, 9, 18])
        #expect(waits.allSatisfy { $0 < 400 })
        #expect(workshop.time.now.timeIntervalSince(start) > 3 * 3600)
        #expect(try await money(workshop) == [1, 0])
    }

    @Test(
        "a job that renders longer than its provider ever does is parked, and its clip is had when it comes after all"
    )
    func endless() async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        script.checksBeforeReady = 3
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)
        let pool = workshop.pool(workshop.runner(provider), provider)

        try await pool.drain()
        workshop.time.advance(by: .seconds(86_300))
        try await pool.drain()
        #expect(try await workshop.store.job(id)?.state.name == .rendering)
        workshop.time.advance(by: .seconds(101))
        try await pool.drain()

        let parked = try #require(try await failure(workshop, id))
        #expect(parked.kind == .unknownOutcome && parked.billed == .unknown)
        #expect(parked.message.contains("more than 24 hours"))
        #expect(try await money(workshop) == [0, 1])

        #expect(try await workshop.store.wake(id, at: workshop.time.now))
        #expect(try await workshop.store.events(of: id).last?.actor == .webhook)
        try await workshop.runToIdle(provider)
        #expect(try await workshop.store.job(id)?.state.name == .finished)
        #expect(try await money(workshop) == [1, 0])
        #expect(provider.sent.count == 1)
    }

    @Test("what broke and cost nothing is sent once more, not twice, and once more again when a person retries it")
    func onceMore() async throws {
        let workshop = try Workshop()
        let broken = JobFailure(.renderFailed, "it broke")
        var script = ScriptedProvider.Script()
        script.breaks = [broken, broken, broken]
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)

        try await workshop.runToIdle(provider)

        #expect(try await failure(workshop, id) == broken)
        #expect(provider.sent.count == 2)
        #expect(try await workshop.store.submissions(of: id).map(\.settled) == [.zero("USD"), .zero("USD")])
        #expect(try await money(workshop) == [0, 0])

        _ = try await workshop.store.decide(.retried, for: id, at: workshop.time.now)
        try await workshop.runToIdle(provider)
        #expect(try await workshop.store.job(id)?.state.name == .finished)
        #expect(provider.sent.count == 4)
        #expect(provider.billed == 1)
        #expect(try await money(workshop) == [1, 0])
    }

    @Test("what broke and may have been billed is not sent again")
    func mayBeBilled() async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        script.breaks = [JobFailure(.renderFailed, "it broke", billed: .unknown)]
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)

        try await workshop.runToIdle(provider)

        #expect(try await failure(workshop, id)?.billed == .unknown)
        #expect(provider.sent.count == 1)
        #expect(try await money(workshop) == [0, 1])
    }

    @Test("a picture that a provider could not read is sent once more, and a second refusal stands")
    func unread() async throws {
        let workshop = try Workshop()
        let unread = ProviderError(JobFailure(.refused, "the picture could not be read"), mayHelpOnce: true)
        var script = ScriptedProvider.Script()
        script.submitErrors = [unread, unread]
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)

        try await workshop.runToIdle(provider)

        #expect(try await failure(workshop, id) == unread.failure)
        #expect(try await workshop.store.submissions(of: id).map(\.outcome) == [.turnedAway, .turnedAway])
        #expect(try await money(workshop) == [0, 0])
    }

    @Test("a job whose key was refused waits for its lane alone: it is sent as soon as the lane is opened")
    func opened() async throws {
        let workshop = try Workshop()
        let refused = JobFailure(.badKey, "the key is refused")
        var script = ScriptedProvider.Script()
        script.submitErrors = [ProviderError(refused, isPassing: true, retryAfter: .seconds(3600), pausesLane: true)]
        let provider = ScriptedProvider("scripted", script)
        let id = try await workshop.enqueue(provider)
        let pool = workshop.pool(workshop.runner(provider), provider)
        try await pool.drain()
        workshop.time.advance(by: .seconds(60))
        try await pool.drain()
        #expect(try await workshop.store.job(id)?.state == .queued)
        let paused = try await workshop.store.lanes().first { $0.id == provider.lane.id }?.pausedUntil
        #expect(paused == workshop.time.now.adding(.seconds(3540)))

        try await workshop.store.pause(provider.lane.id, until: nil, reason: nil)
        try await pool.drain()

        #expect(try await workshop.store.job(id)?.state.name == .finished)
        #expect(provider.sent.count == 1)
    }

    @Test("a trial of one more that is refused holds its own job for as long as is asked, and not the lane")
    func trial() async throws {
        let workshop = try Workshop()
        var script = ScriptedProvider.Script()
        let ready = ScriptedProvider("scripted", script)
        script.checksBeforeReady = 100
        let slow = ScriptedProvider("scripted", script)
        script.submitErrors = [
            ProviderError(
                JobFailure(.tooMany, "slow down"),
                isPassing: true,
                retryAfter: .seconds(30),
                pausesLane: true
            )
        ]
        let full = ScriptedProvider("scripted", script)
        let fullAgain = ScriptedProvider("scripted", script)
        func drain(_ provider: ScriptedProvider, _ product: ProductID) async throws -> JobID {
            let id = try await workshop.enqueue(provider, product: product)
            try await workshop.pool(workshop.runner(provider), provider).drain()
            return id
        }
        func lane() async throws -> Lane {
            try #require(try await workshop.store.lanes().first { $0.id == "scripted" })
        }
        for product in ["p_1", "p_2"] { _ = try await drain(slow, ProductID(product)) }

        _ = try await drain(full, "p_3")
        let paused = try await lane().pausedUntil
        workshop.time.advance(by: .seconds(31))
        for product in ["p_4", "p_5", "p_6", "p_7"] { _ = try await drain(ready, ProductID(product)) }
        let tried = try await drain(fullAgain, "p_8")

        #expect(paused == workshop.time.now.adding(.seconds(-1)))
        #expect(try await lane().pausedUntil == paused)
        #expect(try await lane().pace?.perMinute == nil)
        #expect(try await workshop.store.job(tried)?.dueAt == workshop.time.now.adding(.seconds(30)))
    }
}
