public import VitrineCore

/// All presets, styles and categories that hold at one time.
///
/// A value: it never changes. What it remembers of categories it has seen only makes it faster.
public struct PresetLibrary: Sendable {
    /// The presets that products can be given, with everything inherited in them, by name.
    public let presets: [Preset]
    /// The styles.
    public let styles: StyleBook
    /// The categories.
    public let categories: CategoryBook
    /// The digest of everything that can change a plan: presets, styles, categories, and how they are matched.
    public let version: Digest
    /// The presets that only others extend, by name.
    public let abstracts: [Preset]

    let index: MatchIndex
    private let byName: [String: Int]
    private let lastResort: Preset

    /// The library that travels inside the program.
    public static func shipped() -> Checked<PresetLibrary> {
        read(shippedAnd: [])
    }

    /// The shipped library with a merchant's own files, which win by name of preset and style and by path of category.
    public static func read(shippedAnd files: [PresetFile]) -> Checked<PresetLibrary> {
        read(shipped: PresetFile.shipped, own: files)
    }

    /// A library of these files alone.
    public static func read(_ files: [PresetFile]) -> Checked<PresetLibrary> {
        read(shipped: files, own: [])
    }

    /// The preset of that name; nil for abstract ones, too.
    public func preset(_ name: String) -> Preset? {
        byName[name].map { presets[$0] }
    }

    /// The preset that fits a product best, and why; the fallback when none does.
    public func match(_ product: Product, variant: Variant? = nil) -> PresetMatch {
        var traits = ProductTraits(product, variant)
        guard let winner = index.winner(&traits) else {
            return PresetMatch(preset: lastResort, because: "no preset matches")
        }
        let preset = presets[winner.entry.preset]
        return PresetMatch(preset: preset, because: because(preset, winner))
    }

    /// What the merchant calls the category of a product that only the fallback takes; nil when another preset does.
    ///
    /// It is empty when the product has no category-like value at all.
    public func unmatchedCategory(of product: Product) -> String? {
        guard match(product).preset.isFallback else { return nil }
        if let path = product.categories.first { return path.description }
        if let type = product.type, !type.isEmpty { return type }
        return product.tags.first ?? ""
    }

    private func because(_ preset: Preset, _ winner: MatchIndex.Winner) -> String {
        if preset.isFallback { return "no other preset matches" }
        guard let hit = winner.hit, let node = winner.entry.node else {
            let groups = PresetLibrary.groups(of: preset)
            return groups.joined(separator: ", ") + (groups.count == 1 ? " matches" : " match")
        }
        let path = categories.nodes[node].path.description
        let found = categories.nodes[hit.node].path.description
        var text =
            switch winner.source {
            case .category where hit.words == path || hit.words == found: "category `\(found)`"
            case .category: "category `\(hit.words)` is `\(found)`"
            case .tag: "tag `\(hit.words)` is category `\(found)`"
            case .title: "title word `\(hit.words)` is category `\(found)`"
            }
        if found != path { text += ", in `\(path)`" }
        let others = PresetLibrary.groups(of: preset).filter { $0 != "category" }
        if !others.isEmpty {
            return text + ", and \(others.joined(separator: ", ")) \(others.count == 1 ? "matches" : "match")"
        }
        return text.hasSuffix("category `\(found)`") && winner.source == .category ? text + " matches" : text
    }

    /// The names of the groups of a rule, in the order in which they are asked.
    static func groups(of preset: Preset) -> [String] {
        guard let all = preset.match?.all else { return [] }
        var names: [String] = []
        if !all.category.isEmpty { names.append("category") }
        if !all.title.isEmpty { names.append("title") }
        if !all.tag.isEmpty { names.append("tag") }
        if !all.vendor.isEmpty { names.append("vendor") }
        if !all.type.isEmpty { names.append("type") }
        names += all.attribute.keys.sorted().map { "attribute `\($0)`" }
        if all.price != nil { names.append("price") }
        return names
    }

    init(
        presets: [Preset],
        abstracts: [Preset],
        styles: StyleBook,
        categories: CategoryBook,
        version: Digest
    ) {
        self.presets = presets
        self.abstracts = abstracts
        self.styles = styles
        self.categories = categories
        self.version = version
        index = MatchIndex(presets, categories)
        byName = Dictionary(presets.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        lastResort = Preset(
            name: "fallback",
            title: "Any product",
            match: PresetRule(),
            file: "",
            line: 0,
            version: Digest(of: "vitrine.preset.none")
        )
    }
}

/// The preset that a product is given, and why.
public struct PresetMatch: Hashable, Sendable {
    /// The preset.
    public var preset: Preset
    /// Why, in words, such as: category `Apparel & Accessories > Shoes` matches.
    public var because: String

    /// A preset and the reason.
    public init(preset: Preset, because: String) {
        self.preset = preset
        self.because = because
    }
}
