internal import Crypto
public import Foundation

/// The identity of an address that is told.
public struct WebhookID: Named {
    /// The identity as it is written, `w_…`.
    public let rawValue: String
    /// An identity as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// The identity of one message to one address: the same however often it is sent.
public struct DeliveryID: Named {
    /// The identity as it is written, `d_…`.
    public let rawValue: String
    /// An identity as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// What a shop's own systems are told of.
public enum WebhookEvent: String, Hashable, Sendable, Codable, CaseIterable {
    /// A video is ready.
    case videoFinished = "video.finished"
    /// A video is there, but its checks refuse it.
    case videoQuarantined = "video.quarantined"
    /// A job cannot go on.
    case jobFailed = "job.failed"
    /// An uploaded feed is the catalogue.
    case importFinished = "import.finished"
    /// An uploaded feed could not be read.
    case importFailed = "import.failed"
}

/// The secret that both sides of a webhook know.
public struct WebhookSecret: Hashable, Sendable {
    /// `whsec_` and the key as Base64, as Standard Webhooks writes it.
    public let text: String
    private let key: [UInt8]

    /// A secret as it is written; nil when it is none, or shorter than 192 bits.
    public init?(_ text: String) {
        guard text.hasPrefix("whsec_"), let key = Data(base64Encoded: String(text.dropFirst(6))), key.count >= 24 else {
            return nil
        }
        self.text = text
        self.key = Array(key)
    }

    /// A new secret of 256 random bits.
    public init(random: RandomSource) {
        key = random.bytes(32)
        text = "whsec_" + Data(key).base64EncodedString()
    }

    /// The `webhook-signature` of a message: `v1,` and the HMAC-SHA256 of `id.timestamp.body`.
    ///
    /// See https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.
    public func signature(of body: String, id: DeliveryID, timestamp: Int64) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(id).\(timestamp).\(body)".utf8),
            using: SymmetricKey(data: key)
        )
        return "v1," + Data(code).base64EncodedString()
    }
}

/// An address of the shop that is told of what happened.
public struct Webhook: Hashable, Sendable {
    /// Its identity.
    public var id: WebhookID
    /// Where it is.
    public var url: String
    /// What it is told of.
    public var events: Set<WebhookEvent>
    /// What both sides know.
    public var secret: WebhookSecret
    /// When it was added.
    public var createdAt: Date
    /// Since when it has taken nothing; nil while it takes what it is told.
    public var failingSince: Date?
    /// When and why it was switched off; nil while it is told.
    public var off: Off?

    /// That an address is told no more, until somebody switches it on.
    public struct Off: Hashable, Sendable {
        /// Since when.
        public var since: Date
        /// Why: what it answered last.
        public var reason: String

        /// Off since then, for a reason.
        public init(since: Date, reason: String) {
            self.since = since
            self.reason = reason
        }
    }

    /// How long an address may take nothing before it is switched off.
    public static let patience = Duration.seconds(3 * 86_400)

    /// Whether a text can be the address of a webhook: http or https, a host, no name or password, no fragment.
    public static func isAddress(_ text: String) -> Bool {
        guard text.utf8.count <= 2000, text.utf8.allSatisfy({ (33...126).contains($0) }),
            let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme?.lowercased())
        else { return false }
        return parts.host?.isEmpty == false && parts.user == nil && parts.password == nil && parts.fragment == nil
    }

    /// An address.
    public init(id: WebhookID, url: String, events: Set<WebhookEvent>, secret: WebhookSecret, createdAt: Date) {
        self.id = id
        self.url = url
        self.events = events
        self.secret = secret
        self.createdAt = createdAt
    }
}
