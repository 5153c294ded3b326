public import Foundation

/// The identity of a job.
public struct JobID: Named {
    /// The identity as it is written, `j_…`.
    public let rawValue: String
    /// An identity as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// The identity of a provider, such as `local` or `fal`.
public struct ProviderID: Named {
    /// The identity as it is written.
    public let rawValue: String
    /// An identity as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The renderer that needs no network.
    public static let local: ProviderID = "local"
}

/// The key of one submission: sent once, by the worker that recorded it.
public struct SubmissionKey: Named {
    /// The key as it is written.
    public let rawValue: String
    /// A key as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A job as its provider knows it.
public struct RemoteJob: Hashable, Sendable, Codable {
    /// The provider's identifier.
    public var id: String
    /// Where to look, if the provider said so.
    public var address: String?

    /// A job at a provider.
    public init(id: String, address: String? = nil) {
        self.id = id
        self.address = address
    }
}

/// A file at a provider, whose link will die.
public struct RemoteVideo: Hashable, Sendable, Codable {
    /// The job that made it.
    public var job: RemoteJob
    /// Where it can be fetched: an address, or a path of the local provider.
    public var location: String
    /// When the link dies, if known.
    public var expiresAt: Date?
    /// What it cost by the provider's own account, if it says so.
    public var cost: Money?

    /// A file to fetch.
    public init(job: RemoteJob, location: String, expiresAt: Date? = nil, cost: Money? = nil) {
        self.job = job
        self.location = location
        self.expiresAt = expiresAt
        self.cost = cost
    }
}

/// Why a job could not go on.
public struct JobFailure: Error, Hashable, Sendable, Codable {
    /// The kinds of failure.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// The provider will not make this: its picture or its parameters.
        case refused
        /// The provider's rules about content forbid it.
        case moderated
        /// The provider no longer offers this.
        case retired
        /// The provider does not accept our key.
        case badKey = "bad-key"
        /// The provider's account is empty.
        case outOfCredit = "out-of-credit"
        /// Our own budget is spent, or none is set.
        case overBudget = "over-budget"
        /// The provider asks us to wait.
        case tooMany = "too-many"
        /// The provider is there, but has no room or a fault of its own.
        case busy
        /// The provider cannot be reached, or is broken.
        case unreachable
        /// An answer we do not understand.
        case garbled
        /// A submission was sent and no answer came: it may have been billed.
        case unknownOutcome = "unknown-outcome"
        /// The provider began and failed.
        case renderFailed = "render-failed"
        /// The file could not be fetched.
        case downloadFailed = "download-failed"
        /// The file could not be finished.
        case finishFailed = "finish-failed"
        /// No room on the disk.
        case diskFull = "disk-full"
        /// A picture or program that the job needs is not there.
        case missing
        /// A fault of ours.
        case fault

        /// Whether another provider may do what this one would not.
        public var allowsFallback: Bool {
            switch self {
            case .refused, .moderated, .retired, .badKey, .outOfCredit, .tooMany, .busy, .renderFailed: true
            default: false
            }
        }

        /// Whether it is what a provider made of the work itself: the rest is trouble between the provider and us.
        public var isVerdict: Bool {
            switch self {
            case .refused, .moderated, .retired, .renderFailed: true
            default: false
            }
        }
    }

    /// Whether money has left.
    public enum Billed: String, Hashable, Sendable, Codable {
        /// It has.
        case yes
        /// It has not.
        case no
        /// Nobody knows.
        case unknown
    }

    /// The kind.
    public var kind: Kind
    /// What happened, in words.
    public var message: String
    /// What to do.
    public var hint: String?
    /// Whether money has left.
    public var billed: Billed

    /// A failure of a kind.
    public init(_ kind: Kind, _ message: String, hint: String? = nil, billed: Billed = .no) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.billed = billed
    }

    /// Whether nobody knows if money has left: it stays set aside until a person decides.
    public var mayBeBilled: Bool { kind == .unknownOutcome || billed == .unknown }
}

/// How far a job has come.
///
/// There is no state for being worked on: that is a lease beside the state.
public enum JobState: Hashable, Sendable {
    /// Nothing has been sent; safe to begin.
    case queued
    /// The intent is on disk; the provider may or may not have it.
    case submitting(SubmissionKey)
    /// The provider has it.
    case rendering(RemoteJob)
    /// There is a file to fetch, its link will die, and the money is owed.
    case rendered(RemoteVideo)
    /// The provider's file is ours, by digest; what follows is local and can be done again.
    case fetched(Clip)
    /// The video is a take of its slot.
    case finished(VideoID)
    /// A person must decide.
    case failed(JobFailure)
    /// A person has decided.
    case cancelled

    /// The names by which states are stored, printed and counted.
    public enum Name: String, Hashable, Sendable, Codable, CaseIterable {
        /// See `JobState.queued`.
        case queued
        /// See `JobState.submitting`.
        case submitting
        /// See `JobState.rendering`.
        case rendering
        /// See `JobState.rendered`.
        case rendered
        /// See `JobState.fetched`.
        case fetched
        /// See `JobState.finished`.
        case finished
        /// See `JobState.failed`.
        case failed
        /// See `JobState.cancelled`.
        case cancelled

        /// Whether nothing follows unless a person wants it.
        public var isFinal: Bool { self == .finished || self == .failed || self == .cancelled }
    }

    /// The name of the state.
    public var name: Name {
        switch self {
        case .queued: .queued
        case .submitting: .submitting
        case .rendering: .rendering
        case .rendered: .rendered
        case .fetched: .fetched
        case .finished: .finished
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }

    /// Whether nothing follows unless a person wants it.
    public var isFinal: Bool { name.isFinal }
}
