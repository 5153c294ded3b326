import Testing
import VitrineCore

@testable import VitrinePresets

@Suite("Prompts")
struct PromptTests {
    private func preset(_ text: String) throws -> Preset {
        let checked = SmallLibrary.only("preset: p\n" + text)
        #expect(checked.lines == [])
        return try #require(checked.value.preset("p"))
    }

    private let styles = SmallLibrary.only("").value.styles

    private func product(_ title: String = "Trail Runner") -> Product {
        var product = SmallLibrary.product(title, category: "Mode > Schuhe")
        product.brand = "Acme"
        product.price = Money("59.9", currency: "EUR")
        product.description = "Light shoe"
        product.attributes = ["gender": "female", "heel_height": "3 cm"]
        product.variants = [
            Variant(
                key: "1",
                line: 2,
                sku: "A-1",
                options: [.init(name: "Material", value: "mesh")],
                attributes: ["color": "red"]
            ),
            Variant(key: "2", line: 3, sku: "A-2", attributes: ["color": "blue"]),
        ]
        return product
    }

    @Test(
        "variables come from the product and the variant that is shown",
        arguments: [
            ("{{title}} by {{brand}}", "Trail Runner by Acme"),
            ("{{title}}{{#color}} in {{color}}{{/color}}", "Trail Runner in red"),
            ("{{category}}", "Schuhe"), ("{{material}}", "mesh"), ("{{gender}} {{heel_height}}", "female 3 cm"),
            ("{{price}}", "59.90 EUR"), ("{{sku}}", "A-1"), ("{{description}}", "Light shoe"), ("{{sole}}", "rubber"),
            ("x{{nothing}}y", "xy"), ("{{^nothing}}plain{{/nothing}}", "plain"),
            ("{{{title}}} {{&brand}}", "Trail Runner Acme"),
            ("{{#color}}{{.}}{{/color}}", "red"), ("{{! a note }}{{title}}", "Trail Runner"),
            ("{{#vegan}}vegan{{/vegan}}", ""),
        ]
    )
    func variables(template: String, prompt: String) throws {
        let preset = try preset("facts: {sole: rubber, gender: male, vegan: false}\nprompt: \"\(template)\"\n")
        let product = product()
        let subject = PromptSubject(product: product, variant: product.variants.first)

        #expect(preset.prompt(for: subject, styles: styles).prompt == prompt)
    }

    @Test("a product of several colours has no colour unless one variant is shown")
    func colors() throws {
        let preset = try preset("prompt: \"{{title}}{{#color}} in {{color}}{{/color}}\"\n")
        var product = product()

        #expect(preset.prompt(for: PromptSubject(product: product), styles: styles).prompt == "Trail Runner")
        product.variants[1].attributes["color"] = "red"
        #expect(preset.prompt(for: PromptSubject(product: product), styles: styles).prompt == "Trail Runner in red")
    }

    @Test(
        "values are never parsed, and lose markup and control characters",
        arguments: [
            ("{{brand}} {{> x}}", "{{brand}} {{> x}}"), ("A<b>B</b>\u{0}C\u{7}", "A B C"),
            ("x < 3 & y > 2", "x 3 & y > 2"),
            ("a\n\n b\t c", "a b c"), ("Tom & \"Jerry\"", "Tom & \"Jerry\""), ("a\u{202E}b\u{200B}", "ab"),
            ("<script>", "!"),
        ]
    )
    func values(title: String, shown: String) throws {
        let preset = try preset("prompt: \"{{title}}{{^title}}!{{/title}}\"\n")

        #expect(preset.prompt(for: PromptSubject(product: product(title)), styles: styles).prompt == shown)
    }

    @Test("values are capped at a word")
    func caps() throws {
        let preset = try preset("prompt: \"{{title}}|{{description}}|{{brand}}\"\n")
        var product = product(String(repeating: "title ", count: 100))
        product.description = String(repeating: "d", count: 5000)
        product.brand = String(repeating: "鞋", count: 500)
        let parts = preset.prompt(for: PromptSubject(product: product), styles: styles).prompt.split(separator: "|")

        #expect(parts.map(\.count) == [149, 300, 100])
    }

    @Test(
        "white space is collapsed and no comma is left over",
        arguments: [
            (" a  b \n c ", "a b c"), ("a, , b", "a, b"), ("a , b", "a, b"), ("a,", "a"), (", a", "a"), ("a, .", "a."),
            ("a (, b)", "a (b)"), ("a ()", "a"), ("a ( )b", "a b"), ("鞋，，红", "鞋，红"), ("鞋，。", "鞋。"), ("", ""),
            ("4:5", "4:5"), ("one. Two!", "one. Two!"), ("a,b", "a,b"), ("a, b,,c", "a, b,c"),
        ]
    )
    func tidy(text: String, tidy: String) {
        #expect(PromptText.tidy(text) == tidy)
    }

    @Test(
        "the words of the style stand at the end, once",
        arguments: [
            ("{{title}} turns", "studio", "Trail Runner turns, clean studio light"),
            ("{{title}} turns.", "studio", "Trail Runner turns. Clean studio light."),
            ("{{title}} turns.", "neon", "Trail Runner turns. Neon tubes glow behind."),
            ("{{title}} in clean studio light", "studio", "Trail Runner in clean studio light"),
            ("{{nothing}}", "studio", "clean studio light"),
        ]
    )
    func style(template: String, style: String, prompt: String) throws {
        let preset = try preset("video: {style: \(style)}\nprompt: \"\(template)\"\n")

        #expect(preset.prompt(for: PromptSubject(product: product()), styles: styles).prompt == prompt)
    }

    @Test(
        "a locale falls back to its language and then to the preset's own words",
        arguments: [
            ("zh-CN", "local", "中国", "别"), ("zh-TW", "local", "中文", "别"), ("zh_cn", "local", "中国", "别"),
            ("de", "local", "own", "no"), (nil, "local", "own", "no"), (nil, "openai", "theirs", "no"),
            ("zh-CN", "openai", "中国", "别"), ("fr", "openai", "theirs", "no"),
        ] as [(String?, ProviderID, String, String)]
    )
    func locales(locale: String?, provider: ProviderID, prompt: String, avoid: String) throws {
        let preset = try preset(
            """
            prompt: own
            avoid: no
            locales: {zh: {prompt: 中文, avoid: 别}, zh-CN: {prompt: 中国}}
            providers: {openai: {prompt: theirs, style: neon}}
            """
        )
        let subject = PromptSubject(product: product())
        let rendered = preset.prompt(for: subject, provider: provider, locale: locale, styles: StyleBook())

        #expect(rendered == RenderedPrompt(prompt: prompt, avoid: avoid))
        #expect(preset.style(provider: "openai", styles: styles)?.name == "neon")
        #expect(preset.style(styles: styles) == nil)
    }

    @Test(
        "what prompts may not use is refused in words",
        arguments: [
            ("{{>x}}", "`{{>x}}`: partials are refused"), ("{{<x}}{{/x}}", "`{{<x}}`: partials are refused"),
            ("{{$x}}{{/x}}", "`{{$x}}`: blocks are refused"),
            ("{{=<% %>=}}", "`{{=<% %>=}}`: other delimiters are refused"),
            ("{{%CONTENT_TYPE:HTML}}", "`{{%CONTENT_TYPE:HTML}}`: pragmas are refused"),
            ("{{upper(title)}}", "expected the name of a variable but got `{{upper(title)}}`"),
            ("{{a.b}}", "expected the name of a variable but got `{{a.b}}`"),
            ("{{}}", "expected the name of a variable but got `{{}}`"),
            ("{{.}}", "expected the name of a variable but got `{{.}}`"),
            ("{{#a}}x", "`{{#a}}` is never closed"), ("x{{/a}}", "expected no closing tag but got `{{/a}}`"),
            ("{{#a}}{{#b}}{{/a}}{{/b}}", "expected `{{/b}}` but got `{{/a}}`"),
            ("a {{title", "`{{title` is never closed"),
            ("{{{title}}", "`{{title}}` is never closed"),
        ]
    )
    func refusals(template: String, message: String) {
        #expect(throws: PromptTemplate.Refusal.self) { try PromptTemplate(template) }
        do throws(PromptTemplate.Refusal) {
            _ = try PromptTemplate(template)
        } catch {
            #expect(error.message == message)
        }
    }

    @Test("the variables of a template are known, each once")
    func names() throws {
        let template = try PromptTemplate("{{title}}{{#color}} {{color}}{{/color}}{{^size}}-{{/size}}{{{title}}}")

        #expect(template.variables == ["title", "color", "size"])
        #expect(try PromptTemplate("a } b {").variables.isEmpty)
    }

    @Test("a shot has its own prompt, or the preset's")
    func shots() throws {
        let preset = try preset(
            "video: {style: noir}\nprompt: own\nshots: [{from: picture}, {from: previous, prompt: \"{{title}} again\"}]\n"
        )
        let subject = PromptSubject(product: product())

        #expect(
            preset.shots.map { preset.prompt(for: $0, subject: subject, styles: styles) } == [
                "own, hard single light", "Trail Runner again, hard single light",
            ]
        )
    }
}
