import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Jobs in storage")
struct JobStoreTests {
    @Test("a job goes from queued to finished, and each step is in its history", arguments: StoreUnderTest.all)
    func course(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)

            let finished = try await course.bring(Sample.job("j_1"), to: .finished)

            #expect(finished.state == .finished("v_j_1"))
            #expect(finished.lease == nil)
            #expect(try await store.job("j_1") == finished)
            let events = try await store.events(of: "j_1")
            #expect(events.map(\.event.name) == [.begun, .accepted, .rendered, .fetched, .attached])
            #expect(events.allSatisfy { $0.actor == .worker && $0.at == Sample.start })
            let video = try #require(try await store.video("v_j_1"))
            #expect(video == Sample.video("v_j_1", of: finished))
            let submissions = try await store.submissions(of: "j_1")
            #expect(submissions.map(\.outcome) == [.accepted])
            #expect(submissions.map(\.remote) == [Sample.remote])
            #expect(submissions.map(\.settled) == [Money.zero("USD")])
        }
    }

    @Test("a job is enqueued once for its slot, fingerprint and take", arguments: StoreUnderTest.all)
    func unique(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            _ = try await JobCourse.begin(store)

            let first = try await store.enqueue([Sample.job("j_1"), Sample.job("j_2"), Sample.job("j_3", take: 2)])
            let second = try await store.enqueue([Sample.job("j_4"), Sample.job("j_5", prompt: "another")])

            #expect(first == ["j_1", "j_3"])
            #expect(second == ["j_5"])
            #expect(try await store.jobs(JobQuery(), offset: 0, limit: 10).map(\.id) == ["j_5", "j_3", "j_1"])
            #expect(try await store.jobs(JobQuery(), offset: 1, limit: 1).map(\.id) == ["j_3"])
        }
    }

    @Test("enqueueing for a run that was not begun throws and writes nothing", arguments: StoreUnderTest.all)
    func noRun(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let kind = await trouble { try await store.enqueue([Sample.job("j_1")]) }
            let counts = try await store.counts(JobQuery())
            let slots = try await store.slots(of: [Sample.slot().product])

            #expect(kind == .notFound)
            #expect(counts.all == 0)
            #expect(slots.isEmpty)
        }
    }

    @Test("a stored job reads back with everything it had", arguments: StoreUnderTest.all)
    func whole(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            let slot = Slot(product: "p_1", variant: "Größe/ \"42\" ' 你", placement: .wide)
            let new = Sample.job(
                "j_1",
                slot: slot,
                take: 3,
                price: Money(micros: 1, currency: "EUR"),
                isUrgent: true,
                shots: 2
            )
            _ = try await store.enqueue([new])
            #expect(try await store.job("j_1") == new.job)

            _ = try await course.claim()
            _ = try await store.setBudget(Money(micros: 10, currency: "EUR"))
            try await course.record(.begun("k", reserving: new.job.price), "j_1")
            try await course.record(.accepted(Sample.remote, pollAt: Sample.later(5)), "j_1", submission: "k")
            let polled = try await course.record(.stillRendering(progress: 0.25, pollAt: Sample.later(6)), "j_1")
            #expect(polled.progress == 0.25)
            #expect(try await store.job("j_1") == polled)
            let failure = JobFailure(.unreachable, "no answer", hint: "wait", billed: .unknown)
            let stumbled = try await course.record(.stumbled(failure, retryAt: Sample.later(9)), "j_1")
            #expect(stumbled.lastFailure == failure)
            #expect(stumbled.failures == 1)
            #expect(try await store.job("j_1") == stumbled)
        }
    }

    @Test("shots are made one after the other by one job", arguments: StoreUnderTest.all)
    func shots(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)

            let afterFirst = try await course.bring(Sample.job("j_1", shots: 2), to: .fetched)
            #expect(afterFirst.state == .queued)
            #expect(afterFirst.shots == [Sample.clip])
            #expect(try await store.job("j_1") == afterFirst)

            try await course.record(.begun("k-2", reserving: .zero("USD")), "j_1")
            try await course.record(.accepted(Sample.remote, pollAt: Sample.start), "j_1", submission: "k-2")
            try await course.record(.rendered(Sample.rendered()), "j_1")
            let fetched = try await course.record(.fetched(Sample.clip), "j_1")
            #expect(fetched.state == .fetched(Sample.clip))
            #expect(fetched.lane == .finishing)
            #expect(try await store.submissions(of: "j_1").map(\.key) == ["k-j_1", "k-2"])
        }
    }

    @Test("progress is told in the history only when it moved by a twentieth", arguments: StoreUnderTest.all)
    func progress(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await course.bring(Sample.job("j_1"), to: .rendering)

            for progress in [0.01, 0.05, 0.09, 0.1, nil, 0.12, 0.2] as [Double?] {
                try await course.record(.stillRendering(progress: progress, pollAt: Sample.start), "j_1")
            }

            let told = try await store.events(of: "j_1").compactMap { record -> Double? in
                if case .stillRendering(let progress, _) = record.event { progress } else { nil }
            }
            #expect(told == [0.05, 0.1, 0.2])
            #expect(try await store.job("j_1")?.progress == 0.2)
        }
    }

    @Test("an event that cannot happen is a conflict and leaves everything as it was", arguments: StoreUnderTest.all)
    func impossible(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            let job = try await course.bring(Sample.job("j_1"), to: .rendering)

            let kind = await trouble { try await course.record(.fetched(Sample.clip), "j_1") }

            #expect(kind == .conflict)
            #expect(try await store.job("j_1") == job)
            #expect(try await store.events(of: "j_1").count == 2)
            #expect(await trouble { try await course.record(.rendered(Sample.rendered()), "j_9") } == .notFound)
        }
    }

    @Test("counts say how many jobs are where, and when the next one is due", arguments: StoreUnderTest.all)
    func counts(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await store.begin(Run(id: "r_2", plan: "plan_1", createdAt: Sample.start))
            #expect(try await store.counts(JobQuery()).nextDueAt == nil)
            try await course.bring(Sample.job("j_1"), to: .finished)
            _ = try await store.enqueue([
                Sample.job("j_2", slot: Sample.slot("b"), run: "r_2", at: Sample.later(60))
            ])
            _ = try await store.enqueue([Sample.job("j_3", slot: Sample.slot("c"), at: Sample.later(10))])

            let all = try await store.counts(JobQuery())
            #expect(all[.finished] == 1)
            #expect(all[.queued] == 2)
            #expect(all.open == 2)
            #expect(all.nextDueAt == Sample.later(10))
            #expect(try await store.counts(JobQuery(run: "r_2")).nextDueAt == Sample.later(60))
            #expect(try await store.counts(JobQuery(product: Sample.slot("c").product)).all == 1)
            #expect(try await store.counts(JobQuery(states: [.finished])).nextDueAt == nil)
            #expect(try await store.jobs(JobQuery(run: "r_2"), offset: 0, limit: 9).map(\.id) == ["j_2"])
            #expect(try await store.jobs(JobQuery(states: [.queued, .finished]), offset: 0, limit: 9).count == 3)

            _ = try await course.claim(at: Sample.later(10))
            #expect(try await store.counts(JobQuery(run: "r_1")).nextDueAt == Sample.later(190))
        }
    }

    @Test("open jobs of slots move to another run, and finished ones stay", arguments: StoreUnderTest.all)
    func moveOpenJobs(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await store.begin(Run(id: "r_2", plan: nil, createdAt: Sample.start))
            try await course.bring(Sample.job("j_1"), to: .finished)
            _ = try await store.enqueue([Sample.job("j_2", take: 2), Sample.job("j_3", slot: Sample.slot("b"))])

            try await store.moveOpenJobs(of: [Sample.slot()], to: "r_2")

            #expect(try await store.jobs(JobQuery(run: "r_2"), offset: 0, limit: 9).map(\.id) == ["j_2"])
            #expect(try await course.claim(run: "r_2").map(\.id) == ["j_2"])
        }
    }

    @Test(
        "a new finish begins from the clip the job holds and keeps the video as people decided",
        arguments: StoreUnderTest.all
    )
    func refinish(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await store.begin(Run(id: "r_2", plan: nil, createdAt: Sample.start))
            let finished = try await course.bring(Sample.job("j_1"), to: .finished)
            _ = try await store.review("v_j_1", .approve, at: Sample.start)
            _ = try await store.review("v_j_1", .choose, at: Sample.start)
            let request = Sample.request(finish: ["logo": "abc"])

            let refinished = try await store.refinish("j_1", request: request, run: "r_2", at: Sample.later(5))
            #expect(refinished.state == .fetched(Sample.clip))
            #expect(refinished.request == request)
            #expect(try await store.job("j_1") == refinished)
            #expect(refinished.run == "r_2")

            _ = try await course.claim(.finishing, at: Sample.later(6))
            let again = try await course.record(
                .attached(Sample.video("v_other", of: refinished, at: Sample.later(7))),
                "j_1",
                at: Sample.later(7)
            )
            #expect(again.state == .finished("v_j_1"))
            let video = try #require(try await store.video("v_j_1"))
            #expect(video.state == .approved)
            #expect(video.isChosen)
            #expect(video.finishFingerprint == request.finishFingerprint)
            #expect(video.createdAt == Sample.later(7))
            #expect(try await store.video("v_other") == nil)

            let other = Sample.request(prompt: "something else")
            #expect(
                await trouble { try await store.refinish("j_1", request: other, run: "r_2", at: Sample.start) }
                    == .conflict
            )
            _ = finished
        }
    }

    @Test("what another process did to a job is seen by the one that has it in hand")
    func twoProcesses() async throws {
        try await TemporaryFolder.run { folder in
            let mine = try SQLStore.open(path: folder + "/v.db")
            let other = try SQLStore.open(path: folder + "/v.db")
            let course = try await JobCourse.begin(mine)
            try await course.bring(Sample.job("j_1"), to: .rendering)
            _ = try await other.decide(.cancelled, for: "j_1", at: Sample.start)

            let job = try await course.record(.stillRendering(progress: nil, pollAt: Sample.later(9)), "j_1")

            #expect(job.isCancelWanted)
            #expect(try await other.job("j_1") == job)
        }
    }
}
