import Foundation
import VitrineCore

/// Reads the values of one row by its profile's columns.
final class RowMapper {
    enum Kind: Equatable {
        case product
        case parent
        case variant
        case picture
        case other(String)
        case unknown(String)
    }

    let profile: FeedProfile
    let options: FeedOptions
    let text = CellText()
    /// What there is to say about the row at hand.
    var diagnostics: [Diagnostic] = []
    private(set) var columns: BoundColumns
    private(set) var places: Places
    private(set) var fields = OpenProduct.Fields()
    let currency: String
    let imageSeparator: [UInt8]
    var attributeNames: [String: String] = [:]
    var serial = 0
    var pricedRow: (serial: Int, price: Money?)?
    var picturedRow: (serial: Int, place: Int, reference: String)?
    var knownCategories: [String: [CategoryPath]] = [:]

    /// The places of the columns that every row is asked for.
    struct Places {
        let title, description, brand, category, type, tags, link, price, currency, image, imageAlt,
            imagePosition: [Int]
        let sku, variantKey, variantTitle, variantImage, parent, children, facets, variantFacets, translation: [Int]
        let signs: [Int]

        init(_ columns: BoundColumns) {
            title = columns[.title]
            description = columns[.description]
            brand = columns[.brand]
            category = columns[.category]
            type = columns[.type]
            tags = columns[.tags]
            link = columns[.link]
            price = columns[.price]
            currency = columns[.currency]
            image = columns[.image]
            imageAlt = columns[.imageAlt]
            imagePosition = columns[.imagePosition]
            sku = columns[.sku]
            variantKey = columns[.variantKey]
            variantTitle = columns[.variantTitle]
            variantImage = columns[.variantImage]
            parent = columns[.parent]
            children = columns[.children]
            facets = columns[.facets]
            variantFacets = columns[.variantFacets]
            translation = columns[.translation]
            signs = columns.optionValues + columns.optionTexts + sku + variantKey + price
        }
    }

    init(_ profile: FeedProfile, options: FeedOptions, names: [String]) {
        self.profile = profile
        self.options = options
        columns = BoundColumns(profile, names: names)
        places = Places(columns)
        currency = (options.currency ?? "USD").uppercased()
        imageSeparator = Array(profile.separators.images.utf8)
    }

    /// Takes the columns anew after an XML feed brought more of them.
    func bind(names: [String]) {
        columns = BoundColumns(profile, names: names)
        places = Places(columns)
        fields.identity = columns.identity.first.map { columns.name($0) }
        fields.title = places.title.first.map { columns.name($0) }
        fields.image = places.image.first.map { columns.name($0) }
        fields.sku = places.sku.first.map { columns.name($0) }
    }

    /// Is told that another row is at hand.
    func beginRow() { serial += 1 }

    // What a row is

    func kind(of row: Row) -> Kind {
        guard let place = columns.kinds.first(where: { !row.isEmpty($0) }), let word = text.line(row, place, limit: 100)
        else {
            return .product
        }
        let kinds = profile.kinds
        let words = word.lowercased().split { $0 == "," || $0 == "|" }.map { $0.trimmed }
        if words.contains(where: { kinds.variant.contains($0) }) { return .variant }
        if words.contains(where: { kinds.parent.contains($0) }) { return .parent }
        if words.contains(where: { kinds.picture.contains($0) }) { return .picture }
        if words.contains(where: { kinds.other.contains($0) }) { return .other(word) }
        if words.contains(where: { kinds.product.contains($0) }) || kinds.product.isEmpty { return .product }
        return .unknown(word)
    }

    func key(of row: Row) -> String? {
        for place in columns.identity {
            guard let key = text.exact(row, place) else { continue }
            warnOfRounding(key, row, place)
            return key.utf8.count > 500 ? String(key.prefix(400)) : key
        }
        return nil
    }

    /// Whether the row describes something that can be bought, and not pictures alone.
    func isVariant(_ row: Row) -> Bool {
        places.signs.contains { !row.isEmpty($0) }
    }

    func isHidden(_ row: Row) -> Bool {
        guard let word = text.line(row, columns.hidden.first ?? -1, limit: 100) else { return false }
        return profile.hiddenWords.contains(word.lowercased())
    }

    func status(of row: Row) -> (status: Product.Status, word: String, place: Int)? {
        guard let place = columns.status.first(where: { !row.isEmpty($0) }),
            let word = text.exact(row, place)
        else { return nil }
        let lower = word.lowercased()
        if profile.status.draft.contains(lower) { return (.draft, word, place) }
        if profile.status.archived.contains(lower) { return (.archived, word, place) }
        return (.active, word, place)
    }
}
