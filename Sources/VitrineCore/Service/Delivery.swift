public import Foundation

/// One message to one address.
public struct Delivery: Hashable, Sendable {
    /// How far it is.
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// It is to be sent, perhaps again.
        case waiting
        /// The address has taken it.
        case delivered
        /// It was tried in vain for days, or its address is switched off.
        case givenUp = "given-up"
    }

    /// Its identity.
    public var id: DeliveryID
    /// To whom.
    public var webhook: WebhookID
    /// Of what.
    public var event: WebhookEvent
    /// The JSON that is sent.
    public var body: String
    /// How far it is.
    public var state: State
    /// How often it was tried since it was made or replayed.
    public var attempts: Int
    /// When it is to be tried next.
    public var dueAt: Date
    /// When it was made.
    public var createdAt: Date
    /// When it was made, or asked for again: what giving up counts from.
    public var begunAt: Date
    /// What came of the last try: a status or the reason why there was none.
    public var lastAnswer: String?

    /// A message that waits.
    public init(
        id: DeliveryID,
        webhook: WebhookID,
        event: WebhookEvent,
        body: String,
        createdAt: Date
    ) {
        self.id = id
        self.webhook = webhook
        self.event = event
        self.body = body
        state = .waiting
        attempts = 0
        dueAt = createdAt
        self.createdAt = createdAt
        begunAt = createdAt
    }
}

/// What an address did with a message.
public enum DeliveryAnswer: Hashable, Sendable {
    /// It has it: its status is any 2xx.
    case taken(Int)
    /// It has it not, or nobody knows; perhaps it said when to come back.
    case refused(String, retryAfter: Duration? = nil)
    /// It wants to be told nothing any more: 410.
    case gone

    /// The answer in a few words.
    public var words: String {
        switch self {
        case .taken(let status): "\(status)"
        case .refused(let words, _): words
        case .gone: "410: it wants to be told no more"
        }
    }
}

extension Delivery {
    /// The waits between tries: ten tries in three days, as Standard Webhooks advises.
    public static let waits: [Duration] = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400].map {
        .seconds($0)
    }

    /// The message after one more try; `unit` in 0..<1 spreads the waits, so that messages of one outage do not come back together.
    public func tried(_ answer: DeliveryAnswer, at now: Date, unit: Double) -> Delivery {
        var delivery = self
        delivery.attempts += 1
        delivery.lastAnswer = answer.words
        switch answer {
        case .taken:
            delivery.state = .delivered
        case .refused(_, let advised):
            guard Self.waits.indices.contains(attempts) else {
                delivery.state = .givenUp
                return delivery
            }
            let wait = Double(Self.waits[attempts].milliseconds) * (0.9 + unit / 5)
            let longest = Self.waits[Self.waits.count - 1]
            delivery.dueAt = now.adding(max(.milliseconds(Int64(wait)), min(advised ?? .zero, longest)))
        case .gone:
            delivery.state = .givenUp
        }
        return delivery
    }
}
