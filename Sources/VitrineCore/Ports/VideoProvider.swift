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
    /// Whether one more try may help, and only one.
    public var mayHelpOnce: Bool

    /// An error.
    public init(
        _ failure: JobFailure,
        mayHaveBeenSent: Bool = false,
        isPassing: Bool = false,
        retryAfter: Duration? = nil,
        pausesLane: Bool = false,
        mayHelpOnce: Bool = false
    ) {
        self.failure = failure
        self.mayHaveBeenSent = mayHaveBeenSent
        self.isPassing = isPassing
        self.retryAfter = retryAfter
        self.pausesLane = pausesLane
        self.mayHelpOnce = mayHelpOnce
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
    /// Where more pictures of the same product can be read here, composed as the frame is.
    public var references: [String]
    /// Where the provider finds the frame and then the references, when they were uploaded or are served by us.
    public var addresses: [String]
    /// The address that the provider may call when something has happened; nobody else can guess it.
    public var callback: String?
    /// The id of the request that asked for the job; nil when a command did.
    public var requestID: String?

    /// An order.
    public init(
        key: SubmissionKey,
        request: VideoRequest,
        shot: Int,
        frame: FirstFrame,
        framePath: String,
        references: [String] = [],
        addresses: [String] = [],
        callback: String? = nil,
        requestID: String? = nil
    ) {
        self.key = key
        self.request = request
        self.shot = shot
        self.frame = frame
        self.framePath = framePath
        self.references = references
        self.addresses = addresses
        self.callback = callback
        self.requestID = requestID
    }

    /// What this clip is told to show: the shot's words, or the request's.
    public var prompt: String { current?.prompt ?? request.prompt }
    /// How long this clip is.
    public var seconds: Double { current?.seconds ?? request.seconds }
    /// What this clip begins from.
    public var beginning: VideoRequest.Shot.Beginning { current?.from ?? .picture }

    private var current: VideoRequest.Shot? {
        request.shots.indices.contains(shot) ? request.shots[shot] : nil
    }
}

/// Pictures that a provider holds for a while, so that a submission can name them.
public struct StagedPictures: Hashable, Sendable {
    /// Where they are, the first frame first.
    public var addresses: [String]
    /// Until when they are there, if known.
    public var until: Date?

    /// Pictures at these addresses.
    public init(_ addresses: [String], until: Date? = nil) {
        self.addresses = addresses
        self.until = until
    }
}

/// How a provider gets pictures that are files here.
public enum PictureRoute: Hashable, Sendable {
    /// Within the submission itself.
    case inline
    /// By an upload of their own, before the submission.
    case upload
    /// From a public address of ours: nothing else will do.
    case address
}

/// What is known of a submission that was not answered.
public struct LostSubmission: Hashable, Sendable {
    /// When its intent was recorded.
    public var begunAt: Date
    /// The provider's jobs that other submissions of ours hold: certainly not the one looked for.
    public var known: Set<String>
    /// Whether no other submission to this provider is unanswered, so that an unknown job of that time can only be this one.
    public var isAlone: Bool

    /// A submission begun then.
    public init(begunAt: Date, known: Set<String> = [], isAlone: Bool = false) {
        self.begunAt = begunAt
        self.known = known
        self.isAlone = isAlone
    }
}

/// What came in at the door where providers ring.
public struct ProviderCallback: Hashable, Sendable {
    /// The address that was called, as we gave it to the provider.
    public var address: String
    /// Its header fields by lower-case name.
    public var headers: [String: String]
    /// Its body.
    public var body: Data

    /// A callback.
    public init(to address: String, headers: [String: String], body: Data) {
        self.address = address
        self.headers = headers
        self.body = body
    }
}

/// What a callback turned out to be.
public enum CallbackVerdict: Hashable, Sendable {
    /// The provider's own signature is on it.
    case signed
    /// This provider signs nothing: the secret in the address is all there is.
    case unsigned
    /// It is not the provider's, too old, or sent again.
    case forged(String)
}

/// What a provider says about a job of ours.
public enum RemoteStatus: Hashable, Sendable {
    /// Not ready; look again after that time, if the provider says.
    case rendering(progress: Double?, lookAgainAfter: Duration?)
    /// There is a file.
    case rendered(RemoteVideo)
    /// It failed for good.
    case failed(JobFailure)
    /// It failed, cost nothing, and one more try may help.
    case broke(JobFailure)
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
    /// After how long it certainly renders no more, whatever it says.
    var longestRendering: Duration { get }

    /// How it gets the pictures of an order; decided without asking it.
    func route(for order: SubmissionOrder) -> PictureRoute
    /// Uploads the pictures of an order, which its submission will name; costs nothing, and doing it again is no harm.
    func stage(_ order: SubmissionOrder) async throws(ProviderError) -> StagedPictures
    /// A job of ours with the address at which it is looked at, where a person named it by its id alone; decided without asking.
    func located(_ remote: RemoteJob, for request: VideoRequest) -> RemoteJob
    /// Sends the work. This is the one door through which money leaves.
    func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob
    /// Looks how far a job is. The order is what was submitted.
    func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus
    /// Looks in the provider's own list for a submission that was not answered; nil when it is not there.
    func find(_ order: SubmissionOrder, _ search: LostSubmission) async throws(ProviderError) -> RemoteJob?
    /// Writes the file to a path, complete or not at all. Throws with `isPassing` and kind `downloadFailed`; a dead link has `pausesLane` false and kind `missing`.
    func download(_ video: RemoteVideo, to path: String) async throws(ProviderError)
    /// Asks the provider to stop, where it can; losing this is no harm.
    func cancel(_ remote: RemoteJob) async
    /// Makes the cheapest call that proves that it can be used.
    func prove() async throws(ProviderError)
    /// Judges a callback by its signature. Even a genuine one only wakes the job.
    func verify(_ callback: ProviderCallback, now: Date) async -> CallbackVerdict
    /// The provider's id of the job that a genuine callback is about, for a provider that rings for all jobs at one address.
    func job(ofCallback callback: ProviderCallback) -> String?
}

extension VideoProvider {
    /// Within the submission.
    public func route(for order: SubmissionOrder) -> PictureRoute { .inline }

    /// Nothing to upload.
    public func stage(_ order: SubmissionOrder) async throws(ProviderError) -> StagedPictures { StagedPictures([]) }

    /// A day: by then every provider has forgotten the work, or lost the clip's link.
    public var longestRendering: Duration { .seconds(86_400) }

    /// As it is: its id is enough.
    public func located(_ remote: RemoteJob, for request: VideoRequest) -> RemoteJob { remote }

    /// None: its callbacks come to the address of their job.
    public func job(ofCallback callback: ProviderCallback) -> String? { nil }

    /// Signs nothing.
    public func verify(_ callback: ProviderCallback, now: Date) async -> CallbackVerdict { .unsigned }
}

/// Puts over a clip what stands over it, makes its poster, and judges it.
public protocol ClipFinisher: Sendable {
    /// The finished and judged clip, its files kept in the media store. Doing it again gives the same.
    func finish(_ clip: Clip, for request: VideoRequest, made: Date) async throws(ProviderError) -> FinishedClip
    /// The last frame of a clip as a picture of the request's size, kept in the media store: what the next shot begins from.
    func lastFrame(of clip: Clip, for request: VideoRequest) async throws(ProviderError) -> (
        frame: FirstFrame, path: String
    )
    /// The clips of a request's shots one after another as one clip, kept in the media store. Doing it again gives the same.
    func join(_ clips: [Clip], for request: VideoRequest) async throws(ProviderError) -> Clip
}

extension ClipFinisher {
    /// Throws: a finisher that cannot cut frames makes no shot that begins from the one before.
    public func lastFrame(
        of clip: Clip,
        for request: VideoRequest
    ) async throws(ProviderError) -> (frame: FirstFrame, path: String) {
        throw ProviderError(JobFailure(.finishFailed, "the last frame of a clip cannot be cut here"))
    }

    /// Throws unless there is one clip: a finisher that cannot join makes no video of several shots.
    public func join(_ clips: [Clip], for request: VideoRequest) async throws(ProviderError) -> Clip {
        guard clips.count == 1 else {
            throw ProviderError(JobFailure(.finishFailed, "shots cannot be put together here"))
        }
        return clips[0]
    }
}
