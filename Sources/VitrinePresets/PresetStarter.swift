public import VitrineCore

/// What a new preset begins as: a file that is read without a complaint and says what can be changed.
public enum PresetStarter {
    /// The text of a new file with one preset for products like one: of its category, or where it has none, with the last word of its
    /// title; nil when the name is not in kebab-case.
    public static func text(name: String, like product: Product, extends parent: String) -> String? {
        guard PresetName.isName(name) else { return nil }
        let title = name.prefix(1).uppercased() + name.dropFirst().replacing("-", with: " ")
        let category = product.categories.first?.description
        let word = product.title.split(separator: " ").last.map { $0.lowercased() } ?? name
        let rule = category.map { "category: [\($0.asYAML)]" } ?? "title: [\(word.asYAML)]"
        let given =
            category.map { "title: \(product.title.asYAML), category: \($0.asYAML)" }
            ?? "title: \(product.title.asYAML)"
        return """
            preset: \(name)
            title: \(title.asYAML)
            extends: \(parent)
            match:
              \(rule)
            weight: 10
            video: {seconds: 6, motion: push-in}
            tests:
              - given: {\(given)}
                expect: {preset: \(name)}

            """
    }

    /// The text of a new file with one preset; nil when the name is not in kebab-case.
    public static func text(name: String, extends parent: String = "fallback") -> String? {
        guard PresetName.isName(name) else { return nil }
        let title = name.prefix(1).uppercased() + name.dropFirst().replacing("-", with: " ")
        return """
            # Read after the shipped presets; a preset of the same name stands in place of the shipped one.
            preset: \(name)
            title: \(title)
            extends: \(parent)
            match:
              title: [\(name.replacing("-", with: " "))]
            weight: 10
            video: {seconds: 6, motion: orbit}
            prompt: >-
              {{title}}{{#color}} in {{color}}{{/color}}, slow orbit on a seamless backdrop, soft light from one side.
              Shape, colour and logo stay exactly as in the picture.
            tests:
              - given: {title: "My \(name.replacing("-", with: " "))", color: red}
                expect: {preset: \(name), prompt_contains: ["in red"]}

            """
    }
}
