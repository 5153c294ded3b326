import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("A lane learns what its provider takes")
struct LanePaceTests {
    /// A lane that believes in ten at once, with three jobs at its provider and some in the queue.
    private func lane(_ store: SQLStore, queued: Int = 2) async throws -> JobCourse {
        let course = try await JobCourse.begin(store, limit: 10)
        for number in 1...3 + queued {
            let job = Sample.job(JobID("j_\(number)"), slot: Sample.slot("p\(number)"))
            if number <= 3 {
                try await course.bring(job, to: .rendering)
            } else {
                _ = try await store.enqueue([job])
            }
        }
        return course
    }

    private func learned(_ store: SQLStore) async throws -> LearnedPace? {
        try await store.lanes().first { $0.id == "local" }?.pace
    }

    @Test(
        "after a refusal no more is begun than the provider had, until one of them is done",
        arguments: StoreUnderTest.all
    )
    func refused(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await lane(store)

            #expect(try await store.slow("local", at: Sample.start) == .limit)
            let full = try await course.claim(at: Sample.later(5), until: Sample.later(6))
            try await course.record(.rendered(Sample.rendered()), "j_1", at: Sample.start)
            let freed = try await course.claim(at: Sample.later(7))

            #expect(try await learned(store)?.inFlight == 3)
            #expect(full.filter { $0.state == .queued }.isEmpty)
            #expect(freed.filter { $0.state == .queued }.map(\.id) == ["j_4"])
        }
    }

    @Test("a refusal with nothing at the provider tells nothing", arguments: StoreUnderTest.all)
    func nothing(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store, limit: 10)
            _ = try await store.enqueue([Sample.job("j_1")])

            #expect(try await store.slow("local", at: Sample.start) == .nothing)
            #expect(try await learned(store) == nil)
            #expect(try await course.claim().count == 1)
        }
    }

    @Test("what is taken beyond one reading of a refusal leaves the other one", arguments: StoreUnderTest.all)
    func taken(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await lane(store, queued: 0)
            _ = try await store.slow("local", at: Sample.start)

            for (done, next) in [("j_1", "j_4"), ("j_2", "j_5"), ("j_3", "j_6")] {
                try await course.record(.rendered(Sample.rendered()), JobID(done), at: Sample.start)
                let job = Sample.job(JobID(next), slot: Sample.slot(next))
                try await course.bring(job, to: .rendering, at: Sample.later(5))
            }

            #expect(try await learned(store)?.inFlight == 3)
            #expect(try await learned(store)?.perMinute == nil)
        }
    }

    @Test(
        "a submission counts for the minute from its answer on, not from when it was sent",
        arguments: StoreUnderTest.all
    )
    func answered(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store, limit: 10)
            for (number, seconds) in [(1, 1.0), (2, 5), (3, 5)] {
                let id = JobID("j_\(number)")
                try await course.bring(Sample.job(id, slot: Sample.slot("p\(number)")), to: .submitting)
                let answer = JobEvent.accepted(Sample.remote, pollAt: Sample.later(99))
                try await course.record(answer, id, at: Sample.later(seconds), keeps: false)
            }

            #expect(try await store.slow("local", at: Sample.later(62)) == .limit)

            #expect(try await learned(store)?.inFlight == 3)
            #expect(try await learned(store)?.perMinute == 2)
        }
    }

    @Test("while nothing is known, few submissions are on their way at once", arguments: StoreUnderTest.all)
    func unknown(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            var course = try await JobCourse.begin(store)
            course.lane = "hosted"
            try await store.register([Lane(id: "hosted", limit: 200)])
            for number in 1...100 {
                let id = JobID("j_\(number)")
                _ = try await store.enqueue([Sample.job(id, slot: Sample.slot("p\(number)"), lane: "hosted")])
            }
            var begun: [Int] = []
            for _ in 1...6 {
                let jobs = try await course.claim(limit: 100)
                begun.append(jobs.count)
                #expect(try await course.claim(limit: 100).isEmpty)
                for job in jobs {
                    try await course.record(.begun(SubmissionKey("k-\(job.id)"), reserving: job.price), job.id)
                    try await course.record(.accepted(Sample.remote, pollAt: Sample.later(99)), job.id, keeps: false)
                }
            }

            #expect(begun == [8, 8, 8, 8, 8, 10])
        }
    }

    @Test(
        "the next moment of a lane is that of its earliest job that nobody holds, or its own",
        arguments: StoreUnderTest.all
    )
    func nextDue(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store, limit: 10)
            #expect(try await store.nextDue(in: "local", at: Sample.start) == nil)

            try await course.bring(Sample.job("j_1", slot: Sample.slot("a")), to: .submitting)
            try await course.record(.accepted(Sample.remote, pollAt: Sample.later(9)), "j_1", keeps: false)
            try await course.bring(Sample.job("j_2", slot: Sample.slot("b"), isUrgent: true), to: .submitting)
            try await course.record(.accepted(Sample.remote, pollAt: Sample.later(4)), "j_2", keeps: true)
            let held = try await store.nextDue(in: "local", at: Sample.start)
            try await store.release(["j_2"], token: course.token)
            let free = try await store.nextDue(in: "local", at: Sample.start)
            try await store.pause("local", until: Sample.later(2), reason: "slower")
            let paused = try await store.nextDue(in: "local", at: Sample.start)

            #expect(held == Sample.later(9))
            #expect(free == Sample.later(4))
            #expect(paused == Sample.later(2))
        }
    }

    @Test(
        "what waits in the queue without a moment of its own is not waited for, a refused one is",
        arguments: StoreUnderTest.all
    )
    func queued(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store, limit: 10)
            _ = try await store.enqueue([Sample.job("j_1", slot: Sample.slot("a"))])
            let waiting = try await store.nextDue(in: "local", at: Sample.later(1))
            try await course.bring(Sample.job("j_2", slot: Sample.slot("b")), to: .submitting, at: Sample.later(1))
            let refusal = JobEvent.turnedAway(JobFailure(.tooMany, "too many"), retryAt: Sample.later(8))
            try await course.record(refusal, "j_2", at: Sample.later(1), keeps: false)

            #expect(waiting == nil)
            #expect(try await store.nextDue(in: "local", at: Sample.later(1)) == Sample.later(8))
        }
    }
}
