public import Foundation

/// One intent to send work to a provider, and what came of it.
///
/// It is kept for ever: it is where the money is.
public struct Submission: Hashable, Sendable, Codable {
    /// What came of it.
    public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        /// Recorded; the answer is awaited.
        case open
        /// The provider has it.
        case accepted
        /// The provider certainly has nothing.
        case turnedAway = "turned-away"
        /// Nobody knows; it may have been billed.
        case doubtful
        /// It was found later.
        case adopted
    }

    /// Its key, sent once.
    public var key: SubmissionKey
    /// The job it is for.
    public var job: JobID
    /// To whom it goes.
    public var provider: ProviderID
    /// When the intent was recorded.
    public var begunAt: Date
    /// What came of it.
    public var outcome: Outcome
    /// The provider's job, once known.
    public var remote: RemoteJob?
    /// The money set aside.
    public var reserved: Money
    /// The money that left, once known.
    public var settled: Money?

    /// One intent.
    public init(
        key: SubmissionKey,
        job: JobID,
        provider: ProviderID,
        begunAt: Date,
        outcome: Outcome,
        remote: RemoteJob? = nil,
        reserved: Money,
        settled: Money? = nil
    ) {
        self.key = key
        self.job = job
        self.provider = provider
        self.begunAt = begunAt
        self.outcome = outcome
        self.remote = remote
        self.reserved = reserved
        self.settled = settled
    }
}

/// A lane's limits, shared by every process on a home.
public struct Lane: Hashable, Sendable, Codable {
    /// Its identity.
    public var id: LaneID
    /// How many jobs may be past `queued` and not yet fetched; for finishing, how many may be worked on.
    public var limit: Int
    /// The least time between two submissions.
    public var interval: Duration
    /// Until when nothing is begun.
    public var pausedUntil: Date?
    /// Why.
    public var pauseReason: String?
    /// What its provider was seen to take, where it has refused without saying how many are allowed.
    public var pace: LearnedPace?

    /// A pause up to which what waits in a lane is left where it is.
    public static let patience: Duration = .seconds(45)

    /// Whether it is paused for so long that nobody waits for it.
    public func isHeld(at now: Date) -> Bool {
        pausedUntil.map { $0 > now.adding(Lane.patience) } ?? false
    }

    /// A lane that is open.
    public init(
        id: LaneID,
        limit: Int,
        interval: Duration = .zero,
        pausedUntil: Date? = nil,
        pauseReason: String? = nil,
        pace: LearnedPace? = nil
    ) {
        self.id = id
        self.limit = limit
        self.interval = interval
        self.pausedUntil = pausedUntil
        self.pauseReason = pauseReason
        self.pace = pace
    }
}
