import Foundation
import VitrineCore

/// Reads the keys of one mapping by type, and complains about what is not as it should be.
struct MapReader {
    let value: YAMLValue
    let path: String
    let complaints: Complaints

    /// Complains unless the value is a mapping; unknown keys are warned of, with the one that was probably meant.
    init?(_ value: YAMLValue, path: String = "", keys: [String]?, _ complaints: Complaints) {
        guard let entries = value.entries else {
            complaints.error(
                .wrongType,
                at: value,
                field: path.isEmpty ? nil : path,
                "expected a mapping but got \(value.kind)"
            )
            return nil
        }
        self.value = value
        self.path = path
        self.complaints = complaints
        guard let keys else { return }
        for entry in entries where !keys.contains(entry.key) {
            complaints.add(
                .warning,
                .unknownKey,
                file: entry.value.file,
                line: entry.line,
                field: field(entry.key),
                "unknown key `\(entry.key)`" + Spelling.suggestion(for: entry.key, among: keys),
                hint: entry.value.isNull && entry.value.text == "" ? "a text that has a comma stands in quotes" : nil
            )
        }
    }

    func field(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

    func has(_ key: String) -> Bool { value[key] != nil }

    func wrong(_ value: YAMLValue, _ key: String, expected: String) {
        complaints.error(
            .wrongType,
            at: value,
            field: field(key),
            "expected \(expected) for `\(field(key))` but got \(value.kind)"
        )
    }

    func text(_ key: String) -> String? {
        guard let found = value[key] else { return nil }
        guard let text = found.text else {
            wrong(found, key, expected: "text")
            return nil
        }
        return text
    }

    func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let found = value[key] else { return nil }
        guard let number = found.text.flatMap(Double.init), number.isFinite else {
            wrong(found, key, expected: "a number")
            return nil
        }
        guard range.contains(number) else {
            complaints.error(
                .outOfRange,
                at: found,
                field: field(key),
                "expected `\(field(key))` from \(short(range.lowerBound)) to \(short(range.upperBound))"
                    + " but got \(short(number))"
            )
            return nil
        }
        return number
    }

    func whole(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let found = value[key] else { return nil }
        guard let number = found.text.flatMap({ Int($0) }) else {
            wrong(found, key, expected: "a whole number")
            return nil
        }
        guard range.contains(number) else {
            complaints.error(
                .outOfRange,
                at: found,
                field: field(key),
                "expected `\(field(key))` from \(range.lowerBound) to \(range.upperBound) but got \(number)"
            )
            return nil
        }
        return number
    }

    func flag(_ key: String) -> Bool? {
        guard let found = value[key] else { return nil }
        switch found.text {
        case "true": return true
        case "false": return false
        default:
            wrong(found, key, expected: "`true` or `false`")
            return nil
        }
    }

    /// A list of texts, or one text.
    func texts(_ key: String) -> [YAMLValue]? {
        guard let found = value[key] else { return nil }
        switch found.content {
        case .scalar: return [found]
        case .list(let values):
            for value in values where value.text == nil || value.isNull {
                wrong(value, key, expected: "a list of texts")
                return nil
            }
            return values
        case .map:
            wrong(found, key, expected: "a list of texts")
            return nil
        }
    }

    func list(_ key: String) -> [YAMLValue]? {
        guard let found = value[key] else { return nil }
        guard case .list(let values) = found.content else {
            wrong(found, key, expected: "a list")
            return nil
        }
        return values
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        _ type: Choice.Type,
        _ code: PresetCode = .badValue
    ) -> Choice? {
        guard let found = value[key] else { return nil }
        return choice(of: found, key, type, code)
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        of found: YAMLValue,
        _ key: String,
        _ type: Choice.Type,
        _ code: PresetCode = .badValue
    ) -> Choice? {
        guard let text = found.text else {
            wrong(found, key, expected: "text")
            return nil
        }
        if let choice = Choice(rawValue: text) { return choice }
        let names = Choice.allCases.map(\.rawValue)
        let suggestion = Spelling.suggestion(for: text, among: names)
        complaints.error(
            code,
            at: found,
            field: field(key),
            "unknown value `\(text)` for `\(field(key))`" + suggestion,
            hint: suggestion.isEmpty ? "one of \(names.map { "`\($0)`" }.joined(separator: ", "))" : nil
        )
        return nil
    }

    func map(_ key: String, keys: [String]?) -> MapReader? {
        guard let found = value[key] else { return nil }
        return MapReader(found, path: field(key), keys: keys, complaints)
    }

    private func short(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e9 ? String(Int(number)) : String(number)
    }
}
