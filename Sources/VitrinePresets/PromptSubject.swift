import Foundation
public import VitrineCore

/// What a prompt is about: a product, and the variant that is shown, if it is one.
public struct PromptSubject: Sendable {
    /// The product.
    public var product: Product
    /// The variant whose picture is shown.
    public var variant: Variant?

    /// A product, or one variant of it.
    public init(product: Product, variant: Variant? = nil) {
        self.product = product
        self.variant = variant
    }

    /// The variables that come from a product itself, besides its attributes.
    public static let variables = [
        "title", "description", "brand", "category", "color", "material", "size", "gender", "price", "sku",
    ]

    /// The clean value of a variable; nil when nothing is known.
    func value(_ name: String, facts: [String: String]) -> String? {
        let raw = raw(name)
        if let raw, let clean = CleanText.clean(raw, longest: PromptSubject.longest(name)) { return clean }
        guard let fact = facts[name], !fact.isEmpty else { return nil }
        return CleanText.clean(fact, longest: PromptSubject.longest(name))
    }

    /// How many characters of a value a prompt takes.
    static func longest(_ name: String) -> Int {
        switch name {
        case "title": 150
        case "description": 300
        default: 100
        }
    }

    private func raw(_ name: String) -> String? {
        switch name {
        case "title": product.title
        case "description": product.description
        case "brand": product.brand
        case "category": category
        case "color": color
        case "price": (variant?.price ?? product.price ?? product.variants.first?.price)?.description
        case "sku": (variant?.sku ?? product.skus.first)?.rawValue
        default: attribute(name)
        }
    }

    private var category: String? {
        let names = product.categories.compactMap(\.segments.last) + [product.type].compactMap { $0 }
        return names.first { $0.contains { !$0.isNumber } }
    }

    private var color: String? {
        if let variant { return variant.color ?? (product.variants.count <= 1 ? product.attributes["color"] : nil) }
        let colors = Set(product.variants.map(\.color))
        if colors.count == 1, let color = colors.first ?? nil { return color }
        return colors.count <= 1 ? product.attributes["color"] : nil
    }

    private func attribute(_ name: String) -> String? {
        let shown = variant ?? (product.variants.count == 1 ? product.variants.first : nil)
        if let value = shown?.attributes[name], !value.isEmpty { return value }
        if let option = shown?.options.first(where: { AttributeName.snake($0.name) == name }) { return option.value }
        if let value = product.attributes[name], !value.isEmpty { return value }
        return nil
    }
}

/// Values of a feed as they may stand in a prompt.
enum CleanText {
    /// The text without markup and control characters, white space collapsed, cut at a word; nil when nothing is left.
    static func clean(_ text: String, longest: Int) -> String? {
        var text = text
        let isPlain = text.withUTF8 { bytes in
            var previous: UInt8 = 0x20
            for byte in bytes {
                if byte < 0x20 || byte == 0x3C || byte == 0x7F || byte >= 0x80 { return false }
                if byte == 0x20, previous == 0x20 { return false }
                previous = byte
            }
            return !bytes.isEmpty && previous != 0x20 && bytes.count <= longest
        }
        if isPlain { return text }
        let cleaned = collapsed(withoutMarkup(text))
        guard !cleaned.isEmpty else { return nil }
        return cut(cleaned, longest: longest)
    }

    private static func withoutMarkup(_ text: String) -> String {
        guard text.contains("<") else { return text }
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            result += rest[..<start]
            let next = rest.index(after: start)
            let isTag = next < rest.endIndex && (rest[next].isLetter || rest[next] == "/" || rest[next] == "!")
            if isTag, let end = rest[next...].firstIndex(of: ">") {
                result += " "
                rest = rest[rest.index(after: end)...]
            } else {
                result += " "
                rest = rest[next...]
            }
        }
        return result + rest
    }

    private static func collapsed(_ text: String) -> String {
        var result = ""
        var isGap = false
        for scalar in text.unicodeScalars.prefix(6000) {
            if scalar.properties.isWhitespace || scalar.properties.generalCategory == .control {
                isGap = true
                continue
            }
            switch scalar.properties.generalCategory {
            case .format where scalar != "\u{200D}", .surrogate, .privateUse, .unassigned: continue
            default: break
            }
            if isGap, !result.isEmpty { result.unicodeScalars.append(" ") }
            isGap = false
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    private static func cut(_ text: String, longest: Int) -> String {
        guard text.count > longest else { return text }
        let head = text.prefix(longest)
        guard let gap = head.lastIndex(of: " "), head.distance(from: gap, to: head.endIndex) <= 30 else {
            return String(head)
        }
        return String(head[..<gap])
    }
}
