import Foundation
import Testing
import VitrineCore

@testable import VitrinePresets

@Suite("Preset check")
struct PresetCheckTests {
    private func check(_ text: String, products: [Product] = [], limits: [ProviderID: Int] = [:]) -> [String] {
        let checked = SmallLibrary.only("preset: fallback\nmatch: {}\nprompt: x\n---\n" + text)
        return Checked(
            (),
            PresetCheck(offers: limits.map { Self.offer($0.key, most: $0.value) }).diagnostics(
                of: checked,
                products: products
            )
        ).lines
    }

    private static func offer(_ provider: ProviderID, most: Int) -> Offer { offer(provider, "m", most, .utf16) }

    private static func offer(
        _ provider: ProviderID,
        _ model: String,
        _ most: Int,
        _ measure: Offer.PromptLimit.Measure
    ) -> Offer {
        var offer = Offer(
            provider: provider,
            model: model,
            shortSide: 1080,
            seconds: [6],
            fps: [24],
            sound: false,
            price: .zero("USD"),
            unit: .video,
            source: "test",
            date: "2026-11-25"
        )
        offer.prompt = Offer.PromptLimit(most: most, measure: measure)
        return offer
    }

    @Test("a prompt is measured as the model that the preset names counts, by the table of offers")
    func measures() {
        let table = [Self.offer("near", "small", 10, .characters), Self.offer("near", "large", 30, .chinese)]
        func lines(_ prompt: String, model: String) -> [String] {
            let text = """
                preset: p
                match: {}
                prompt: \(prompt)
                tiers: {final: {provider: [near], model: \(model)}}
                """
            return Checked((), PresetCheck(offers: table).diagnostics(of: SmallLibrary.only(text))).lines
        }
        let chinese = String(repeating: "\u{8F6C}", count: 16)

        #expect(lines(String(repeating: "x", count: 30), model: "large").isEmpty)
        #expect(lines(String(repeating: "x", count: 30), model: "small").count == 1)
        #expect(lines(chinese, model: "large").first?.contains("is 32 characters long") == true)
        #expect(lines("x", model: "large").isEmpty)
    }

    @Test("a prompt that gets too long for a provider is an error where the preset names it, else a warning")
    func tooLong() {
        let words = String(repeating: "x", count: 80)
        let text =
            "preset: p\nmatch: {title: [a]}\nprompt: \"{{title}} \(words)\"\ntiers: {final: {provider: [near]}}\n"
        let product = SmallLibrary.product("a " + String(repeating: "b", count: 18))
        let lines = check(text, products: [product], limits: ["near": 100, "far": 100, "wide": 101])

        #expect(
            lines == [
                "presets.yaml:5: warning presets.prompt-too-long: the prompt of `p` is 101 characters long for "
                    + "`a bbbbbbbbbbbbbbbbbb`; provider `far` takes 100",
                "presets.yaml:5: error presets.prompt-too-long: the prompt of `p` is 101 characters long for "
                    + "`a bbbbbbbbbbbbbbbbbb`; provider `near` takes 100",
            ]
        )
        #expect(check(text, products: [SmallLibrary.product("a b")], limits: ["near": 100]).isEmpty)
        #expect(check(text, limits: ["near": 231]).isEmpty)
        #expect(check(text, limits: ["near": 230]).count == 1)
    }

    @Test("a slip in a variable is warned of, a rare column is only noted, a known one is right")
    func variables() {
        var product = SmallLibrary.product("a")
        product.attributes = ["fabric_weight": "180 g"]
        let text =
            "preset: p\nmatch: {title: [a]}\nprompt: \"{{titel}} {{zoom_factor}} {{fabric_weight}} {{sole}}\"\nfacts: {sole: x}\n"

        #expect(
            check(text, products: [product]) == [
                "presets.yaml:5: warning presets.unknown-variable: no product is known to have `{{titel}}`, did you mean `title`?",
                "presets.yaml:5: note presets.unknown-variable: no product is known to have `{{zoom_factor}}`",
            ]
        )
    }

    @Test("a prompt of one's own beside an inherited one of another language is noted")
    func inheritedLocale() {
        let text = """
            preset: p
            match: {title: [a]}
            prompt: one
            locales: {de: {prompt: eins}, fr: {prompt: un}}
            ---
            preset: q
            extends: p
            match: {title: [b]}
            prompt: two
            locales: {fr: {prompt: deux}}
            ---
            preset: r
            extends: p
            match: {title: [c]}
            """

        #expect(
            check(text) == [
                "presets.yaml:10: note presets.inherited-locale: `q` has its own prompt, but that for `de` is inherited"
            ]
        )
    }

    @Test("a provider that stands in no table is warned of; local stands in every one")
    func providers() {
        let text =
            "preset: p\nmatch: {title: [a]}\ntiers: {final: {provider: [fall, local]}}\nproviders: {acme: {prompt: x}}\n"

        #expect(
            check(text, limits: ["fal": 1000]) == [
                "presets.yaml:5: warning presets.unknown-provider: unknown provider `acme`",
                "presets.yaml:5: warning presets.unknown-provider: unknown provider `fall`, did you mean `fal`?",
            ]
        )
    }

    @Test("two presets that take the same products are warned of, unless weight decides")
    func sameMatch() {
        let text = """
            preset: a
            match: {category: ["187", Furniture]}
            ---
            preset: b
            match: {category: [Furniture, Shoes]}
            ---
            preset: c
            match: {category: [Furniture, Shoes]}
            weight: 1
            """

        #expect(
            check(text) == [
                "presets.yaml:8: warning presets.same-match: `b` takes the same products as `a`, which goes first by its name"
            ]
        )
    }

    @Test("a fact that no prompt of the preset or of those that extend it uses is warned of")
    func facts() {
        let text = """
            preset: p
            match: {title: [a]}
            facts: {used_below: x, unused: y}
            ---
            preset: q
            extends: p
            match: {title: [b]}
            prompt: "{{used_below}}"
            """

        #expect(check(text) == ["presets.yaml:5: warning presets.unused-fact: no prompt uses the fact `unused`"])
    }

    @Test("a preset that nothing reaches is noted, and a library without a fallback is warned of")
    func unreachable() {
        let lines = check("preset: lonely\n")
        let bare = SmallLibrary.only("preset: p\nmatch: {title: [a]}\n")

        #expect(
            lines == [
                "presets.yaml:5: note presets.never-matches: `lonely` has no `match`, so products only get it by name"
            ]
        )
        #expect(
            Checked((), PresetCheck(offers: []).diagnostics(of: bare)).lines == [
                "-:0: warning presets.no-fallback: no preset takes what the others leave"
            ]
        )
    }

    @Test("tests inside presets say what they expected and what they got")
    func tests() {
        let text = """
            preset: p
            match: {title: [runner]}
            prompt: "{{title}} turns{{#color}}, {{color}}{{/color}}"
            locales: {de: {prompt: "{{title}} dreht sich"}}
            avoid: warped logo
            tests:
              - given: {title: Runner, color: red}
                expect: {preset: p, prompt_contains: ["turns, red"], prompt_lacks: [blue], avoid_contains: [logo]}
              - given: {title: Runner}
                expect: {locale: de-AT, prompt_contains: [dreht]}
              - given: {title: Walker}
                expect: {preset: p}
              - given: {title: Runner}
                expect: {prompt_contains: [blue], prompt_lacks: [turns]}
            """

        #expect(
            check(text) == [
                "presets.yaml:15: error presets.failed-test: `Walker`: expected preset `p` but got `fallback`: no other preset matches",
                "presets.yaml:17: error presets.failed-test: `Runner`: expected `blue` in the prompt but got `Runner turns`",
                "presets.yaml:17: error presets.failed-test: `Runner`: expected no `turns` in the prompt but got `Runner turns`",
            ]
        )
        let results = SmallLibrary.only(text).value.runTests()
        #expect(results.map(\.passed) == [true, true, false, false])
        #expect(results.map(\.line) == [7, 9, 11, 13])
    }

    @Test("what a new preset begins as is read and passes its own test")
    func starter() throws {
        let text = try #require(PresetStarter.text(name: "silk-scarf"))
        let checked = SmallLibrary.with(text)

        #expect(Checked((), PresetCheck(offers: []).diagnostics(of: checked)).lines == [])
        #expect(checked.value.runTests().map(\.passed) == [true])
        #expect(PresetStarter.text(name: "Silk Scarf") == nil)
    }
}
