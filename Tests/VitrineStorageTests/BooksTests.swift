import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("The books add up")
struct BooksTests {
    private func cents(_ amount: Int64) -> Money { Money(micros: amount * 10_000, currency: "USD") }

    private static let others: [ProviderID] = ["b", "c"]

    /// Numbers that look like chance and are the same each time.
    private struct Dice {
        var state: UInt64

        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }
    }

    @Test(
        "whatever happens to jobs, in whatever order, the budget is the sum of its submissions, to the cent",
        arguments: 1...10
    )
    func chance(seed: Int) async throws {
        let store = try SQLStore.inMemory()
        let course = try await JobCourse.begin(store, limit: 100)
        try await store.setBudget(cents(2_000))
        var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9)
        let ids = (1...12).map { JobID("j_\($0)") }
        for (number, id) in ids.enumerated() {
            let price = cents(Int64(1 + dice.roll(300)))
            var new = Sample.job(id, slot: Sample.slot("p\(number)"), price: price)
            new.job.alternatives = Self.others.map { provider in
                Alternative(
                    request: Sample.request(new.job.slot, provider: provider),
                    price: cents(Int64(dice.roll(300))),
                    lane: LaneID(provider.rawValue)
                )
            }
            _ = try await store.enqueue([new])
        }
        try await store.register(Self.others.map { Lane(id: LaneID($0.rawValue), limit: 100) })
        func claimAll() async throws {
            for lane in ["local"] + Self.others.map(\.rawValue) {
                _ = try await course.claim(LaneID(lane), limit: 100, until: Sample.later(1_000_000))
            }
        }
        try await claimAll()
        var fallen = 0
        let kinds: [JobFailure.Billed] = [.yes, .no, .unknown]
        var keys = 0

        for _ in 0..<300 {
            let id = ids[dice.roll(ids.count)]
            let job = try #require(try await store.job(id))
            let price = job.price
            keys += 1
            let failure = JobFailure(
                [.unknownOutcome, .renderFailed, .moderated][dice.roll(3)],
                "x",
                billed: kinds[dice.roll(3)]
            )
            let cost = dice.roll(2) == 0 ? nil : cents(Int64(dice.roll(400)))
            let events: [JobEvent] =
                [
                    .begun(SubmissionKey("k\(keys)"), reserving: price), .accepted(Sample.remote, pollAt: Sample.start),
                    .turnedAway(failure, retryAt: Sample.start), .looked(nextAt: Sample.start),
                    .rendered(Sample.rendered(cost: cost)), .lapsed(pollAt: Sample.start), .fetched(Sample.clip),
                    .gaveUp(failure),
                ]
                + job.alternatives.map { next in
                    .fellBack(
                        PassedProvider(job.request.provider, PassedProvider.Reason.allCases[dice.roll(3)], failure),
                        to: next
                    )
                }
            let event = events[dice.roll(events.count)]
            do {
                _ = try await course.record(event, id)
                if event.name == .fellBack { fallen += 1 }
            } catch {}  // What cannot happen is refused; the books must add up all the same.
            if dice.roll(3) == 0 {
                let decisions: [JobEvent?] = [
                    .cancelled, .retried, .adopted(Sample.remote, pollAt: Sample.start), nil,
                ]
                let decision = decisions[dice.roll(4)]
                let moment = Sample.later(Double(dice.roll(2) * 90))
                do {
                    if let decision {
                        _ = try await store.decide(decision, for: id, at: moment)
                    } else {
                        _ = try await store.release(id, at: moment)
                    }
                    try await claimAll()
                } catch {}  // As above.
            }

            var submissions: [Submission] = []
            for id in ids { submissions += try await store.submissions(of: id) }
            let open = submissions.filter { $0.settled == nil }.reduce(0) { $0 + $1.reserved.micros }
            let paid = submissions.compactMap(\.settled).reduce(0) { $0 + $1.micros }
            let budget = try #require(try await store.budgets().first)
            #expect(budget.reserved.micros == open, "after \(event.name)")
            #expect(budget.spent.micros == paid, "after \(event.name)")
            let sums = try await store.spend(by: .product, in: .gmt)
            #expect(sums.reduce(0) { $0 + $1.settled.micros } == paid)
            #expect(sums.reduce(0) { $0 + $1.reserved.micros } == open)
        }
        var sent = 0
        for id in ids { sent += try await store.submissions(of: id).count }
        #expect(sent > 2)
        #expect(fallen > 0)
    }

    @Test(
        "a job that went over to another provider is not adopted with what the first one had",
        arguments: StoreUnderTest.all
    )
    func adoptedAfterFallingBack(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await store.setBudget(cents(1_000))
            var new = Sample.job("j_1", price: cents(400))
            let other = Alternative(
                request: Sample.request(new.job.slot, provider: "other"),
                price: cents(300),
                lane: "other"
            )
            new.job.alternatives = [other]
            try await course.bring(new, to: .rendering)
            let failure = JobFailure(.moderated, "not this one", billed: .no)
            try await course.record(
                .fellBack(PassedProvider("local", .refused, failure), to: other),
                "j_1",
                keeps: false
            )
            let cancelled = try await store.decide(.cancelled, for: "j_1", at: Sample.start)
            #expect(cancelled.state == .cancelled)

            let word = await trouble {
                _ = try await store.decide(.adopted(Sample.remote, pollAt: Sample.start), for: "j_1", at: Sample.start)
            }
            let late = JobEvent.accepted(Sample.remote, pollAt: Sample.start)
            try await course.record(late, "j_1", submission: "k-j_1", keeps: false)

            #expect(word == .conflict)
            #expect(try await store.job("j_1")?.state == .cancelled)
            let budget = try #require(try await store.budgets().first)
            #expect(budget.spent == cents(0))
            #expect(budget.reserved == cents(0))
        }
    }

    @Test("a day and a month have budgets of their own, in the shop's time zone", arguments: StoreUnderTest.all)
    func periods(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            let zone = try #require(TimeZone(identifier: "Asia/Tokyo"))
            try await store.setBudget(cents(10_000))
            try await store.setBudget(cents(500), each: .day, in: zone)
            try await store.setBudget(cents(800), each: .month, in: zone)
            let noon = Date(milliseconds: 1_795_000_000_000)
            let midnight = try #require(BudgetPeriod.day.start(of: noon, in: zone)).adding(.seconds(86_400))

            try await course.bring(Sample.job("j_1", price: cents(400)), to: .rendered, at: noon)
            await #expect(throws: StoreError.self) {
                try await course.bring(
                    Sample.job("j_2", slot: Sample.slot("b"), price: cents(200)),
                    to: .submitting,
                    at: noon
                )
            }
            let next = midnight.adding(.seconds(1))
            try await course.bring(
                Sample.job("j_3", slot: Sample.slot("c"), price: cents(300)),
                to: .rendered,
                at: next
            )
            await #expect(throws: StoreError.self) {
                try await course.bring(
                    Sample.job("j_4", slot: Sample.slot("d"), price: cents(150)),
                    to: .submitting,
                    at: next
                )
            }

            let budgets = try await store.budgets(at: next)
            #expect(budgets.map(\.period) == [.total, .day, .month])
            #expect(budgets.map(\.spent) == [cents(700), cents(300), cents(700)])
            #expect(budgets.map(\.left) == [cents(9_300), cents(200), cents(100)])
        }
    }
}
