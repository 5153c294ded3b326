import Foundation
import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct ValuesTests {
    @Test(
        "prices are read as merchants write them",
        arguments: [
            ("12.50 USD", "12.50 USD"), ("USD 12.50", "12.50 USD"), ("12,50 €", "12.50 EUR"), ("€12.50", "12.50 EUR"),
            ("1.234,56", "1234.56 CHF"), ("1,234.56", "1234.56 CHF"), ("1 234,56 zł", "1234.56 PLN"),
            ("1'234.50", "1234.50 CHF"),
            ("$1,234", "1234.00 USD"), ("1.234.567", "1234567.00 CHF"), (".99", "0.99 CHF"), ("12", "12.00 CHF"),
            ("0.125", "0.125 CHF"), ("R$ 19,90", "19.90 BRL"), ("¥3800", "3800.00 JPY"), ("19.90 руб.", "19.90 RUB"),
        ]
    )
    func prices(text: String, expected: String) throws {
        let money = Array(text.utf8).withUnsafeBufferPointer { PriceText.money($0, decimal: .either, currency: "CHF") }

        #expect(money?.description == expected)
    }

    @Test("what is no price is none", arguments: ["", "call us", "-5.00", "99999999999999", "12.5x6"])
    func noPrices(text: String) {
        let money = Array(text.utf8).withUnsafeBufferPointer { PriceText.money($0, decimal: .either, currency: "CHF") }

        #expect(money == nil)
    }

    @Test(
        "a comma before three digits is read by the format's rule",
        arguments: [
            ("1,234", FeedProfile.Decimal.point, "1234.00 CHF"), ("1,234", .comma, "1.234 CHF"),
            ("1.234", .comma, "1234.00 CHF"), ("1.234", .point, "1.234 CHF"),
        ]
    )
    func decimalRules(text: String, rule: FeedProfile.Decimal, expected: String) {
        let money = Array(text.utf8).withUnsafeBufferPointer { PriceText.money($0, decimal: rule, currency: "CHF") }

        #expect(money?.description == expected)
    }

    @Test(
        "markup, entities and control characters are taken out of text",
        arguments: [
            ("<p>One &amp; two</p><p>three</p>", "One & two\nthree"), ("a<br/>b<br>c", "a\nb\nc"), ("plain", "plain"),
            ("size < 5 and > 3", "size < 5 and > 3"), ("<script>alert(1)</script>after", "after"),
            ("<style>p{}</style>x", "x"),
            ("&lt;b&gt;bold&lt;/b&gt;", "bold"), ("caf&eacute; &#8364;5 &#x2014; ok", "café €5 — ok"),
            ("AT&T &unknown; x", "AT&T &unknown; x"),
            ("a\u{1}b\u{7}c", "a b c"), ("x\u{202e}y\u{feff}z", "xyz"), ("  a \t b  ", "a b"),
            ("<!-- hidden -->shown", "shown"),
            ("<ul><li>1</li><li>2</li></ul>", "1\n2"), ("a&nbsp;b\u{a0}c", "a b c"), ("<unclosed", "<unclosed"),
        ]
    )
    func plainText(text: String, expected: String) throws {
        let feed = try FeedSample.read("id,title,image_link,description\n1,A,https://x.example/a.jpg,\"\(text)\"\n")

        #expect(feed.products[0].description == expected)
    }

    @Test("titles are on one line and at most 500 characters, descriptions at most 5000")
    func limits() throws {
        let feed = try FeedSample.read(
            "id,title,image_link,description\n1,\"<b>T\nwo</b> \(String(repeating: "é", count: 600))\",https://x.example/a.jpg,\(String(repeating: "ü", count: 6000))\n"
        )

        #expect(feed.products[0].title.hasPrefix("T wo é"))
        #expect(feed.products[0].title.count == 500)
        #expect(feed.products[0].description.count == 5000)
        #expect(feed.codes == ["row.cut", "row.cut"])
    }

    @Test(
        "cells of pictures are divided without harm to addresses",
        arguments: [
            (
                "https://a.example/1.jpg, https://a.example/2.jpg",
                ["https://a.example/1.jpg", "https://a.example/2.jpg"]
            ),
            (
                "https://a.example/1.jpg,https://a.example/2.jpg",
                ["https://a.example/1.jpg", "https://a.example/2.jpg"]
            ),
            ("https://a.example/w_300,h_200/1.jpg", ["https://a.example/w_300,h_200/1.jpg"]),
            ("a.jpg,b.png", ["a.jpg", "b.png"]),
            ("//cdn.example/a.jpg", ["https://cdn.example/a.jpg"]),
            ("www.example.com/a.jpg", ["https://www.example.com/a.jpg"]),
            ("https://a.example/my shoe.jpg", ["https://a.example/my%20shoe.jpg"]),
            (
                "https://proxy.example/?url=https://a.example/1.jpg",
                ["https://proxy.example/?url=https://a.example/1.jpg"]
            ),
            (
                "https://proxy.example/fetch/https://a.example/1.jpg",
                ["https://proxy.example/fetch/https://a.example/1.jpg"]
            ),
            ("folder/a.JPG?v=2", ["folder/a.JPG?v=2"]), ("/media/a.jpg", ["media/a.jpg"]),
        ]
    )
    func pictures(cell: String, expected: [String]) {
        #expect(ValuesTests.findings(cell) == expected.map { .picture($0) })
    }

    @Test(
        "words, schemes that are not fetched and glued addresses are no pictures",
        arguments: [
            "n/a", "none", "ftp://x.example/a.jpg", "data:image/png;base64.abc", "https:///a.jpg", "12.50", "md5:1:0",
        ]
    )
    func noPictures(cell: String) {
        #expect(ValuesTests.findings(cell) == [.bad(cell)])
    }

    @Test("names of columns are compared without case, marks and underscores")
    func headerNames() {
        #expect(HeaderName.normal(" \u{feff}g:Image_Link ") == "image link")
        #expect(HeaderName.normal("Name *") == "name")
        #expect(HeaderName.normal("Nom de l’attribut 1 ") == "nom de l'attribut 1")
        #expect(HeaderName.number(of: "option12 name", in: "option<n> name") == 12)
        #expect(HeaderName.number(of: "option name", in: "option<n> name") == nil)
        #expect(HeaderName.number(of: "shipping weight", in: "shipping*") == 0)
        #expect(HeaderName.key("Google Shopping / Custom Label 0") == "custom_label_0")
        #expect(HeaderName.attribute(of: "Größe") == "size")
    }

    @Test("a key is met once, however many there are")
    func seenKeys() {
        var seen = SeenKeys()
        let hashes = (0..<20_000).map { SeenKeys.hash("key-\($0)", "", salt: 0) }

        let first = hashes.map { seen.insert($0) }
        let second = hashes.map { seen.insert($0) }

        #expect(first.allSatisfy { $0 })
        #expect(second.allSatisfy { !$0 })
        #expect(!seen.contains(SeenKeys.hash("key-1", "", salt: 1)))
        #expect(SeenKeys.hash("a", "b", salt: 0) != SeenKeys.hash("ab", "", salt: 0))
    }

    private static func findings(_ cell: String) -> [PictureCell.Finding] {
        var findings: [PictureCell.Finding] = []
        Array(cell.utf8).withUnsafeBufferPointer { bytes in
            PictureCell.findings(bytes, separator: [UInt8(ascii: ",")], base: nil) { findings.append($0) }
        }
        return findings
    }
}
