import Foundation
import Testing
import VitrineCore
import VitrinePipeline
import VitrineStorage
import VitrineTesting

@Suite("A worker dies at any moment")
struct CrashTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var script: ScriptedProvider.Script
        var testDescription: String { name }
    }

    static let cases: [Case] = {
        var late = ScriptedProvider.Script()
        late.looksBeforeListed = 2
        var slow = ScriptedProvider.Script()
        slow.checksBeforeReady = 2
        var dead = ScriptedProvider.Script()
        dead.deadLinks = 1
        var broken = ScriptedProvider.Script()
        broken.breaks = [JobFailure(.renderFailed, "it broke")]
        var honest = ScriptedProvider.Script()
        honest.honoursSubmissionKey = true
        return [
            Case(name: "a plain provider", script: .init()), Case(name: "work appears late in the list", script: late),
            Case(name: "a slow provider", script: slow), Case(name: "a link that dies", script: dead),
            Case(name: "a provider that honours keys", script: honest),
            Case(name: "work that breaks once", script: broken),
        ]
    }()

    @Test("at every call, before and after it took effect: one video, one submit, books that add up", arguments: cases)
    func everyCall(of each: Case) async throws {
        for moment in Faults.Moment.allCases {
            var number = 1
            while true {
                let workshop = try Workshop()
                let provider = ScriptedProvider("scripted", each.script)
                let job = try await workshop.enqueue(provider)
                let faults = Faults(at: number, moment)

                await Self.work(workshop, provider, faults)
                try await workshop.runToIdle(provider)

                let place = Comment(rawValue: "call \(number), \(moment)")
                try await Self.expectOneVideoOrDoubt(workshop, provider, job, place)
                guard faults.happened else { break }
                number += 1
            }
            #expect(number > 8, "a job makes more than eight calls")
        }
    }

    @Test("with a list that cannot be read, a doubtful submission is parked, and never sent again")
    func brokenList() async throws {
        var script = ScriptedProvider.Script()
        script.listIsBroken = true
        var doubted = 0
        var number = 1
        while true {
            let workshop = try Workshop()
            let provider = ScriptedProvider("scripted", script)
            let job = try await workshop.enqueue(provider)
            let faults = Faults(at: number, .after)

            await Self.work(workshop, provider, faults)
            try await workshop.runToIdle(provider)

            #expect(provider.sent.count <= 1, "call \(number)")
            if case .failed(let failure) = try await workshop.store.job(job)?.state {
                #expect(failure.kind == .unknownOutcome)
                doubted += 1
            }
            guard faults.happened else { break }
            number += 1
        }
        #expect(doubted > 0)
    }

    @Test("a full disk delays a job, and neither loses nor doubles anything")
    func fullDisk() async throws {
        var number = 1
        while true {
            let workshop = try Workshop()
            let provider = ScriptedProvider()
            let job = try await workshop.enqueue(provider)
            let faults = Faults(at: number, .before)
            let full = FaultyStore(wrapping: workshop.store, faults, error: StoreError(.full, "no room"))
            let runner = workshop.runner(provider, jobs: full)

            await Self.drain(workshop.pool(runner, provider, jobs: full))
            try await workshop.runToIdle(provider)

            try await Self.expectOneVideoOrDoubt(workshop, provider, job, "call \(number)")
            guard faults.happened else { break }
            number += 1
        }
    }

    @Test("an answer that comes after somebody else has parked the job is kept, and the work adopted")
    func lateAnswer() async throws {
        let workshop = try Workshop()
        let provider = ScriptedProvider()
        let id = try await workshop.enqueue(provider)
        try await workshop.store.register([provider.lane, Lane(id: .finishing, limit: 1)])
        let until = workshop.time.now.adding(.seconds(180))
        let claimed = try #require(
            try await workshop.store.claim(
                lane: provider.lane.id,
                run: nil,
                token: "slow",
                until: until,
                limit: 1,
                at: workshop.time.now
            ).first
        )
        _ = try await workshop.store.record(
            .begun("s_slow", reserving: claimed.price),
            for: id,
            submission: "s_slow",
            token: "slow",
            keepingLeaseUntil: until,
            at: workshop.time.now
        )
        let order = SubmissionOrder(
            key: "s_slow",
            request: claimed.request,
            shot: 0,
            frame: FirstFrame(digest: Digest(of: "f"), size: claimed.request.size, scale: 1),
            framePath: "/dev/null"
        )
        var hidden = ScriptedProvider.Script()
        hidden.listIsBroken = true
        try await workshop.runToIdle(ScriptedProvider("scripted", hidden))
        #expect(try await workshop.store.job(id)?.state.name == .failed)

        let remote = try await provider.submit(order)
        _ = try await workshop.store.record(
            .accepted(remote, pollAt: workshop.time.now),
            for: id,
            submission: "s_slow",
            token: "slow",
            keepingLeaseUntil: nil,
            at: workshop.time.now
        )
        try await workshop.runToIdle(provider)

        #expect(try await workshop.store.job(id)?.state.name == .finished)
        #expect(provider.sent.count == 1)
    }

    // MARK: What every case shares

    private static func work(_ workshop: Workshop, _ provider: ScriptedProvider, _ faults: Faults) async {
        let store = FaultyStore(wrapping: workshop.store, faults)
        let faulty = FaultyProvider(provider, faults)
        let pool = workshop.pool(workshop.runner(faulty, jobs: store), faulty, jobs: store)
        for _ in 0..<20 {
            await drain(pool)
            if faults.happened { return }
            guard let counts = try? await workshop.store.counts(JobQuery()), counts.open > 0 else { return }
            workshop.time.advance(to: counts.nextDueAt ?? workshop.time.now)
        }
    }

    private static func drain(_ pool: WorkerPool) async {
        do {
            try await pool.drain()
        } catch {
            // The worker is dead; the next one is what the test is about.
        }
    }

    private static func expectOneVideoOrDoubt(
        _ workshop: Workshop,
        _ provider: ScriptedProvider,
        _ id: JobID,
        _ place: Comment
    ) async throws {
        let job = try #require(try await workshop.store.job(id))
        let videos = try await workshop.store.videos(VideoQuery(), offset: 0, limit: 10)
        let budget = try #require(try await workshop.store.budgets().first)
        #expect(job.lease == nil, place)
        #expect(provider.billed <= 1, place)
        if case .failed(let failure) = job.state {
            #expect(failure.kind == .unknownOutcome, place)
            #expect(provider.billed == 0, place)
            #expect(videos.isEmpty, place)
            #expect(budget.reserved == job.price, place)
        } else {
            #expect(job.state.name == .finished, place)
            #expect(videos.count == 1, place)
            #expect(provider.billed == 1, place)
            #expect(budget.spent == job.price, place)
            #expect(budget.reserved.isZero, place)
        }
    }
}
