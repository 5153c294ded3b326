public import VitrineCore

/// Which products a preset is for: every group given must hold, and within a group any entry may.
public struct PresetRule: Hashable, Sendable {
    /// A category as a preset names it, and the node of the category book that it is.
    public struct Category: Hashable, Sendable {
        /// As written.
        public var text: String
        /// The full path.
        public var path: CategoryPath
    }

    /// Prices from one amount to below another, in the product's own currency.
    public struct Prices: Hashable, Sendable {
        /// The least, in micro-units.
        public var from: Int64?
        /// What it must stay below, in micro-units.
        public var below: Int64?

        func contains(_ micros: Int64) -> Bool {
            micros >= from ?? .min && micros < below ?? .max
        }
    }

    /// Groups of conditions.
    public struct Groups: Hashable, Sendable {
        /// Categories; products in one of them or below it.
        public var category: [Category] = []
        /// Whole words or phrases of the title.
        public var title: [String] = []
        /// Tags.
        public var tag: [String] = []
        /// Makers or vendors.
        public var vendor: [String] = []
        /// The merchant's own product types.
        public var type: [String] = []
        /// Values by attribute; each attribute is a group of its own.
        public var attribute: [String: [String]] = [:]
        /// Prices.
        public var price: Prices?

        /// How many groups are given.
        public var count: Int {
            [category.isEmpty, title.isEmpty, tag.isEmpty, vendor.isEmpty, type.isEmpty, price == nil]
                .count { !$0 } + attribute.count
        }
    }

    /// What must hold.
    public var all = Groups()
    /// What must not: a product that one of these groups takes is left out.
    public var not = Groups()

    /// Whether it takes everything.
    public var isEmpty: Bool { all.count == 0 && not.count == 0 }
}

/// A product that a preset expects to get, or to leave, and what must be told about it.
public struct PresetTest: Hashable, Sendable {
    /// The product.
    public var product: Product
    /// The preset that must be chosen; nil when any may.
    public var preset: String?
    /// The locale that the prompt is made for.
    public var locale: String?
    /// The provider that the prompt is made for.
    public var provider: ProviderID
    /// What must stand in the prompt.
    public var promptContains: [String]
    /// What must not stand in the prompt.
    public var promptLacks: [String]
    /// What must stand in the words to avoid.
    public var avoidContains: [String]
    /// The file that it stands in.
    public var file: String
    /// The line where it begins, counted from 1.
    public var line: Int
}
