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
    private let currency: String
    private let imageSeparator: [UInt8]
    private var attributeNames: [String: String] = [:]
    private var serial = 0
    private var pricedRow: (serial: Int, price: Money?)?
    private var lastCategory: (bytes: [UInt8], paths: [CategoryPath]) = ([], [])

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

    // Values

    func line(_ row: Row, _ candidates: [Int], limit: Int) -> (text: String, place: Int)? {
        for place in candidates {
            guard let value = text.line(row, place, limit: limit) else { continue }
            watch(row, place, limit)
            return (value, place)
        }
        return nil
    }

    func describe(_ row: Row, into product: OpenProduct) {
        if product.title == nil, let title = line(row, places.title, limit: FeedLimits.titleLength) {
            product.title = title.text
        }
        if product.description.isEmpty {
            for place in places.description {
                guard let value = text.paragraphs(row, place, limit: FeedLimits.descriptionLength) else { continue }
                watch(row, place, FeedLimits.descriptionLength)
                product.description = value
                break
            }
        }
    }

    func classify(_ row: Row, into product: OpenProduct) {
        product.brand = line(row, places.brand, limit: FeedLimits.attributeLength)?.text
        product.type = line(row, places.type, limit: FeedLimits.titleLength)?.text
        product.link = text.exact(row, places.link)
        product.price = price(row)
        for place in places.category { addCategories(row, place, to: product) }
        for place in places.tags {
            eachPiece(row, place, separator: profile.separators.tags) { piece in
                guard let tag = text.line(piece, limit: FeedLimits.attributeLength), product.tags.count < 250 else {
                    return
                }
                product.tags.append(tag)
            }
        }
        for attribute in columns.attributes where !attribute.isOfVariant {
            if let value = value(row, attribute.places, attribute.name) { product.attributes[attribute.name] = value }
        }
        for (name, place) in columns.others where product.attributes.count < FeedLimits.attributes {
            guard !row.isEmpty(place), row.bytes(place).count <= FeedLimits.attributeLength else { continue }
            if let value = text.line(row, place, limit: FeedLimits.attributeLength), product.attributes[name] == nil {
                product.attributes[name] = value
            }
        }
        for place in places.facets {
            eachFacet(row, place) { name, value in
                switch name {
                case "category", "categories": product.categories.append(CategoryPath([value]))
                case "brand", "vendor": if product.brand == nil { product.brand = value }
                case "": product.tags.append(value)
                default: product.attributes[HeaderName.attribute(of: name)] = value
                }
            }
        }
    }

    /// The row's price; the complaint about it is made once, however often it is asked for.
    func price(_ row: Row) -> Money? {
        if let pricedRow, pricedRow.serial == serial { return pricedRow.price }
        let price = readPrice(row)
        pricedRow = (serial, price)
        return price
    }

    private func readPrice(_ row: Row) -> Money? {
        for place in places.price where !row.isEmpty(place) {
            let named = text.exact(row, places.currency)?.uppercased() ?? currency
            let money = text.withBytes(row, place) { PriceText.money($0, decimal: profile.decimal, currency: named) }
            if money == nil {
                let value = text.line(row, place, limit: 60) ?? ""
                report(
                    .warning,
                    .badPrice,
                    row,
                    place,
                    "expected a price such as `12.50` but got `\(value)`",
                    hint: "the product is taken without a price"
                )
            }
            return money
        }
        return nil
    }

    func variant(_ row: Row, of product: OpenProduct, ordinal: Int, isProductRow: Bool) -> OpenVariant {
        var variant = Variant(key: "", line: row.line)
        if let sku = text.exact(row, places.sku) {
            warnOfRounding(sku, row, places.sku.first ?? -1)
            variant.sku = SKU(sku)
        }
        let ownKey = text.exact(row, places.variantKey)
        if !places.variantTitle.isEmpty {
            variant.title = ownTitle(row)
        }
        variant.price = price(row)
        for attribute in columns.attributes where attribute.isOfVariant {
            if let value = value(row, attribute.places, attribute.name) { variant.attributes[attribute.name] = value }
        }
        for place in places.variantImage where variant.image == nil {
            eachPicture(row, place, isAgain: places.image.contains(place)) { reference in
                if variant.image == nil {
                    variant.image = ImageSource(
                        reference: reference,
                        line: row.line,
                        field: columns.name(place),
                        alt: nil
                    )
                }
            }
        }
        learnOptionNames(row, of: product)
        if !(profile.options.onVariantsOnly && isProductRow) { addOptions(row, of: product, to: &variant) }
        for place in places.variantFacets {
            eachFacet(row, place) { name, value in
                let name = attributeName(name)
                if !name.isEmpty, variant.attributes[name] == nil { variant.attributes[name] = value }
            }
        }
        return OpenVariant(variant: variant, ownKey: ownKey, ordinal: ordinal)
    }

    private func ownTitle(_ row: Row) -> String? {
        for place in places.variantTitle {
            guard let title = text.line(row, place, limit: FeedLimits.titleLength) else { continue }
            if places.title.contains(place) { text.forget() } else { watch(row, place, FeedLimits.titleLength) }
            return title
        }
        return nil
    }

    /// What the options of a product row say about the product itself.
    func addDescriptiveOptions(_ row: Row, to product: OpenProduct) {
        guard profile.options.onVariantsOnly else { return }
        for (index, place) in columns.optionNames.enumerated() where index < columns.optionValues.count {
            guard let name = text.line(row, place, limit: 100),
                let value = text.line(row, columns.optionValues[index], limit: FeedLimits.attributeLength)
            else { continue }
            let attribute = attributeName(name)
            let isChoice = value.contains(",") || value.contains("|") || value.contains(";")
            if !attribute.isEmpty, !isChoice, product.attributes[attribute] == nil {
                product.attributes[attribute] = value
            }
        }
    }

    func addImages(_ row: Row, to product: OpenProduct, fromVariant isOfVariant: Bool = false) {
        for place in places.image where !row.isEmpty(place) {
            let alt = line(row, places.imageAlt, limit: FeedLimits.titleLength)?.text
            let position = text.exact(row, places.imagePosition).flatMap { Int($0) }
            let field = columns.name(place)
            eachPicture(row, place) { reference in
                guard !product.images.contains(where: { $0.reference == reference }) else { return }
                guard product.images.count < FeedLimits.pictures else {
                    if !product.hasTooManyImages {
                        product.hasTooManyImages = true
                        report(
                            .warning,
                            .tooManyPictures,
                            row,
                            place,
                            "the product has more than \(FeedLimits.pictures) pictures; the rest is left out"
                        )
                    }
                    return
                }
                product.images.append(ImageSource(reference: reference, line: row.line, field: field, alt: alt))
                product.positions.append(position ?? Int.max)
            }
        }
    }

    func eachPicture(_ row: Row, _ place: Int, isAgain: Bool = false, _ body: (String) -> Void) {
        guard !row.isEmpty(place) else { return }
        var failures: [PictureCell.Finding] = []
        text.withBytes(row, place) { bytes in
            PictureCell.findings(bytes, separator: imageSeparator, base: profile.pictureBase) { finding in
                if case .picture(let reference) = finding { body(reference) } else { failures.append(finding) }
            }
        }
        if !isAgain { for failure in failures { report(failure, row, place) } }
    }

    // Options

    private func addOptions(_ row: Row, of product: OpenProduct, to variant: inout Variant) {
        if !columns.optionValues.isEmpty {
            addPairedOptions(row, of: product, to: &variant)
        }
        for place in columns.optionTexts { addWrittenOptions(row, place, to: &variant) }
        for place in columns.optionColumns {
            if let value = text.line(row, place, limit: FeedLimits.attributeLength) {
                variant.options.append(Variant.Option(name: columns.optionName(place), value: value))
            }
        }
        for option in variant.options {
            let name = attributeName(option.name)
            if !name.isEmpty, variant.attributes[name] == nil { variant.attributes[name] = option.value }
        }
    }

    private func learnOptionNames(_ row: Row, of product: OpenProduct) {
        let names = pieces(row, columns.optionNames, separator: profile.separators.options)
        guard names.contains(where: { !$0.isEmpty }) else { return }
        for (index, name) in names.enumerated() {
            if index == product.optionNames.count {
                product.optionNames.append(name)
            } else if !name.isEmpty {
                product.optionNames[index] = name
            }
        }
    }

    private func addPairedOptions(_ row: Row, of product: OpenProduct, to variant: inout Variant) {
        let values = pieces(row, columns.optionValues, separator: profile.separators.options)
        for (index, value) in values.enumerated() where !value.isEmpty {
            let name = index < product.optionNames.count ? product.optionNames[index] : ""
            if profile.options.none.contains((name + "=" + value).lowercased()) { continue }
            let clean = value.hasPrefix("#") ? value.split(separator: ":").last.map(String.init) ?? value : value
            variant.options.append(Variant.Option(name: name.isEmpty ? "Option \(index + 1)" : name, value: clean))
        }
    }

    private func addWrittenOptions(_ row: Row, _ place: Int, to variant: inout Variant) {
        guard let written = text.line(row, place, limit: 4000) else { return }
        variant.options += RowMapper.options(in: written, profile.options)
    }

    /// `Color=Red,Size=M`, or with `named` `Name=Color|Value=Red|…`.
    static func options(in written: String, _ rules: FeedProfile.Options) -> [Variant.Option] {
        var options: [Variant.Option] = []
        var name = ""
        for entry in written.components(separatedBy: rules.entry) {
            guard let place = entry.range(of: rules.pair) else { continue }
            var left = entry[..<place.lowerBound].trimmed
            let right = entry[place.upperBound...].trimmed
            if left.hasPrefix("["), let end = left.firstIndex(of: "]") {
                left = left[left.index(after: end)...].trimmed
            }
            if rules.isNamed {
                if left.lowercased() == "name" {
                    name = right
                } else if left.lowercased() == "value", !name.isEmpty, !right.isEmpty {
                    options.append(Variant.Option(name: name, value: right))
                    name = ""
                }
            } else if !left.isEmpty, !right.isEmpty {
                options.append(Variant.Option(name: left, value: right))
            }
        }
        return options
    }

    /// All combinations of the choices that a row lists, such as `S,M` × `Red,Blue`.
    func combinations(_ row: Row) -> [[Variant.Option]] {
        var all: [[Variant.Option]] = [[]]
        for (index, place) in columns.optionValues.enumerated() {
            let name = text.line(row, index < columns.optionNames.count ? columns.optionNames[index] : -1, limit: 100)
            let values = pieces(row, [place], separator: profile.separators.options).filter { !$0.isEmpty }
            guard let name, !values.isEmpty else { continue }
            all = all.flatMap { chosen in values.map { chosen + [Variant.Option(name: name, value: $0)] } }
            if all.count > 500 { return Array(all.prefix(500)) }
        }
        return all
    }

    func skus(_ row: Row) -> [String] {
        pieces(row, places.sku, separator: profile.separators.skus).filter { !$0.isEmpty }
    }

    func attributeName(_ option: String) -> String {
        if let known = attributeNames[option] { return known }
        let name = HeaderName.attribute(of: option)
        if attributeNames.count < 10_000 { attributeNames[option] = name }
        return name
    }

    // Pieces of cells

    private func pieces(_ row: Row, _ places: [Int], separator: String) -> [String] {
        if places.count == 1, !separator.isEmpty {
            guard let whole = text.line(row, places[0], limit: 4000) else { return [] }
            return whole.components(separatedBy: separator).map { $0.trimmed }
        }
        return places.map { text.line(row, $0, limit: FeedLimits.attributeLength) ?? "" }
    }

    private func eachPiece(
        _ row: Row,
        _ place: Int,
        separator: String,
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        guard !row.isEmpty(place) else { return }
        let separators = Array(separator.utf8)
        let bytes = Array(text.withBytes(row, place) { Array($0) })
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            for index in 0...bytes.count {
                let isEnd = index == bytes.count
                let isDivided = !isEnd && (separators.contains(bytes[index]) || bytes[index] == valueDivider)
                let isEscaped = isDivided && index > 0 && bytes[index - 1] == UInt8(ascii: "\\")
                guard isEnd || (isDivided && !isEscaped) else { continue }
                if index > start { body(UnsafeBufferPointer(rebasing: bytes[start..<index])) }
                start = index + 1
            }
        }
    }

    private func addCategories(_ row: Row, _ place: Int, to product: OpenProduct) {
        guard !row.isEmpty(place) else { return }
        let isKnown = row.bytes(place).elementsEqual(lastCategory.bytes)
        if !isKnown {
            var paths: [CategoryPath] = []
            eachPiece(row, place, separator: profile.separators.categories) { piece in
                guard let whole = text.line(piece, limit: 1000) else { return }
                let path = whole.replacing("\\,", with: ",").split { profile.separators.levels.contains($0) }
                    .map { $0.trimmed }.filter { !$0.isEmpty }
                guard !path.isEmpty else { return }
                if !profile.takesCategoryNumbers, path.count == 1, path[0].allSatisfy({ $0.isNumber }) { return }
                paths.append(CategoryPath(path))
            }
            watch(row, place, 1000)
            lastCategory = (Array(row.bytes(place)), paths)
        }
        for path in lastCategory.paths where !product.categories.contains(path) && product.categories.count < 50 {
            product.categories.append(path)
        }
    }

    private func eachFacet(_ row: Row, _ place: Int, _ body: (String, String) -> Void) {
        guard let whole = text.line(row, place, limit: 4000) else { return }
        for entry in whole.components(separatedBy: profile.separators.facets) {
            if let mark = entry.range(of: profile.separators.facet) {
                let value = entry[mark.upperBound...].trimmed
                if !value.isEmpty { body(entry[..<mark.lowerBound].trimmed.lowercased(), value) }
            } else if !entry.trimmed.isEmpty {
                body("", entry.trimmed)
            }
        }
    }

    private func value(_ row: Row, _ candidates: [Int], _ name: String) -> String? {
        for place in candidates where !row.isEmpty(place) {
            if name == "gtin" || name == "mpn" {
                guard let value = text.exact(row, place) else { continue }
                if warnOfRounding(value, row, place) { return nil }
                return String(value.prefix(FeedLimits.attributeLength))
            }
            guard let value = text.line(row, place, limit: FeedLimits.attributeLength) else { continue }
            watch(row, place, nil)
            return value
        }
        return nil
    }

    // Complaints

    @discardableResult
    private func warnOfRounding(_ value: String, _ row: Row, _ place: Int) -> Bool {
        guard value.utf8.count >= 5, value.utf8.contains(UInt8(ascii: "+")) else { return false }
        let parts = value.uppercased().components(separatedBy: "E+")
        guard parts.count == 2, Int(parts[1]) != nil, Double(parts[0].replacing(",", with: ".")) != nil else {
            return false
        }
        report(
            .warning,
            .roundedNumber,
            row,
            place,
            "`\(value)` was rounded by a spreadsheet; its digits are lost",
            hint: "export the feed again and do not save it from a spreadsheet, or format the column as text"
        )
        return true
    }

    private func watch(_ row: Row, _ place: Int, _ limit: Int?) {
        if text.metBadBytes {
            text.metBadBytes = false
            report(
                .warning,
                .badBytes,
                row,
                place,
                "the cell is not UTF-8 as the rest of the feed is; it was read as Windows-1252",
                hint: "save the whole feed in one encoding, best as UTF-8"
            )
        }
        if text.metLongText {
            text.metLongText = false
            if let limit { report(.note, .cut, row, place, "the text is longer than \(limit) characters and was cut") }
        }
    }

    private func report(_ finding: PictureCell.Finding, _ row: Row, _ place: Int) {
        switch finding {
        case .picture: break
        case .bad(let text):
            report(
                .warning,
                .badPicture,
                row,
                place,
                "`\(text.prefix(120))` is neither an address nor the name of a picture",
                hint: "expected `https://…` or a file name such as `shoe.jpg`"
            )
        case .glued(let text):
            report(
                .warning,
                .gluedPictures,
                row,
                place,
                "two addresses are glued together: `\(text.prefix(160))`",
                hint: "put a separator between the addresses"
            )
        }
    }

    func report(
        _ severity: Diagnostic.Severity,
        _ code: FeedDiagnosticCode,
        _ row: Row,
        _ place: Int?,
        _ message: String,
        hint: String? = nil
    ) {
        let field = place.flatMap { $0 >= 0 ? columns.name($0) : nil }
        diagnostics.append(
            Diagnostic(
                severity,
                code.rawValue,
                file: options.file,
                line: row.line,
                field: field.flatMap { $0.isEmpty ? nil : $0 },
                message,
                hint: hint
            )
        )
    }
}
