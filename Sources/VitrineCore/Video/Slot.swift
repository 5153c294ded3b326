/// The place that a video fills: a product, or one variant of it, in one shape.
public struct Slot: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The product.
    public var product: ProductID
    /// The variant's key, where the video is a variant's own.
    public var variant: String?
    /// The shape.
    public var placement: Placement

    /// A place.
    public init(product: ProductID, variant: String? = nil, placement: Placement) {
        self.product = product
        self.variant = variant
        self.placement = placement
    }

    /// The text by which a slot is stored: `p_…/9:16`, or `p_…/9:16/variant`.
    public var description: String {
        product.rawValue + "/" + placement.rawValue + (variant.map { "/" + $0 } ?? "")
    }

    /// Reads the text of `description`.
    public init?(_ description: String) {
        let parts = description.split(separator: "/", maxSplits: 2)
        guard parts.count >= 2, let placement = Placement(rawValue: String(parts[1])) else { return nil }
        self.init(
            product: ProductID(String(parts[0])),
            variant: parts.count > 2 ? String(parts[2]) : nil,
            placement: placement
        )
    }

    /// Orders by product, variant, shape.
    public static func < (left: Slot, right: Slot) -> Bool {
        (left.product.rawValue, left.variant ?? "", left.placement)
            < (right.product.rawValue, right.variant ?? "", right.placement)
    }
}

/// How good, and how dear, a video is meant to be.
public enum Tier: String, Hashable, Sendable, Codable, CaseIterable {
    /// Cheap and many, to choose from.
    case draft
    /// The one to show.
    case final
}
