public import Foundation

/// The identity of a video.
public struct VideoID: Named {
    /// The identity as it is written, `v_…`.
    public let rawValue: String
    /// An identity as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A file that is ours, by its digest.
public struct MediaFile: Hashable, Sendable, Codable {
    /// The digest of its bytes.
    public var digest: Digest
    /// How many bytes.
    public var bytes: Int
    /// What it is: `mp4`, `jpg`, `png`, `webp`.
    public var kind: String

    /// A file by its digest.
    public init(digest: Digest, bytes: Int, kind: String) {
        self.digest = digest
        self.bytes = bytes
        self.kind = kind
    }
}

/// A provider's file that is ours.
public struct Clip: Hashable, Sendable, Codable {
    /// The file.
    public var file: MediaFile

    /// A fetched file.
    public init(file: MediaFile) { self.file = file }
}

/// What a check of a finished clip found.
public struct Verdict: Hashable, Sendable, Codable {
    /// The check, such as `duration`, `size`, `black`, `frozen`, `decodes`.
    public var check: String
    /// Whether the clip passed it.
    public var passed: Bool
    /// What was measured, in words.
    public var message: String

    /// A finding.
    public init(check: String, passed: Bool, message: String) {
        self.check = check
        self.passed = passed
        self.message = message
    }
}

/// A clip with everything put over it, judged: what finishing gives.
public struct FinishedClip: Hashable, Sendable, Codable {
    /// The MP4.
    public var file: MediaFile
    /// The JPEG that stands for it.
    public var poster: MediaFile
    /// Its measured size.
    public var size: PixelSize
    /// Its measured length.
    public var seconds: Double
    /// Its measured frame rate.
    public var fps: Double
    /// What the checks found.
    public var verdicts: [Verdict]

    /// A finished clip.
    public init(file: MediaFile, poster: MediaFile, size: PixelSize, seconds: Double, fps: Double, verdicts: [Verdict])
    {
        self.file = file
        self.poster = poster
        self.size = size
        self.seconds = seconds
        self.fps = fps
        self.verdicts = verdicts
    }
}

/// A finished video: one take of one slot.
public struct Video: Hashable, Sendable, Codable {
    /// Where a video stands with the people who choose.
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// Nobody has decided.
        case new
        /// Somebody likes it.
        case approved
        /// Somebody does not want it: never exported, never made again.
        case rejected
        /// Its checks refused it: visible, never exported.
        case quarantined
    }

    /// Its identity.
    public var id: VideoID
    /// The place it fills.
    public var slot: Slot
    /// Which take of its slot it is, from 1.
    public var take: Int
    /// The job that made it.
    public var job: JobID
    /// What was asked.
    public var fingerprint: Fingerprint
    /// What was put over it.
    public var finishFingerprint: Fingerprint
    /// Who made it.
    public var provider: ProviderID
    /// The provider's model.
    public var model: String
    /// Draft or final.
    public var tier: Tier
    /// The preset it came from.
    public var preset: PresetUse
    /// The file and what was measured.
    public var clip: FinishedClip
    /// What people decided.
    public var state: State
    /// Whether it is the one to show, by choice of a person.
    public var isChosen: Bool
    /// Why the last decision about it was made, where a person said so.
    public var reason: String?
    /// When it was attached.
    public var createdAt: Date

    /// A finished video.
    public init(
        id: VideoID,
        slot: Slot,
        take: Int,
        job: JobID,
        fingerprint: Fingerprint,
        finishFingerprint: Fingerprint,
        provider: ProviderID,
        model: String,
        tier: Tier,
        preset: PresetUse,
        clip: FinishedClip,
        state: State,
        isChosen: Bool = false,
        reason: String? = nil,
        createdAt: Date
    ) {
        self.id = id
        self.slot = slot
        self.take = take
        self.job = job
        self.fingerprint = fingerprint
        self.finishFingerprint = finishFingerprint
        self.provider = provider
        self.model = model
        self.tier = tier
        self.preset = preset
        self.clip = clip
        self.state = state
        self.isChosen = isChosen
        self.reason = reason
        self.createdAt = createdAt
    }
}

extension Sequence<Video> {
    /// The video that stands for a slot: the chosen take, else the newest approved one, else the newest that nobody refused.
    public var shown: Video? {
        let showable = filter { $0.state != .rejected && $0.state != .quarantined }
        return showable.first { $0.isChosen }
            ?? showable.filter { $0.state == .approved }.max { $0.take < $1.take }
            ?? showable.max { $0.take < $1.take }
    }
}

/// What a person decides about a video.
public enum ReviewDecision: String, Hashable, Sendable, Codable, CaseIterable {
    /// It is good; never replaced behind anybody's back.
    case approve
    /// It is not wanted; what it was asked with is never made again.
    case reject
    /// It is the one to show.
    case choose
}
