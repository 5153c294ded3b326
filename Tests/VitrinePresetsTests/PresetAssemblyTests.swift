import Testing
import VitrineCore

@testable import VitrinePresets

@Suite("Inheritance")
struct PresetAssemblyTests {
    @Test("keys merge, lists replace, and match, weight, tests and title are not inherited")
    func merging() throws {
        let checked = SmallLibrary.only(
            """
            preset: parent
            title: Parent
            weight: 5
            match: {title: [parent]}
            frame: {placements: ["1:1", "9:16"], product_size: 0.5}
            video: {seconds: 8, style: noir}
            prompt: from parent
            facts: {material: mesh, sole: rubber}
            locales: {de: {prompt: vom Vater}, fr: {prompt: du père}}
            tests: [{given: {title: parent}, expect: {preset: parent}}]
            ---
            preset: child
            extends: parent
            frame: {placements: ["4:5"]}
            video: {seconds: 4}
            facts: {sole: null, lace: red}
            locales: {de: {prompt: vom Kind}}
            """
        )

        #expect(checked.lines == [])
        let child = try #require(checked.value.preset("child"))
        #expect(child.title == "child" && child.weight == 0 && child.match == nil && child.tests.isEmpty)
        #expect(child.parent == "parent")
        #expect(child.frame.placements == [.portrait] && child.frame.productSize == 0.5)
        #expect(child.video.seconds == 4 && child.video.style == "noir")
        #expect(child.prompt.text == "from parent")
        #expect(child.facts == ["material": "mesh", "lace": "red"])
        #expect(child.locales["de"]?.prompt?.text == "vom Kind" && child.locales["fr"]?.prompt?.text == "du père")
        #expect(child.line == 12)
    }

    @Test("abstract presets are extended but never listed, and what extends them is not abstract")
    func abstract() {
        let library = PresetLibrary.read([SmallLibrary.file]).value

        #expect(library.presets.map(\.name) == ["chairs", "fallback", "footwear", "sneakers"])
        #expect(library.abstracts.map(\.name) == ["base"])
        #expect(library.preset("base") == nil)
        #expect(library.preset("sneakers")?.frame.productSize == 0.7)
    }

    @Test("a circle is refused by name, and so is each preset on it")
    func circle() {
        let checked = SmallLibrary.only(
            """
            preset: a
            extends: b
            ---
            preset: b
            extends: c
            ---
            preset: c
            extends: a
            ---
            preset: d
            extends: a
            ---
            preset: self
            extends: self
            ---
            preset: fine
            """
        )

        #expect(
            checked.lines == [
                "presets.yaml:2: error presets.cycle: presets extend each other in a circle: `a` → `b` → `c` → `a`",
                "presets.yaml:5: error presets.cycle: presets extend each other in a circle: `b` → `c` → `a` → `b`",
                "presets.yaml:8: error presets.cycle: presets extend each other in a circle: `c` → `a` → `b` → `c`",
                "presets.yaml:11: error presets.broken-parent: `d` extends `a`, which is left out",
                "presets.yaml:14: error presets.cycle: presets extend each other in a circle: `self` → `self`",
            ]
        )
        #expect(checked.value.presets.map(\.name) == ["fine"])
    }

    @Test("a preset that extends an unknown or broken one is left out, too")
    func broken() {
        let checked = SmallLibrary.with(
            """
            preset: trail
            extends: footwaer
            ---
            preset: bad
            video: {seconds: long}
            ---
            preset: worse
            extends: bad
            ---
            preset: mended
            extends: bad
            video: {seconds: 5}
            """
        )

        #expect(
            checked.lines == [
                "more.yaml:2: error presets.unknown-preset: unknown preset `footwaer`, did you mean `footwear`?",
                "more.yaml:5: error presets.wrong-type: expected a number for `video.seconds` but got the text `long`",
            ]
        )
        #expect(checked.value.preset("trail") == nil && checked.value.preset("worse") == nil)
        #expect(checked.value.preset("mended")?.video.seconds == 5)
    }

    @Test("a merchant's preset stands in place of the shipped one, also for those that extend it")
    func own() throws {
        let mine = """
            preset: footwear
            match: {title: [shoe]}
            prompt: mine
            """
        let checked = PresetLibrary.read(shipped: [SmallLibrary.file], own: [PresetFile(name: "m.yaml", text: mine)])

        #expect(checked.lines == [])
        #expect(checked.value.preset("footwear")?.file == "m.yaml")
        #expect(checked.value.preset("sneakers")?.prompt.text == "mine")
    }

    @Test("a merchant's preset that extends the shipped one of its own name amends it, match and all")
    func amended() throws {
        let mine = "preset: footwear\nextends: footwear\nvideo: {seconds: 9}\n"
        let checked = PresetLibrary.read(shipped: [SmallLibrary.file], own: [PresetFile(name: "m.yaml", text: mine)])

        #expect(checked.lines == [])
        let footwear = try #require(checked.value.preset("footwear"))
        #expect(footwear.video.seconds == 9 && footwear.video.style == "studio")
        #expect(checked.value.match(SmallLibrary.product("X", category: "Schuhe")).preset == footwear)
        #expect(checked.value.preset("sneakers")?.video.seconds == 9)
    }

    @Test("two presets of one name in one layer: the first stays")
    func twice() {
        let checked = SmallLibrary.with("preset: chairs\nprompt: second\n")

        #expect(
            checked.lines == ["more.yaml:1: error presets.duplicate-name: preset `chairs` is already at small.yaml:43"]
        )
        #expect(checked.value.preset("chairs")?.prompt.text != "second")
    }

    @Test("a version changes with what a video is made of, and with nothing else")
    func versions() {
        func version(_ text: String) -> Digest? { SmallLibrary.only(text).value.presets.first?.version }
        let first = version("preset: a\nvideo: {seconds: 6, style: noir}\n")

        #expect(first == version("# comment\npreset: a\ntitle: Other\nvideo: {style: noir, seconds: 6}\n"))
        #expect(first != version("preset: a\nvideo: {seconds: 7, style: noir}\n"))
        #expect(first != version("preset: a\nvideo: {seconds: 6, style: studio}\n"))
        #expect(SmallLibrary.only("preset: a").value.version != SmallLibrary.only("preset: b").value.version)
        #expect(SmallLibrary.only("preset: a").value.version == SmallLibrary.only("preset: a").value.version)
    }
}
