import VitrineCore

/// Presets by the categories that they take, in ranking order: made once, asked for every product.
struct MatchIndex: Sendable {
    /// A preset that takes a category, and how far up it does.
    struct Entry: Sendable {
        var preset: Int
        /// The category of the rule; nil when the rule names none.
        var node: Int?
        var rank: Rank
    }

    /// Deeper categories first, then more groups, then more weight, then the name.
    struct Rank: Comparable, Sendable {
        var depth: Int
        var groups: Int
        var weight: Int
        var name: String

        /// Whether only the names differ.
        func equals(_ other: Rank) -> Bool {
            depth == other.depth && groups == other.groups && weight == other.weight
        }

        static func < (left: Rank, right: Rank) -> Bool {
            if left.depth != right.depth { return left.depth > right.depth }
            if left.groups != right.groups { return left.groups > right.groups }
            if left.weight != right.weight { return left.weight > right.weight }
            return left.name < right.name
        }
    }

    /// What speaks for a category.
    enum Source: Int {
        case category
        case tag
        case title
    }

    /// The entry that wins, and the category that speaks for it.
    struct Winner {
        var entry: Entry
        var hit: CategoryHit?
        var source: Source
    }

    let book: CategoryBook
    let evidence: CategoryEvidence
    let rules: [CompiledRule?]
    let titles: [String]
    private let byNode: [[Entry]]
    private let withoutCategory: [Entry]
    private let fallbacks: [Entry]

    init(_ presets: [Preset], _ book: CategoryBook) {
        self.book = book
        evidence = CategoryEvidence(book)
        titles = presets.map(\.name)
        let rules = presets.map { preset in preset.match.map { CompiledRule($0, book) } }
        self.rules = rules
        var rooted: [Int: [Entry]] = [:]
        var without: [Entry] = []
        var fallbacks: [Entry] = []
        for (index, preset) in presets.enumerated() {
            guard let rule = rules[index], let match = preset.match else { continue }
            var entry = Entry(
                preset: index,
                node: nil,
                rank: Rank(depth: 0, groups: rule.count, weight: preset.weight, name: preset.name)
            )
            if match.isEmpty {
                fallbacks.append(entry)
            } else if match.all.category.isEmpty {
                without.append(entry)
            } else {
                for node in rule.all.categories {
                    entry.node = node
                    entry.rank.depth = book.nodes[node].path.depth
                    rooted[node, default: []].append(entry)
                }
            }
        }
        byNode = book.nodes.indices.map { node in
            var seen = Set<Int>()
            return book.line(of: node).flatMap { rooted[$0] ?? [] }
                .sorted { $0.rank < $1.rank }
                .filter { seen.insert($0.preset).inserted }
        }
        withoutCategory = without.sorted { $0.rank < $1.rank }
        self.fallbacks = fallbacks.sorted { $0.rank < $1.rank }
    }

    /// The preset that fits best: by what the merchant says first, by words of the title only when that gives none.
    ///
    /// Tags narrow what the categories say and never contradict it; alone they count where the categories lead nowhere.
    func winner(_ traits: inout ProductTraits) -> Winner? {
        let explicit = hits(ofCategories: traits.product)
        let tags = traits.product.tags.prefix(60).flatMap { evidence.hits(inTag: $0) }
        if let best = best(explicit, .category, [], &traits) {
            let narrower = tags.filter { tag in
                explicit.contains { $0.node != tag.node && book.isWithin(tag.node, $0.node) }
            }
            guard let finer = self.best(narrower, .tag, explicit, &traits), finer.entry.rank < best.entry.rank else {
                return best
            }
            return finer
        }
        if let best = best(tags, .tag, explicit, &traits) { return best }
        let known = explicit + tags
        for entry in withoutCategory where refusal(entry, known, &traits) == nil {
            return Winner(entry: entry, hit: nil, source: .category)
        }
        let words = evidence.hits(inTitle: traits.title)
        if let best = best(words, .title, known, &traits) { return best }
        return fallbacks.first.map { Winner(entry: $0, hit: nil, source: .category) }
    }

    /// The categories that the product's category columns and its type name.
    func hits(ofCategories product: Product) -> [CategoryHit] {
        var hits = product.categories.prefix(30).flatMap { path in
            evidence.hits(in: path.segments.count == 1 ? path.segments[0] : path.description)
        }
        if let type = product.type { hits += evidence.hits(in: type) }
        return hits
    }

    /// Everything that speaks for a category, in the order in which it counts.
    func allHits(_ traits: inout ProductTraits) -> [(hit: CategoryHit, source: Source)] {
        hits(ofCategories: traits.product).map { ($0, .category) }
            + traits.product.tags.prefix(60).flatMap { evidence.hits(inTag: $0) }.map { ($0, .tag) }
            + evidence.hits(inTitle: traits.title).map { ($0, .title) }
    }

    /// The group that keeps a preset from a product whose category is settled; nil when nothing does.
    func refusal(_ entry: Entry, _ hits: [CategoryHit], _ traits: inout ProductTraits) -> String? {
        guard let rule = rules[entry.preset], !rule.isOnlyCategory else { return nil }
        return rule.refusal(&traits) { node in hits.contains { book.isWithin($0.node, node) } }
    }

    private func depth(_ hit: CategoryHit) -> Int { book.nodes[hit.node].path.depth }

    private func best(
        _ hits: [CategoryHit],
        _ source: Source,
        _ others: [CategoryHit],
        _ traits: inout ProductTraits
    ) -> Winner? {
        var best: Winner?
        let isGuess = source == .title
        let ordered = isGuess ? hits.sorted { depth($0) > depth($1) } : hits
        for hit in ordered {
            for entry in byNode[hit.node] {
                if let best, best.entry.rank <= entry.rank || isGuess && best.entry.rank.equals(entry.rank) { break }
                guard refusal(entry, hits + others, &traits) == nil else { continue }
                best = Winner(entry: entry, hit: hit, source: source)
                break
            }
        }
        return best
    }
}
