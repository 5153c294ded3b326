public import VitrineCore

/// One row of a plan, as `--json` and the API print it.
public struct PlanRowReport: Encodable, Sendable {
    struct Image: Encodable {
        var digest: String
        var width: Int
        var height: Int
        var source: String
    }

    struct Fallback: Encodable {
        var provider: ProviderID
        var model: String
        var seconds: Double
        var price: Money
    }

    var product: ProductID
    var variant: String?
    var skus: [SKU]
    var title: String
    /// The shape.
    public var placement: Placement
    var preset: String?
    var because: String
    /// What would happen to it.
    public var change: Change
    /// Why, in words.
    public var why: String
    var image: Image?
    /// Who would make it.
    public var provider: ProviderID?
    /// By which model.
    public var model: String?
    var tier: Tier?
    /// How long.
    public var seconds: Double?
    var resolution: String?
    var sound: Bool?
    /// The prompt as the provider would get it.
    public var prompt: String?
    var avoid: String?
    var seed: UInt64?
    var take: Int
    var fingerprint: Fingerprint?
    /// What it would cost.
    public var price: Money?
    /// Who would make it instead, in this order.
    var fallbacks: [Fallback]?

    /// What is to be told of a row.
    public init(_ row: PlannedRequest) {
        product = row.slot.product
        variant = row.slot.variant
        skus = row.skus
        title = row.title
        placement = row.slot.placement
        preset = row.preset?.name
        because = row.because
        change = row.change
        why = row.why
        image = row.picture.map {
            Image(
                digest: $0.digest.hexadecimal,
                width: $0.size.width,
                height: $0.size.height,
                source: $0.source
            )
        }
        provider = row.request?.provider
        model = row.request?.model
        tier = row.request?.tier
        seconds = row.request?.seconds
        resolution = row.request.map { "\($0.frame.shortSide)P" }
        sound = row.request?.sound.isOn
        prompt = row.request?.prompt
        avoid = row.request?.avoid
        seed = row.request?.seed
        take = row.take
        fingerprint = row.fingerprint
        price = row.price
        fallbacks = row.alternatives?.map {
            Fallback(
                provider: $0.request.provider,
                model: $0.request.model,
                seconds: $0.request.seconds,
                price: $0.price
            )
        }
    }
}
