import Foundation
import VitrineCore

/// Everything that the gallery's template shows, as finished strings.
struct GalleryPage {
    struct Count {
        var label: String
        var number: String
    }

    struct Choice {
        var number: String
        var name: String
        var count: String
    }

    struct Remark {
        var severity: String
        var place: String?
        var text: String
        var hint: String?
    }

    var title: String
    var made: String
    var policy: String
    var style: String
    var script: String
    var data: String
    var counts: [Count]
    var hasCategories: Bool
    var categories: [Choice]
    var hasPresets: Bool
    var presets: [Choice]
    var cards: [GalleryCard]
    var hasRemarks: Bool
    var remarkTitle: String
    var remarks: [Remark]
    var more: String?

    /// The page of these products.
    init(_ products: [ExportedProduct], summary: Gallery.Summary, options: ExportOptions) throws {
        let shown = products.map { $0.shown(options) }
        let shapes = zip(products, shown).map { GalleryShape($0, videos: $1) }
        let categoryNames = GalleryPage.categories(of: products)
        let categories = GalleryIndex(categoryNames)
        let presets = GalleryIndex(products.map(\.preset))
        cards = products.indices.map { index in
            GalleryCard(
                products[index],
                number: index,
                videos: shown[index],
                shape: shapes[index],
                category: categories.number(of: categoryNames[index]),
                preset: presets.number(of: products[index].preset)
            )
        }
        title = summary.title
        made = summary.made
        style = GalleryShape.style(shapes) + ExportAsset.style.text
        script = ExportAsset.script.text
        data = try GalleryDetail.json(zip(products, shown).map { GalleryDetail($0, videos: $1) })
        policy = GalleryPage.policy(style: style, script: script)
        counts = GalleryPage.counts(products, videos: shown)
        self.categories = categories.choices
        hasCategories = categories.choices.count > 1
        self.presets = presets.choices
        hasPresets = presets.choices.count > 1
        remarks = summary.diagnostics.prefix(Gallery.remarkLimit).map(GalleryPage.remark)
        hasRemarks = !remarks.isEmpty
        let count = summary.diagnostics.count
        remarkTitle = count == 1 ? "1 remark" : "\(count) remarks"
        more = count > Gallery.remarkLimit ? "The first \(Gallery.remarkLimit) are listed here." : nil
    }

    /// Only what the page itself brings may run, and nothing may be asked of the network.
    private static func policy(style: String, script: String) -> String {
        func source(_ text: String) -> String {
            let digits = Array(Digest(of: text).hexadecimal.utf8)
            let bytes = stride(from: 0, to: digits.count, by: 2).map { index in
                UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) ?? 0
            }
            return "'sha256-\(Data(bytes).base64EncodedString())'"
        }
        return "default-src 'none'; img-src 'self' file:; media-src 'self' file:; style-src \(source(style)); "
            + "script-src \(source(script)); base-uri 'none'; form-action 'none'"
    }

    private static func counts(_ products: [ExportedProduct], videos: [[ExportedVideo]]) -> [Count] {
        let count = videos.reduce(0) { $0 + $1.count }
        return [
            Count(label: products.count == 1 ? "product" : "products", number: grouped(products.count)),
            Count(label: count == 1 ? "video" : "videos", number: grouped(count)),
        ]
    }

    private static func grouped(_ number: Int) -> String {
        number.formatted(.number.locale(Locale(identifier: "en_US")))
    }

    /// The widest category of each product, or its whole path where the feed has few of them.
    private static func categories(of products: [ExportedProduct]) -> [String?] {
        let paths = products.map { $0.product.categories.first }
        let names = paths.map { $0?.description }
        guard Set(names).count > 24 else { return names }
        return paths.map { $0?.segments.first }
    }

    private static func remark(_ diagnostic: Diagnostic) -> Remark {
        let place = [diagnostic.line.map { "line \($0)" }, diagnostic.field].compactMap { $0 }.joined(separator: ", ")
        return Remark(
            severity: diagnostic.severity.rawValue,
            place: place.isEmpty ? nil : place,
            text: diagnostic.message,
            hint: diagnostic.hint
        )
    }
}

/// Names that products share, numbered in the order of the alphabet.
struct GalleryIndex {
    /// The names with their counts.
    let choices: [GalleryPage.Choice]
    private let numbers: [String: String]

    /// Counts names.
    init(_ names: [String?]) {
        var counts: [String: Int] = [:]
        for name in names { if let name, !name.isEmpty { counts[name, default: 0] += 1 } }
        let ordered = counts.sorted { $0.key.lowercased() < $1.key.lowercased() }
        choices = ordered.enumerated().map { index, entry in
            GalleryPage.Choice(number: "\(index + 1)", name: entry.key, count: "\(entry.value)")
        }
        numbers = Dictionary(uniqueKeysWithValues: choices.map { ($0.name, $0.number) })
    }

    /// The number of a name; empty for none.
    func number(of name: String?) -> String { name.flatMap { numbers[$0] } ?? "" }
}
