import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Webhooks and their messages in storage")
struct WebhookDeliveryTests {
    private func webhook(_ id: WebhookID, _ events: Set<WebhookEvent>) -> Webhook {
        Webhook(
            id: id,
            url: "https://shop.example/\(id)",
            events: events,
            secret: WebhookSecret(random: .system),
            createdAt: Sample.start
        )
    }

    /// A store with one message of a finished video to `w_1`.
    private func tell(_ store: SQLStore) async throws {
        try await store.add(webhook("w_1", [.videoFinished]))
        let course = try await JobCourse.begin(store)
        try await course.bring(Sample.job("j_1"), to: .finished)
    }

    @Test("each address is told what it asked for, with what happened", arguments: StoreUnderTest.all)
    func intend(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let both = webhook("w_b", [.videoFinished, .jobFailed])
            let failures = webhook("w_a", [.jobFailed])
            try await store.add(both)
            try await store.add(failures)
            #expect(try await store.webhooks() == [both, failures])
            #expect(await trouble { try await store.add(both) } == .conflict)

            let course = try await JobCourse.begin(store)
            try await course.bring(Sample.job("j_1"), to: .finished)
            let told = try await store.deliveries(of: nil, after: nil, limit: 9).items
            #expect(told.map(\.webhook) == ["w_b"])
            #expect(told.first?.event == .videoFinished && told.first?.state == .waiting)
            #expect(told.first?.body.contains("\"v_j_1\"") == true)
            #expect(try await store.deliveries(of: "w_a", after: nil, limit: 9).items.isEmpty)
            #expect(try await store.deliveries(of: "w_b", after: nil, limit: 9).items == told)

            try await store.remove("w_b")
            #expect(try await store.webhooks() == [failures])
            #expect(try await store.deliveries(of: nil, after: nil, limit: 9).items.isEmpty)
            #expect(await trouble { try await store.remove("w_b") } == .notFound)
        }
    }

    @Test("a message is claimed once until its claim ends, and again when it is due", arguments: StoreUnderTest.all)
    func claim(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            #expect(try await store.nextDelivery() == nil)
            try await tell(store)
            #expect(try await store.nextDelivery() == Sample.start)

            func claim(_ token: String, at now: Date) async throws -> Delivery? {
                try await store.claimDeliveries(token: token, until: now.adding(.seconds(60)), limit: 9, at: now).first?
                    .delivery
            }
            #expect(try await claim("early", at: Sample.later(-1)) == nil)
            var delivery = try #require(try await claim("one", at: Sample.start))
            #expect(try await claim("two", at: Sample.later(59)) == nil)
            #expect(try await claim("two", at: Sample.later(60)) == delivery)

            delivery.attempts = 1
            delivery.dueAt = Sample.later(300)
            delivery.lastAnswer = "500"
            _ = try await store.record(delivery, .refused("500"), token: "one", at: Sample.start)
            #expect(try await store.deliveries(of: nil, after: nil, limit: 9).items.map(\.attempts) == [0])
            _ = try await store.record(delivery, .refused("500"), token: "two", at: Sample.start)
            #expect(try await store.deliveries(of: nil, after: nil, limit: 9).items == [delivery])
            #expect(try await store.nextDelivery() == Sample.later(300))
            #expect(try await claim("three", at: Sample.later(299)) == nil)
            #expect(try await claim("three", at: Sample.later(300)) == delivery)

            delivery.state = .delivered
            _ = try await store.record(delivery, .refused("500"), token: "three", at: Sample.start)
            #expect(try await store.nextDelivery() == nil)
            #expect(try await claim("four", at: Sample.later(9_999)) == nil)
        }
    }

    @Test("a replayed message begins anew, whatever became of it", arguments: StoreUnderTest.all)
    func replay(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await tell(store)
            let claimed = try await store.claimDeliveries(
                token: "one",
                until: Sample.later(60),
                limit: 1,
                at: Sample.start
            )
            var delivery = try #require(claimed.first?.delivery)
            delivery.state = .givenUp
            delivery.attempts = 12
            _ = try await store.record(delivery, .refused("500"), token: "one", at: Sample.start)

            let again = try await store.replay(delivery.id, at: Sample.later(500))
            #expect(again.state == .waiting && again.attempts == 0)
            #expect(again.dueAt == Sample.later(500) && again.begunAt == Sample.later(500))
            #expect(again.createdAt == Sample.start && again.body == delivery.body)
            #expect(try await store.nextDelivery() == Sample.later(500))
            #expect(await trouble { try await store.replay("d_none", at: Sample.start) } == .notFound)
        }
    }

    @Test(
        "a few messages are on their way to an address at once, and one to an address that fails",
        arguments: StoreUnderTest.all
    )
    func room(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await store.add(webhook("w_1", [.videoFinished]))
            try await store.add(webhook("w_2", [.videoFinished]))
            let course = try await JobCourse.begin(store)
            for number in 1...6 {
                try await course.bring(
                    Sample.job(JobID("j_\(number)"), take: number, prompt: "\(number)"),
                    to: .finished
                )
            }
            func claim(_ token: String, limit: Int = 99) async throws -> [WebhookID] {
                try await store.claimDeliveries(token: token, until: Sample.later(60), limit: limit, at: Sample.start)
                    .map(\.webhook.id)
            }
            #expect(try await claim("one", limit: 0).isEmpty)
            let first = try await store.claimDeliveries(
                token: "one",
                until: Sample.later(60),
                limit: 99,
                at: Sample.start
            )
            #expect(
                first.map(\.webhook.id).sorted { $0.rawValue < $1.rawValue } == [
                    "w_1", "w_1", "w_1", "w_1", "w_2", "w_2", "w_2", "w_2",
                ]
            )
            #expect(try await claim("two").isEmpty)

            let taken = try #require(first.first { $0.webhook.id == "w_1" }?.delivery)
            let refused = first.filter { $0.webhook.id == "w_2" }.map(\.delivery)
            _ = try await store.record(
                taken.tried(.taken(200), at: Sample.start, unit: 0),
                .taken(200),
                token: "one",
                at: Sample.start
            )
            for delivery in refused {
                let tried = delivery.tried(.refused("500"), at: Sample.start, unit: 0)
                _ = try await store.record(tried, .refused("500"), token: "one", at: Sample.start)
            }
            #expect(try await claim("three") == ["w_1", "w_2"])
            #expect(try await store.webhooks().map(\.failingSince) == [nil, Sample.start])
        }
    }

    @Test(
        "an address that takes nothing for three days is switched off, and told again when a person says so",
        arguments: StoreUnderTest.all
    )
    func off(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await tell(store)
            let course = JobCourse(store: store)
            func claim(at now: Date) async throws -> Delivery {
                let until = now.adding(.seconds(60))
                let claimed = try await store.claimDeliveries(token: "t", until: until, limit: 1, at: now)
                return try #require(claimed.first?.delivery)
            }
            func refuse(at now: Date) async throws -> Bool {
                let delivery = try await claim(at: now)
                let tried = delivery.tried(.refused("500"), at: Sample.start, unit: 0)
                return try await store.record(tried, .refused("500"), token: "t", at: now)
            }
            let patience = Webhook.patience.seconds
            #expect(try await !refuse(at: Sample.start))
            #expect(try await !refuse(at: Sample.later(patience - 1)))
            #expect(try await refuse(at: Sample.later(patience)))
            let off = try #require(try await store.webhooks().first?.off)
            #expect(off == Webhook.Off(since: Sample.later(patience), reason: "500"))
            #expect(try await store.nextDelivery() == nil)

            try await course.bring(Sample.job("j_2", take: 2, prompt: "2"), to: .finished)
            let missed = try await store.deliveries(of: "w_1", after: nil, limit: 9).items
            #expect(missed.map(\.state) == [.givenUp, .givenUp])
            #expect(missed.map(\.lastAnswer) == ["never tried: the address is switched off", "500"])
            #expect(await trouble { try await store.replay(missed[0].id, at: Sample.start) } == .conflict)
            #expect(await trouble { try await store.replayMissed(of: "w_1", at: Sample.start) } == .conflict)

            #expect(try await store.switchOn("w_1").off == nil)
            #expect(try await store.replayMissed(of: "w_1", at: Sample.later(5)) == 2)
            #expect(try await store.replayMissed(of: "w_1", at: Sample.later(5)) == 0)
            #expect(try await store.nextDelivery() == Sample.later(5))
            #expect(await trouble { try await store.switchOn("w_none") } == .notFound)
        }
    }
}
