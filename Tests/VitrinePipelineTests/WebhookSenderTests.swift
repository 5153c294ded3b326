import Foundation
import Logging
import Synchronization
import Testing
import VitrineCore
import VitrinePipeline
import VitrineStorage
import VitrineTesting
import VitrineTransport

@Suite("Telling the shop")
struct WebhookSenderTests {
    /// A shop that answers what it is told to, one status after the other, and the last one for ever.
    private func shop(_ answers: (status: Int, headers: [String: String])...) throws -> LoopbackServer {
        let rest = Mutex(answers)
        return try LoopbackServer { _, connection in
            let answer = rest.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
            return connection.answer(answer.status, answer.headers)
        }
    }

    private func sender(
        _ workshop: Workshop,
        to shop: LoopbackServer? = nil,
        time: TimeSource? = nil
    ) -> WebhookSender {
        let allowed = shop.flatMap { AllowedHost("127.0.0.1:\($0.port)") }
        return WebhookSender(
            store: workshop.store,
            bell: workshop.store.eventSignal,
            transport: CurlTransport(allowing: Set([allowed].compactMap(\.self))),
            time: time ?? workshop.time.source,
            random: workshop.random.source,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// A home that has an address of the shop, and something to tell it.
    private func home(telling shop: LoopbackServer, _ outcome: JobFailure? = nil) async throws -> (Workshop, Webhook) {
        let workshop = try Workshop()
        let webhook = Webhook(
            id: "w_1",
            url: shop.url("/hook?shop=1"),
            events: Set(WebhookEvent.allCases),
            secret: WebhookSecret(random: .system),
            createdAt: workshop.time.now
        )
        try await workshop.store.add(webhook)
        try await makeVideo(workshop, outcome)
        return (workshop, webhook)
    }

    private func makeVideo(
        _ workshop: Workshop,
        _ outcome: JobFailure? = nil,
        product: ProductID = "p_1"
    ) async throws {
        var script = ScriptedProvider.Script()
        script.outcome = outcome
        let provider = ScriptedProvider("scripted", script)
        _ = try await workshop.enqueue(provider, product: product)
        try await workshop.runToIdle(provider)
    }

    private func deliveries(_ workshop: Workshop) async throws -> [Delivery] {
        try await workshop.store.deliveries(of: nil, after: nil, limit: 99).items
    }

    @Test("a finished video is told once, signed, and with what it is about")
    func finished() async throws {
        let shop = try shop((204, [:]))
        let (workshop, webhook) = try await home(telling: shop)

        #expect(try await sender(workshop, to: shop).drain() == 1)
        #expect(try await sender(workshop, to: shop).drain() == 0)

        let request = try #require(shop.requests.first)
        let body = String(decoding: request.body, as: UTF8.self)
        let stamp = try #require(request.headers["webhook-timestamp"].flatMap { Int64($0) })
        let id = DeliveryID(try #require(request.headers["webhook-id"]))
        #expect(shop.requests.count == 1)
        #expect(request.method == "POST" && request.target == "/hook?shop=1")
        #expect(request.headers["content-type"] == "application/json")
        #expect(stamp == workshop.time.now.milliseconds / 1000)
        #expect(request.headers["webhook-signature"] == webhook.secret.signature(of: body, id: id, timestamp: stamp))
        let told = try #require(try JSONSerialization.jsonObject(with: request.body) as? [String: Any])
        #expect(told["type"] as? String == "video.finished")
        #expect((told["data"] as? [String: Any])?["product"] as? String == "p_1")
        #expect(try await deliveries(workshop).map(\.state) == [.delivered])
        #expect(try await deliveries(workshop).map(\.id) == [id])
    }

    @Test("a failed job is told with its reason")
    func failed() async throws {
        let shop = try shop((200, [:]))
        let (workshop, _) = try await home(telling: shop, JobFailure(.moderated, "the picture was refused"))

        try await sender(workshop, to: shop).drain()

        let body = String(decoding: try #require(shop.requests.first).body, as: UTF8.self)
        #expect(body.contains(#""type":"job.failed""#) && body.contains("the picture was refused"))
    }

    @Test("what is not taken comes again under its id, is given up after three days, and its address is switched off")
    func refused() async throws {
        let shop = try shop((500, [:]))
        let (workshop, _) = try await home(telling: shop)
        let sender = sender(workshop, to: shop)
        let start = workshop.time.now

        while let next = try await workshop.store.nextDelivery() {
            workshop.time.advance(to: next)
            try await sender.drain()
        }

        #expect(shop.requests.count == Delivery.waits.count + 1)
        #expect(Set(shop.requests.map { $0.headers["webhook-id"] }).count == 1)
        #expect(Set(shop.requests.map { $0.headers["webhook-signature"] }).count == shop.requests.count)
        #expect(try await deliveries(workshop).map(\.state) == [.givenUp])
        #expect(workshop.time.now.timeIntervalSince(start) > 3 * 86_400)
        #expect(try await workshop.store.webhooks().first?.off?.reason == "500")
    }

    @Test("an address that is gone is told no more; what it missed is sent when it is on again")
    func gone() async throws {
        let shop = try shop((410, [:]), (200, [:]))
        let (workshop, webhook) = try await home(telling: shop)
        let sender = sender(workshop, to: shop)

        try await sender.drain()
        #expect(try await workshop.store.webhooks().first?.off != nil)
        try await makeVideo(workshop, product: "p_2")
        #expect(try await sender.drain() == 0)
        _ = try await workshop.store.switchOn(webhook.id)
        #expect(try await workshop.store.replayMissed(of: webhook.id, at: workshop.time.now) >= 1)
        try await sender.drain()

        #expect(try await deliveries(workshop).allSatisfy { $0.state == .delivered })
        #expect(try await workshop.store.webhooks().first?.failingSince == nil)
    }

    @Test("an address that says when to come back is asked then", arguments: [429, 503])
    func retryAfter(status: Int) async throws {
        let shop = try shop((status, ["Retry-After": "77"]))
        let (workshop, _) = try await home(telling: shop)

        try await sender(workshop, to: shop).drain()

        #expect(try await workshop.store.nextDelivery() == workshop.time.now.adding(.seconds(77)))
    }

    @Test("a redirect is not followed")
    func redirect() async throws {
        let other = try shop((200, [:]))
        let shop = try shop((302, ["Location": other.url("/")]))
        let (workshop, _) = try await home(telling: shop)

        try await sender(workshop, to: shop).drain()

        #expect(other.requests.isEmpty)
        #expect(try await deliveries(workshop).map(\.lastAnswer) == ["302"])
    }

    @Test("a private address is told nothing unless the operator excepts it")
    func guarded() async throws {
        let shop = try shop((200, [:]))
        let (workshop, webhook) = try await home(telling: shop)

        try await sender(workshop).drain()
        guard case .refused = await sender(workshop).test(webhook) else {
            Issue.record("the test message got through")
            return
        }

        #expect(shop.requests.isEmpty)
        #expect(try await deliveries(workshop).map(\.state) == [.waiting])
    }

    @Test("what a killed process had in hand is sent under the same id when its claim ends")
    func killed() async throws {
        let shop = try shop((200, [:]))
        let (workshop, _) = try await home(telling: shop)
        let lost = try await workshop.store.claimDeliveries(
            token: "killed",
            until: workshop.time.now.adding(.seconds(90)),
            limit: 9,
            at: workshop.time.now
        )

        #expect(try await sender(workshop, to: shop).drain() == 0)
        workshop.time.advance(by: .seconds(90))
        #expect(try await sender(workshop, to: shop).drain() == 1)

        #expect(shop.requests.map { $0.headers["webhook-id"] } == lost.map(\.delivery.id.rawValue))
    }

    @Test(
        "a message that was recorded while the sender rests is sent at once; a try at hand is finished before it stops"
    )
    func running() async throws {
        let shop = try shop((200, [:]))
        let (workshop, _) = try await home(telling: shop)
        let sender = sender(workshop, to: shop, time: .system)
        let run = Task { try await sender.run() }

        while shop.requests.count < 1 { await Task.yield() }
        try await makeVideo(workshop, product: "p_2")
        while shop.requests.count < 2 { await Task.yield() }
        run.cancel()
        try await run.value

        #expect(try await deliveries(workshop).allSatisfy { $0.state == .delivered })
    }
}
