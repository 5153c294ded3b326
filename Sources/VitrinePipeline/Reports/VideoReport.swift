import Foundation
public import VitrineCore

/// A video, as `--json` and the API print it.
public struct VideoReport: Encodable {
    var id: VideoID
    var product: ProductID
    var variant: String?
    var placement: Placement
    var take: Int
    var state: Video.State
    var chosen: Bool
    var reason: String?
    var preset: String
    var provider: ProviderID
    var model: String
    var tier: Tier
    var seconds: Double
    var width: Int
    var height: Int
    var sha256: Digest
    var bytes: Int
    var fingerprint: Fingerprint
    var job: JobID
    var createdAt: Date
    var verdicts: [Verdict]

    /// What is to be told of a video.
    public init(_ video: Video) {
        id = video.id
        product = video.slot.product
        variant = video.slot.variant
        placement = video.slot.placement
        take = video.take
        state = video.state
        chosen = video.isChosen
        reason = video.reason
        preset = video.preset.name
        provider = video.provider
        model = video.model
        tier = video.tier
        seconds = video.clip.seconds
        width = video.clip.size.width
        height = video.clip.size.height
        sha256 = video.clip.file.digest
        bytes = video.clip.file.bytes
        fingerprint = video.fingerprint
        job = video.job
        createdAt = video.createdAt
        verdicts = video.clip.verdicts
    }
}
