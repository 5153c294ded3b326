/// A value of a YAML file that knows where it stands.
struct YAMLValue: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var key: String
        var line: Int
        var value: YAMLValue
    }

    enum Content: Hashable, Sendable {
        case scalar(String, isPlain: Bool)
        case list([YAMLValue])
        case map([Entry])
    }

    var content: Content
    var file: String
    var line: Int

    var isNull: Bool {
        guard case .scalar(let text, isPlain: true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    var entries: [Entry]? {
        guard case .map(let entries) = content else { return nil }
        return entries
    }

    var text: String? {
        guard case .scalar(let text, _) = content else { return nil }
        return text
    }

    subscript(key: String) -> YAMLValue? {
        guard let value = entries?.first(where: { $0.key == key })?.value, !value.isNull else { return nil }
        return value
    }

    /// What it is, for `expected … but got …`.
    var kind: String {
        switch content {
        case .scalar(let text, let isPlain):
            if isNull { return "nothing" }
            if isPlain, text == "true" || text == "false" { return "`\(text)`" }
            if isPlain, Double(text) != nil { return "the number `\(text)`" }
            return "the text `\(text.count > 40 ? text.prefix(40) + "…" : text)`"
        case .list: return "a list"
        case .map: return "a mapping"
        }
    }

    /// This over `parent`: keys merge, everything else replaces.
    func merged(over parent: YAMLValue) -> YAMLValue {
        guard case .map(let mine) = content, case .map(let theirs) = parent.content else { return self }
        var entries = mine
        for entry in theirs {
            if let index = entries.firstIndex(where: { $0.key == entry.key }) {
                entries[index].value = entries[index].value.merged(over: entry.value)
            } else {
                entries.append(entry)
            }
        }
        return YAMLValue(content: .map(entries), file: file, line: line)
    }

    /// Writes it so that two different values never read the same, whatever the order of keys.
    func write(to text: inout String) {
        switch content {
        case .scalar(let value, _): text += "s\(value.utf8.count) \(value)"
        case .list(let values):
            text += "l\(values.count) "
            for value in values { value.write(to: &text) }
        case .map(let entries):
            text += "m\(entries.count) "
            for entry in entries.sorted(by: { $0.key < $1.key }) {
                text += "\(entry.key.utf8.count) \(entry.key)"
                entry.value.write(to: &text)
            }
        }
    }
}
