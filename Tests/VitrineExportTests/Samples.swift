import Foundation
import VitrineCore
import VitrineExport

/// Products and videos for tests, with only what a test names being unusual.
enum Sample {
    static func product(
        _ key: String = "runner",
        title: String = "Trail Runner 3",
        categories: [CategoryPath] = ["Shoes > Athletic"].map(CategoryPath.init(_:)),
        variants: [Variant] = [Variant(key: "v1", line: 2, sku: "TR-3")]
    ) -> Product {
        Product(
            feed: "storefront",
            key: key,
            line: 2,
            title: title,
            categories: categories,
            images: [ImageSource(reference: "a.jpg", line: 2, field: "Image Src")],
            variants: variants
        )
    }

    static func video(
        of product: Product,
        _ placement: Placement = .story,
        variant: String? = nil,
        take: Int = 1,
        state: Video.State = .new,
        isChosen: Bool = false,
        seconds: Double = 6,
        preset: String = "running-shoes",
        prompt: String = "slow turn",
        skus: [SKU] = ["TR-3"],
        shows: [String] = ["v1"],
        file: String = "/media/a.mp4",
        poster: String = "/media/a.jpg",
        size: PixelSize? = nil
    ) -> ExportedVideo {
        let slot = Slot(product: product.id, variant: variant, placement: placement)
        let name = "\(slot.description) \(take)"
        let clip = FinishedClip(
            file: MediaFile(digest: Digest(of: name + file), bytes: 1_234_567, kind: "mp4"),
            poster: MediaFile(digest: Digest(of: name + poster), bytes: 54_321, kind: "jpg"),
            size: size ?? placement.size(shortSide: 1080),
            seconds: seconds,
            fps: 30,
            verdicts: []
        )
        return ExportedVideo(
            video: Video(
                id: VideoID("v_" + Digest(of: name).short),
                slot: slot,
                take: take,
                job: "j_1",
                fingerprint: "f",
                finishFingerprint: "g",
                provider: "local",
                model: "motion-1",
                tier: .draft,
                preset: PresetUse(name: preset, version: "1"),
                clip: clip,
                state: state,
                isChosen: isChosen,
                createdAt: Date(milliseconds: 1_795_000_000_000)
            ),
            prompt: prompt,
            skus: skus,
            variantsShown: shows,
            file: file,
            poster: poster
        )
    }

    static func picture(_ path: String = "/media/p.jpg", _ size: PixelSize = PixelSize(width: 1200, height: 1000))
        -> ExportedFile
    {
        ExportedFile(path: path, digest: Digest(of: path), kind: "jpg", size: size)
    }
}
