import Foundation
import VitrineCore

/// What an operator says about one provider: whom to ask, as whom, and how much at once.
public struct ProviderAccount: Hashable, Sendable {
    /// The key that proves who asks.
    public var key: String
    /// What stands before every path, instead of the provider's own address.
    public var address: String?
    /// The secret with which it signs what it calls us with.
    public var webhookSecret: String?
    /// The model's name, where gateways differ.
    public var model: String?
    /// How many jobs may be with it at once, instead of what it allows a new account.
    public var limit: Int?
    /// How many jobs may be begun in a minute.
    public var perMinute: Int?

    /// An account.
    public init(
        key: String,
        address: String? = nil,
        webhookSecret: String? = nil,
        model: String? = nil,
        limit: Int? = nil,
        perMinute: Int? = nil
    ) {
        self.key = key
        self.address = address
        self.webhookSecret = webhookSecret
        self.model = model
        self.limit = limit
        self.perMinute = perMinute
    }

    /// The lane of a provider whose new accounts may have `limit` jobs at once and begin `perMinute` of them.
    func lane(_ provider: ProviderID, limit: Int, perMinute: Int? = nil) -> Lane {
        let rate = self.perMinute ?? perMinute
        return Lane(
            id: LaneID(provider.rawValue),
            limit: max(1, self.limit ?? limit),
            interval: rate.map { .milliseconds(Int64(60_000 / max(1, $0))) } ?? .zero
        )
    }

    /// The way to the provider.
    func connection(
        to provider: ProviderID,
        at home: String,
        credentials: [String: String],
        transport: any HTTPTransport,
        errors: ErrorTable,
        complaint: @escaping @Sendable (Reply) -> (code: String?, message: String?)
    ) -> Connection {
        var base = address ?? home
        while base.hasSuffix("/") { base.removeLast() }
        return Connection(
            provider: provider,
            base: base,
            credentials: credentials,
            transport: transport,
            isOperators: address != nil,
            errors: errors,
            complaint: complaint
        )
    }
}
