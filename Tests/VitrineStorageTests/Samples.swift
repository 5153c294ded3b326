import Foundation
import VitrineCore

/// Values that the suites write and read back.
enum Sample {
    static let start = Date(milliseconds: 1_795_000_000_000)

    static func later(_ seconds: Double) -> Date { start.adding(.milliseconds(Int64(seconds * 1000))) }

    static func product(_ key: String, feed: FeedName = "shop", line: Int = 2, skus: [SKU?] = []) -> Product {
        Product(
            feed: feed,
            key: key,
            line: line,
            title: "Product \(key)",
            description: "What \(key) is.",
            categories: [CategoryPath("Apparel > Shoes")],
            price: Money(micros: 12_500_000, currency: "USD"),
            images: [ImageSource(reference: "\(key).jpg", line: line, field: "image")],
            variants: skus.enumerated().map { index, sku in
                Variant(key: "v\(index)", line: line + index, sku: sku)
            }
        )
    }

    static func slot(_ key: String = "a", feed: FeedName = "shop", _ placement: Placement = .story) -> Slot {
        Slot(product: ProductID(feed: feed, key: key), placement: placement)
    }

    static func request(
        _ slot: Slot = slot(),
        prompt: String = "a shoe",
        provider: ProviderID = "local",
        shots: Int = 0,
        finish: [String: String] = [:]
    ) -> VideoRequest {
        VideoRequest(
            slot: slot,
            pictures: [Digest(of: "picture of \(slot)")],
            frame: FrameRecipe(placement: slot.placement, fit: .pad, background: .auto, productSize: 0.8),
            prompt: prompt,
            avoid: "",
            style: VideoRequest.Style(words: "clean", tag: nil, look: .studio),
            motion: .pushIn,
            seconds: 5,
            fps: 30,
            seed: 7,
            provider: provider,
            model: "motion-1",
            tier: .draft,
            shots: (0..<shots).map { VideoRequest.Shot(from: .picture, prompt: "\($0)", motion: .still, seconds: 2) },
            finish: finish
        )
    }

    static func job(
        _ id: JobID,
        slot: Slot = slot(),
        take: Int = 1,
        prompt: String = "a shoe",
        price: Money = .zero("USD"),
        provider: ProviderID = "local",
        lane: LaneID = "local",
        isUrgent: Bool = false,
        shots: Int = 0,
        run: RunID = "r_1",
        at moment: Date = start
    ) -> NewJob {
        NewJob(
            job: Job(
                id: id,
                run: run,
                slot: slot,
                take: take,
                request: request(slot, prompt: prompt, provider: provider, shots: shots),
                preset: PresetUse(name: "shoes", version: "1"),
                price: price,
                providerLane: lane,
                isUrgent: isUrgent,
                createdAt: moment
            )
        )
    }

    static let remote = RemoteJob(id: "remote-1", address: "https://example.com/jobs/1")

    static func rendered(cost: Money? = nil) -> RemoteVideo {
        RemoteVideo(job: remote, location: "https://example.com/1.mp4", expiresAt: later(3600), cost: cost)
    }

    static let clip = Clip(file: MediaFile(digest: Digest(of: "clip"), bytes: 4, kind: "mp4"))

    static let finishedClip = FinishedClip(
        file: MediaFile(digest: Digest(of: "video"), bytes: 5, kind: "mp4"),
        poster: MediaFile(digest: Digest(of: "poster"), bytes: 6, kind: "jpg"),
        size: PixelSize(width: 1080, height: 1920),
        seconds: 5,
        fps: 30,
        verdicts: [Verdict(check: "duration", passed: true, message: "5 s")]
    )

    static func video(_ id: VideoID, of job: Job, state: Video.State = .new, at moment: Date = start) -> Video {
        Video(
            id: id,
            slot: job.slot,
            take: job.take,
            job: job.id,
            fingerprint: job.fingerprint,
            finishFingerprint: job.request.finishFingerprint,
            provider: job.request.provider,
            model: job.request.model,
            tier: job.request.tier,
            preset: job.preset,
            clip: finishedClip,
            state: state,
            createdAt: moment
        )
    }
}
