public import VitrineCore

/// What a person asked to be planned; kept with the plan, so that applying it means the same.
public struct PlanOptions: Hashable, Sendable, Codable {
    /// Only this feed.
    public var feed: FeedName?
    /// Only these products, by `p_…`, key or SKU.
    public var products: [String] = []
    /// Only products within this category, by the words of the feed.
    public var category: String?
    /// This preset instead of the one that matches.
    public var preset: String?
    /// These shapes instead of the preset's.
    public var placements: [Placement] = []
    /// These providers instead of the preset's; several make one take each.
    public var providers: [ProviderID] = []
    /// This model instead of the preset's.
    public var model: String?
    /// Draft unless said otherwise.
    public var tier: Tier = .draft
    /// Whether a variant gets a slot of its own where its picture truly differs.
    public var isPerVariant = false
    /// Only the first products in feed order, made or not.
    public var limit: Int?
    /// The language of prompts.
    public var locale: String?
    /// By what the providers of a preset's list are ordered; nil for the list's own order.
    public var route: Route?

    /// By what a list of providers is ordered.
    public enum Route: String, Hashable, Sendable, Codable, CaseIterable {
        /// Who was surely found better by people goes first.
        case votes
    }

    /// Everything, by the presets.
    public init() {}

    /// Whether all products of a feed, or of all feeds, are meant.
    public var isWhole: Bool { products.isEmpty && category == nil && limit == nil }
}
