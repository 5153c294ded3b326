import Testing
import VitrineCore

@testable import VitrinePresets

@Suite("Matching")
struct PresetLibraryTests {
    private func chosen(_ product: Product, with text: String = "") -> String {
        SmallLibrary.with(text).value.match(product).preset.name
    }

    @Test(
        "a preset takes the products of its category and below it, by the deepest evidence",
        arguments: [
            ("X", "Shoes", "footwear", "category `Shoes` is `Apparel & Accessories > Shoes`"),
            (
                "X", "Apparel & Accessories > Shoes", "footwear", "category `Apparel & Accessories > Shoes` matches"
            ),
            ("X", "187", "footwear", "category `187` is `Apparel & Accessories > Shoes`"),
            ("X", "Schuhe > Sneakers", "sneakers", "category `Sneakers` is `Apparel & Accessories > Shoes > Athletic`"),
            ("X", "Fashion", "fallback", "no other preset matches"),
            ("Red sneakers", "Chairs", "chairs", "category `Chairs` is `Furniture > Chairs`"),
            (
                "Canvas sneakers for chairs", "Blorft", "sneakers",
                "title word `sneakers` is category `Apparel & Accessories > Shoes > Athletic`"
            ),
            ("红色鞋子大码", "Blorft", "footwear", "title word `鞋子` is category `Apparel & Accessories > Shoes`"),
            ("X", "Blorft", "fallback", "no other preset matches"),
        ]
    )
    func categories(title: String, category: String, preset: String, because: String) {
        let match = SmallLibrary.with("").value.match(SmallLibrary.product(title, category: category))

        #expect(match.preset.name == preset)
        #expect(match.because == because)
    }

    @Test("type speaks like a category, tags after it, words of the title last")
    func evidence() {
        let library = SmallLibrary.with("").value

        #expect(
            library.match(SmallLibrary.product("Sneakers", type: "Chairs", tags: ["Shoes"])).preset.name == "chairs"
        )
        #expect(
            library.match(SmallLibrary.product("Chair", type: "Blorft", tags: ["new", "Shoes"])).preset.name
                == "footwear"
        )
        #expect(
            library.match(SmallLibrary.product("Chair", tags: ["Shoes"])).because
                == "tag `Shoes` is category `Apparel & Accessories > Shoes`"
        )
        #expect(library.match(SmallLibrary.product("Oak chair")).preset.name == "chairs")
    }

    @Test("a tag narrows a category and never contradicts it")
    func narrowing() {
        let library = SmallLibrary.with("preset: apparel\nmatch: {category: \"166\"}\n").value
        let product = SmallLibrary.product("X", category: "Fashion", tags: ["new", "Sneakers", "Chairs"])

        #expect(library.match(product).preset.name == "sneakers")
        #expect(
            library.match(SmallLibrary.product("X", category: "Fashion", tags: ["Chairs"])).preset.name == "apparel"
        )
        #expect(
            library.explain(SmallLibrary.product("X", category: "Fashion", tags: ["Chairs"])).map {
                "\($0.preset): \($0.reason)"
            }
            .prefix(2) == ["apparel: category `Fashion` is `Apparel & Accessories`", "chairs: only tags speak for it"]
        )
    }

    @Test("a word inside a tag tells no category")
    func tagWords() {
        #expect(chosen(SmallLibrary.product("Print", tags: ["gift for shoes lovers"])) == "fallback")
        #expect(chosen(SmallLibrary.product("Print", tags: ["gift/shoes"])) == "footwear")
        #expect(chosen(SmallLibrary.product("Print", type: "ladies shoes")) == "footwear")
    }

    @Test("a preset that names words of the title goes before a category that is only guessed from the title")
    func titleGroup() {
        let more = "preset: gifts\nmatch: {title: [oak]}\n"

        #expect(chosen(SmallLibrary.product("Oak chair"), with: more) == "gifts")
        #expect(chosen(SmallLibrary.product("Oak chair", category: "Chairs"), with: more) == "chairs")
    }

    @Test(
        "the order is depth, number of groups, weight, name",
        arguments: [
            ("preset: b\nmatch: {category: Shoes, title: [red]}", "b"),
            ("preset: b\nmatch: {category: Shoes}\nweight: 1", "b"),
            ("preset: b\nmatch: {category: Shoes}\nweight: -1", "footwear"),
            ("preset: b\nmatch: {category: Shoes}", "b"),
            ("preset: z\nmatch: {category: Shoes}", "footwear"),
            ("preset: b\nmatch: {category: \"166\", title: [red], vendor: [acme]}\nweight: 99", "footwear"),
            ("preset: b\nmatch: {title: [red], vendor: [acme]}\nweight: 99", "footwear"),
        ]
    )
    func order(text: String, preset: String) {
        var product = SmallLibrary.product("Red", category: "Shoes")
        product.brand = "ACME"

        #expect(chosen(product, with: text) == preset)
    }

    @Test(
        "every group given must hold, and within a group any entry may",
        arguments: [
            ("title: [blue, red]", true), ("title: [re]", false), ("title: [\"red one\"]", true),
            ("tag: [SALE]", true), ("tag: [sales]", false), ("vendor: [other, acme]", true), ("vendor: [acm]", false),
            ("type: [Slip-on]", true), ("type: [slip]", false),
            ("attribute: {gender: [female]}", true), ("attribute: {gender: [male]}", false),
            ("attribute: {gender: [female], material: [wool]}", false),
            ("attribute: {gender: [female], material: [wool, cotton]}", true),
            ("attribute: {color: [red]}", true), ("attribute: {size: [\"42\"]}", true),
            ("price: {from: 50}", true), ("price: {from: 50, below: 59.9}", false), ("price: {below: 60}", true),
            ("title: [red], tag: [sale], vendor: [acme]", true), ("title: [red], tag: [nope]", false),
            ("title: [red], not: {tag: [sale]}", false), ("title: [red], not: {tag: [nope]}", true),
            ("title: [red], not: {category: Shoes}", false), ("title: [red], not: {category: Furniture}", true),
            ("not: {title: [blue]}", true),
        ]
    )
    func groups(match: String, holds: Bool) {
        var product = SmallLibrary.product(
            "Red One",
            category: "Mode > Schuhe > Q",
            type: "Slip-on",
            tags: ["Sale", "new"]
        )
        product.brand = "Acme"
        product.price = Money("59.90", currency: "EUR")
        product.attributes = ["gender": "Female", "material": "Linen, Cotton"]
        product.variants = [
            Variant(key: "1", line: 2, options: [.init(name: "Size", value: "42"), .init(name: "Farbe", value: "Red")])
        ]
        let checked = SmallLibrary.only("\(SmallLibrary.presetsWithoutFootwear)\n---\npreset: it\nmatch: {\(match)}\n")

        #expect(checked.lines == [])
        #expect(checked.value.match(product).preset.name == (holds ? "it" : "fallback"))
    }

    @Test("the variant's own price and attributes decide where one is shown")
    func variants() {
        let more = "preset: dear\nmatch: {category: Shoes, price: {from: 100}, attribute: {color: [gold]}}\n"
        let library = SmallLibrary.with(more).value
        var product = SmallLibrary.product("X", category: "Shoes")
        product.price = Money("10", currency: "USD")
        let plain = Variant(key: "1", line: 2, attributes: ["color": "white"])
        let gold = Variant(key: "2", line: 3, price: Money("150", currency: "USD"), attributes: ["color": "Gold"])
        product.variants = [plain, gold]

        #expect(library.match(product, variant: plain).preset.name == "footwear")
        #expect(library.match(product, variant: gold).preset.name == "dear")
    }

    @Test("explain says of every preset whether it takes the product, or the first reason why not")
    func explain() {
        let more = """
            preset: red
            match: {category: Shoes, title: [red]}
            ---
            preset: dear
            match: {price: {from: 100}}
            ---
            preset: by-name
            """
        let verdicts = SmallLibrary.with(more).value.explain(SmallLibrary.product("Blue chair", category: "Shoes"))

        #expect(
            verdicts.map { "\($0.preset) \($0.matches): \($0.reason)" } == [
                "footwear true: category `Shoes` is `Apparel & Accessories > Shoes`",
                "chairs true: only words of the title speak for it",
                "fallback true: it ranks lower",
                "sneakers false: category: expected `Apparel & Accessories > Shoes > Athletic`, but it is in "
                    + "`Apparel & Accessories > Shoes` and `Furniture > Chairs`",
                "red false: title: none of `red` is in it",
                "dear false: price: none is out of its range",
                "by-name false: it has no `match`, so it is only used by name",
            ]
        )
    }

    @Test("what only the fallback takes tells the merchant's own word for it")
    func unmatched() {
        let library = SmallLibrary.with("").value

        #expect(
            library.unmatchedCategory(of: SmallLibrary.product("X", category: "Blorft > Snarf")) == "Blorft > Snarf"
        )
        #expect(library.unmatchedCategory(of: SmallLibrary.product("X", type: "Snarf")) == "Snarf")
        #expect(library.unmatchedCategory(of: SmallLibrary.product("X", tags: ["new"])) == "new")
        #expect(library.unmatchedCategory(of: SmallLibrary.product("X")) == "")
        #expect(library.unmatchedCategory(of: SmallLibrary.product("X", category: "Shoes")) == nil)
    }

    @Test("a library without a fallback still gives every product a preset")
    func noFallback() {
        let match = SmallLibrary.only("preset: a\nmatch: {title: [a]}\n").value.match(SmallLibrary.product("X"))

        #expect(match.preset.isFallback && match.because == "no preset matches")
        #expect(match.preset.prompt.text == "{{title}}")
    }

    @Test("long and strange values are no trouble")
    func strange() {
        let library = SmallLibrary.with("").value
        var product = SmallLibrary.product(
            String(repeating: "鞋\u{301}🙂 ", count: 5000),
            category: String(repeating: "a > b, ", count: 5000)
        )
        product.tags = Array(repeating: "\u{0}|>|", count: 1000)

        #expect(library.match(product).preset.name == "fallback")
        #expect(library.explain(product).count == 4)
    }
}

extension SmallLibrary {
    static let presetsWithoutFootwear = "preset: fallback\nmatch: {}"
}
