import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Claims, leases and lanes")
struct LeaseTests {
    @Test("a claimed job is nobody else's until its lease ends", arguments: StoreUnderTest.all)
    func lease(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let one = try await JobCourse.begin(store)
            let two = JobCourse(store: store, token: "other")
            _ = try await store.enqueue([Sample.job("j_1")])

            let claimed = try await one.claim()
            #expect(claimed.map(\.id) == ["j_1"])
            #expect(claimed.first?.claims == 1)
            #expect(claimed.first?.lease == Job.Lease(token: "worker", until: Sample.later(180)))
            #expect(try await two.claim(at: Sample.later(179)).isEmpty)

            #expect(try await two.claim(at: Sample.later(180)).map(\.claims) == [2])
        }
    }

    @Test("only the holder of a lease that is still running may record", arguments: StoreUnderTest.all)
    func holder(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let one = try await JobCourse.begin(store)
            let two = JobCourse(store: store, token: "other")
            _ = try await store.enqueue([Sample.job("j_1")])
            let begun = JobEvent.begun("k", reserving: .zero("USD"))

            #expect(await trouble { try await one.record(begun, "j_1") } == .leaseLost)
            _ = try await one.claim()
            #expect(await trouble { try await two.record(begun, "j_1") } == .leaseLost)
            #expect(await trouble { try await one.record(begun, "j_1", at: Sample.later(180)) } == .leaseLost)
            #expect(try await store.events(of: "j_1").isEmpty)
            #expect(try await store.submissions(of: "j_1").isEmpty)
        }
    }

    @Test("recording gives the lease back or renews it", arguments: StoreUnderTest.all)
    func renewal(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            _ = try await store.enqueue([Sample.job("j_1")])
            _ = try await course.claim()

            let renewed = try await course.record(.begun("k", reserving: .zero("USD")), "j_1", at: Sample.later(100))
            #expect(renewed.lease?.until == Sample.later(280))
            let given = try await course.record(
                .accepted(Sample.remote, pollAt: Sample.later(200)),
                "j_1",
                submission: "k",
                at: Sample.later(150),
                keeps: false
            )
            #expect(given.lease == nil)
            #expect(try await course.claim(at: Sample.later(199)).isEmpty)
            #expect(try await course.claim(at: Sample.later(200)).count == 1)
        }
    }

    @Test("a lease is released by its own token alone", arguments: StoreUnderTest.all)
    func release(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            _ = try await store.enqueue([Sample.job("j_1")])
            _ = try await course.claim()

            try await store.release(["j_1"], token: "other")
            #expect(try await store.job("j_1")?.lease != nil)
            try await store.release(["j_1"], token: "worker")
            #expect(try await store.job("j_1")?.lease == nil)
            #expect(try await course.claim().count == 1)
        }
    }

    @Test("queued jobs are claimed as far as the lane's limit goes, others always", arguments: StoreUnderTest.all)
    func limit(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store, limit: 2)
            _ = try await store.enqueue((1...4).map { Sample.job(JobID("j_\($0)"), slot: Sample.slot("\($0)")) })

            #expect(try await course.claim().map(\.id) == ["j_1", "j_2"])
            #expect(try await course.claim().isEmpty)

            try await course.record(.begun("k", reserving: .zero("USD")), "j_1", keeps: false)
            #expect(try await course.claim().map(\.id) == ["j_1"])
            try await course.record(.accepted(Sample.remote, pollAt: Sample.start), "j_1", submission: "k")
            try await course.record(.rendered(Sample.rendered()), "j_1", keeps: false)
            #expect(try await course.claim().map(\.id) == ["j_1", "j_3"])
            try await course.record(.fetched(Sample.clip), "j_1", keeps: false)
            #expect(try await course.claim().isEmpty)
            #expect(try await course.claim(.finishing).map(\.id) == ["j_1"])
        }
    }

    @Test(
        "a clip that waits to be fetched holds no place at the provider, until twice as many jobs as places have begun",
        arguments: StoreUnderTest.all
    )
    func unfetched(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store, limit: 2)
            for number in 1...2 {
                let job = Sample.job(JobID("j_\(number)"), slot: Sample.slot("\(number)"))
                try await course.bring(job, to: .rendered)
            }
            _ = try await store.enqueue((3...6).map { Sample.job(JobID("j_\($0)"), slot: Sample.slot("\($0)")) })

            #expect(try await course.claim().map(\.id) == ["j_3", "j_4"])
            for id in ["j_3", "j_4"] as [JobID] {
                let key = SubmissionKey("k-\(id)")
                try await course.record(.begun(key, reserving: .zero("USD")), id)
                try await course.record(.accepted(Sample.remote, pollAt: Sample.start), id, submission: key)
                try await course.record(.rendered(Sample.rendered()), id)
            }
            #expect(try await course.claim().isEmpty)
            try await course.record(.fetched(Sample.clip), "j_1")
            #expect(try await course.claim().map(\.id) == ["j_5"])
        }
    }

    @Test("a lane with an interval gives one queued job at a time", arguments: StoreUnderTest.all)
    func interval(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store, interval: .seconds(10))
            _ = try await store.enqueue((1...3).map { Sample.job(JobID("j_\($0)"), slot: Sample.slot("\($0)")) })

            #expect(try await course.claim().map(\.id) == ["j_1"])
            #expect(try await course.claim().isEmpty)
            try await course.record(.begun("k", reserving: .zero("USD")), "j_1")
            #expect(try await course.claim(at: Sample.later(9)).isEmpty)
            #expect(try await course.claim(at: Sample.later(10)).map(\.id) == ["j_2"])
        }
    }

    @Test("a paused lane begins nothing and goes on with what was begun", arguments: StoreUnderTest.all)
    func pause(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await course.bring(Sample.job("j_1"), to: .rendering)
            try await store.release(["j_1"], token: "worker")
            _ = try await store.enqueue([Sample.job("j_2", slot: Sample.slot("b"))])

            try await store.pause("local", until: Sample.later(60), reason: "the account is empty")
            let lane = try #require(try await store.lanes().first { $0.id == "local" })
            #expect(lane.pauseReason == "the account is empty")
            #expect(lane.pausedUntil == Sample.later(60))
            #expect(try await course.claim().map(\.id) == ["j_1"])
            #expect(try await course.claim(at: Sample.later(60)).map(\.id) == ["j_2"])

            try await store.pause("local", until: nil, reason: nil)
            #expect(try await store.lanes().allSatisfy { $0.pausedUntil == nil && $0.pauseReason == nil })
            #expect(await trouble { try await store.pause("nowhere", until: nil, reason: nil) } == .notFound)
            #expect(await trouble { try await course.claim("nowhere") } == .notFound)
        }
    }

    @Test("registering again changes the limits and keeps the pause", arguments: StoreUnderTest.all)
    func register(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            _ = try await JobCourse.begin(store)
            try await store.pause("local", until: Sample.later(60), reason: "slow down")

            try await store.register([Lane(id: "local", limit: 3, interval: .milliseconds(1500))])

            let lane = try #require(try await store.lanes().first { $0.id == "local" })
            #expect(
                lane
                    == Lane(
                        id: "local",
                        limit: 3,
                        interval: .milliseconds(1500),
                        pausedUntil: Sample.later(60),
                        pauseReason: "slow down"
                    )
            )
        }
    }

    @Test("urgent jobs come first, then the earliest due, then the order of the queue", arguments: StoreUnderTest.all)
    func order(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            _ = try await store.enqueue([
                Sample.job("j_4", slot: Sample.slot("a"), at: Sample.later(2)),
                Sample.job("j_3", slot: Sample.slot("b"), at: Sample.later(1)),
                Sample.job("j_2", slot: Sample.slot("c"), at: Sample.later(1)),
                Sample.job("j_1", slot: Sample.slot("d"), isUrgent: true, at: Sample.later(3)),
                Sample.job("j_0", slot: Sample.slot("e"), at: Sample.later(9)),
            ])

            #expect(try await course.claim(limit: 2, at: Sample.later(3)).map(\.id) == ["j_1", "j_3"])
            #expect(try await course.claim(limit: 9, at: Sample.later(3)).map(\.id) == ["j_2", "j_4"])
        }
    }

    @Test("a claim for a run takes that run's jobs alone", arguments: StoreUnderTest.all)
    func run(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await store.begin(Run(id: "r_2", plan: nil, createdAt: Sample.start))
            _ = try await store.enqueue([Sample.job("j_1"), Sample.job("j_2", slot: Sample.slot("b"), run: "r_2")])

            #expect(try await course.claim(run: "r_2").map(\.id) == ["j_2"])
            #expect(try await course.claim(run: "r_2").isEmpty)
            #expect(try await course.claim().map(\.id) == ["j_1"])
        }
    }

    @Test("finishing works on no more jobs at once than its limit")
    func finishing() async throws {
        let store = try SQLStore.inMemory()
        let course = try await JobCourse.begin(store)
        for index in 1...3 {
            try await course.bring(Sample.job(JobID("j_\(index)"), slot: Sample.slot("\(index)")), to: .fetched)
            try await store.release([JobID("j_\(index)")], token: "worker")
        }

        #expect(try await course.claim(.finishing).count == 2)
        #expect(try await course.claim(.finishing).isEmpty)
        #expect(try await course.claim(.finishing, at: Sample.later(180)).count == 2)
    }

    @Test("two stores on one file that claim at once never get the same job")
    func twoStores() async throws {
        try await TemporaryFolder.run { folder in
            let stores = [try SQLStore.open(path: folder + "/v.db"), try SQLStore.open(path: folder + "/v.db")]
            _ = try await JobCourse.begin(stores[0], limit: 1000)
            _ = try await stores[0].enqueue((1...200).map { Sample.job(JobID("j_\($0)"), slot: Sample.slot("\($0)")) })

            let claimed = try await withThrowingTaskGroup(of: [JobID].self) { group in
                for worker in 0..<6 {
                    group.addTask {
                        let course = JobCourse(store: stores[worker % 2], token: "w\(worker)")
                        var mine: [JobID] = []
                        while true {
                            let next = try await course.claim(limit: 3).map(\.id)
                            if next.isEmpty { return mine }
                            mine += next
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }

            #expect(claimed.count == 200)
            #expect(Set(claimed).count == 200)
        }
    }
}
