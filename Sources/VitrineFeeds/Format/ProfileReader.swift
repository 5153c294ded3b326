import Foundation
import VitrineCore
import Yams

/// YAML → a profile: of a shipped format or of a merchant's mapping; both are written in the same words.
struct ProfileReader {
    private var profile = FeedProfile()
    private var diagnostics: [Diagnostic] = []
    private let file: String

    static func read(_ text: String, file: String) -> Checked<FeedProfile> {
        var reader = ProfileReader(file: file)
        do {
            let parser = try Parser(yaml: text)
            guard let root = try parser.singleRoot(), case .mapping(let mapping) = root else {
                reader.report(.mapSyntax, nil, "expected a mapping of keys to values")
                return Checked(reader.profile, reader.diagnostics)
            }
            let isPlain = withExtendedLifetime(parser) { reader.isPlain(root) }
            if isPlain { reader.read(mapping) }
        } catch let error as YamlError {
            reader.report(.mapSyntax, nil, "not YAML: \(ProfileReader.words(of: error))")
        } catch {
            reader.report(.mapSyntax, nil, "not YAML")
        }
        return Checked(reader.profile, reader.diagnostics.sorted { ($0.line ?? 0) < ($1.line ?? 0) })
    }

    private init(file: String) {
        self.file = file
    }

    private mutating func read(_ mapping: Node.Mapping) {
        each(
            mapping,
            [
                "format", "map", "title", "items", "detect", "identity", "grouping", "labels_below", "columns",
                "attributes",
                "variant_attributes", "options", "separators", "kinds", "status", "hidden", "decimal", "picture_base",
                "category_numbers", "ignore",
            ]
        ) { reader, key, node in
            switch key {
            case "format", "map": reader.profile.name = reader.text(node) ?? ""
            case "title": reader.profile.title = reader.text(node) ?? ""
            case "items": reader.profile.items = reader.list(node)
            case "detect": reader.readDetection(node)
            case "identity": reader.profile.identity = reader.names(node)
            case "grouping": reader.profile.grouping = reader.choice(node) ?? .identity
            case "labels_below": reader.profile.labelsBelow = reader.text(node).flatMap { Int($0) } ?? 0
            case "columns": reader.readColumns(node)
            case "attributes": reader.readAttributes(node)
            case "variant_attributes": reader.profile.variantAttributes = Set(reader.list(node))
            case "options": reader.readOptions(node)
            case "separators": reader.readSeparators(node)
            case "kinds": reader.readKinds(node)
            case "status": reader.readStatus(node)
            case "hidden": reader.readHidden(node)
            case "decimal": reader.profile.decimal = reader.choice(node) ?? .either
            case "picture_base": reader.profile.pictureBase = reader.text(node)
            case "category_numbers": reader.profile.takesCategoryNumbers = reader.flag(node)
            default: reader.profile.ignored = reader.list(node).map { ProfileReader.pattern($0) }
            }
        }
    }

    private mutating func readDetection(_ node: Node) {
        each(node, ["required", "telling", "absent"]) { reader, key, node in
            switch key {
            case "required": reader.profile.required = (node.sequence ?? []).map { reader.names($0) }
            case "telling": reader.profile.telling = reader.names(node)
            default: reader.profile.absent = reader.names(node)
            }
        }
    }

    private mutating func readColumns(_ node: Node) {
        each(node, FeedProfile.Field.allCases.map(\.rawValue)) { reader, key, node in
            guard let field = FeedProfile.Field(rawValue: key) else { return }
            reader.profile.columns[field] = reader.names(node)
        }
    }

    private mutating func readAttributes(_ node: Node) {
        guard let mapping = node.mapping else {
            report(.mapValue, node, "expected attribute names with their columns")
            return
        }
        for (key, value) in mapping {
            guard let name = key.string else { continue }
            profile.attributes.append(FeedProfile.Attribute(name: name, columns: names(value)))
        }
    }

    private mutating func readOptions(_ node: Node) {
        let known = [
            "names", "values", "columns", "text", "entry", "pair", "named", "on_variants_only", "expand", "none",
        ]
        each(node, known) { reader, key, node in
            switch key {
            case "names": reader.profile.options.names = reader.names(node)
            case "values": reader.profile.options.values = reader.names(node)
            case "columns": reader.profile.options.columns = reader.names(node)
            case "text": reader.profile.options.text = reader.names(node)
            case "entry": reader.profile.options.entry = reader.text(node) ?? "|"
            case "pair": reader.profile.options.pair = reader.text(node) ?? "="
            case "named": reader.profile.options.isNamed = reader.flag(node)
            case "on_variants_only": reader.profile.options.onVariantsOnly = reader.flag(node)
            case "expand": reader.profile.options.expands = reader.flag(node)
            default: reader.profile.options.none = reader.list(node).map { $0.lowercased() }
            }
        }
    }

    private mutating func readSeparators(_ node: Node) {
        let known = ["images", "categories", "levels", "tags", "options", "skus", "facets", "facet"]
        each(node, known) { reader, key, node in
            let text = reader.text(node) ?? ""
            switch key {
            case "images": reader.profile.separators.images = text
            case "categories": reader.profile.separators.categories = text
            case "levels": reader.profile.separators.levels = text
            case "tags": reader.profile.separators.tags = text
            case "options": reader.profile.separators.options = text
            case "skus": reader.profile.separators.skus = text
            case "facets": reader.profile.separators.facets = text
            default: reader.profile.separators.facet = text
            }
        }
    }

    private mutating func readKinds(_ node: Node) {
        each(node, ["columns", "product", "parent", "variant", "picture", "other"]) { reader, key, node in
            let words = reader.list(node).map { $0.lowercased() }
            switch key {
            case "columns": reader.profile.kinds.columns = reader.names(node)
            case "product": reader.profile.kinds.product = words
            case "parent": reader.profile.kinds.parent = words
            case "variant": reader.profile.kinds.variant = words
            case "picture": reader.profile.kinds.picture = words
            default: reader.profile.kinds.other = words
            }
        }
    }

    private mutating func readStatus(_ node: Node) {
        each(node, ["columns", "active", "draft", "archived"]) { reader, key, node in
            let words = reader.list(node).map { $0.lowercased() }
            switch key {
            case "columns": reader.profile.status.columns = reader.names(node)
            case "active": reader.profile.status.active = words
            case "draft": reader.profile.status.draft = words
            default: reader.profile.status.archived = words
            }
        }
    }

    private mutating func readHidden(_ node: Node) {
        each(node, ["columns", "words"]) { reader, key, node in
            if key == "columns" {
                reader.profile.hiddenColumns = reader.names(node)
            } else {
                reader.profile.hiddenWords = reader.list(node).map { $0.lowercased() }
            }
        }
    }

    private mutating func each(_ node: Node, _ known: [String], _ body: (inout ProfileReader, String, Node) -> Void) {
        guard let mapping = node.mapping else {
            report(.mapValue, node, "expected keys with values")
            return
        }
        each(mapping, known, body)
    }

    private mutating func each(
        _ mapping: Node.Mapping,
        _ known: [String],
        _ body: (inout ProfileReader, String, Node) -> Void
    ) {
        for (key, value) in mapping {
            let name = key.string ?? ""
            guard known.contains(name) else {
                let near = known.min { name.distance(to: $0) < name.distance(to: $1) } ?? ""
                let isNear = name.distance(to: near) <= max(2, name.count / 3)
                report(
                    .mapUnknownKey,
                    key,
                    "unknown key `\(name)`" + (isNear ? ", did you mean `\(near)`?" : ""),
                    severity: .warning,
                    hint: isNear ? nil : "known keys here: " + known.joined(separator: ", ")
                )
                continue
            }
            body(&self, name, value)
        }
    }

    /// Whether there are no anchors, which nodes know only as long as their parser lives.
    private mutating func isPlain(_ node: Node) -> Bool {
        if node.anchor != nil {
            report(.mapSyntax, node, "anchors and aliases are not read")
            return false
        }
        switch node {
        case .alias:
            report(.mapSyntax, node, "anchors and aliases are not read")
            return false
        case .scalar: return true
        case .sequence(let nodes): return nodes.allSatisfy { isPlain($0) }
        case .mapping(let mapping): return mapping.allSatisfy { isPlain($0.key) && isPlain($0.value) }
        }
    }

    private mutating func text(_ node: Node) -> String? {
        if let text = node.scalar?.string { return text }
        report(.mapValue, node, "expected one value")
        return nil
    }

    private mutating func flag(_ node: Node) -> Bool {
        if let flag = node.bool { return flag }
        report(.mapValue, node, "expected `true` or `false`")
        return false
    }

    private mutating func list(_ node: Node) -> [String] {
        if let text = node.scalar?.string { return text.isEmpty ? [] : [text] }
        guard let sequence = node.sequence else {
            report(.mapValue, node, "expected a value or a list of values")
            return []
        }
        return sequence.compactMap { text($0) }
    }

    private mutating func names(_ node: Node) -> [String] {
        list(node).map { HeaderName.normal($0) }
    }

    private mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(_ node: Node) -> Choice? {
        guard let text = text(node) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let known = Choice.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
        report(.mapValue, node, "expected one of \(known) but got `\(text)`")
        return nil
    }

    private mutating func report(
        _ code: FeedDiagnosticCode,
        _ node: Node?,
        _ message: String,
        severity: Diagnostic.Severity = .error,
        hint: String? = nil
    ) {
        diagnostics.append(
            Diagnostic(severity, code.rawValue, file: file, line: node?.mark?.line, message, hint: hint)
        )
    }

    private static func pattern(_ name: String) -> String {
        HeaderName.normal(name) + (name.hasSuffix("*") ? "*" : "")
    }

    private static func words(of error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "\(problem) in line \(mark.line)"
        default: "it cannot be read"
        }
    }
}

extension String {
    /// How many letters must change to make the other one of it.
    fileprivate func distance(to other: String) -> Int {
        let other = Array(other)
        var row = Array(0...other.count)
        for (index, letter) in enumerated() {
            var corner = index
            row[0] = index + 1
            for (place, its) in other.enumerated() {
                let change = corner + (letter == its ? 0 : 1)
                corner = row[place + 1]
                row[place + 1] = Swift.min(change, row[place] + 1, row[place + 1] + 1)
            }
        }
        return row[other.count]
    }
}
