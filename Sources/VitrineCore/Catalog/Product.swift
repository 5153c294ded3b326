/// One thing that a merchant sells, with all its variants, as one feed describes it.
public struct Product: Hashable, Sendable, Codable {
    /// Whether the merchant shows it.
    public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
        /// On sale.
        case active
        /// Not published yet.
        case draft
        /// Taken down.
        case archived
    }

    /// Its identity.
    public var id: ProductID
    /// The feed it stands in.
    public var feed: FeedName
    /// What its feed calls it: the value of the profile's identity column.
    public var key: String
    /// The line where it begins, counted from 1.
    public var line: Int
    /// Its title; never empty.
    public var title: String
    /// Its description without markup, at most 5000 characters.
    public var description: String
    /// Maker or vendor.
    public var brand: String?
    /// Every category-like value of the feed, most telling first.
    public var categories: [CategoryPath]
    /// The merchant's own product type.
    public var type: String?
    /// The merchant's tags.
    public var tags: [String]
    /// The page where it is sold.
    public var link: String?
    /// The regular price.
    public var price: Money?
    /// Whether the merchant shows it.
    public var status: Status
    /// What is known beside: `color`, `material`, `size`, `gender`, `age_group`, `pattern` and the feed's other columns, in snake case.
    public var attributes: [String: String]
    /// Its pictures in the merchant's order.
    public var images: [ImageSource]
    /// What can be bought, at least one.
    public var variants: [Variant]

    /// A product with the least that makes one; its identity follows from its feed and key.
    public init(
        id: ProductID? = nil,
        feed: FeedName,
        key: String,
        line: Int,
        title: String,
        description: String = "",
        brand: String? = nil,
        categories: [CategoryPath] = [],
        type: String? = nil,
        tags: [String] = [],
        link: String? = nil,
        price: Money? = nil,
        status: Status = .active,
        attributes: [String: String] = [:],
        images: [ImageSource] = [],
        variants: [Variant] = []
    ) {
        self.id = id ?? ProductID(feed: feed, key: key)
        self.feed = feed
        self.key = key
        self.line = line
        self.title = title
        self.description = description
        self.brand = brand
        self.categories = categories
        self.type = type
        self.tags = tags
        self.link = link
        self.price = price
        self.status = status
        self.attributes = attributes
        self.images = images
        self.variants = variants
    }

    /// The SKUs of its variants in feed order, each once, without the empty ones.
    public var skus: [SKU] {
        var seen = Set<SKU>()
        return variants.compactMap(\.sku).filter { seen.insert($0).inserted }
    }

    /// Takes what later rows of the same product add: their variants and pictures that it does not have yet.
    public mutating func absorb(_ other: Product) {
        let known = Set(variants.map(\.key))
        variants += other.variants.filter { !known.contains($0.key) }
        let references = Set(images.map(\.reference))
        images += other.images.filter { !references.contains($0.reference) }
        if description.isEmpty { description = other.description }
        attributes.merge(other.attributes) { mine, _ in mine }
    }
}

/// One buyable form of a product: a size, a colour.
public struct Variant: Hashable, Sendable, Codable {
    /// One choice, such as `Color` = `Red`.
    public struct Option: Hashable, Sendable, Codable {
        /// What is chosen, as the merchant writes it.
        public var name: String
        /// The choice.
        public var value: String

        /// A choice.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// What the feed calls it: unique within its product.
    public var key: String
    /// The line where it stands, counted from 1.
    public var line: Int
    /// What the merchant calls it, if anything.
    public var sku: SKU?
    /// The title of its own, where a feed has one to a variant.
    public var title: String?
    /// Its choices in the merchant's order.
    public var options: [Option]
    /// Its own price.
    public var price: Money?
    /// Its own picture, if the feed names one.
    public var image: ImageSource?
    /// Values of its own: `color`, `size`, `gtin` and so on, in snake case.
    public var attributes: [String: String]

    /// A variant with the least that makes one.
    public init(
        key: String,
        line: Int,
        sku: SKU? = nil,
        title: String? = nil,
        options: [Option] = [],
        price: Money? = nil,
        image: ImageSource? = nil,
        attributes: [String: String] = [:]
    ) {
        self.key = key
        self.line = line
        self.sku = sku
        self.title = title
        self.options = options
        self.price = price
        self.image = image
        self.attributes = attributes
    }

    /// Its colour, from its attributes or from an option that is one in any of the languages we know.
    public var color: String? {
        if let color = attributes["color"], !color.isEmpty { return color }
        return options.first { Variant.colorWords.contains($0.name.lowercased()) }?.value
    }

    /// Option names that mean colour, lower case.
    public static let colorWords: Set<String> = [
        "color", "colour", "farbe", "couleur", "colore", "kleur", "kolor", "cor", "цвет", "renk", "色", "カラー", "颜色",
        "颜色分类",
        "顏色", "färg", "barva", "szín", "culoare", "farve", "farge", "väri", "colors", "colours",
    ]
}
