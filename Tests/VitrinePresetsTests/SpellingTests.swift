import Testing

@testable import VitrinePresets

@Suite("Spelling")
struct SpellingTests {
    @Test(
        "the name that was probably meant is found",
        arguments: [
            ("promt", "prompt"), ("prmopt", "prompt"), ("Prompt", "prompt"), ("prompts", "prompt"),
            ("wieght", "weight"),
            ("locals", "locales"), ("tiitle", "title"), ("finsih", "finish"),
        ]
    )
    func near(word: String, name: String) {
        #expect(Spelling.nearest(word, among: PresetKeys.preset) == name)
    }

    @Test("nothing is suggested for a word that is like none", arguments: ["x", "camera", "zzzzzz", ""])
    func far(word: String) {
        #expect(Spelling.nearest(word, among: PresetKeys.preset) == nil)
        #expect(Spelling.suggestion(for: word, among: PresetKeys.preset) == "")
    }

    @Test(
        "a swap of neighbours counts once",
        arguments: [("ab", "ba", 1), ("abcd", "acbd", 1), ("", "abc", 3), ("ca", "abc", 3)]
    )
    func distances(left: String, right: String, distance: Int) {
        #expect(Spelling.distance(Array(left.unicodeScalars), Array(right.unicodeScalars)) == distance)
    }
}
