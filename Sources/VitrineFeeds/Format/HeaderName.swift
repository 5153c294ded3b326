import Foundation
import VitrineCore

/// Column names as they are compared: case, spaces, underscores, hyphens, marks and Google's `g:` make no difference.
enum HeaderName {
    static func normal(_ name: String) -> String {
        var text = name.precomposedStringWithCanonicalMapping.lowercased()
        text.unicodeScalars.removeAll { $0 == "\u{feff}" || $0 == "\u{200b}" || $0 == "*" }
        text = text.trimmed
        text = text.replacing("\u{2019}", with: "'")
        if text.hasPrefix("g:") { text.removeFirst(2) }
        return text.split { $0.isWhitespace || $0 == "_" || $0 == "-" || $0 == "\u{a0}" }.joined(separator: " ")
    }

    /// Whether a normal name fits a pattern in which `<n>` stands for a number and `*`, at the end, for anything; the number if so, else 0.
    static func number(of name: String, in pattern: String) -> Int? {
        if pattern.hasSuffix("*") { return name.hasPrefix(pattern.dropLast()) ? 0 : nil }
        guard let place = pattern.range(of: "<n>") else { return name == pattern ? 0 : nil }
        let before = pattern[..<place.lowerBound]
        let after = pattern[place.upperBound...]
        guard name.hasPrefix(before), name.hasSuffix(after), name.count > before.count + after.count else { return nil }
        return Int(name.dropFirst(before.count).dropLast(after.count))
    }

    /// A name as an attribute's key: lower case, words joined by underscores, without what stands in brackets.
    static func key(_ name: String) -> String {
        var text = name.lowercased()
        if let bracket = text.firstIndex(of: "("), bracket > text.startIndex { text = String(text[..<bracket]) }
        for prefix in ["google shopping / ", "meta: ", "g:"] where text.hasPrefix(prefix) {
            text.removeFirst(prefix.count)
        }
        let words = text.split { !$0.isLetter && !$0.isNumber }
        return String(words.joined(separator: "_").prefix(60))
    }

    /// The attribute that an option of this name sets, such as `color` for `Farbe`.
    static func attribute(of option: String) -> String {
        let word = option.trimmed.lowercased()
        if Variant.colorWords.contains(word) { return "color" }
        if sizeWords.contains(word) { return "size" }
        if materialWords.contains(word) { return "material" }
        return key(option)
    }

    private static let sizeWords: Set<String> = [
        "size", "sizes", "größe", "groesse", "taille", "talla", "taglia", "maat", "rozmiar", "tamanho", "размер",
        "beden", "boyut",
        "サイズ", "尺码", "尺寸", "storlek", "velikost", "méret", "mărime", "størrelse", "koko", "tamaño", "numara",
        "dimensione",
    ]

    private static let materialWords: Set<String> = [
        "material", "matériau", "matière", "materiale", "materiaal", "materiał", "материал", "malzeme", "素材", "材质",
        "fabric",
    ]
}
