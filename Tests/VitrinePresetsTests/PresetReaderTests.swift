import Testing
import VitrineCore

@testable import VitrinePresets

@Suite("Preset reader")
struct PresetReaderTests {
    @Test("every key of the language is read")
    func whole() throws {
        let checked = SmallLibrary.only(
            """
            preset: running-shoes
            title: Running shoes
            match:
              category: ["Shoes > Athletic", "187"]
              title: runner
              tag: [new]
              vendor: [Acme]
              type: [shoe]
              attribute: {Gender: [female, unisex]}
              price: {from: 50, below: 500.5}
              not: {title: [sock]}
            weight: 10
            frame: {placements: ["1:1", "9:16"], fit: crop, background: "#f4f1ec", product_size: 0.6, alone: true}
            video: {seconds: 6.5, style: noir, motion: orbit, references: 2, fps: 24}
            sound: {on: true, ambient: room tone, voice: {text: hello, language: en}}
            prompt: "{{title}} turns"
            avoid: warped logo
            facts: {Heel Height: 3 cm, waterproof: true, vegan: false}
            shots:
              - {from: picture, seconds: 3}
              - {from: text, prompt: "morning city", motion: pan-left, mood: true, join: fade}
            finish: {text: [{words: Sale, at: end}], captions: false, logo: null, music: a1b2}
            locales: {zh-CN: {prompt: "{{title}}转动"}}
            tiers:
              draft: {provider: local}
              final: {provider: [dashscope, fal], model: m, mode: pro, resolution: 1080p, sound: {on: true}}
            providers: {openai: {prompt: "{{title}} spins", style: neon}}
            tests:
              - given: {title: Trail Runner, category: "187", color: red, price: 59.90 EUR}
                expect: {preset: running-shoes, prompt_contains: [turns]}
            """
        )

        #expect(checked.lines == [])
        let preset = try #require(checked.value.preset("running-shoes"))
        #expect(preset.title == "Running shoes")
        #expect(preset.weight == 10)
        #expect(preset.match?.all.count == 7)
        #expect(preset.match?.all.category.map(\.path.description).last == "Apparel & Accessories > Shoes")
        #expect(preset.match?.all.attribute == ["gender": ["female", "unisex"]])
        #expect(preset.match?.all.price == PresetRule.Prices(from: 50_000_000, below: 500_500_000))
        #expect(preset.match?.not.title == ["sock"])
        #expect(preset.frame.placements == [.square, .story])
        #expect(preset.frame.recipe(for: .story).background == .color(0xF4F1EC))
        #expect(preset.frame.fit == .crop && preset.frame.productSize == 0.6 && preset.frame.isAlone)
        #expect(preset.video.seconds == 6.5 && preset.video.style == "noir" && preset.video.motion == .orbit)
        #expect(preset.video.references == 2 && preset.video.fps == 24)
        #expect(preset.sound == .init(isOn: true, ambient: "room tone", voice: "hello", language: "en"))
        #expect(preset.facts == ["heel_height": "3 cm", "waterproof": "true", "vegan": ""])
        #expect(preset.shots.map(\.from) == [.picture, .text])
        #expect(preset.shots.map(\.join) == [.cut, .fade])
        let subject = PromptSubject(product: SmallLibrary.product("Trail Runner"))
        #expect(preset.finish(for: subject)["joins"] == "fade")
        #expect(preset.shots.last?.isMood == true && preset.shots.last?.motion == .panLeft)
        #expect(preset.finish == ["text.0.words": "Sale", "text.0.at": "end", "music": "a1b2"])
        #expect(preset.locales["zh-cn"]?.prompt?.text == "{{title}}转动")
        #expect(preset.settings(for: .draft).providers == [.local])
        #expect(preset.settings(for: .final).providers == ["dashscope", "fal"])
        #expect(preset.settings(for: .final).shortSide == 1080 && preset.settings(for: .final).soundOn == true)
        #expect(preset.providers["openai"]?.style == "neon")
        #expect(preset.tests.first?.product.price == Money("59.90", currency: "EUR"))
        #expect(preset.file == "presets.yaml" && preset.line == 1)
        #expect(preset.use.name == "running-shoes" && preset.use.version == preset.version.short)
    }

    @Test("a preset that says nothing has defaults that work")
    func least() throws {
        let preset = try #require(SmallLibrary.only("preset: plain").value.preset("plain"))

        #expect(preset.title == "plain" && preset.match == nil && !preset.isFallback)
        #expect(preset.frame.placements == [.square] && preset.video.seconds == 6)
        #expect(preset.prompt.text == "{{title}}" && preset.finish.isEmpty)
        #expect(preset.settings(for: .final).providers == [.local])
    }

    @Test(
        "what is wrong leaves the preset out and says where and what",
        arguments: [
            ("frame: [1]", "wrong-type: expected a mapping but got a list"),
            ("frame: {fit: padd}", "bad-value: unknown value `padd` for `frame.fit`, did you mean `pad`?"),
            (
                "frame: {placements: [\"2:1\"]}",
                "bad-value: unknown value `2:1` for `frame.placements`, did you mean `1:1`?"
            ),
            ("frame: {placements: []}", "bad-value: expected at least one placement"),
            (
                "frame: {background: beige}",
                "bad-value: expected `auto`, `blur` or a colour such as `\"#f4f1ec\"` but got the text `beige`"
            ),
            ("frame: {product_size: 2}", "out-of-range: expected `frame.product_size` from 0.2 to 1 but got 2"),
            (
                "frame: {product_size: big}",
                "wrong-type: expected a number for `frame.product_size` but got the text `big`"
            ),
            ("video: {seconds: 60}", "out-of-range: expected `video.seconds` from 2 to 30 but got 60"),
            ("video: {seconds: 5.3}", "bad-value: expected whole or half seconds but got `5.3`"),
            (
                "video: {motion: orbitt}",
                "unknown-motion: unknown value `orbitt` for `video.motion`, did you mean `orbit`?"
            ),
            ("video: {style: nior}", "unknown-style: unknown style `nior`, did you mean `noir`?"),
            ("video: {style: baroque}", "unknown-style: unknown style `baroque`"),
            (
                "video: {references: some}",
                "wrong-type: expected a whole number for `video.references` but got the text `some`"
            ),
            ("video: {fps: 26}", "bad-value: expected 24, 25 or 30 but got 26"),
            ("sound: {on: yes}", "wrong-type: expected `true` or `false` for `sound.on` but got the text `yes`"),
            ("prompt: [a]", "wrong-type: expected text for `prompt` but got a list"),
            ("prompt: \"{{title\"", "template: `{{title` is never closed"),
            ("prompt: \"{{> other}}\"", "template: `{{> other}}`: partials are refused"),
            ("avoid: \"{{%CONTENT_TYPE:HTML}}\"", "template: `{{%CONTENT_TYPE:HTML}}`: pragmas are refused"),
            ("weight: heavy", "wrong-type: expected a whole number for `weight` but got the text `heavy`"),
            ("match: shoes", "wrong-type: expected a mapping but got the text `shoes`"),
            (
                "match: {category: Shoos}",
                "unknown-category: unknown category `Shoos`, did you mean `Shoes`?"
            ),
            (
                "match: {category: buty}",
                "unknown-category: unknown category `buty`, did you mean `Apparel & Accessories > Shoes`?"
            ),
            (
                "match: {category: Accessories}",
                "ambiguous-category: category `Accessories` could be `Furniture > Accessories`, `Sporting Goods > Accessories`"
            ),
            ("match: {title: []}", "bad-value: expected at least one entry but got none"),
            ("match: {title: [\"!\"]}", "bad-value: expected letters or digits but got the text `!`"),
            (
                "match: {price: {from: 9, below: 5}}",
                "out-of-range: expected `from` less than `below` but got `9` and `5`"
            ),
            (
                "match: {price: {from: cheap}}",
                "wrong-type: expected a number for `match.price.from` but got the text `cheap`"
            ),
            ("match: {attribute: [a]}", "wrong-type: expected a mapping but got a list"),
            (
                "shots: [{from: text, prompt: sky}]",
                "shot-without-product: a shot from `text` alone would invent the product"
            ),
            ("shots: [{join: fade}]", "bad-value: the first shot follows none that it could join"),
            ("shots: [{}, {join: wipe}]", "bad-value: unknown value `wipe` for `shots.join`"),
            ("shots: [{from: film}]", "bad-value: unknown value `film` for `shots.from`"),
            (
                "locales: {chinese-language-of-china: {prompt: x}}",
                "bad-name: expected a locale such as `zh-CN` but got `chinese-language-of-china`"
            ),
            ("tiers: {final: {resolution: 1081P}}", "bad-value: unknown resolution `1081P`, did you mean `1080P`?"),
            ("tests: [{given: {title: x}}]", "missing-key: a test needs `expect`"),
        ]
    )
    func errors(key: String, complaint: String) {
        let checked = SmallLibrary.only("preset: bad\ntitle: Bad\n\(key)\n---\npreset: good\n")

        #expect(checked.lines == ["presets.yaml:3: error presets.\(complaint)"])
        #expect(checked.value.presets.map(\.name) == ["good"])
    }

    @Test(
        "an unknown key is warned of, and the preset stays",
        arguments: [
            ("promt: x", "unknown key `promt`, did you mean `prompt`?"),
            ("frame: {productsize: 0.5}", "unknown key `productsize`, did you mean `product_size`?"),
            ("match: {titel: [x]}", "unknown key `titel`, did you mean `title`?"),
            ("tiers: {finale: {}}", "unknown key `finale`, did you mean `final`?"),
            ("finish: {logos: x}", "unknown key `logos`, did you mean `logo`?"),
            ("shots: [{camera: x}]", "unknown key `camera`"),
        ]
    )
    func unknownKeys(key: String, message: String) {
        let checked = SmallLibrary.only("preset: odd\n\(key)\n")

        #expect(checked.lines == ["presets.yaml:2: warning presets.unknown-key: \(message)"])
        #expect(checked.value.preset("odd") != nil)
    }

    @Test("documents that are no preset are said to be so")
    func documents() {
        let checked = SmallLibrary.only(
            "prest: x\n---\n- a\n---\npreset: [a]\n---\npreset: Not Kebab\n---\npreset: fine\n"
        )

        #expect(
            checked.lines == [
                "presets.yaml:1: error presets.unknown-document: expected one of the keys `preset`, `styles` and `categories`, "
                    + "did you mean `preset`?",
                "presets.yaml:3: error presets.wrong-type: expected a mapping with `preset`, `styles` or `categories` but got a list",
                "presets.yaml:5: error presets.missing-key: a preset needs its name under `preset`",
                "presets.yaml:7: error presets.bad-name: expected a name in kebab-case, such as `running-shoes`, but got `Not Kebab`",
            ]
        )
        #expect(checked.value.presets.map(\.name) == ["fine"])
    }
}
