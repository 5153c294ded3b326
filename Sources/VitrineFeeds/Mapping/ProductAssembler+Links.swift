import VitrineCore

extension ProductAssembler {
    func takeNamingParent(_ row: Row, _ kind: RowMapper.Kind, _ ordinal: Int) {
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

    func takeNamedByParent(_ row: Row, _ kind: RowMapper.Kind, _ ordinal: Int) {
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

    func nameChildren(_ row: Row, of product: OpenProduct) {
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

    func waiting(_ row: Row, _ ordinal: Int, of product: OpenProduct?) -> WaitingRow {
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

    func attachOrKeep(_ waiting: WaitingRow, for name: String) {
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

    func attach(_ waiting: WaitingRow, to product: OpenProduct) {
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

    func leftOut(_ waiting: WaitingRow) -> Diagnostic {
        complaint(
            .note,
            waiting.status == .active ? .leftOutParent : .draft,
            waiting.line,
            waiting.status == .active
                ? "the row belongs to a product that was left out" : "the variant is not published; it was left out",
            hint: "`--all` takes drafts too"
        )
    }

    func report(_ orphan: (name: String, row: WaitingRow)) {
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

    func drain() {
        while let product = links.next() { finish(product) }
    }
}
