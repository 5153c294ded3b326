/// What a person changed in a regeneration; it stays with its slot until cleared.
public struct SlotOverride: Hashable, Sendable, Codable {
    /// A preset by name.
    public var preset: String?
    /// A literal prompt.
    public var prompt: String?
    /// A seed.
    public var seed: UInt64?
    /// A length.
    public var seconds: Double?
    /// A provider.
    public var provider: ProviderID?
    /// A model.
    public var model: String?
    /// A tier.
    public var tier: Tier?

    /// Nothing changed.
    public init() {}

    /// Whether nothing is changed.
    public var isEmpty: Bool { self == SlotOverride() }
}

/// One take of a slot: what was asked, and how far it came.
public struct Take: Hashable, Sendable, Codable {
    /// Which take, from 1.
    public var number: Int
    /// The job.
    public var job: JobID
    /// The name of the job's state.
    public var jobState: JobState.Name
    /// What was asked.
    public var request: VideoRequest
    /// What was asked, as a fingerprint.
    public var fingerprint: Fingerprint
    /// The preset it came from.
    public var preset: PresetUse
    /// The video, once there is one.
    public var video: VideoID?
    /// Where the video stands with people.
    public var videoState: Video.State?
    /// Whether a person chose it.
    public var isChosen: Bool
    /// Why its job failed, if it did.
    public var failure: JobFailure.Kind?
    /// Who would not make it before the one that it was asked of last, and why.
    public var refusals: [ProviderID: JobFailure.Kind] = [:]
    /// Whether money has left for that failure, or may have: then nobody else is asked by itself.
    public var mayHaveCost = false

    /// One take.
    public init(
        number: Int,
        job: JobID,
        jobState: JobState.Name,
        request: VideoRequest,
        fingerprint: Fingerprint,
        preset: PresetUse,
        video: VideoID? = nil,
        videoState: Video.State? = nil,
        isChosen: Bool = false
    ) {
        self.number = number
        self.job = job
        self.jobState = jobState
        self.request = request
        self.fingerprint = fingerprint
        self.preset = preset
        self.video = video
        self.videoState = videoState
        self.isChosen = isChosen
    }
}

/// A slot with all its takes, oldest first: what a plan is compared with.
public struct SlotRecord: Hashable, Sendable, Codable {
    /// The slot.
    public var slot: Slot
    /// What a person changed.
    public var override: SlotOverride
    /// Its takes, oldest first.
    public var takes: [Take]

    /// A slot and its takes.
    public init(slot: Slot, override: SlotOverride = SlotOverride(), takes: [Take] = []) {
        self.slot = slot
        self.override = override
        self.takes = takes
    }
}
