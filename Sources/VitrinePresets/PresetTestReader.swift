import VitrineCore

/// Reads the `tests` of a preset.
struct PresetTestReader {
    let complaints: Complaints

    func tests(_ reader: MapReader) -> [PresetTest] {
        (reader.list("tests") ?? []).compactMap(test)
    }

    private func test(_ value: YAMLValue) -> PresetTest? {
        guard let reader = MapReader(value, path: "tests", keys: PresetKeys.test, complaints) else { return nil }
        for key in PresetKeys.test where !reader.has(key) {
            complaints.error(.missingKey, at: value, field: "tests.\(key)", "a test needs `\(key)`")
        }
        guard let given = reader.map("given", keys: nil),
            let expect = reader.map("expect", keys: PresetKeys.expect)
        else { return nil }
        return PresetTest(
            product: product(given, line: value.line),
            preset: expect.text("preset"),
            locale: expect.text("locale"),
            provider: expect.text("provider").map { ProviderID($0) } ?? .local,
            promptContains: (expect.texts("prompt_contains") ?? []).compactMap(\.text),
            promptLacks: (expect.texts("prompt_lacks") ?? []).compactMap(\.text),
            avoidContains: (expect.texts("avoid_contains") ?? []).compactMap(\.text),
            file: value.file,
            line: value.line
        )
    }

    private func product(_ given: MapReader, line: Int) -> Product {
        var product = Product(feed: "test", key: "test", line: line, title: given.text("title") ?? "")
        product.description = given.text("description") ?? ""
        product.brand = given.text("brand") ?? given.text("vendor")
        product.categories = (given.texts("category") ?? []).compactMap { $0.text.map { CategoryPath($0) } }
        product.type = given.text("type")
        product.tags = (given.texts("tags") ?? given.texts("tag") ?? []).compactMap(\.text)
        if let text = given.text("price"), let place = given.value["price"] {
            let parts = text.split(separator: " ")
            product.price = Money(
                String(parts.first ?? ""),
                currency: parts.count > 1 ? String(parts[1]) : given.text("currency") ?? "USD"
            )
            if product.price == nil { given.wrong(place, "price", expected: "an amount such as `59.90 EUR`") }
        }
        var variant = Variant(key: "test", line: line, sku: given.text("sku").map { SKU($0) })
        let known: Set = [
            "title", "description", "brand", "vendor", "category", "type", "tags", "tag", "price", "currency", "sku",
        ]
        for entry in given.value.entries ?? [] where !known.contains(entry.key) && !entry.value.isNull {
            if let text = given.text(entry.key) { variant.attributes[AttributeName.snake(entry.key)] = text }
        }
        product.variants = [variant]
        return product
    }
}
