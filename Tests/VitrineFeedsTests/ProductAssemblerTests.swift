import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct ProductAssemblerTests {
    private static let woo = "ID,Type,SKU,Name,Published,Regular price,Images,Parent\n"

    @Test("variations are joined to their product wherever they stand, by SKU or by number")
    func farVariations() throws {
        let feed = try FeedSample.read(
            ProductAssemblerTests.woo
                + "3,variation,P-1,Early,1,1,https://x.example/3.jpg,P\n1,variable,P,Parent,1,,https://x.example/1.jpg,\n2,simple,S,Single,1,2,https://x.example/2.jpg,\n4,variation,P-2,Late,1,1,,id:1\n"
        )

        #expect(feed.products.map(\.key) == ["1", "2"])
        #expect(feed.products[0].variants.map(\.key) == ["3", "4"])
        #expect(feed.isComplete)
        #expect(feed.diagnostics.isEmpty)
    }

    @Test("a variation whose product is not in the feed, or was left out, is told")
    func orphans() throws {
        let feed = try FeedSample.read(
            ProductAssemblerTests.woo
                + "1,variable,P,Draft,0,,https://x.example/1.jpg,\n2,variation,P-1,V,1,1,,P\n3,variation,X-1,V,1,1,,NOWHERE\n4,variable,Q,Good,1,,https://x.example/4.jpg,\n5,variation,Q-1,V,-1,1,,Q\n6,variation,Q-2,V,1,1,,Q\n"
        )

        #expect(feed.products.map(\.key) == ["4"])
        #expect(feed.products[0].variants.map(\.key) == ["6"])
        #expect(Set(feed.codes) == ["row.draft", "row.left-out-parent", "row.orphan"])
        #expect(try feed.diagnostic(.orphan).line == 4)
        #expect(feed.isComplete)
    }

    @Test("kinds that plugins add are read as products, with a warning")
    func unknownKind() throws {
        let feed = try FeedSample.read(ProductAssemblerTests.woo + "1,mystery,P,Thing,1,1,https://x.example/1.jpg,\n")

        #expect(feed.titles == ["Thing"])
        #expect(try feed.diagnostic(.unknownKind).field == "Type")
    }

    @Test("rows of one identity that stand apart come as one key twice, and nothing is lost or doubled")
    func apart() throws {
        let feed = try FeedSample.read(
            """
            id,item_group_id,title,image_link,color
            a1,a,Mug,https://x.example/a1.jpg,red
            b1,b,Cup,https://x.example/b1.jpg,red
            a2,a,Mug,https://x.example/a2.jpg,blue
            a1,a,Mug,https://x.example/a1.jpg,red
            b1,b,Cup,https://x.example/b1.jpg,red

            """
        )

        #expect(feed.products.map(\.key) == ["a", "b", "a"])
        #expect(feed.absorbed[0].variants.map(\.key) == ["a1", "a2"])
        #expect(feed.absorbed[0].images.count == 2)
        #expect(feed.codes == ["row.repeated", "row.repeated"])
        #expect(feed.diagnostics.map(\.line) == [5, 6])
        #expect(feed.isComplete)
    }

    @Test("a row without an identity or without a title is left out and told")
    func nothingToCallIt() throws {
        let feed = try FeedSample.read(
            "id,title,image_link\n,Nameless,https://x.example/a.jpg\n2,,https://x.example/b.jpg\n3,Good,https://x.example/c.jpg\n"
        )

        #expect(feed.titles == ["Good"])
        #expect(feed.codes == ["row.no-key", "row.no-title"])
        #expect(feed.counts.skipped == 2)
    }

    @Test("a product with thousands of variants comes in pieces that make one product")
    func manyVariants() throws {
        var text = "id,item_group_id,title,image_link,size\n"
        for number in 0..<4100 { text += "v\(number),g,Mug,https://x.example/a.jpg,\(number)\n" }

        let feed = try FeedSample.read(text)

        #expect(feed.products.count == 3)
        #expect(feed.absorbed[0].variants.count == 4100)
        #expect(feed.isComplete)
    }

    @Test("a row above the first product of a format that inherits is told")
    func nothingAbove() throws {
        let feed = try FeedSample.read(
            "Item,ID,Name,Type,SKU,Options,Internal Image URL (Export)\nVariant,9,,,X,,\nProduct,1,Lamp,physical,L,,\nImage,2,,,,,https://x.example/a.jpg\n"
        )

        #expect(feed.products.map(\.key) == ["1"])
        #expect(feed.products[0].images.count == 1)
        #expect(feed.codes == ["row.orphan"])
    }

    @Test("what a feed's other columns say is kept short, in snake case")
    func otherColumns() throws {
        let long = String(repeating: "l", count: 300)

        let feed = try FeedSample.read(
            "id,title,image_link,Energy Class,Notes\n1,A,https://x.example/a.jpg,A++,\(long)\n"
        )

        #expect(feed.products[0].attributes == ["energy_class": "A++"])
    }

    @Test("options in many languages set colour and size")
    func optionWords() throws {
        let feed = try FeedSample.read(
            "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant Price,Image Src\na,A,Farbe,Rot,Größe,M,1,https://x.example/a.jpg\na,,,Blau,,L,1,\n"
        )

        #expect(
            feed.products[0].variants.map(\.attributes) == [
                ["color": "Rot", "size": "M"], ["color": "Blau", "size": "L"],
            ]
        )
        #expect(feed.products[0].attributes["color"] == nil)
    }
}
