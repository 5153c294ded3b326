import VitrineCore

/// What a format of feeds looks like: how it is known, which column is what, which rows belong together.
struct FeedProfile: Sendable, Equatable {
    /// Which rows make one product.
    enum Grouping: String, Sendable, CaseIterable {
        /// Rows next to one another with the same identity.
        case identity
        /// A row with an identity, and the rows without one below it.
        case above
        /// Rows that name their product, wherever they stand.
        case parent
        /// A row that names the articles which are its variants, wherever they stand.
        case children
    }

    /// What a column can be for.
    enum Field: String, Sendable, CaseIterable {
        case title
        case description
        case brand
        case category
        case type
        case tags
        case link
        case price
        case currency
        case image
        case imageAlt = "image_alt"
        case imagePosition = "image_position"
        case sku
        case variantKey = "variant_key"
        case variantTitle = "variant_title"
        case variantImage = "variant_image"
        case parent
        case children
        case facets
        case variantFacets = "variant_facets"
        case translation
    }

    struct Attribute: Sendable, Equatable {
        var name: String
        var columns: [String]
    }

    struct Options: Sendable, Equatable {
        var names: [String] = []
        var values: [String] = []
        var columns: [String] = []
        var text: [String] = []
        var entry = "|"
        var pair = "="
        var isNamed = false
        var onVariantsOnly = false
        var expands = false
        var none: [String] = []
    }

    struct Separators: Sendable, Equatable {
        var images = ","
        var categories = ""
        var levels = ">"
        var tags = ","
        var options = ""
        var skus = ""
        var facets = "|"
        var facet = ":"
    }

    struct Kinds: Sendable, Equatable {
        var columns: [String] = []
        var product: [String] = []
        var parent: [String] = []
        var variant: [String] = []
        var picture: [String] = []
        var other: [String] = []
    }

    struct Status: Sendable, Equatable {
        var columns: [String] = []
        var active: [String] = []
        var draft: [String] = []
        var archived: [String] = []
    }

    enum Decimal: String, Sendable, CaseIterable {
        case point
        case comma
        case either
    }

    var name = ""
    var title = ""
    var isMap = false
    /// The names of the elements that are items; empty for a table.
    var items: [String] = []
    var required: [[String]] = []
    var telling: [String] = []
    var absent: [String] = []
    var identity: [String] = []
    var grouping = Grouping.identity
    var labelsBelow = 0
    var columns: [Field: [String]] = [:]
    var attributes: [Attribute] = []
    var variantAttributes: Set<String> = []
    var options = Options()
    var separators = Separators()
    var kinds = Kinds()
    var status = Status()
    var hiddenColumns: [String] = []
    var hiddenWords: [String] = []
    var decimal = Decimal.either
    var pictureBase: String?
    var takesCategoryNumbers = true
    var ignored: [String] = []

    /// Every column it names, in its own spelling, for a mapping's check.
    var namedColumns: [String] {
        identity + columns.values.flatMap(\.self) + attributes.flatMap(\.columns) + options.names + options.values
            + options.columns + options.text + kinds.columns + status.columns
    }

    /// The shipped formats.
    static let shipped: [FeedProfile] = FeedAssets.profiles().map { file in
        ProfileReader.read(file.text, file: file.name).value
    }
}
