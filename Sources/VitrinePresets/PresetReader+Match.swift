import VitrineCore

extension PresetReader {
    /// The `match` of a preset; an empty one takes everything.
    func rule(_ reader: MapReader) -> PresetRule {
        var rule = PresetRule()
        guard let match = reader.map("match", keys: PresetKeys.match) else { return rule }
        rule.all = groups(match)
        if let not = match.map("not", keys: PresetKeys.groups) { rule.not = groups(not) }
        return rule
    }

    private func groups(_ reader: MapReader) -> PresetRule.Groups {
        var groups = PresetRule.Groups()
        groups.category = (reader.texts("category") ?? []).compactMap { category($0, field: reader.field("category")) }
        groups.title = words(reader, "title")
        groups.tag = words(reader, "tag")
        groups.vendor = words(reader, "vendor")
        groups.type = words(reader, "type")
        if let attributes = reader.map("attribute", keys: nil) {
            for entry in attributes.value.entries ?? [] {
                let values = words(attributes, entry.key)
                if !values.isEmpty { groups.attribute[AttributeName.snake(entry.key), default: []] += values }
            }
        }
        if let price = reader.map("price", keys: PresetKeys.price) {
            let from = amount(price, "from")
            let below = amount(price, "below")
            groups.price = PresetRule.Prices(from: from, below: below)
            if let from, let below, from >= below {
                complaints.error(
                    .outOfRange,
                    at: price.value,
                    field: price.path,
                    "expected `from` less than `below` but got `\(price.value["from"]?.text ?? "")` and "
                        + "`\(price.value["below"]?.text ?? "")`"
                )
            }
        }
        return groups
    }

    private func words(_ reader: MapReader, _ key: String) -> [String] {
        guard let values = reader.texts(key) else { return [] }
        if values.isEmpty, let value = reader.value[key] {
            complaints.error(.badValue, at: value, field: reader.field(key), "expected at least one entry but got none")
        }
        for value in values where FoldedText(value.text ?? "").bytes.isEmpty {
            complaints.error(
                .badValue,
                at: value,
                field: reader.field(key),
                "expected letters or digits but got \(value.kind)"
            )
        }
        return values.compactMap(\.text)
    }

    private func amount(_ reader: MapReader, _ key: String) -> Int64? {
        guard let value = reader.value[key] else { return nil }
        guard let money = value.text.flatMap({ Money($0, currency: "XXX") }), value.text.flatMap(Double.init) != nil
        else {
            reader.wrong(value, key, expected: "a number")
            return nil
        }
        return money.micros
    }

    private func category(_ value: YAMLValue, field: String) -> PresetRule.Category? {
        let text = value.text ?? ""
        switch categories.find(text) {
        case .node(let index):
            return PresetRule.Category(text: text, path: categories.nodes[index].path)
        case .several(let indexes):
            let paths = indexes.prefix(3).map { "`\(categories.nodes[$0].path)`" }.joined(separator: ", ")
            complaints.error(
                .ambiguousCategory,
                at: value,
                field: field,
                "category `\(text)` could be \(paths)",
                hint: "write the whole path"
            )
        case .nothing:
            let paths = categories.nodes.map(\.path.description)
            let meant =
                categories.word(text).map { paths[$0] } ?? Spelling.nearest(text, among: paths)
                ?? Spelling.nearest(text, among: categories.nodes.compactMap(\.path.segments.last))
            complaints.error(
                .unknownCategory,
                at: value,
                field: field,
                "unknown category `\(text)`" + (meant.map { ", did you mean `\($0)`?" } ?? ""),
                hint: meant == nil ? "a path, the tail of a path or a number of the category book" : nil
            )
        }
        return nil
    }
}

/// How names of attributes are written.
enum AttributeName {
    static func snake(_ name: String) -> String {
        var text = ""
        for character in name.lowercased() {
            if character.isLetter || character.isNumber {
                text.append(character)
            } else if text.last != "_", !text.isEmpty {
                text.append("_")
            }
        }
        if text.last == "_" { text.removeLast() }
        return text
    }
}
