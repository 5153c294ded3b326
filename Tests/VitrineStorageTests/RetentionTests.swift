import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("What a home forgets")
struct RetentionTests {
    @Test(
        "old events and plans go, but never the newest of them, nor a job's history, nor what was applied",
        arguments: StoreUnderTest.all
    )
    func eventsAndPlans(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await course.bring(Sample.job("j_1"), to: .finished)
            let events = try await store.events(after: 0, limit: 99)
            let states = ["queued", "submitting", "rendering", "rendered", "fetched", "finished", "new"]
            #expect(events.map(\.state) == states)
            for id in ["plan_1", "plan_2", "plan_3"] {
                try await store.begin(Plan(id: PlanID(id), createdAt: Sample.start, feed: nil))
            }
            var applied = try #require(try await store.plan("plan_1"))
            applied.run = "r_1"
            try await store.update(applied)

            #expect(try await store.retire(before: Sample.start, at: Sample.start).isEmpty)
            let retired = try await store.retire(before: Sample.later(1), at: Sample.later(1))
            #expect(retired == ["events": 1, "plans": 1])
            #expect(try await store.events(after: 0, limit: 99) == Array(events.dropFirst()))
            #expect(try await store.plan("plan_1") == applied)
            #expect(try await store.plan("plan_2") == nil)
            #expect(try await store.plan("plan_3") != nil)
        }
    }

    @Test("what still waits is kept, however old", arguments: StoreUnderTest.all)
    func waiting(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await store.add(
                Webhook(
                    id: "w_1",
                    url: "https://shop.example/",
                    events: [.importFinished],
                    secret: WebhookSecret(random: .system),
                    createdAt: Sample.start
                )
            )
            for id in ["i_1", "i_2"] {
                try await store.add(
                    ImportRequest(
                        id: ImportID(id),
                        feed: "shop",
                        file: "f",
                        digest: Digest(of: id),
                        bytes: 1,
                        options: "{}",
                        createdAt: Sample.start
                    )
                )
            }
            var ended = try #require(
                try await store.claimImport(token: "one", until: Sample.later(9), at: Sample.start)
            )
            ended.state = .finished
            try await store.end(ended, token: "one", at: Sample.start)

            let first = try await store.retire(before: Sample.later(100), at: Sample.later(100))
            #expect(first["imports"] == 1 && first["deliveries"] == nil)
            #expect(try await store.imports(after: nil, limit: 9).items.map(\.id) == ["i_2"])

            let claimed = try await store.claimDeliveries(
                token: "one",
                until: Sample.later(9),
                limit: 9,
                at: Sample.start
            )
            var delivery = try #require(claimed.first?.delivery)
            delivery.state = .delivered
            _ = try await store.record(delivery, .taken(200), token: "one", at: Sample.start)
            #expect(try await store.retire(before: Sample.later(100), at: Sample.later(100)) == ["deliveries": 1])
        }
    }

    @Test("an idempotency key goes when its lifetime is over", arguments: StoreUnderTest.all)
    func keys(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            _ = try await JobCourse.begin(store)
            let once = IdempotencyKey(caller: "k_a", text: "once", asked: Digest(of: "this"))
            let run = Run(id: "r_2", plan: nil, createdAt: Sample.start)
            let job = Sample.job("j_1", run: "r_2").job
            _ = try await store.regenerate(
                Regeneration(override: SlotOverride(), run: run, job: job, once: once, answer: "yes"),
                at: Sample.start
            )
            let long = Date(milliseconds: 0)
            #expect(try await store.retire(before: long, at: Sample.later(86_399)).isEmpty)
            #expect(try await store.answer(to: once, at: Sample.later(86_399)) == "yes")
            #expect(try await store.retire(before: long, at: Sample.later(86_400)) == ["idempotency keys": 1])
        }
    }
}
