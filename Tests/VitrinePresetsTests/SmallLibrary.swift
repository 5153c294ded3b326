import VitrineCore

@testable import VitrinePresets

/// A small library to add presets to: three styles, seven categories, a parent and a fallback.
enum SmallLibrary {
    static let books = """
        styles:
          - {style: studio, title: Studio, tag: studio, look: studio, words: "clean studio light"}
          - {style: noir, title: Noir, look: noir, words: "hard single light"}
          - {style: neon, title: Neon, tag: null, look: neon, words: "Neon tubes glow behind."}
        ---
        categories:
          - path: "Apparel & Accessories"
            google: 166
            synonyms: {en: [fashion], de: [mode]}
          - path: "Apparel & Accessories > Shoes"
            google: 187
            synonyms: {en: [shoes, shoe, footwear], de: [schuhe], pl: [buty], ru: [обувь], ja: [靴, スニーカー], zh: [鞋子]}
          - path: "Apparel & Accessories > Shoes > Athletic"
            synonyms: {en: [sneakers, running shoes, trainers]}
          - path: "Furniture"
            google: 436
            synonyms: {en: [furniture], de: [möbel]}
          - path: "Furniture > Chairs"
            google: 443
            synonyms: {en: [chairs], fr: [chaises]}
          - path: "Furniture > Accessories"
          - path: "Sporting Goods > Accessories"
        """

    static let presets = """
        ---
        preset: base
        abstract: true
        frame: {placements: ["1:1"], product_size: 0.7}
        video: {seconds: 6, style: studio}
        prompt: "{{title}}{{#color}} in {{color}}{{/color}}"
        avoid: warped logo
        ---
        preset: fallback
        extends: base
        match: {}
        ---
        preset: footwear
        extends: base
        match: {category: "Apparel & Accessories > Shoes"}
        ---
        preset: sneakers
        extends: footwear
        match: {category: [Athletic]}
        ---
        preset: chairs
        extends: base
        match: {category: ["443"]}
        """

    static let file = PresetFile(name: "small.yaml", text: books + "\n" + presets)

    /// The small library alone with more documents behind it, in one more file.
    static func with(_ text: String, name: String = "more.yaml") -> Checked<PresetLibrary> {
        PresetLibrary.read([file, PresetFile(name: name, text: text)])
    }

    /// The books alone with these presets.
    static func only(_ text: String) -> Checked<PresetLibrary> {
        PresetLibrary.read([
            PresetFile(name: "books.yaml", text: books), PresetFile(name: "presets.yaml", text: text),
        ])
    }

    static func product(
        _ title: String,
        category: String? = nil,
        type: String? = nil,
        tags: [String] = []
    ) -> Product {
        var product = Product(feed: "test", key: title, line: 2, title: title)
        product.categories = category.map { [CategoryPath($0)] } ?? []
        product.type = type
        product.tags = tags
        return product
    }
}

extension Checked {
    /// The complaints, one line each: `file:line: severity code: message`.
    var lines: [String] {
        diagnostics.map { "\($0.file ?? "-"):\($0.line ?? 0): \($0.severity.rawValue) \($0.code): \($0.message)" }
    }
}
