import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Answers, decisions and doubt")
struct AnswerTests {
    private let price = Money(micros: 4_000_000, currency: "USD")

    private func course(_ store: SQLStore) async throws -> JobCourse {
        try await store.setBudget(Money(micros: 10_000_000, currency: "USD"))
        return try await JobCourse.begin(store)
    }

    private func budget(_ store: SQLStore) async throws -> [Int64] {
        let budget = try #require(try await store.budgets().first)
        return [budget.spent.micros / 1_000_000, budget.reserved.micros / 1_000_000]
    }

    @Test("an answer that comes after the lease ended moves the job", arguments: StoreUnderTest.all)
    func afterLease(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: .submitting)

            let job = try await course.record(
                .accepted(Sample.remote, pollAt: Sample.later(900)),
                "j_1",
                submission: "k-j_1",
                at: Sample.later(800)
            )

            #expect(job.state == .rendering(Sample.remote))
            #expect(try await store.submissions(of: "j_1").map(\.outcome) == [.accepted])
        }
    }

    @Test("a late answer leaves the lease of the worker that has the job now", arguments: StoreUnderTest.all)
    func otherLease(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            let other = JobCourse(store: store, token: "other")
            try await course.bring(Sample.job("j_1", price: price), to: .submitting)
            #expect(try await other.claim(at: Sample.later(200)).count == 1)

            let job = try await course.record(
                .accepted(Sample.remote, pollAt: Sample.later(210)),
                "j_1",
                submission: "k-j_1",
                at: Sample.later(205)
            )

            #expect(job.lease?.token == "other")
            #expect(job.state.name == .rendering)
            let late = await trouble {
                try await other.record(.looked(nextAt: Sample.later(300)), "j_1", at: Sample.later(206))
            }
            #expect(late == .conflict)
        }
    }

    @Test("an answer to a submission that was given up adopts its job", arguments: StoreUnderTest.all)
    func adoptedFailure(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: .submitting)
            let failure = JobFailure(.unknownOutcome, "no answer", billed: .unknown)
            try await course.record(.gaveUp(failure), "j_1")
            #expect(try await store.submissions(of: "j_1").map(\.outcome) == [.doubtful])
            #expect(try await budget(store) == [0, 4])

            let job = try await course.record(
                .accepted(Sample.remote, pollAt: Sample.later(9)),
                "j_1",
                submission: "k-j_1"
            )

            #expect(job.state == .rendering(Sample.remote))
            #expect(job.lease?.token == "worker")
            #expect(try await store.submissions(of: "j_1").map(\.outcome) == [.adopted])
            #expect(try await store.events(of: "j_1").map(\.event.name) == [.begun, .gaveUp, .adopted])
            try await course.record(.rendered(Sample.rendered()), "j_1")
            #expect(try await budget(store) == [4, 0])
        }
    }

    @Test("an answer to a cancelled job adopts it", arguments: StoreUnderTest.all)
    func adoptedCancelled(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: .submitting)
            try await store.release(["j_1"], token: "worker")
            let cancelled = try await store.decide(.cancelled, for: "j_1", at: Sample.start)
            #expect(cancelled.state == .cancelled)
            #expect(try await store.submissions(of: "j_1").map(\.outcome) == [.doubtful])

            let job = try await course.record(
                .accepted(Sample.remote, pollAt: Sample.start),
                "j_1",
                submission: "k-j_1",
                keeps: false
            )

            #expect(job.state.name == .rendering)
            #expect(job.lease == nil)
        }
    }

    @Test("an answer to an older submission is noted, and the job goes its way", arguments: StoreUnderTest.all)
    func older(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: .submitting)
            try await course.record(.gaveUp(JobFailure(.unknownOutcome, "no answer", billed: .unknown)), "j_1")
            _ = try await store.decide(.retried, for: "j_1", at: Sample.start)
            #expect(try await budget(store) == [4, 0])
            _ = try await course.claim()
            let submitting = try await course.record(.begun("k-2", reserving: price), "j_1")

            let job = try await course.record(
                .accepted(Sample.remote, pollAt: Sample.start),
                "j_1",
                submission: "k-j_1"
            )

            #expect(job == submitting)
            #expect(try await store.submissions(of: "j_1").map(\.outcome) == [.accepted, .open])
            #expect(try await store.submissions(of: "j_1").map(\.remote) == [Sample.remote, nil])
            #expect(try await store.events(of: "j_1").last?.event.name == .accepted)
            #expect(try await budget(store) == [4, 4])
        }
    }

    @Test("a refusal that comes late gives the money back and leaves a given-up job", arguments: StoreUnderTest.all)
    func lateRefusal(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: .submitting)
            try await course.record(.gaveUp(JobFailure(.unknownOutcome, "no answer", billed: .unknown)), "j_1")

            let job = try await course.record(
                .turnedAway(JobFailure(.tooMany, "wait"), retryAt: Sample.start),
                "j_1",
                submission: "k-j_1"
            )

            #expect(job.state.name == .failed)
            #expect(try await store.submissions(of: "j_1").map(\.outcome) == [.turnedAway])
            #expect(try await budget(store) == [0, 0])
        }
    }

    @Test("the same answer twice changes nothing the second time", arguments: StoreUnderTest.all)
    func twice(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: .rendering)
            let before = try #require(try await store.job("j_1"))

            let other = RemoteJob(id: "remote-2")
            let job = try await course.record(.accepted(other, pollAt: Sample.later(50)), "j_1", submission: "k-j_1")

            #expect(job == before)
            #expect(try await store.submissions(of: "j_1").map(\.remote) == [Sample.remote])
            #expect(
                await trouble {
                    try await course.record(.accepted(other, pollAt: Sample.start), "j_1", submission: "k-9")
                } == .notFound
            )
        }
    }

    @Test("a turned-away submission gives its money back and the job waits", arguments: StoreUnderTest.all)
    func turnedAway(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: .submitting)
            #expect(try await budget(store) == [0, 4])

            let failure = JobFailure(.tooMany, "slow down")
            let job = try await course.record(
                .turnedAway(failure, retryAt: Sample.later(30)),
                "j_1",
                submission: "k-j_1"
            )

            #expect(job.state == .queued)
            #expect(job.failures == 1)
            #expect(job.dueAt == Sample.later(30))
            #expect(try await budget(store) == [0, 0])
            #expect(try await store.submissions(of: "j_1").map(\.settled) == [Money.zero("USD")])
            try await course.record(.begun("k-2", reserving: price), "j_1")
            #expect(try await budget(store) == [0, 4])
        }
    }

    @Test(
        "cancelling a leased job is a wish, one that nobody works on is cancelled at once",
        arguments: StoreUnderTest.all
    )
    func cancel(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1"), to: .rendering)

            let wished = try await store.decide(.cancelled, for: "j_1", at: Sample.start)
            #expect(wished.state.name == .rendering)
            #expect(wished.isCancelWanted)
            #expect(try await store.job("j_1") == wished)
            let cancelled = try await course.record(.cancelled, "j_1")
            #expect(cancelled.state == .cancelled)
            #expect(cancelled.lease == nil)

            _ = try await store.enqueue([Sample.job("j_2", slot: Sample.slot("b"))])
            #expect(try await store.decide(.cancelled, for: "j_2", at: Sample.start).state == .cancelled)
            #expect(try await store.events(of: "j_2").map(\.actor) == [.person])
            #expect(await trouble { try await store.decide(.cancelled, for: "j_2", at: Sample.start) } == .conflict)
            let retried = try await store.decide(.retried, for: "j_2", at: Sample.later(3))
            #expect(retried.state == .queued)
            #expect(retried.dueAt == Sample.later(3))
            #expect(
                await trouble { try await store.decide(.looked(nextAt: Sample.start), for: "j_2", at: Sample.start) }
                    == .conflict
            )
            #expect(await trouble { try await store.decide(.retried, for: "j_9", at: Sample.start) } == .notFound)
        }
    }

    @Test(
        "a job that its provider has is cancelled by who takes it up next, or by a second wish when nobody does",
        arguments: StoreUnderTest.all
    )
    func cancelBetweenLooks(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: .rendering)
            try await course.record(.stillRendering(progress: nil, pollAt: Sample.later(300)), "j_1", keeps: false)

            let wished = try await store.decide(.cancelled, for: "j_1", at: Sample.later(9))
            #expect(wished.state.name == .rendering && wished.isCancelWanted)
            #expect(wished.dueAt == Sample.later(9))
            #expect(try await store.job("j_1") == wished)
            #expect(try await budget(store) == [0, 4])
            #expect(try await store.decide(.cancelled, for: "j_1", at: Sample.later(20)).state.name == .rendering)

            let ended = try await store.decide(.cancelled, for: "j_1", at: Sample.later(69))
            #expect(ended.state == .cancelled)
            #expect(try await budget(store) == [4, 0])
        }
    }

    @Test(
        "a job that may have been billed is given up: it counts as paid, or is released by who saw that it was not",
        arguments: StoreUnderTest.all,
        [JobState.Name.submitting, .rendering]
    )
    func givenUp(kind: StoreUnderTest, state: JobState.Name) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: state)
            try await course.record(.gaveUp(JobFailure(.unknownOutcome, "no answer", billed: .unknown)), "j_1")
            #expect(try await budget(store) == [0, 4])

            #expect(try await store.decide(.cancelled, for: "j_1", at: Sample.later(5)).state == .cancelled)
            #expect(try await budget(store) == [4, 0])
            #expect(try await store.release("j_1", at: Sample.later(6)).state == .cancelled)
            #expect(try await budget(store) == [0, 0])
            #expect(try await store.events(of: "j_1").suffix(2).map(\.actor) == [.person, .person])

            try await course.record(.accepted(Sample.remote, pollAt: Sample.start), "j_1", submission: "k-j_1")
            #expect(try await store.job("j_1")?.state.name == .rendering)
            _ = try await course.claim(at: Sample.later(200))
            try await course.record(.rendered(Sample.rendered()), "j_1", at: Sample.later(201))
            #expect(try await budget(store) == [4, 0])
        }
    }

    @Test("a parked job is released at once, and nothing else is", arguments: StoreUnderTest.all)
    func released(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: .submitting)
            #expect(await trouble { try await store.release("j_1", at: Sample.start) } == .conflict)
            try await course.record(.gaveUp(JobFailure(.unknownOutcome, "no answer", billed: .unknown)), "j_1")

            #expect(try await store.release("j_1", at: Sample.later(6)).state == .cancelled)
            #expect(try await store.submissions(of: "j_1").map(\.outcome) == [.turnedAway])
            #expect(try await budget(store) == [0, 0])

            try await course.bring(Sample.job("j_2", slot: Sample.slot("b"), price: price), to: .rendering)
            try await course.record(.gaveUp(JobFailure(.moderated, "no", billed: .yes)), "j_2")
            #expect(await trouble { try await store.release("j_2", at: Sample.start) } == .conflict)
            #expect(await trouble { try await store.decide(.cancelled, for: "j_2", at: Sample.start) } == .conflict)
            #expect(try await budget(store) == [4, 0])
            _ = try await store.enqueue([Sample.job("j_3", slot: Sample.slot("c"))])
            _ = try await store.decide(.cancelled, for: "j_3", at: Sample.start)
            #expect(await trouble { try await store.release("j_3", at: Sample.start) } == .conflict)
            try await course.bring(Sample.job("j_4", slot: Sample.slot("d"), price: price), to: .rendered)
            try await course.record(.cancelled, "j_4")
            #expect(await trouble { try await store.release("j_4", at: Sample.start) } == .conflict)
            #expect(try await budget(store) == [8, 0])
        }
    }

    @Test("what the provider began and dropped goes back to the queue, its money free", arguments: StoreUnderTest.all)
    func dropped(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: .rendering)
            let broke = JobEvent.turnedAway(JobFailure(.renderFailed, "it broke"), retryAt: Sample.later(30))
            let other = JobCourse(store: store, token: "other")
            #expect(await trouble { try await other.record(broke, "j_1") } == .leaseLost)
            #expect(try await course.record(broke, "j_1", submission: "k-j_1").state.name == .rendering)

            let job = try await course.record(broke, "j_1")

            #expect(job.state == .queued && job.dueAt == Sample.later(30) && job.failures == 1)
            #expect(try await budget(store) == [0, 0])
            try await course.record(.begun("k-2", reserving: price), "j_1")
            #expect(try await budget(store) == [0, 4])
        }
    }

    @Test("a job is found by the id under which its provider knows it", arguments: StoreUnderTest.all)
    func remotely(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: .submitting)
            let accepted = JobEvent.accepted(RemoteJob(id: "video_1"), pollAt: Sample.start)
            try await course.record(accepted, "j_1", submission: "k-j_1")

            let since = Sample.start.adding(.seconds(-9))
            #expect(try await store.job(of: "video_1", at: "local", since: since) == "j_1")
            #expect(try await store.job(of: "video_1", at: "fal", since: since) == nil)
            #expect(try await store.job(of: "video_2", at: "local", since: since) == nil)
            #expect(try await store.job(of: "video_1", at: "local", since: Sample.later(9)) == nil)
        }
    }

    @Test("a person who found the work adopts it", arguments: StoreUnderTest.all)
    func adoptedByPerson(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await course(store)
            try await course.bring(Sample.job("j_1", price: price), to: .submitting)
            try await course.record(.gaveUp(JobFailure(.unknownOutcome, "no answer", billed: .unknown)), "j_1")

            let job = try await store.decide(
                .adopted(Sample.remote, pollAt: Sample.later(1)),
                for: "j_1",
                at: Sample.start
            )

            #expect(job.state == .rendering(Sample.remote))
            #expect(try await store.submissions(of: "j_1").map(\.outcome) == [.adopted])
            #expect(try await store.events(of: "j_1").last?.actor == .person)
        }
    }

    @Test(
        "a job that gives up settles, releases or keeps its money by what is known of the bill",
        arguments: [
            (
                JobState.Name.submitting, JobFailure.Kind.refused, JobFailure.Billed.no, [Int64(0), 0],
                Submission.Outcome.turnedAway
            ),
            (.submitting, .garbled, .unknown, [0, 4], .doubtful),
            (.submitting, .unknownOutcome, .no, [0, 4], .doubtful),
            (.submitting, .refused, .yes, [4, 0], .doubtful),
            (.rendering, .renderFailed, .no, [0, 0], .accepted),
            (.rendering, .renderFailed, .yes, [4, 0], .accepted),
            (.rendering, .renderFailed, .unknown, [0, 4], .accepted),
            (.rendering, .garbled, .no, [0, 4], .accepted),
            (.rendering, .unreachable, .no, [0, 4], .accepted),
            (.rendered, .downloadFailed, .no, [4, 0], .accepted),
            (.fetched, .finishFailed, .no, [4, 0], .accepted),
        ]
    )
    func gaveUp(
        state: JobState.Name,
        kind: JobFailure.Kind,
        billed: JobFailure.Billed,
        money: [Int64],
        outcome: Submission.Outcome
    ) async throws {
        let store = try SQLStore.inMemory()
        let course = try await course(store)
        try await course.bring(Sample.job("j_1", price: price), to: state)

        let job = try await course.record(.gaveUp(JobFailure(kind, "it failed", billed: billed)), "j_1")

        #expect(job.state.name == .failed)
        #expect(try await budget(store) == money)
        #expect(try await store.submissions(of: "j_1").map(\.outcome) == [outcome])
    }
}
