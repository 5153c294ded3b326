public import Foundation

/// Something that happened to a job.
///
/// Events are recorded; states follow from them.
public enum JobEvent: Hashable, Sendable, Codable {
    /// An upload that the submit will name is at the provider.
    case staged(asset: String, until: Date?)
    /// The intent to submit, with the money it reserves.
    case begun(SubmissionKey, reserving: Money)
    /// The provider certainly has nothing: it took nothing, or it began, failed, and takes no money for that.
    case turnedAway(JobFailure, retryAt: Date)
    /// The provider has it.
    case accepted(RemoteJob, pollAt: Date)
    /// A doubtful submission was searched for in the provider's list and is not there yet.
    case looked(nextAt: Date)
    /// The provider is still at it.
    case stillRendering(progress: Double?, pollAt: Date)
    /// There is a file to fetch, and the money is owed.
    case rendered(RemoteVideo)
    /// The link died; a new one must be asked for.
    case lapsed(pollAt: Date)
    /// Trouble on the way.
    case stumbled(JobFailure, retryAt: Date)
    /// The provider's file is ours.
    case fetched(Clip)
    /// The finished video is a take of its slot.
    case attached(Video)
    /// A new finish is wanted, from the clip we hold.
    case refinished(Clip, VideoRequest)
    /// Its provider was passed over; it goes on with another one of its list.
    case fellBack(PassedProvider, to: Alternative)
    /// It cannot go on.
    case gaveUp(JobFailure)
    /// A person does not want it.
    case cancelled
    /// An answer that came late, or a person found the work.
    case adopted(RemoteJob, pollAt: Date)
    /// A person wants it tried again.
    case retried

    /// The names by which events are stored, printed and counted.
    public enum Name: String, Hashable, Sendable, Codable, CaseIterable {
        case staged, begun
        case turnedAway = "turned-away"
        case accepted, looked
        case stillRendering = "still-rendering"
        case rendered, lapsed, stumbled, fetched, attached, refinished
        case fellBack = "fell-back"
        case gaveUp = "gave-up"
        case cancelled, adopted, retried
    }

    /// The name of the event.
    public var name: Name {
        switch self {
        case .staged: .staged
        case .begun: .begun
        case .turnedAway: .turnedAway
        case .accepted: .accepted
        case .looked: .looked
        case .stillRendering: .stillRendering
        case .rendered: .rendered
        case .lapsed: .lapsed
        case .stumbled: .stumbled
        case .fetched: .fetched
        case .attached: .attached
        case .refinished: .refinished
        case .fellBack: .fellBack
        case .gaveUp: .gaveUp
        case .cancelled: .cancelled
        case .adopted: .adopted
        case .retried: .retried
        }
    }
}

/// Who made something happen.
public enum Actor: String, Hashable, Sendable, Codable {
    /// A worker in its step.
    case worker
    /// A person by a command or a page.
    case person
    /// A provider by its callback.
    case webhook
}

/// One line of a job's history.
public struct JobEventRecord: Hashable, Sendable, Codable {
    /// When it was recorded.
    public var at: Date
    /// Who made it happen.
    public var actor: Actor
    /// What happened.
    public var event: JobEvent
    /// The HTTP request that asked for the job, if one did.
    public var requestID: String?

    /// One line.
    public init(at: Date, actor: Actor, event: JobEvent, requestID: String? = nil) {
        self.at = at
        self.actor = actor
        self.event = event
        self.requestID = requestID
    }
}
