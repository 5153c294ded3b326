import VitrineCore

/// Closes a product: settles the keys of its variants, leaves out what stood further up, and says what is missing.
final class VariantSettler {
    struct Outcome {
        var product: Product?
        var isLeftOut = false
        var skipped = 0
        var productRows = 0
        var variantRows = 0
        var pictureRows = 0
        var diagnostics: [Diagnostic] = []
        /// Rows of the product that were left out.
        var dropped: [Int] = []
    }

    private let feed: FeedName
    private let file: String
    private var seen = SeenKeys()
    private var hasLeftOut = false

    init(feed: FeedName, file: String) {
        self.feed = feed
        self.file = file
    }

    func wasTaken(_ key: String) -> Bool { seen.contains(SeenKeys.hash(key, "", salt: 0)) }
    func wasLeftOut(_ key: String) -> Bool { hasLeftOut && seen.contains(SeenKeys.hash(key, "", salt: 1)) }

    func settle(_ open: OpenProduct, ledger: RowLedger?) -> Outcome {
        if open.absence == nil, open.title == nil, !open.isFragment { open.absence = .noTitle }
        if open.absence != nil { return leaveOut(open, ledger) }
        var outcome = Outcome()
        outcome.diagnostics = open.diagnostics
        let isRepeated = !seen.insert(SeenKeys.hash(open.key, "", salt: 0))
        if open.variants.isEmpty, let own = open.ownVariant {
            open.variants = [own]
        }
        let variants = keys(of: open, isRepeated: isRepeated, &outcome)
        outcome.pictureRows = open.pictureRows
        outcome.productRows = isRepeated || open.isFragment ? 0 : 1
        outcome.variantRows = open.rows - outcome.productRows - outcome.pictureRows - outcome.skipped
        for ordinal in open.ordinals { ledger?.settle(ordinal, RowLedger.Keys(product: open.key, variant: nil)) }
        for entry in variants {
            guard let ordinal = entry.ordinal else { continue }
            ledger?.settle(ordinal, RowLedger.Keys(product: open.key, variant: entry.variant.key))
        }
        for ordinal in outcome.dropped { ledger?.settle(ordinal, nil) }
        guard !variants.isEmpty || !isRepeated || open.pictureRows > 0 else { return outcome }
        let product = product(of: open, variants.map(\.variant))
        if product.images.isEmpty, !open.isFragment, !isRepeated {
            outcome.diagnostics.append(
                complaint(
                    .warning,
                    .noPicture,
                    open,
                    "the product `\(product.title.prefix(80))` has no picture",
                    field: open.fields.image,
                    hint: "no video can be made of it until it has one"
                )
            )
        }
        outcome.product = product
        outcome.diagnostics = sorted(outcome.diagnostics, of: product.id)
        return outcome
    }

    private func leaveOut(_ open: OpenProduct, _ ledger: RowLedger?) -> Outcome {
        var outcome = Outcome()
        outcome.isLeftOut = true
        outcome.skipped = open.rows
        for ordinal in open.ordinals { ledger?.settle(ordinal, nil) }
        hasLeftOut = true
        if !open.key.isEmpty, !open.isFragment { _ = seen.insert(SeenKeys.hash(open.key, "", salt: 1)) }
        let rows = open.rows == 1 ? "the row was left out" : "its \(open.rows) rows were left out"
        switch open.absence {
        case .status(let status, let word, let field):
            let what = status == .archived ? "archived" : "not published"
            let message = "the product is \(what) (`\(word)`); \(rows)"
            outcome.diagnostics = [
                complaint(.note, .draft, open, message, field: field, hint: "`--all` takes drafts too")
            ]
        case .parentLeftOut:
            outcome.diagnostics = [
                complaint(.note, .leftOutParent, open, "the product was left out further up; \(rows)")
            ]
        case .noKey:
            outcome.diagnostics =
                open.diagnostics + [
                    complaint(.error, .noKey, open, "the product has no identity; \(rows)", field: open.fields.identity)
                ]
        case .noTitle, nil:
            outcome.diagnostics =
                open.diagnostics + [
                    complaint(
                        .error,
                        .noTitle,
                        open,
                        "the product `\(open.key)` has no title; \(rows)",
                        field: open.fields.title
                    )
                ]
        }
        outcome.diagnostics.sort { ($0.line ?? 0) < ($1.line ?? 0) }
        return outcome
    }

    /// The variants with keys that are unique in the product: the feed's own, else the SKU, else the choices, else a number.
    private func keys(of open: OpenProduct, isRepeated: Bool, _ outcome: inout Outcome) -> [OpenVariant] {
        let isAlone = open.variants.count == 1
        var skus: [SKU: Int] = [:]
        if !isAlone {
            for entry in open.variants { if let sku = entry.variant.sku { skus[sku, default: 0] += 1 } }
        }
        var used = Set<String>()
        var doubledSKUs = Set<SKU>()
        var kept: [OpenVariant] = []
        kept.reserveCapacity(open.variants.count)
        for (index, entry) in open.variants.enumerated() {
            var entry = entry
            var candidates: [String] = []
            if let ownKey = entry.ownKey { candidates.append(ownKey) }
            if let sku = entry.variant.sku {
                if skus[sku, default: 1] == 1 {
                    candidates.append(sku.rawValue)
                } else if entry.ownKey == nil, !doubledSKUs.insert(sku).inserted {
                    outcome.diagnostics.append(doubled(sku, entry.variant, open))
                }
            }
            if entry.ownKey == nil, !entry.variant.options.isEmpty {
                candidates.append(entry.variant.options.map(\.value).joined(separator: " / "))
            }
            let isRepeatedHere = entry.ownKey.map { used.contains($0) } ?? false
            let isRepeatedAbove = isRepeated && isSeen(open.key, candidates.first ?? "#\(index + 1)")
            if isRepeatedHere || isRepeatedAbove {
                outcome.skipped += 1
                if let ordinal = entry.ordinal { outcome.dropped.append(ordinal) }
                outcome.diagnostics.append(repeated(candidates.first ?? "", entry.variant, open))
                continue
            }
            var number = index + 1
            var key = candidates.first { !used.contains($0) && !(isRepeated && isSeen(open.key, $0)) }
            while key == nil {
                let candidate = "#\(number)"
                if !used.contains(candidate), !(isRepeated && isSeen(open.key, candidate)) { key = candidate }
                number += 1
            }
            if entry.variant.title == open.title { entry.variant.title = nil }
            entry.variant.key = key ?? "#\(number)"
            if !isAlone { used.insert(entry.variant.key) }
            if entry.variant.key != open.key { _ = seen.insert(SeenKeys.hash(open.key, entry.variant.key, salt: 0)) }
            kept.append(entry)
        }
        return kept
    }

    private func isSeen(_ key: String, _ variant: String) -> Bool {
        variant == key || seen.contains(SeenKeys.hash(key, variant, salt: 0))
    }

    private func product(of open: OpenProduct, _ variants: [Variant]) -> Product {
        var attributes = open.attributes
        open.attributes = [:]
        if let first = variants.first {
            for (name, value) in first.attributes where attributes[name] == nil {
                if variants.count == 1 || variants.allSatisfy({ $0.attributes[name] == value }) {
                    attributes[name] = value
                }
            }
        }
        var images = open.images
        open.images = []
        if open.positions.contains(where: { $0 != Int.max }) {
            let order = open.positions.indices.sorted { (open.positions[$0], $0) < (open.positions[$1], $1) }
            images = order.map { images[$0] }
        }
        for variant in variants {
            guard let image = variant.image, images.count < FeedLimits.pictures else { continue }
            if !images.contains(where: { $0.reference == image.reference }) { images.append(image) }
        }
        return Product(
            feed: feed,
            key: open.key,
            line: open.line,
            title: open.title ?? open.key,
            description: open.description,
            brand: open.brand,
            categories: open.categories,
            type: open.type,
            tags: open.tags,
            link: open.link,
            price: open.price ?? variants.lazy.compactMap(\.price).first,
            status: open.status,
            attributes: attributes,
            images: images,
            variants: variants
        )
    }

    private func doubled(_ sku: SKU, _ variant: Variant, _ open: OpenProduct) -> Diagnostic {
        Diagnostic(
            .warning,
            FeedDiagnosticCode.doubledSKU.rawValue,
            file: file,
            line: variant.line,
            field: open.fields.sku,
            "the SKU `\(sku)` stands more than once in the product `\(open.key)`",
            hint: "the variants are told apart by their choices instead"
        )
    }

    private func repeated(_ key: String, _ variant: Variant, _ open: OpenProduct) -> Diagnostic {
        Diagnostic(
            .warning,
            FeedDiagnosticCode.repeated.rawValue,
            file: file,
            line: variant.line,
            field: open.fields.identity,
            "`\(key)` of the product `\(open.key)` stands further up already; this row was left out",
            hint: "give each row an identity of its own"
        )
    }

    private func complaint(
        _ severity: Diagnostic.Severity,
        _ code: FeedDiagnosticCode,
        _ open: OpenProduct,
        _ message: String,
        field: String? = nil,
        hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(severity, code.rawValue, file: file, line: open.line, field: field, message, hint: hint)
    }

    private func sorted(_ diagnostics: [Diagnostic], of product: ProductID) -> [Diagnostic] {
        guard !diagnostics.isEmpty else { return [] }
        var diagnostics = diagnostics
        for index in diagnostics.indices { diagnostics[index].product = product }
        if diagnostics.count > 1 { diagnostics.sort { ($0.line ?? 0) < ($1.line ?? 0) } }
        return diagnostics
    }
}
