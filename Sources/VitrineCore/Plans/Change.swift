/// What a plan says about one slot.
public enum Change: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing has been made yet.
    case new
    /// What was made was asked differently.
    case changed
    /// The clip is right; what stands over it is not: free.
    case refinish
    /// It is as it should be.
    case unchanged
    /// It is being made.
    case inFlight = "in-flight"
    /// It was tried and failed; a person must decide.
    case failed
    /// A person rejected exactly this.
    case rejected
    /// An approved video was asked differently: a candidate is made beside it.
    case stale
    /// The product has left its feed.
    case orphaned
    /// It cannot be made, for the reason given.
    case blocked

    /// Whether applying a plan makes something of it.
    public var isWork: Bool { self == .new || self == .changed || self == .refinish || self == .stale }
}
