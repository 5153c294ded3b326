public import Foundation

/// Why a provider could not do what it was asked.
public struct ProviderError: Error, Hashable, Sendable {
    /// What happened, as a failure of the job.
    public var failure: JobFailure
    /// Whether the provider may have got the request: decides whether a submission is doubtful.
    public var mayHaveBeenSent: Bool
    /// Whether trying again later may help.
    public var isPassing: Bool
    /// When the provider says to come back.
    public var retryAfter: Duration?
    /// Whether the whole account is meant, so that its lane pauses.
    public var pausesLane: Bool

    /// An error.
    public init(
        _ failure: JobFailure,
        mayHaveBeenSent: Bool = false,
        isPassing: Bool = false,
        retryAfter: Duration? = nil,
        pausesLane: Bool = false
    ) {
        self.failure = failure
        self.mayHaveBeenSent = mayHaveBeenSent
        self.isPassing = isPassing
        self.retryAfter = retryAfter
        self.pausesLane = pausesLane
    }
}

/// What a provider is given to make one clip.
public struct SubmissionOrder: Hashable, Sendable {
    /// The key, sent once.
    public var key: SubmissionKey
    /// What is asked.
    public var request: VideoRequest
    /// The shot of the request that this is, from 0.
    public var shot: Int
    /// The composed first frame.
    public var frame: FirstFrame
    /// Where the frame's PNG can be read here.
    public var framePath: String

    /// An order.
    public init(key: SubmissionKey, request: VideoRequest, shot: Int, frame: FirstFrame, framePath: String) {
        self.key = key
        self.request = request
        self.shot = shot
        self.frame = frame
        self.framePath = framePath
    }
}

/// What a provider says about a job of ours.
public enum RemoteStatus: Hashable, Sendable {
    /// Not ready; look again after that time, if the provider says.
    case rendering(progress: Double?, lookAgainAfter: Duration?)
    /// There is a file.
    case rendered(RemoteVideo)
    /// It failed for good.
    case failed(JobFailure)
}

/// A service that makes a clip from a picture: request out, answer in, nothing else.
public protocol VideoProvider: Sendable {
    /// Its name.
    var id: ProviderID { get }
    /// What it can do and what that costs.
    var offers: [Offer] { get }
    /// The lane its jobs wait in.
    var lane: Lane { get }
    /// Whether a submit with the same key is known to make nothing twice.
    var honoursSubmissionKey: Bool { get }
    /// Longer than any of its calls takes.
    var longestCall: Duration { get }

    /// Sends the work. This is the one door through which money leaves.
    func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob
    /// Looks how far a job is. The order is what was submitted.
    func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus
    /// Looks in the provider's own list for a submission that was not answered; nil when it is not there.
    func find(_ order: SubmissionOrder, begunAt: Date) async throws(ProviderError) -> RemoteJob?
    /// Writes the file to a path, complete or not at all. Throws with `isPassing` and kind `downloadFailed`; a dead link has `pausesLane` false and kind `missing`.
    func download(_ video: RemoteVideo, to path: String) async throws(ProviderError)
    /// Asks the provider to stop, where it can; losing this is no harm.
    func cancel(_ remote: RemoteJob) async
    /// Makes the cheapest call that proves that it can be used.
    func prove() async throws(ProviderError)
}

/// Puts over a clip what stands over it, makes its poster, and judges it.
public protocol ClipFinisher: Sendable {
    /// The finished and judged clip, its files kept in the media store. Doing it again gives the same.
    func finish(_ clip: Clip, for request: VideoRequest, made: Date) async throws(ProviderError) -> FinishedClip
}
