/// What a job goes on with when its provider will not make it, is out or is too dear: resolved and priced when the job was planned, so that nobody
/// decides about money later.
public struct Alternative: Hashable, Sendable, Codable {
    /// What is asked of the other provider.
    public var request: VideoRequest
    /// What that may cost.
    public var price: Money
    /// The other provider's lane.
    public var lane: LaneID

    /// Another provider's part.
    public init(request: VideoRequest, price: Money, lane: LaneID) {
        self.request = request
        self.price = price
        self.lane = lane
    }
}

/// A provider of a job's list that was passed over, and why.
public struct PassedProvider: Hashable, Sendable, Codable {
    /// Why a provider is passed over.
    public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// It would not or could not make this.
        case refused
        /// Its lane is held, or it is not configured any more: it may be asked again later.
        case out
        /// The budget does not cover its price.
        case tooDear = "too-dear"
    }

    /// Who.
    public var provider: ProviderID
    /// Why.
    public var reason: Reason
    /// What happened, in words.
    public var failure: JobFailure

    /// A provider that was passed over.
    public init(_ provider: ProviderID, _ reason: Reason, _ failure: JobFailure) {
        self.provider = provider
        self.reason = reason
        self.failure = failure
    }

    /// Whether somebody else may be asked instead: never when the outcome is unknown, nor when money has left or may have.
    public var allowsFallback: Bool {
        guard failure.billed == .no else { return false }
        return reason != .refused || failure.kind.allowsFallback
    }
}
