import Foundation
import Mustache
import VitrineCore

/// A prompt with places for what is known of a product: Mustache without escaping, partials, lambdas or pragmas.
public struct PromptTemplate: Hashable, Sendable {
    /// Why a text is no template.
    struct Refusal: Error, Hashable {
        var message: String
        var hint: String?
    }

    /// As written.
    public let text: String
    /// The variables that it names, each once, in order of first use.
    public let variables: [String]
    private let compiled: MustacheTemplate?
    private let plain: String

    static let empty = PromptTemplate(literal: "")
    static let title: PromptTemplate = {
        do throws(Refusal) {
            return try PromptTemplate("{{title}}")
        } catch {
            return .empty
        }
    }()

    /// A text in which nothing is replaced.
    public init(literal text: String) {
        self.text = text
        variables = []
        compiled = nil
        plain = PromptText.tidy(text)
    }

    init(_ text: String) throws(Refusal) {
        self.text = text
        variables = try PromptTemplate.variables(of: text)
        plain = text.contains("{{") ? "" : PromptText.tidy(text)
        guard text.contains("{{") else {
            compiled = nil
            return
        }
        do {
            compiled = try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + text)
        } catch {
            throw Refusal(message: "the template cannot be read", hint: nil)
        }
    }

    /// The text, tidy, with every variable replaced by what `value` knows, and nothing where it knows nothing.
    func render(_ value: @escaping (String) -> String?) -> String {
        guard let compiled else { return plain }
        return PromptText.tidy(compiled.render(PromptValues(value: value)))
    }

    /// Equal when the text is.
    public static func == (left: PromptTemplate, right: PromptTemplate) -> Bool { left.text == right.text }

    /// Of the text alone.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// Reads the tags, refuses what prompts may not use, and gives the variables.
    private static func variables(of text: String) throws(Refusal) -> [String] {
        var found: [String] = []
        var open: [String] = []
        var rest = text[...]
        while let start = rest.range(of: "{{") {
            rest = rest[start.upperBound...]
            let isTriple = rest.first == "{"
            if isTriple { rest = rest.dropFirst() }
            guard let end = rest.range(of: isTriple ? "}}}" : "}}") else {
                throw Refusal(message: "`{{\(rest.prefix(20))` is never closed", hint: nil)
            }
            var tag = String(rest[..<end.lowerBound]).trimmed
            rest = rest[end.upperBound...]
            let sign = isTriple ? "{" : tag.first ?? " "
            if sign == "!" { continue }
            if let refused = refusals[sign] { throw Refusal(message: "`{{\(tag)}}`: \(refused)", hint: nil) }
            if !isTriple, "#^/&".contains(sign) { tag = String(tag.dropFirst()).trimmed }
            guard tag == "." ? !open.isEmpty : isVariable(tag) else {
                let hint = "such as `{{title}}` or `{{#color}} in {{color}}{{/color}}`"
                throw Refusal(message: "expected the name of a variable but got `{{\(tag)}}`", hint: hint)
            }
            if sign == "/" {
                guard open.last == tag else {
                    let wanted = open.last.map { "`{{/\($0)}}`" } ?? "no closing tag"
                    throw Refusal(message: "expected \(wanted) but got `{{/\(tag)}}`", hint: nil)
                }
                open.removeLast()
            } else {
                if sign == "#" || sign == "^" { open.append(tag) }
                if tag != ".", !found.contains(tag) { found.append(tag) }
            }
        }
        if let name = open.last { throw Refusal(message: "`{{#\(name)}}` is never closed", hint: nil) }
        return found
    }

    private static let refusals: [Character: String] = [
        ">": "partials are refused", "<": "partials are refused", "$": "blocks are refused",
        "%": "pragmas are refused", "=": "other delimiters are refused", "*": "partials are refused",
    ]

    private static func isVariable(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, first == "_" || ("a"..."z").contains(first) else { return false }
        return name.utf8.count <= 64
            && name.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_" }
    }
}

private struct PromptValues: MustacheParent {
    let value: (String) -> String?

    func child(named name: String) -> Any? {
        value(name).map { PromptValue(renderText: $0) }
    }
}

private struct PromptValue: MustacheCustomRenderable, MustacheParent {
    let renderText: String
    var isNull: Bool { false }

    func child(named: String) -> Any? { nil }
}
