public import Foundation

/// The identity of one apply.
public struct RunID: Named {
    /// The identity as it is written, `r_…`.
    public let rawValue: String
    /// An identity as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A provider account, local rendering, or finishing: what limits how much happens at once.
public struct LaneID: Named {
    /// The identity as it is written.
    public let rawValue: String
    /// An identity as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// Where fetched clips are finished and judged.
    public static let finishing: LaneID = "finishing"
    /// Where this machine renders by itself.
    public static let local: LaneID = "local"
}

/// The making of one take, from the first intent to the attached video.
public struct Job: Hashable, Sendable {
    /// The claim of one worker on a job, for a while.
    public struct Lease: Hashable, Sendable, Codable {
        /// Who holds it.
        public var token: String
        /// When it ends by itself.
        public var until: Date

        /// A claim.
        public init(token: String, until: Date) {
            self.token = token
            self.until = until
        }
    }

    /// Its identity.
    public var id: JobID
    /// The apply that it belongs to.
    public var run: RunID
    /// The place it fills.
    public var slot: Slot
    /// The take it makes.
    public var take: Int
    /// What is asked.
    public var request: VideoRequest
    /// What is asked, as a fingerprint.
    public var fingerprint: Fingerprint
    /// The preset it came from.
    public var preset: PresetUse
    /// What it may cost.
    public var price: Money
    /// The provider's lane.
    public var providerLane: LaneID
    /// Who may make it instead, in the order in which they are asked.
    public var alternatives: [Alternative]
    /// Who was passed over, oldest first.
    public var passed: [PassedProvider]
    /// Whether a person is waiting for it.
    public var isUrgent: Bool
    /// How far it has come.
    public var state: JobState
    /// Clips of the shots that are done.
    public var shots: [Clip]
    /// Whether somebody wants it cancelled.
    public var isCancelWanted: Bool
    /// Failures in a row.
    public var failures: Int
    /// The last failure, while there is one.
    public var lastFailure: JobFailure?
    /// How often a doubtful submission was searched for.
    public var looks: Int
    /// How far the provider says it is, in 0...1.
    public var progress: Double?
    /// When there is something to do.
    public var dueAt: Date
    /// How often it was claimed.
    public var claims: Int
    /// Who works on it now.
    public var lease: Lease?
    /// When it was made.
    public var createdAt: Date
    /// The HTTP request that asked for it, if one did: it stands beside what happened to the job.
    public var requestID: String?

    /// A job that is queued; its fingerprint is the request's.
    public init(
        id: JobID,
        run: RunID,
        slot: Slot,
        take: Int,
        request: VideoRequest,
        fingerprint: Fingerprint? = nil,
        preset: PresetUse,
        price: Money,
        providerLane: LaneID,
        alternatives: [Alternative] = [],
        isUrgent: Bool = false,
        createdAt: Date,
        requestID: String? = nil
    ) {
        self.id = id
        self.run = run
        self.slot = slot
        self.take = take
        self.request = request
        self.fingerprint = fingerprint ?? request.fingerprint
        self.preset = preset
        self.price = price
        self.providerLane = providerLane
        self.alternatives = alternatives
        self.passed = []
        self.isUrgent = isUrgent
        self.state = .queued
        self.shots = []
        self.isCancelWanted = false
        self.failures = 0
        self.lastFailure = nil
        self.looks = 0
        self.progress = nil
        self.dueAt = createdAt
        self.claims = 0
        self.lease = nil
        self.createdAt = createdAt
        self.requestID = requestID
    }

    /// What the clip that is next may cost: the price's part by its length, the last shot taking what rounding left.
    public var nextPrice: Money {
        guard request.shots.count > 1, shots.count < request.shots.count else { return price }
        let total = request.shots.reduce(0) { $0 + $1.seconds }
        func part(_ shot: Int) -> Int64 {
            Int64((Double(price.micros) * request.shots[shot].seconds / max(total, 0.001)).rounded(.down))
        }
        let isLast = shots.count == request.shots.count - 1
        let micros = isLast ? price.micros - (0..<shots.count).reduce(0) { $0 + part($1) } : part(shots.count)
        return Money(micros: micros, currency: price.currency)
    }

    /// The lane in which it waits: its provider's, or finishing once its clip is ours.
    public var lane: LaneID {
        state.name == .fetched ? .finishing : providerLane
    }
}
