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
            try await store.record(delivery, token: "one")
            #expect(try await store.deliveries(of: nil, after: nil, limit: 9).items.map(\.attempts) == [0])
            try await store.record(delivery, token: "two")
            #expect(try await store.deliveries(of: nil, after: nil, limit: 9).items == [delivery])
            #expect(try await store.nextDelivery() == Sample.later(300))
            #expect(try await claim("three", at: Sample.later(299)) == nil)
            #expect(try await claim("three", at: Sample.later(300)) == delivery)

            delivery.state = .delivered
            try await store.record(delivery, token: "three")
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
            try await store.record(delivery, token: "one")

            let again = try await store.replay(delivery.id, at: Sample.later(500))
            #expect(again.state == .waiting && again.attempts == 0)
            #expect(again.dueAt == Sample.later(500) && again.begunAt == Sample.later(500))
            #expect(again.createdAt == Sample.start && again.body == delivery.body)
            #expect(try await store.nextDelivery() == Sample.later(500))
            #expect(await trouble { try await store.replay("d_none", at: Sample.start) } == .notFound)
        }
    }
}
