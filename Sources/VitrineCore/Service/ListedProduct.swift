/// How the videos of a product stand, all in all: what a person would look for.
public enum ProductState: String, Hashable, Sendable, Codable, CaseIterable {
    /// Nothing was ever asked for.
    case none
    /// Something is being made.
    case inFlight = "in-flight"
    /// The last try for a shape failed, was cancelled, or its checks refuse it, and nothing else can be shown there.
    case failed
    /// There is a video that nobody has looked at.
    case new
    /// Every shape has a video that a person approved or chose.
    case approved
    /// People refused what was made.
    case rejected

    /// The state of a product with these slots: what needs somebody's eye comes first.
    public init(_ slots: [SlotState]) {
        let states = Set(slots.map(\.state))
        self =
            [ProductState.inFlight, .failed, .new, .rejected, .approved].first(where: states.contains) ?? .none
    }
}

/// What is known of one slot without reading what was asked.
public struct SlotState: Hashable, Sendable {
    /// Whether something is being made.
    public var isInFlight: Bool
    /// The states of its videos that are kept.
    public var videos: [Video.State]
    /// Whether a person chose one.
    public var hasChosen: Bool
    /// Whether anything was asked for.
    public var hasTakes: Bool

    /// A slot as it stands.
    public init(isInFlight: Bool = false, videos: [Video.State] = [], hasChosen: Bool = false, hasTakes: Bool = false) {
        self.isInFlight = isInFlight
        self.videos = videos
        self.hasChosen = hasChosen
        self.hasTakes = hasTakes
    }

    /// The state of the slot alone.
    public var state: ProductState {
        if isInFlight { return .inFlight }
        if hasChosen || videos.contains(.approved) { return .approved }
        if videos.contains(.new) { return .new }
        if videos.contains(.rejected) { return .rejected }
        return hasTakes ? .failed : .none
    }
}

/// A product in a list.
public struct ListedProduct: Hashable, Sendable {
    /// The product with its pictures.
    public var entry: CatalogEntry
    /// How its videos stand.
    public var state: ProductState

    /// A product and its state.
    public init(entry: CatalogEntry, state: ProductState) {
        self.entry = entry
        self.state = state
    }
}
