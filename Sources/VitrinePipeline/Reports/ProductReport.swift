public import VitrineCore

/// A product with its slots and takes, as `--json` and the API print it.
public struct ProductReport: Encodable {
    struct SlotReport: Encodable {
        var placement: Placement
        var variant: String?
        var takes: [TakeReport]
    }

    struct TakeReport: Encodable {
        var take: Int
        var job: JobID
        var jobState: JobState.Name
        var video: VideoID?
        var state: Video.State?
        var chosen: Bool
        var preset: String
        var provider: ProviderID
        var model: String
        var tier: Tier
    }

    var id: ProductID
    var feed: FeedName
    var key: String
    var line: Int
    var skus: [SKU]
    var title: String
    var brand: String?
    var categories: [CategoryPath]
    var type: String?
    var price: Money?
    var status: Product.Status
    var variants: Int
    var pictures: [ResolvedPicture]
    var slots: [SlotReport]

    /// What is to be told of a product and its slots.
    public init(_ entry: CatalogEntry, _ records: [SlotRecord]) {
        let product = entry.product
        id = product.id
        feed = product.feed
        key = product.key
        line = product.line
        skus = product.skus
        title = product.title
        brand = product.brand
        categories = product.categories
        type = product.type
        price = product.price
        status = product.status
        variants = product.variants.count
        pictures = entry.pictures
        slots = records.map { record in
            SlotReport(
                placement: record.slot.placement,
                variant: record.slot.variant,
                takes: record.takes.map { take in
                    TakeReport(
                        take: take.number,
                        job: take.job,
                        jobState: take.jobState,
                        video: take.video,
                        state: take.videoState,
                        chosen: take.isChosen,
                        preset: take.preset.name,
                        provider: take.request.provider,
                        model: take.request.model,
                        tier: take.request.tier
                    )
                }
            )
        }
    }
}
