import VitrineCore

/// What rules ask of a product, folded once and only when asked.
struct ProductTraits {
    let product: Product
    let variant: Variant?
    private(set) lazy var title = FoldedText(product.title)
    private(set) lazy var tags = Set(product.tags.map { FoldedText($0).bytes })
    private(set) lazy var vendor = FoldedText(product.brand ?? "").bytes
    private(set) lazy var types = Set(
        ([product.type ?? ""] + CategoryPath(product.type ?? "").segments).map { FoldedText($0).bytes }
    )

    init(_ product: Product, _ variant: Variant?) {
        self.product = product
        self.variant = variant
    }

    var price: Int64? {
        (variant?.price ?? product.price ?? product.variants.first?.price)?.micros
    }

    /// The values of an attribute, each folded.
    func values(_ name: String) -> [[UInt8]] {
        var texts: [String] = []
        let variants = variant.map { [$0] } ?? product.variants
        for variant in variants.prefix(50) {
            if let value = variant.attributes[name] { texts.append(value) }
            texts += variant.options.filter { AttributeName.snake($0.name) == name }.map(\.value)
            if name == "color", let color = variant.color { texts.append(color) }
        }
        if let value = product.attributes[name] { texts.append(value) }
        return texts.flatMap { text in
            [FoldedText(text).bytes]
                + text.split { ",|;/".contains($0) }.map { FoldedText(String($0)).bytes }
        }
    }
}

/// A rule made ready to be asked often.
struct CompiledRule: Sendable {
    struct Groups: Sendable {
        var categories: [Int]
        var title: [FoldedText]
        var tag: Set<[UInt8]>
        var vendor: Set<[UInt8]>
        var type: Set<[UInt8]>
        var attribute: [(name: String, values: Set<[UInt8]>)]
        var price: PresetRule.Prices?

        init(_ groups: PresetRule.Groups, _ book: CategoryBook) {
            categories = groups.category.compactMap { category in
                guard case .node(let index) = book.find(category.path.description) else { return nil }
                return index
            }
            title = groups.title.map { FoldedText($0) }
            tag = Set(groups.tag.map { FoldedText($0).bytes })
            vendor = Set(groups.vendor.map { FoldedText($0).bytes })
            type = Set(groups.type.map { FoldedText($0).bytes })
            attribute = groups.attribute.sorted { $0.key < $1.key }
                .map { ($0.key, Set($0.value.map { FoldedText($0).bytes })) }
            price = groups.price
        }
    }

    /// One group that was asked.
    struct Finding {
        var group: String
        var holds: Bool
    }

    var all: Groups
    var not: Groups
    var count: Int

    init(_ rule: PresetRule, _ book: CategoryBook) {
        all = Groups(rule.all, book)
        not = Groups(rule.not, book)
        count = rule.all.count
    }

    /// The first group that does not hold, or the group of `not` that does; nil when the rule holds.
    ///
    /// The groups of categories that must hold are left to the caller.
    func refusal(_ traits: inout ProductTraits, isWithin: (Int) -> Bool) -> String? {
        for finding in CompiledRule.findings(all, &traits) where !finding.holds { return finding.group }
        if not.categories.contains(where: isWithin) { return "not: category" }
        for finding in CompiledRule.findings(not, &traits) where finding.holds { return "not: \(finding.group)" }
        return nil
    }

    /// Whether the groups beside the category say nothing.
    var isOnlyCategory: Bool {
        all.title.isEmpty && all.tag.isEmpty && all.vendor.isEmpty && all.type.isEmpty && all.attribute.isEmpty
            && all.price == nil && not.categories.isEmpty && not.title.isEmpty && not.tag.isEmpty && not.vendor.isEmpty
            && not.type.isEmpty && not.attribute.isEmpty && not.price == nil
    }

    private static func findings(_ groups: Groups, _ traits: inout ProductTraits) -> [Finding] {
        var findings: [Finding] = []
        if !groups.title.isEmpty {
            let title = traits.title
            findings.append(Finding(group: "title", holds: groups.title.contains { title.contains($0) }))
        }
        if !groups.tag.isEmpty {
            findings.append(Finding(group: "tag", holds: !groups.tag.isDisjoint(with: traits.tags)))
        }
        if !groups.vendor.isEmpty {
            findings.append(Finding(group: "vendor", holds: groups.vendor.contains(traits.vendor)))
        }
        if !groups.type.isEmpty {
            findings.append(Finding(group: "type", holds: !groups.type.isDisjoint(with: traits.types)))
        }
        for attribute in groups.attribute {
            let holds = traits.values(attribute.name).contains { attribute.values.contains($0) }
            findings.append(Finding(group: "attribute `\(attribute.name)`", holds: holds))
        }
        if let prices = groups.price {
            findings.append(Finding(group: "price", holds: traits.price.map(prices.contains) ?? false))
        }
        return findings
    }
}
