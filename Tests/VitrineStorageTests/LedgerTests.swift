import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Money in storage")
struct LedgerTests {
    private func dollars(_ units: Int64) -> Money { Money(micros: units * 1_000_000, currency: "USD") }

    @Test("a price above zero needs a budget that covers it, a price of zero needs none", arguments: StoreUnderTest.all)
    func needsBudget(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            _ = try await store.enqueue([Sample.job("j_1", price: dollars(3))])
            _ = try await course.claim()
            let begun = JobEvent.begun("k", reserving: dollars(3))

            #expect(await trouble { try await course.record(begun, "j_1") } == .overBudget)
            try await store.setBudget(dollars(2))
            #expect(await trouble { try await course.record(begun, "j_1") } == .overBudget)
            #expect(try await store.job("j_1")?.state == .queued)
            #expect(try await store.submissions(of: "j_1").isEmpty)
            try await store.setBudget(Money(micros: 9_000_000, currency: "EUR"))
            #expect(await trouble { try await course.record(begun, "j_1") } == .overBudget)
            try await store.setBudget(dollars(3))
            try await course.record(begun, "j_1")
            #expect(try await store.budgets().map(\.reserved) == [.zero("EUR"), dollars(3)])

            try await course.bring(Sample.job("j_2", slot: Sample.slot("b")), to: .submitting)
        }
    }

    @Test("the bill is settled by the provider's own account where it tells", arguments: StoreUnderTest.all)
    func cost(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await store.setBudget(dollars(10))

            try await course.bring(Sample.job("j_1", price: dollars(3)), to: .rendered, cost: dollars(2))
            try await course.bring(Sample.job("j_2", slot: Sample.slot("b"), price: dollars(3)), to: .rendered)

            let budget = try #require(try await store.budgets().first)
            #expect(budget == Budget(cap: dollars(10), spent: dollars(5), reserved: dollars(0)))
            #expect(budget.left == dollars(5))
        }
    }

    @Test("a bill in another currency than was set aside settles there", arguments: StoreUnderTest.all)
    func otherCurrency(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await store.setBudget(dollars(10))
            let euros = Money(micros: 2_000_000, currency: "EUR")

            try await course.bring(Sample.job("j_1", price: dollars(3)), to: .rendered, cost: euros)
            #expect(try await store.budgets().map(\.reserved) == [dollars(0)])
            try await store.setBudget(Money(micros: 5_000_000, currency: "EUR"))

            #expect(try await store.budgets().map(\.spent) == [euros, dollars(0)])
        }
    }

    @Test("a link that died and came again does not settle twice", arguments: StoreUnderTest.all)
    func lapsed(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await store.setBudget(dollars(10))
            try await course.bring(Sample.job("j_1", price: dollars(3)), to: .rendered)

            try await course.record(.lapsed(pollAt: Sample.start), "j_1")
            try await course.record(.rendered(Sample.rendered(cost: dollars(4))), "j_1")

            #expect(try await store.budgets().map(\.spent) == [dollars(4)])
            #expect(try await store.budgets().map(\.reserved) == [dollars(0)])
        }
    }

    @Test("workers that begin at once never promise more than the budget", arguments: StoreUnderTest.all)
    func concurrent(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            _ = try await JobCourse.begin(store, limit: 100)
            try await store.setBudget(dollars(10))
            _ = try await store.enqueue(
                (1...24).map { Sample.job(JobID("j_\($0)"), slot: Sample.slot("\($0)"), price: dollars(3)) }
            )

            let begun = await withTaskGroup(of: Int.self) { group in
                for worker in 0..<8 {
                    group.addTask {
                        let course = JobCourse(store: store, token: "w\(worker)")
                        var count = 0
                        let jobs = (try? await course.claim(limit: 3)) ?? []
                        for job in jobs {
                            let event = JobEvent.begun(SubmissionKey("k-\(job.id)"), reserving: job.price)
                            if await trouble({ try await course.record(event, job.id) }) == nil { count += 1 }
                        }
                        return count
                    }
                }
                return await group.reduce(0, +)
            }

            #expect(begun == 3)
            #expect(try await store.budgets().map(\.reserved) == [dollars(9)])
            #expect(try await store.counts(JobQuery())[.submitting] == 3)
        }
    }

    @Test("spending is listed by day, provider and currency", arguments: StoreUnderTest.all)
    func spend(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await store.setBudget(dollars(100))
            try await course.bring(Sample.job("j_1", price: dollars(3)), to: .rendered, cost: dollars(2))
            try await course.bring(Sample.job("j_2", slot: Sample.slot("b"), price: dollars(3)), to: .submitting)
            let nextDay = Sample.later(86_400)
            try await course.bring(
                Sample.job("j_3", slot: Sample.slot("c"), price: dollars(5), provider: "fal", at: nextDay),
                to: .submitting,
                at: nextDay
            )

            let lines = try await store.spend(in: .gmt)

            #expect(
                lines == [
                    SpendLine(
                        day: "2026-11-18",
                        provider: "local",
                        submissions: 2,
                        settled: dollars(2),
                        reserved: dollars(3)
                    ),
                    SpendLine(
                        day: "2026-11-19",
                        provider: "fal",
                        submissions: 1,
                        settled: dollars(0),
                        reserved: dollars(5)
                    ),
                ]
            )
        }
    }

    @Test("a day begins where the shop is", arguments: StoreUnderTest.all)
    func days(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await store.setBudget(dollars(100))
            try await course.bring(Sample.job("j_1", price: dollars(3)), to: .rendered, cost: dollars(2))
            let utc = try #require(try await store.spend(in: .gmt).first?.day)

            let kiritimati = try #require(TimeZone(identifier: "Pacific/Kiritimati"))
            let niue = try #require(TimeZone(identifier: "Pacific/Niue"))
            let days = Set([
                utc, try await store.spend(in: kiritimati).first?.day, try await store.spend(in: niue).first?.day,
            ])

            #expect(days.count == 2)
        }
    }

    @Test("a budget that is set late counts what was spent before", arguments: StoreUnderTest.all)
    func lateBudget(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await course.bring(Sample.job("j_1"), to: .rendered, cost: dollars(2))

            try await store.setBudget(dollars(10))
            try await store.setBudget(dollars(1))

            #expect(try await store.budgets() == [Budget(cap: dollars(1), spent: dollars(2), reserved: dollars(0))])
            #expect(await trouble { try await store.setBudget(dollars(-1)) } == .conflict)
        }
    }

    @Test("a job that is cancelled while the provider has it counts as paid", arguments: StoreUnderTest.all)
    func cancelled(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await store.setBudget(dollars(10))
            try await course.bring(Sample.job("j_1", price: dollars(3)), to: .rendering)

            try await course.record(.cancelled, "j_1")

            #expect(try await store.budgets() == [Budget(cap: dollars(10), spent: dollars(3), reserved: dollars(0))])
        }
    }
}
