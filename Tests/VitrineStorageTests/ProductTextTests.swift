import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Products as stored text")
struct ProductTextTests {
    private static let odd = [
        "", "plain", "quotes \" and \\ and /", "line\nbreak\r\n\ttab", "\u{1}\u{8}\u{c}\u{1f}\u{7f}", "Größe 42 – 你好 👟🏽",
        "\u{2028}\u{2029}\u{feff}", "e\u{301}", "nul\u{0}inside", "</script>",
    ]

    private static func full(_ text: String, _ micros: Int64) -> Product {
        var product = Product(
            feed: FeedName("feed " + text),
            key: "key " + text,
            line: 17,
            title: text,
            description: text + text,
            brand: text,
            categories: [CategoryPath(["Apparel", "Shoes"]), CategoryPath([])],
            type: text,
            tags: [text, "second"],
            link: text,
            price: Money(micros: micros, currency: "eur"),
            status: .archived,
            attributes: [text: text, "b": text, "a": "1"],
            images: [
                ImageSource(reference: text, line: 18, field: "Image \(text)", alt: text),
                ImageSource(reference: "b", line: 9_999_999, field: "f"),
            ]
        )
        product.variants = [
            Variant(
                key: text,
                line: 19,
                sku: SKU(text),
                title: text,
                options: [Variant.Option(name: text, value: text)],
                price: Money(micros: -micros, currency: "USD"),
                image: ImageSource(reference: text, line: 21, field: "v"),
                attributes: [text: text]
            ),
            Variant(key: "second", line: 20),
            Variant(key: "third", line: 22, image: ImageSource(reference: "c", line: 23, field: "v")),
        ]
        return product
    }

    @Test("every field reads back, whatever its text", arguments: odd)
    func readsBack(text: String) throws {
        var writer = ProductWriter()
        for micros in [0, 1, 10, 12_500_000, 123_456, 1_000_000, 999_999_999_999] as [Int64] {
            let product = ProductTextTests.full(text, micros)

            let stored = writer.text(of: product)

            #expect(try ProductText.product(body: stored.body, lines: stored.lines) == product)
        }
    }

    @Test("the body is what Foundation's encoder says, but for the lines", arguments: odd)
    func agrees(text: String) throws {
        var writer = ProductWriter()
        var product = ProductTextTests.full(text, 12_345_678)
        let stored = writer.text(of: product)
        product.line = 0
        for index in product.images.indices { product.images[index].line = 0 }
        for index in product.variants.indices {
            product.variants[index].line = 0
            product.variants[index].image?.line = 0
        }

        let mine = try JSONSerialization.jsonObject(with: Data(stored.body.utf8)) as? NSDictionary
        let its = try JSONSerialization.jsonObject(with: JSONEncoder().encode(product)) as? NSDictionary

        #expect(mine == its)
        #expect(try JSONDecoder().decode(Product.self, from: Data(stored.body.utf8)) == product)
    }

    @Test("the least product reads back")
    func least() throws {
        var writer = ProductWriter()
        let product = Product(feed: "f", key: "k", line: 2, title: "t")

        let stored = writer.text(of: product)

        #expect(try ProductText.product(body: stored.body, lines: stored.lines) == product)
        #expect(stored.lines == "2")
    }

    @Test("lines are no part of the version, everything else is")
    func version() {
        var writer = ProductWriter()
        let product = ProductTextTests.full("x", 5)
        var moved = product
        moved.line = 400
        moved.images[0].line = 401
        moved.variants[0].line = 402
        moved.variants[0].image?.line = 403
        var changed = product
        changed.variants[1].attributes["size"] = "42"

        let version = writer.text(of: product).version

        #expect(version.count == ProductText.versionLength)
        #expect(writer.text(of: moved).version == version)
        #expect(writer.text(of: changed).version != version)
    }

    @Test("a body that is damaged throws")
    func damaged() {
        #expect(throws: (any Error).self) { try ProductText.product(body: "{\"id\":", lines: "1") }
    }
}
