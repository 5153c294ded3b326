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
    private let settler: VariantSettler
    private var current: OpenProduct?
    private var links = LinkedProducts()
    private var profile: FeedProfile { mapper.profile }

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

    // Rows that name their product

    private func takeNamingParent(_ row: Row, _ kind: RowMapper.Kind, _ ordinal: Int) {
        guard kind == .variant, let name = mapper.text.exact(row, mapper.places.parent) else {
            let product = begin(row, kind, mapper.key(of: row), ordinal)
            product.isWaiting = kind == .parent && product.absence == nil
            let sku = mapper.text.exact(row, mapper.places.sku)
            if kind == .parent, !product.key.isEmpty {
                let names = ["id:" + product.key, product.key] + (sku.map { [$0] } ?? [])
                for orphan in links.add(product, names: names) { attach(orphan, to: product) }
            } else {
                links.queue(product)
            }
            drain()
            return
        }
        attachOrKeep(waiting(row, ordinal, of: nil), for: name)
    }

    // Rows that a product names

    private func takeNamedByParent(_ row: Row, _ kind: RowMapper.Kind, _ ordinal: Int) {
        if kind != .parent, mapper.isHidden(row), let sku = mapper.text.exact(row, mapper.places.sku) {
            var waiting = waiting(row, ordinal, of: nil)
            waiting.isHiddenArticle = true
            attachOrKeep(waiting, for: sku)
            return
        }
        let product = begin(row, kind, mapper.key(of: row), ordinal)
        if kind == .parent, product.absence == nil { nameChildren(row, of: product) } else { links.queue(product) }
        drain()
    }

    private func nameChildren(_ row: Row, of product: OpenProduct) {
        var rules = FeedProfile.Options()
        rules.entry = ","
        var children: [(sku: String, options: [Variant.Option])] = []
        for place in mapper.places.children {
            for entry in (mapper.text.exactLong(row, place) ?? "").split(separator: "|") {
                var options = RowMapper.options(in: String(entry), rules)
                guard let index = options.firstIndex(where: { $0.name == "sku" }) else { continue }
                let sku = options.remove(at: index).value
                children.append((sku, options))
            }
        }
        for child in children { product.awaited[child.sku] = child.options }
        product.isWaiting = !children.isEmpty
        for orphan in links.add(product, names: children.map(\.sku)) { attach(orphan, to: product) }
    }

    private func waiting(_ row: Row, _ ordinal: Int, of product: OpenProduct?) -> WaitingRow {
        let scratch = OpenProduct(key: "", line: row.line)
        let variant = mapper.variant(row, of: scratch, ordinal: ordinal, isProductRow: false)
        mapper.addImages(row, to: scratch)
        let status = mapper.status(of: row)
        let diagnostics = mapper.diagnostics
        mapper.diagnostics = []
        return WaitingRow(
            variant: variant,
            images: scratch.images,
            line: row.line,
            ordinal: ordinal,
            status: status?.status ?? .active,
            diagnostics: diagnostics
        )
    }

    private func attachOrKeep(_ waiting: WaitingRow, for name: String) {
        switch links.product(named: name) {
        case .open(let product): attach(waiting, to: product)
        case .gone(let key):
            let product = OpenProduct(key: key, line: waiting.line)
            product.isFragment = true
            attach(waiting, to: product)
            links.queue(product)
        case .leftOut:
            counts.skipped += 1
            ledger?.settle(waiting.ordinal, nil)
            diagnostics.append(leftOut(waiting))
        case nil:
            for orphan in links.keep(waiting, for: name) { report(orphan) }
        }
        drain()
    }

    private func attach(_ waiting: WaitingRow, to product: OpenProduct) {
        if product.absence != nil {
            product.rows += 1
            if ledger != nil { product.ordinals.append(waiting.ordinal) }
            return
        }
        if waiting.status != .active && !mapper.options.includesDrafts {
            counts.skipped += 1
            ledger?.settle(waiting.ordinal, nil)
            product.diagnostics.append(leftOut(waiting))
            return
        }
        var variant = waiting.variant
        if let sku = variant.variant.sku?.rawValue, let options = product.awaited.removeValue(forKey: sku) {
            variant.variant.options = options
            for option in options {
                let name = mapper.attributeName(option.name)
                if variant.variant.attributes[name] == nil { variant.variant.attributes[name] = option.value }
            }
            product.isWaiting = !product.awaited.isEmpty
        }
        if variant.variant.image == nil { variant.variant.image = waiting.images.first }
        product.rows += 1
        if ledger != nil { product.ordinals.append(waiting.ordinal) }
        product.variants.append(variant)
        product.diagnostics += waiting.diagnostics
        for image in waiting.images where !product.images.contains(where: { $0.reference == image.reference }) {
            product.images.append(image)
            product.positions.append(Int.max)
        }
    }

    private func leftOut(_ waiting: WaitingRow) -> Diagnostic {
        complaint(
            .note,
            waiting.status == .active ? .leftOutParent : .draft,
            waiting.line,
            waiting.status == .active
                ? "the row belongs to a product that was left out" : "the variant is not published; it was left out",
            hint: "`--all` takes drafts too"
        )
    }

    private func report(_ orphan: (name: String, row: WaitingRow)) {
        counts.skipped += 1
        ledger?.settle(orphan.row.ordinal, nil)
        diagnostics.append(
            orphan.row.isHiddenArticle
                ? complaint(
                    .note,
                    .hidden,
                    orphan.row.line,
                    "the article `\(orphan.name)` is not shown by itself, and no product names it; it was left out"
                )
                : complaint(
                    .error,
                    .orphan,
                    orphan.row.line,
                    "the row belongs to the product `\(orphan.name)`, which the feed does not have; it was left out",
                    hint: "export the product together with its variants"
                )
        )
    }

    private func drain() {
        while let product = links.next() { finish(product) }
    }

    // One product

    private func begin(_ row: Row, _ kind: RowMapper.Kind, _ key: String?, _ ordinal: Int) -> OpenProduct {
        let product = OpenProduct(key: key ?? "", line: row.line)
        product.rows = 1
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
                product.absence = .status(status.status, word: status.word)
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

    private func finish(_ open: OpenProduct) {
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

    private func moveComplaints(to product: OpenProduct?) {
        guard !mapper.diagnostics.isEmpty else { return }
        if let product {
            product.diagnostics += mapper.diagnostics
        } else {
            diagnostics += mapper.diagnostics
        }
        mapper.diagnostics.removeAll()
    }

    private func complaint(
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
