import Foundation
import Testing

@testable import VitrineCore

@Suite("Products as they are kept")
struct ProductRecordTests {
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

    private static func readBack(_ product: Product) throws -> Product {
        let record = ProductRecord(product)
        return try ProductRecord.product(record.id, body: record.body, lines: record.lines)
    }

    @Test("every field reads back, whatever its text", arguments: odd)
    func readsBack(text: String) throws {
        for micros in [0, 1, 10, 12_500_000, 123_456, 1_000_000, 999_999_999_999] as [Int64] {
            let product = ProductRecordTests.full(text, micros)

            #expect(try ProductRecordTests.readBack(product) == product)
        }
    }

    @Test("a variant reads back whatever it shares with its product", arguments: 0..<64)
    func variants(case number: Int) throws {
        func has(_ bit: Int) -> Bool { number & 1 << bit != 0 }
        let image = ImageSource(reference: "a.jpg", line: 3, field: "image", alt: has(0) ? "front" : nil)
        var product = Product(
            feed: "f",
            key: "k",
            line: 2,
            title: "t",
            price: has(1) ? Money(micros: 5, currency: "EUR") : nil
        )
        product.attributes = has(2) ? ["color": "red", "size": "L"] : [:]
        product.images = [image]
        var variant = Variant(key: "v", line: 3, price: has(3) ? Money(micros: 5, currency: "EUR") : nil)
        variant.attributes = has(4) ? ["color": "red", "size": "M", "gtin": "1"] : [:]
        variant.image = has(5) ? ImageSource(reference: "a.jpg", line: 9, field: "image") : nil
        product.variants = [variant]

        #expect(try ProductRecordTests.readBack(product) == product)
    }

    @Test("a body says nothing twice")
    func body() {
        var product = Product(
            feed: "shop",
            key: "mug",
            line: 2,
            title: "Mug",
            price: Money(micros: 9_900_000, currency: "EUR")
        )
        product.attributes = ["color": "red", "condition": "new"]
        product.images = [ImageSource(reference: "mug.jpg", line: 2, field: "image_link")]
        var variant = Variant(key: "mug", line: 2, sku: "MUG-1", price: product.price, image: product.images[0])
        variant.options = [Variant.Option(name: "color", value: "red")]
        variant.attributes = ["color": "red"]
        product.variants = [variant]

        let record = ProductRecord(product)

        #expect(
            record.body == """
                {"feed":"shop","key":"mug","title":"Mug","price":{"amount":"9.90","currency":"EUR"},\
                "attributes":{"color":"red","condition":"new"},"images":[{"reference":"mug.jpg","field":"image_link"}],\
                "variants":[{"key":"mug","sku":"MUG-1","options":[["color","red"]],"as":0,"without":["condition"]}]}
                """
        )
        #expect(record.lines == "2 2 2 2")
        #expect(record.names == [ProductRecord.Name(sku: "MUG-1", line: 2)])
    }

    @Test("the least product reads back")
    func least() throws {
        let product = Product(feed: "f", key: "k", line: 2, title: "t")

        #expect(try ProductRecordTests.readBack(product) == product)
        #expect(ProductRecord(product).lines == "2")
    }

    @Test("lines are no part of the version, everything else is")
    func version() {
        let product = ProductRecordTests.full("x", 5)
        var moved = product
        moved.line = 400
        moved.images[0].line = 401
        moved.variants[0].line = 402
        moved.variants[0].image?.line = 403
        var changed = product
        changed.variants[1].attributes["size"] = "42"

        let version = ProductRecord(product).version

        #expect(version.count == ProductRecord.versionLength)
        #expect(ProductRecord(moved).version == version)
        #expect(ProductRecord(changed).version != version)
    }

    @Test("a body that is damaged throws")
    func damaged() {
        #expect(throws: (any Error).self) { try ProductRecord.product("p_1", body: "{\"id\":", lines: "1") }
    }
}
