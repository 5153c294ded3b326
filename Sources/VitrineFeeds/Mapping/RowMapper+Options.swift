import Foundation
import VitrineCore

extension RowMapper {
    func addOptions(_ row: Row, of product: OpenProduct, to variant: inout Variant) {
        if !columns.optionValues.isEmpty {
            addPairedOptions(row, of: product, to: &variant)
        }
        for place in columns.optionTexts { addWrittenOptions(row, place, to: &variant) }
        for (index, place) in columns.optionColumns.enumerated() {
            if let value = text.line(row, place, limit: FeedLimits.attributeLength) {
                variant.options.append(Variant.Option(name: columns.optionColumnNames[index], value: value))
            }
        }
        for option in variant.options {
            let name = attributeName(option.name)
            if !name.isEmpty, variant.attributes[name] == nil { variant.attributes[name] = option.value }
        }
    }

    func learnOptionNames(_ row: Row, of product: OpenProduct) {
        guard !columns.optionNames.isEmpty else { return }
        let names = pieces(row, columns.optionNames, separator: profile.separators.options)
        guard names.contains(where: { !$0.isEmpty }) else { return }
        for (index, name) in names.enumerated() {
            if index == product.optionNames.count {
                product.optionNames.append(name)
            } else if !name.isEmpty {
                product.optionNames[index] = name
            }
        }
    }

    func addPairedOptions(_ row: Row, of product: OpenProduct, to variant: inout Variant) {
        let values = pieces(row, columns.optionValues, separator: profile.separators.options)
        for (index, value) in values.enumerated() where !value.isEmpty {
            let name = index < product.optionNames.count ? product.optionNames[index] : ""
            if profile.options.none.contains((name + "=" + value).lowercased()) { continue }
            let clean = value.hasPrefix("#") ? value.split(separator: ":").last.map(String.init) ?? value : value
            variant.options.append(Variant.Option(name: name.isEmpty ? "Option \(index + 1)" : name, value: clean))
        }
    }

    func addWrittenOptions(_ row: Row, _ place: Int, to variant: inout Variant) {
        guard let written = text.line(row, place, limit: 4000) else { return }
        variant.options += RowMapper.options(in: written, profile.options)
    }

    /// `Color=Red,Size=M`, or with `named` `Name=Color|Value=Red|…`.
    static func options(in written: String, _ rules: FeedProfile.Options) -> [Variant.Option] {
        var options: [Variant.Option] = []
        var name = ""
        for entry in written.components(separatedBy: rules.entry) {
            guard let place = entry.range(of: rules.pair) else { continue }
            var left = entry[..<place.lowerBound].trimmed
            let right = entry[place.upperBound...].trimmed
            if left.hasPrefix("["), let end = left.firstIndex(of: "]") {
                left = left[left.index(after: end)...].trimmed
            }
            if rules.isNamed {
                if left.lowercased() == "name" {
                    name = right
                } else if left.lowercased() == "value", !name.isEmpty, !right.isEmpty {
                    options.append(Variant.Option(name: name, value: right))
                    name = ""
                }
            } else if !left.isEmpty, !right.isEmpty {
                options.append(Variant.Option(name: left, value: right))
            }
        }
        return options
    }

    /// All combinations of the choices that a row lists, such as `S,M` × `Red,Blue`.
    func combinations(_ row: Row) -> [[Variant.Option]] {
        var all: [[Variant.Option]] = [[]]
        for (index, place) in columns.optionValues.enumerated() {
            let name = text.line(row, index < columns.optionNames.count ? columns.optionNames[index] : -1, limit: 100)
            let values = pieces(row, [place], separator: profile.separators.options).filter { !$0.isEmpty }
            guard let name, !values.isEmpty else { continue }
            all = all.flatMap { chosen in values.map { chosen + [Variant.Option(name: name, value: $0)] } }
            if all.count > 500 { return Array(all.prefix(500)) }
        }
        return all
    }

    func skus(_ row: Row) -> [String] {
        pieces(row, places.sku, separator: profile.separators.skus).filter { !$0.isEmpty }
    }

    func attributeName(_ option: String) -> String {
        if let known = attributeNames[option] { return known }
        let name = HeaderName.attribute(of: option)
        if attributeNames.count < 10_000 { attributeNames[option] = name }
        return name
    }
}
