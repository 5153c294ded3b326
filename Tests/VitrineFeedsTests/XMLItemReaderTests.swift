import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct XMLItemReaderTests {
    private static func rss(_ items: String, end: String = "</channel></rss>") -> String {
        "<?xml version=\"1.0\"?>\n<rss xmlns:g=\"http://base.google.com/ns/1.0\"><channel><title>Shop</title>\n" + items
            + end
    }

    private static func item(_ id: String, _ more: String = "") -> String {
        "<item><g:id>\(id)</g:id><title>Mug \(id)</title><g:image_link>https://x.example/\(id).jpg</g:image_link>\(more)</item>\n"
    }

    @Test("bare ampersands, HTML's names and character data come out as text")
    func forgiving() throws {
        let feed = try FeedSample.read(
            XMLItemReaderTests.rss(
                "<item><g:id> 1 </g:id><title><![CDATA[Salt & <b>Pepper</b>]]></title><description>AT&T caf&eacute;&nbsp;&lt;p&gt;new&lt;/p&gt;</description><link>https://x.example/?a=1&amp;b=2</link><g:image_link>\n https://x.example/1.jpg \n</g:image_link></item>"
            )
        )

        #expect(feed.format == "google-xml")
        #expect(feed.products[0].key == "1")
        #expect(feed.products[0].title == "Salt & Pepper")
        #expect(feed.products[0].description == "AT&T café\nnew")
        #expect(feed.products[0].link == "https://x.example/?a=1&b=2")
        #expect(feed.products[0].images[0].reference == "https://x.example/1.jpg")
    }

    @Test("an element that stands several times gives several pictures, and nested ones do not disturb")
    func repeated() throws {
        let feed = try FeedSample.read(
            XMLItemReaderTests.rss(
                XMLItemReaderTests.item(
                    "1",
                    "<g:additional_image_link>https://x.example/2.jpg</g:additional_image_link><g:additional_image_link>https://x.example/3.jpg</g:additional_image_link><g:shipping><g:country>US</g:country><g:price>5 USD</g:price></g:shipping><g:price>9 USD</g:price>"
                )
            )
        )

        #expect(feed.products[0].images.count == 3)
        #expect(feed.products[0].price == Money("9", currency: "USD"))
    }

    @Test("a document type is refused, so that no entity can name a file or grow")
    func documentType() throws {
        let error = try FeedSample.failure(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE rss [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n<rss><channel><item><id>&a;</id></item></channel></rss>"
        )

        #expect(error.kind == .documentType)
        #expect(error.line == 2)
    }

    @Test("an item that is never closed costs nothing but itself")
    func unclosedItem() throws {
        let feed = try FeedSample.read(
            XMLItemReaderTests.rss(
                XMLItemReaderTests.item("1") + XMLItemReaderTests.item("2").replacing("</item>", with: "")
                    + XMLItemReaderTests.item("3")
            )
        )

        #expect(feed.products.map(\.key) == ["1", "2", "3"])
        #expect(feed.codes == ["feed.cut-short"])
        #expect(try feed.diagnostic(.cutShort).line == 4)
    }

    @Test("XML that ends in the middle gives what was whole, and says so")
    func cutShort() throws {
        let feed = try FeedSample.read(
            XMLItemReaderTests.rss(XMLItemReaderTests.item("1") + XMLItemReaderTests.item("2"), end: "<item><g:id>3")
        )

        #expect(feed.products.map(\.key).prefix(2) == ["1", "2"])
        #expect(feed.codes.contains("feed.cut-short"))
    }

    @Test("comments and instructions are passed over, also with items in them")
    func comments() throws {
        let feed = try FeedSample.read(
            XMLItemReaderTests.rss(
                "<!-- <item><g:id>0</g:id></item> -->" + XMLItemReaderTests.item("1") + "<?php echo '<item>' ?>"
            )
        )

        #expect(feed.products.map(\.key) == ["1"])
    }

    @Test("items on the edges of what is read at once are whole")
    func edges() throws {
        var items = ""
        for number in 0..<3000 {
            items += XMLItemReaderTests.item(
                String(number),
                "<g:brand>Kiln &amp; Co</g:brand><description><![CDATA[Text ]] of \(number)]]></description>"
            )
        }

        let feed = try FeedSample.read(XMLItemReaderTests.rss(items))

        #expect(feed.products.map(\.key) == (0..<3000).map(String.init))
        #expect(feed.products.allSatisfy { $0.brand == "Kiln & Co" && $0.description == "Text ]] of \($0.key)" })
        #expect(feed.diagnostics.isEmpty)
    }

    @Test("a feed without items has no rows, and says so")
    func noItems() throws {
        let feed = try FeedSample.read(XMLItemReaderTests.rss(""))

        #expect(feed.format == "google-xml")
        #expect(feed.codes == ["feed.no-rows"])
    }
}
