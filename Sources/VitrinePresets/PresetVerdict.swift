public import VitrineCore

/// Whether one preset takes a product, and if not, the first reason why not.
public struct PresetVerdict: Hashable, Sendable {
    /// The preset's name.
    public var preset: String
    /// Whether it takes the product.
    public var matches: Bool
    /// Why it does, or the first reason why it does not.
    public var reason: String
    /// How deep the category of its rule is; 0 when it names none.
    public var depth: Int
    /// How many groups its rule has.
    public var groups: Int
    /// Its weight.
    public var weight: Int
}

extension PresetLibrary {
    /// What every preset says to a product: those that take it in ranking order, the winner first, then the others.
    public func explain(_ product: Product, variant: Variant? = nil) -> [PresetVerdict] {
        var traits = ProductTraits(product, variant)
        let winner = index.winner(&traits)
        let hits = index.allHits(&traits)
        var verdicts: [(verdict: PresetVerdict, order: Int)] = []
        for (position, preset) in presets.enumerated() {
            if position == winner?.entry.preset {
                verdicts.append((verdict(preset, match(product, variant: variant).because, matches: true, hits), 0))
                continue
            }
            let (reason, source) = reason(preset, position, hits, &traits)
            let isLess = source.rawValue > winner?.source.rawValue ?? 0 && !preset.isFallback
            let speakers = source == .title ? "words of the title" : "tags"
            let matches = reason == nil
            let text = reason ?? (isLess ? "only \(speakers) speak for it" : "it ranks lower")
            let order = matches ? (preset.isFallback ? 3 : isLess ? 2 : 1) : 4
            verdicts.append((verdict(preset, text, matches: matches, hits), order))
        }
        return verdicts.sorted { left, right in
            if left.order != right.order { return left.order < right.order }
            return left.verdict.rank < right.verdict.rank
        }.map(\.verdict)
    }

    private func verdict(
        _ preset: Preset,
        _ reason: String,
        matches: Bool,
        _ hits: [(hit: CategoryHit, source: MatchIndex.Source)]
    ) -> PresetVerdict {
        let nodes = presetNodes(preset)
        let reached = nodes.filter { node in hits.contains { categories.isWithin($0.hit.node, node) } }
        let depth = (reached.isEmpty ? nodes : reached).map { categories.nodes[$0].path.depth }.max() ?? 0
        return PresetVerdict(
            preset: preset.name,
            matches: matches,
            reason: reason,
            depth: depth,
            groups: preset.match?.all.count ?? 0,
            weight: preset.weight
        )
    }

    private func presetNodes(_ preset: Preset) -> [Int] {
        (preset.match?.all.category ?? []).compactMap { category in
            guard case .node(let index) = categories.find(category.path.description) else { return nil }
            return index
        }
    }

    /// The first reason why a preset does not take a product, or nil and what speaks for its category.
    private func reason(
        _ preset: Preset,
        _ position: Int,
        _ hits: [(hit: CategoryHit, source: MatchIndex.Source)],
        _ traits: inout ProductTraits
    ) -> (String?, MatchIndex.Source) {
        guard let match = preset.match else { return ("it has no `match`, so it is only used by name", .category) }
        let nodes = presetNodes(preset)
        let reached = hits.first { hit in nodes.contains { categories.isWithin(hit.hit.node, $0) } }
        if !nodes.isEmpty, reached == nil {
            let wanted = match.all.category.prefix(2).map { "`\($0.path)`" }.joined(separator: " or ")
            let found = Set(hits.map { "`\(categories.nodes[$0.hit.node].path)`" }).sorted().prefix(2)
            let got = found.isEmpty ? "no category is known" : "it is in \(found.joined(separator: " and "))"
            return ("category: expected \(wanted), but \(got)", .category)
        }
        let entry = MatchIndex.Entry(
            preset: position,
            node: nodes.first,
            rank: .init(depth: 0, groups: 0, weight: 0, name: preset.name)
        )
        let source = reached?.source ?? .category
        guard let group = index.refusal(entry, hits.map(\.hit), &traits) else { return (nil, source) }
        return (PresetLibrary.complaint(group, match, traits.product), source)
    }

    private static func complaint(_ group: String, _ rule: PresetRule, _ product: Product) -> String {
        func one(of values: [String]) -> String {
            let names = values.prefix(4).map { "`\($0)`" }.joined(separator: ", ")
            return values.count > 4 ? names + ", …" : names
        }
        switch group {
        case "title": return "title: none of \(one(of: rule.all.title)) is in it"
        case "tag": return "tag: none of \(one(of: rule.all.tag))"
        case "vendor": return "vendor: expected \(one(of: rule.all.vendor)) but got `\(product.brand ?? "")`"
        case "type": return "type: expected \(one(of: rule.all.type)) but got `\(product.type ?? "")`"
        case "price": return "price: \(product.price?.description ?? "none") is out of its range"
        case "not: title": return "not: the title has one of \(one(of: rule.not.title))"
        case "not: category": return "not: it is in \(one(of: rule.not.category.map(\.path.description)))"
        case "not: tag": return "not: it has one of the tags \(one(of: rule.not.tag))"
        default: return group.hasPrefix("not:") ? "\(group) holds" : "\(group): no value that it wants"
        }
    }
}

extension PresetVerdict {
    var rank: MatchIndex.Rank { .init(depth: depth, groups: groups, weight: weight, name: preset) }
}
