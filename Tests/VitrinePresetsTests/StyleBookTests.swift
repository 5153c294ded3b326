import Testing
import VitrineCore

@testable import VitrinePresets

@Suite("Style book")
struct StyleBookTests {
    @Test("a style is its words, its tag and its look")
    func style() {
        let styles = SmallLibrary.only("").value.styles

        #expect(styles.names == ["neon", "noir", "studio"])
        #expect(
            styles["studio"]?.resolved == VideoRequest.Style(words: "clean studio light", tag: "studio", look: .studio)
        )
        #expect(styles["noir"]?.tag == nil)
        #expect(styles["neon"]?.tag == nil)
    }

    @Test("a merchant's style stands in place of the shipped one of its name")
    func own() {
        let mine = "styles: [{style: noir, look: luxe, words: dark silk}]"
        let checked = PresetLibrary.read(shipped: [SmallLibrary.file], own: [PresetFile(name: "m.yaml", text: mine)])

        #expect(checked.lines == [])
        #expect(checked.value.styles["noir"]?.words == "dark silk")
        #expect(checked.value.styles.all.count == 3)
    }

    @Test("a bad style is left out, and the others stay")
    func complaints() {
        let checked = SmallLibrary.with(
            """
            styles:
              - {style: Bad Name, look: studio, words: x}
              - {style: late, look: neno, words: x}
              - {style: empty, look: neon}
              - {style: noir, look: noir, words: again}
              - {style: fine, look: matte, words: soft, mood: calm}
            """
        )

        #expect(
            checked.lines == [
                "more.yaml:2: error presets.bad-name: expected a name in kebab-case, such as `running-shoes`, but got `Bad Name`",
                "more.yaml:3: error presets.bad-value: unknown value `neno` for `styles.look`, did you mean `neon`?",
                "more.yaml:4: error presets.missing-key: a style needs `words`",
                "more.yaml:5: error presets.duplicate-name: style `noir` is already at small.yaml:3",
                "more.yaml:6: warning presets.unknown-key: unknown key `mood`",
            ]
        )
        #expect(checked.value.styles["fine"]?.look == .matte)
        #expect(checked.value.styles["noir"]?.words == "hard single light")
    }
}
