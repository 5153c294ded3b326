import VitrineCore

/// A variant whose key is not settled yet.
struct OpenVariant {
    var variant: Variant
    /// The key that the feed gives it.
    var ownKey: String?
    /// The row it was made of, counted from 0; nil when several came of one row.
    var ordinal: Int?
}

/// A product whose rows are still being read.
final class OpenProduct {
    /// Why none of its rows are taken.
    enum Absence {
        case status(Product.Status, word: String, field: String)
        case parentLeftOut
        case noKey
        case noTitle
    }

    struct Fields {
        var identity: String?
        var title: String?
        var image: String?
        var sku: String?
    }

    let key: String
    let line: Int
    var absence: Absence?
    /// Whether the first rows of the product were given out earlier.
    var isFragment = false
    /// Whether more rows may come from further down.
    var isWaiting = false
    /// Whether it has been given out.
    var isGone = false
    var title: String?
    var description = ""
    var brand: String?
    var categories: [CategoryPath] = []
    var type: String?
    var tags: [String] = []
    var link: String?
    var price: Money?
    var status = Product.Status.active
    var attributes: [String: String] = [:]
    var images: [ImageSource] = []
    var positions: [Int] = []
    var hasTooManyImages = false
    var variants: [OpenVariant] = []
    /// What the product is sold as when no variant comes.
    var ownVariant: OpenVariant?
    var optionNames: [String] = []
    /// Articles that are its variants and whose own row has not been met.
    var awaited: [String: [Variant.Option]] = [:]
    var diagnostics: [Diagnostic] = []
    /// What the feed calls the columns that complaints about the whole product are about.
    var fields = Fields()
    /// The rows it was made of, counted from 0; only kept when somebody asks for them.
    var ordinals: [Int] = []
    var rows = 0
    var pictureRows = 0

    init(key: String, line: Int) {
        self.key = key
        self.line = line
    }

    /// A continuation of the same product after its first rows were given out.
    init(continuing other: OpenProduct, line: Int) {
        key = other.key
        self.line = line
        isFragment = true
        title = other.title
        optionNames = other.optionNames
        fields = other.fields
    }

    var weight: Int { 1 + variants.count + images.count / 4 }
}
