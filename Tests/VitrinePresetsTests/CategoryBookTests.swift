import Testing
import VitrineCore

@testable import VitrinePresets

@Suite("Category book")
struct CategoryBookTests {
    private let book = SmallLibrary.only("").value.categories

    private func names(_ text: String) -> [String] {
        CategoryEvidence(book).hits(in: text).map { book.nodes[$0.node].path.description }
    }

    @Test(
        "presets name a category by path, tail of a path or number",
        arguments: [
            ("Apparel & Accessories > Shoes", "Apparel & Accessories > Shoes"),
            ("187", "Apparel & Accessories > Shoes"),
            ("shoes > athletic", "Apparel & Accessories > Shoes > Athletic"),
            ("Athletic", "Apparel & Accessories > Shoes > Athletic"),
            ("apparel and accessories", "Apparel & Accessories"),
        ]
    )
    func find(name: String, path: String) {
        #expect(book.node(name)?.path == CategoryPath(path))
    }

    @Test(
        "a tail that two categories share, a synonym and an unknown number name none",
        arguments: ["Accessories", "schuhe", "9"]
    )
    func none(name: String) {
        #expect(book.node(name) == nil)
    }

    @Test(
        "a feed's own words reach a category, the longest run of segments first",
        arguments: [
            ("Shoes", ["Apparel & Accessories > Shoes"]),
            ("SCHUHE", ["Apparel & Accessories > Shoes"]),
            ("187", ["Apparel & Accessories > Shoes"]),
            ("Home > Buty > Sale", ["Apparel & Accessories > Shoes"]),
            ("Apparel & Accessories > Shoes > Loafers", ["Apparel & Accessories > Shoes"]),
            ("Möbel / Chaises", ["Furniture", "Furniture > Chairs"]),
            ("Women | Running Shoes | Nike", ["Apparel & Accessories > Shoes > Athletic"]),
            ("category:Shoes|brand:Furniture", ["Apparel & Accessories > Shoes"]),
            ("chair", ["Furniture > Chairs"]),
            ("Women's summer shoes", ["Apparel & Accessories > Shoes"]),
            ("Furniture > Accessories", ["Furniture > Accessories"]),
            ("Mode » Schuhe", ["Apparel & Accessories", "Apparel & Accessories > Shoes"]),
            ("靴", ["Apparel & Accessories > Shoes"]),
            ("Qwxzy > Blorft", []),
            ("", []),
        ]
    )
    func words(text: String, paths: [String]) {
        #expect(names(text) == paths)
    }

    @Test("the last part of a compound is looked up where nothing else is known")
    func compounds() {
        #expect(names("Damenschuhe") == ["Apparel & Accessories > Shoes"])
        #expect(names("Gartenmöbel") == ["Furniture"])
        #expect(names("Horseshoes").isEmpty)
        #expect(names("xschuhe").isEmpty)
    }

    @Test(
        "shelves that say nothing are passed over",
        arguments: ["Home page > Schuhe", "Sale > Schuhe > All products"]
    )
    func shelves(text: String) {
        #expect(names(text) == ["Apparel & Accessories > Shoes"])
    }

    @Test("a merchant's own category and words win over shipped ones")
    func own() {
        let mine = """
            categories:
              - path: "Furniture > Chairs"
                synonyms: {en: [shoes]}
              - path: "Furniture > Thrones"
                google: 9
                synonyms: {en: [thrones]}
            """
        let checked = PresetLibrary.read(
            shipped: [SmallLibrary.file],
            own: [PresetFile(name: "mine.yaml", text: mine)]
        )

        #expect(checked.lines == [])
        let book = checked.value.categories
        #expect(book.word("shoes").map { book.nodes[$0].path.description } == "Furniture > Chairs")
        #expect(book.word("chaises").map { book.nodes[$0].path.description } == "Furniture > Chairs")
        #expect(book.node("9")?.path.description == "Furniture > Thrones")
        #expect(book.node("Thrones")?.path.description == "Furniture > Thrones")
        #expect(checked.value.match(SmallLibrary.product("X", category: "Thrones")).preset.name == "fallback")
        #expect(checked.value.match(SmallLibrary.product("X", category: "shoes")).preset.name == "chairs")
    }

    @Test("what is wrong in a category book is said, and the rest is read")
    func complaints() {
        let checked = SmallLibrary.with(
            """
            categories:
              - {path: "Toys", synonyms: {en: [toys, shoes]}, colour: red}
              - {google: 5}
              - {path: "Furniture"}
              - {path: "Games", google: many}
              - {path: "Dolls", synonyms: {en: ["-"], de: {a: b}}}
              - just text
            """
        )

        #expect(
            checked.lines == [
                "more.yaml:2: warning presets.unknown-key: unknown key `colour`",
                "more.yaml:2: warning presets.duplicate-synonym: `shoes` already means `Apparel & Accessories > Shoes` "
                    + "at small.yaml:12",
                "more.yaml:3: error presets.missing-key: a category needs `path`",
                "more.yaml:4: error presets.duplicate-name: category `Furniture` is already at small.yaml:15",
                "more.yaml:5: error presets.wrong-type: expected a whole number for `categories.google` but got the text `many`",
                "more.yaml:6: warning presets.bad-value: a synonym has no letters: the text `-`",
                "more.yaml:6: error presets.wrong-type: expected a list of texts for `categories.synonyms.de` but got a mapping",
                "more.yaml:7: error presets.wrong-type: expected a mapping but got the text `just text`",
            ]
        )
        #expect(checked.value.categories.node("Toys") != nil)
        #expect(checked.value.categories.node("Dolls") != nil)
    }
}
