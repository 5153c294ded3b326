import Foundation
public import Logging
public import VitrineCore

/// Tells the shop's own systems what happened, as Standard Webhooks says (https://www.standardwebhooks.com).
///
/// A message is sent until its address has taken it, under one id: at least once, and in no certain order. What was claimed by a
/// process that died is sent by the next one when the claim ends.
public struct WebhookSender: Sendable {
    let store: any WebhookStore
    let bell: Signal
    let transport: any HTTPTransport
    let time: TimeSource
    let random: RandomSource
    let metrics: PipelineMetrics
    let log: Logger

    /// The most messages that are on their way at once.
    static let width = 16
    /// How long one try may take.
    static let deadline = Duration.seconds(15)
    /// How long a claim lasts: a try, and its wait for a connection to its host.
    static let lease = Duration.seconds(90)

    /// A sender of one home's messages; `bell` rings when this process has recorded something.
    public init(
        store: any WebhookStore,
        bell: Signal,
        transport: any HTTPTransport,
        time: TimeSource,
        random: RandomSource,
        metrics: PipelineMetrics = PipelineMetrics(),
        log: Logger
    ) {
        self.store = store
        self.bell = bell
        self.transport = transport
        self.time = time
        self.random = random
        self.metrics = metrics
        self.log = log
    }

    /// What wakes the loop.
    private enum Wake {
        case ended
        case rested
    }

    /// Sends what is due until cancelled; tries at hand are finished.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Wake.self) { group in
            var underway = 0
            var isResting = false
            while !Task.isCancelled {
                let rings = bell.rings
                let token = random.identifier("t")
                for (delivery, webhook) in try await claim(token, limit: Self.width - underway) {
                    underway += 1
                    group.addTask {
                        await send(delivery, to: webhook, token: token)
                        return .ended
                    }
                }
                if !isResting {
                    isResting = true
                    group.addTask {
                        await rest(beyond: rings)
                        return .rested
                    }
                }
                switch try await group.next() {
                case .ended: underway -= 1
                case .rested, nil: isResting = false
                }
            }
        }
    }

    /// Tries what is due now, for as long as something is taken and no longer than about `limit`; gives back how many tries that were.
    @discardableResult
    public func drain(limit: Duration = .seconds(20)) async throws -> Int {
        var tries = 0
        let end = time.now().adding(limit)
        while true {
            let token = random.identifier("t")
            let claimed = try await claim(token, limit: Self.width)
            let taken = await withTaskGroup(of: Bool.self) { group in
                for (delivery, webhook) in claimed {
                    group.addTask { await send(delivery, to: webhook, token: token) }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            tries += claimed.count
            if taken == 0 || time.now() >= end { return tries }
        }
    }

    /// Sends a message of no meaning, which is not kept; gives back what the address answers.
    public func test(_ webhook: Webhook) async -> DeliveryAnswer {
        let body = Test(
            type: "webhook.test",
            timestamp: ReportJSON.text(time.now()),
            data: ["webhook": webhook.id.rawValue]
        )
        let text = String(decoding: ReportJSON.data(body), as: UTF8.self)
        return await answer(of: webhook, to: text, as: DeliveryID(random.identifier("d")))
    }

    private struct Test: Encodable {
        var type: String
        var timestamp: String
        var data: [String: String]
    }

    private func claim(_ token: String, limit: Int) async throws -> [(delivery: Delivery, webhook: Webhook)] {
        let now = time.now()
        do throws(StoreError) {
            // A look costs no write: most of the time there is nothing to send.
            guard limit > 0, let next = try await store.nextDelivery(), next <= now else { return [] }
            return try await store.claimDeliveries(token: token, until: now.adding(Self.lease), limit: limit, at: now)
        } catch {
            guard error.kind == .busy || error.kind == .full else { throw error }
            log.warning("could not claim messages to webhooks", metadata: ["store": "\(error.kind)"])
            return []
        }
    }

    /// One try and its record, where no cancellation reaches them: a shutdown waits for the deadline of a try at most.
    ///
    /// Gives back whether the message was taken.
    @discardableResult
    private func send(_ delivery: Delivery, to webhook: Webhook, token: String) async -> Bool {
        await Task {
            let answer = await answer(of: webhook, to: delivery.body, as: delivery.id)
            let now = time.now()
            let tried = delivery.tried(answer, at: now, unit: random.unit())
            metrics.delivered(tried.event, tried.state)
            var metadata: Logger.Metadata = [
                "webhook.id": "\(webhook.id)", "delivery.id": "\(tried.id)", "attempts": "\(tried.attempts)",
                "answer": "\(answer.words)",
            ]
            if tried.state == .delivered {
                log.info("a webhook took a message", metadata: metadata)
            } else {
                log.warning("a webhook did not take a message", metadata: metadata)
            }
            do throws(StoreError) {
                if try await store.record(tried, answer, token: token, at: now) {
                    log.error("a webhook is switched off", metadata: metadata)
                }
            } catch {
                // The claim ends by itself, and the message is sent again under the same id.
                metadata["store"] = "\(error.kind)"
                log.warning("what a webhook answered was not recorded", metadata: metadata)
            }
            return tried.state == .delivered
        }.value
    }

    private func answer(of webhook: Webhook, to body: String, as id: DeliveryID) async -> DeliveryAnswer {
        let stamp = time.now().milliseconds / 1000
        let request = HTTPRequest(
            "POST",
            webhook.url,
            headers: [
                "Content-Type": "application/json",
                "webhook-id": id.rawValue,
                "webhook-timestamp": String(stamp),
                "webhook-signature": webhook.secret.signature(of: body, id: id, timestamp: stamp),
            ],
            body: Data(body.utf8),
            deadline: Self.deadline,
            stall: Self.deadline,
            followsRedirects: false
        )
        do throws(TransportError) {
            let response = try await transport.send(request)
            switch response.status {
            case 200..<300: return .taken(response.status)
            case 410: return .gone
            default:
                let seconds = response.headers["retry-after"].flatMap { Int64($0) }
                return .refused("\(response.status)", retryAfter: seconds.map { .seconds(max(0, min($0, 86_400))) })
            }
        } catch {
            return .refused(error.message)
        }
    }

    /// Rests until this process has recorded something, or for a second: other processes ring no bell here.
    private func rest(beyond rings: Int) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await bell.wait(beyond: rings) }
            // Cancelled is as good as slept.
            group.addTask { try? await time.sleep(.seconds(1)) }
            await group.next()
            group.cancelAll()
        }
    }
}
