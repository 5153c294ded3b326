import VitrineCore

/// Puts rows together to products: those next to one another, those below one, and those that name each other from afar.
///
/// A product that waits for rows further down holds back the ones behind it, so that the order stays the file's;
/// past a limit it is given out as it is, and what comes later is given out under the same key.
final class ProductAssembler {
    let mapper: RowMapper
    var counts = FeedCounts()
    /// Finished products that nobody has taken yet.
    var ready: [Product] = []
    /// Finished complaints that nobody has taken yet.
    var diagnostics: [Diagnostic] = []
    /// What became of each row, if somebody asked for it.
    var ledger: RowLedger?
    let settler: VariantSettler
    private var current: OpenProduct?
    var links = LinkedProducts()
    var profile: FeedProfile { mapper.profile }

    init(_ mapper: RowMapper) {
        self.mapper = mapper
        settler = VariantSettler(feed: mapper.options.feed, file: mapper.options.file)
    }

    /// Takes the next row; `ordinal` counts records from 0.
    func take(_ row: Row, ordinal: Int) {
        counts.rows += 1
        mapper.beginRow()
        if let place = mapper.places.translation.first(where: { !row.isEmpty($0) }) {
            let word = mapper.text.exact(row, place) ?? ""
            skip(
                row,
                ordinal,
                .note,
                .translation,
                place,
                "the row is the translation `\(word)` of a product; it was left out"
            )
            return
        }
        let kind = mapper.kind(of: row)
        switch kind {
        case .other(let word):
            let place = mapper.columns.kinds.first
            skip(
                row,
                ordinal,
                .note,
                .otherKind,
                place,
                "a row of the kind `\(word)` makes no product; it was left out"
            )
            return
        case .unknown(let word):
            mapper.report(
                .warning,
                .unknownKind,
                row,
                mapper.columns.kinds.first,
                "the kind `\(word)` is not known; the row was read as a product"
            )
        default: break
        }
        switch profile.grouping {
        case .identity, .above: takeAdjacent(row, kind, ordinal)
        case .parent: takeNamingParent(row, kind, ordinal)
        case .children: takeNamedByParent(row, kind, ordinal)
        }
    }

    /// Leaves a record out that cannot be read at all.
    func skip(
        _ row: Row,
        _ ordinal: Int,
        _ severity: Diagnostic.Severity,
        _ code: FeedDiagnosticCode,
        _ place: Int?,
        _ message: String,
        hint: String? = nil
    ) {
        mapper.report(severity, code, row, place, message, hint: hint)
        counts.skipped += 1
        ledger?.settle(ordinal, nil)
        moveComplaints(to: profile.grouping == .identity || profile.grouping == .above ? current : nil)
    }

    /// Gives out what is still open.
    func end() {
        if let current { finish(current) }
        current = nil
        for product in links.takeAll() { finish(product) }
        for orphan in links.takeOrphans() { report(orphan) }
    }

    // Rows next to one another

    private func takeAdjacent(_ row: Row, _ kind: RowMapper.Kind, _ ordinal: Int) {
        let isBelow = kind == .variant || kind == .picture
        let key = profile.grouping == .above && isBelow ? nil : mapper.key(of: row)
        if let current, key == current.key, current.absence.isForRows {
            add(row, kind, ordinal, to: current)
        } else if profile.grouping == .above, key == nil, isBelow || !hasTitle(row) {
            guard let current else {
                skip(
                    row,
                    ordinal,
                    .error,
                    .orphan,
                    nil,
                    "the row belongs to the product above it, but there is none; it was left out"
                )
                return
            }
            add(row, kind, ordinal, to: current)
        } else {
            if let current { finish(current) }
            current = begin(row, kind, key, ordinal)
        }
    }

    private func hasTitle(_ row: Row) -> Bool { mapper.places.title.contains { !row.isEmpty($0) } }

    // One product

    func begin(_ row: Row, _ kind: RowMapper.Kind, _ key: String?, _ ordinal: Int) -> OpenProduct {
        let product = OpenProduct(key: key ?? "", line: row.line)
        product.rows = 1
        product.fields = mapper.fields
        if ledger != nil { product.ordinals.append(ordinal) }
        guard let key else {
            product.absence = .noKey
            moveComplaints(to: product)
            return product
        }
        if settler.wasLeftOut(key) {
            product.absence = .parentLeftOut
        } else if settler.wasTaken(key) {
            product.isFragment = true
        }
        if let status = mapper.status(of: row) {
            product.status = status.status
            if status.status != .active && !mapper.options.includesDrafts && !product.isFragment {
                product.absence = .status(status.status, word: status.word, field: mapper.columns.name(status.place))
            }
        }
        guard product.absence == nil else {
            mapper.diagnostics = []
            return product
        }
        mapper.describe(row, into: product)
        mapper.classify(row, into: product)
        mapper.addImages(row, to: product)
        if profile.options.expands {
            expand(row, product, ordinal)
        } else {
            addVariant(row, kind, ordinal, to: product, isFirst: true)
        }
        moveComplaints(to: product)
        return product
    }

    private func add(_ row: Row, _ kind: RowMapper.Kind, _ ordinal: Int, to product: OpenProduct) {
        product.rows += 1
        if ledger != nil { product.ordinals.append(ordinal) }
        guard product.absence == nil else {
            mapper.diagnostics = []
            return
        }
        mapper.describe(row, into: product)
        mapper.addImages(row, to: product)
        addVariant(row, kind, ordinal, to: product, isFirst: false)
        moveComplaints(to: product)
        if product.variants.count >= FeedLimits.variantsAtOnce, product === current {
            finish(product)
            current = OpenProduct(continuing: product, line: row.line)
            current?.absence = product.absence
        }
    }

    private func addVariant(
        _ row: Row,
        _ kind: RowMapper.Kind,
        _ ordinal: Int,
        to product: OpenProduct,
        isFirst: Bool
    ) {
        switch kind {
        case .parent:
            product.ownVariant = mapper.variant(row, of: product, ordinal: ordinal, isProductRow: true)
            mapper.addDescriptiveOptions(row, to: product)
            if !isFirst { product.pictureRows += 1 }
        case .picture:
            product.pictureRows += 1
        case .product where !isFirst && !mapper.isVariant(row), .unknown where !isFirst && !mapper.isVariant(row):
            product.pictureRows += 1
        default:
            if product.isFragment && !mapper.isVariant(row) {
                product.pictureRows += 1
                return
            }
            let isProductRow = kind != .variant
            product.variants.append(mapper.variant(row, of: product, ordinal: ordinal, isProductRow: isProductRow))
            if isProductRow { mapper.addDescriptiveOptions(row, to: product) }
        }
    }

    private func expand(_ row: Row, _ product: OpenProduct, _ ordinal: Int) {
        let skus = mapper.skus(row)
        let combinations = mapper.combinations(row)
        for (index, options) in combinations.enumerated() {
            var variant = Variant(key: "", line: row.line, options: options, price: product.price)
            if skus.count == combinations.count { variant.sku = SKU(skus[index]) }
            for option in options { variant.attributes[mapper.attributeName(option.name)] = option.value }
            product.variants.append(
                OpenVariant(variant: variant, ownKey: nil, ordinal: combinations.count == 1 ? ordinal : nil)
            )
        }
        if combinations.count == 1, let sku = skus.first { product.variants[0].variant.sku = SKU(sku) }
    }

    func finish(_ open: OpenProduct) {
        for (sku, options) in open.awaited.sorted(by: { $0.key < $1.key }) {
            var variant = Variant(key: "", line: open.line, sku: SKU(sku), options: options)
            for option in options { variant.attributes[mapper.attributeName(option.name)] = option.value }
            open.variants.append(OpenVariant(variant: variant, ownKey: nil, ordinal: nil))
        }
        open.awaited = [:]
        let outcome = settler.settle(open, ledger: ledger)
        counts.skipped += outcome.skipped
        counts.productRows += outcome.productRows
        counts.variantRows += outcome.variantRows
        counts.pictureRows += outcome.pictureRows
        if let product = outcome.product {
            counts.products += 1
            counts.variants += product.variants.count
            ready.append(product)
        } else if outcome.isLeftOut {
            links.leaveOut(open)
        }
        diagnostics += outcome.diagnostics
    }

    func moveComplaints(to product: OpenProduct?) {
        guard !mapper.diagnostics.isEmpty else { return }
        if let product {
            product.diagnostics += mapper.diagnostics
        } else {
            diagnostics += mapper.diagnostics
        }
        mapper.diagnostics.removeAll()
    }

    func complaint(
        _ severity: Diagnostic.Severity,
        _ code: FeedDiagnosticCode,
        _ line: Int,
        _ message: String,
        hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(severity, code.rawValue, file: mapper.options.file, line: line, message, hint: hint)
    }
}

extension OpenProduct.Absence? {
    /// Whether further rows with the same key belong to the product: one without a key has none.
    fileprivate var isForRows: Bool {
        if case .noKey = self { return false }
        return true
    }
}
