/// What makes a request happen once however often it is sent: the caller's own key for it.
public struct IdempotencyKey: Hashable, Sendable {
    /// Who calls.
    public var caller: KeyID
    /// The key as the caller sent it.
    public var text: String
    /// The digest of everything that was asked: path and body.
    public var asked: Digest

    /// A caller's key for a request.
    public init(caller: KeyID, text: String, asked: Digest) {
        self.caller = caller
        self.text = text
        self.asked = asked
    }

    /// How long a key is remembered.
    public static let lifetime = Duration.seconds(86_400)
}

/// A new take of one slot, with everything that is written together.
public struct Regeneration: Hashable, Sendable {
    /// What the slot keeps of what a person changed.
    public var override: SlotOverride
    /// The run that owns the job.
    public var run: Run
    /// The job, queued.
    public var job: Job
    /// The caller's key, if one was sent.
    public var once: IdempotencyKey?
    /// What the caller is answered, now and when the request is sent again.
    public var answer: String

    /// A new take.
    public init(override: SlotOverride, run: Run, job: Job, once: IdempotencyKey? = nil, answer: String = "") {
        self.override = override
        self.run = run
        self.job = job
        self.once = once
        self.answer = answer
    }
}

/// What came of a regeneration.
public enum RegenerationOutcome: Hashable, Sendable {
    /// Its job is queued.
    case queued
    /// The same request was answered before, with this.
    case repeated(answer: String)
}
