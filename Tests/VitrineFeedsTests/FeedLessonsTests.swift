import Foundation
import Testing
import VitrineCore

@testable import VitrineFeeds

/// What 76 real feeds taught, one test or more a lesson.
@Suite struct FeedLessonsTests {
    private static let shopify =
        "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src,Image Position,Variant Image,Status\n"

    @Test("1: variants without a SKU are told apart by their choices")
    func emptySKUs() throws {
        let feed = try FeedSample.read(
            FeedLessonsTests.shopify
                + "tee,Tee,Color,Red,,9.00,https://x.example/a.jpg,1,,active\ntee,,,Blue,,9.00,,,,\nmug,Mug,Title,Default Title,,5,https://x.example/m.jpg,1,,\n"
        )

        #expect(try feed.product("tee").variants.map(\.key) == ["Red", "Blue"])
        #expect(try feed.product("tee").skus.isEmpty)
        #expect(try feed.product("mug").variants.map(\.key) == ["#1"])
        #expect(try feed.product("mug").variants[0].options.isEmpty)
    }

    @Test("2: two products with one SKU stay two products")
    func doubledSKU() throws {
        let feed = try FeedSample.read(
            FeedLessonsTests.shopify
                + "a,A,Title,Default Title,SAME,1,https://x.example/a.jpg,1,,active\nb,B,Title,Default Title,SAME,2,https://x.example/b.jpg,1,,active\n"
        )

        #expect(feed.products.map(\.key) == ["a", "b"])
        #expect(Set(feed.products.map(\.id)).count == 2)
        #expect(feed.products.map(\.skus) == [["SAME"], ["SAME"]])
    }

    @Test("3: rows with nothing but a picture add the picture, and are neither products nor errors")
    func pictureRows() throws {
        let feed = try FeedSample.read(
            FeedLessonsTests.shopify
                + "tee,Tee,Title,Default Title,T,9.00,https://x.example/1.jpg,1,,active\ntee,,,,,,https://x.example/2.jpg,2,,\ntee,,,,,,https://x.example/3.jpg,3,,\n"
        )

        #expect(feed.products.count == 1)
        #expect(try feed.product("tee").images.map(\.reference.last2) == ["1.jpg", "2.jpg", "3.jpg"])
        #expect(try feed.product("tee").variants.count == 1)
        #expect(feed.counts.pictureRows == 2)
        #expect(feed.diagnostics.isEmpty)
    }

    @Test("3: pictures stand in the order of their positions, not of their rows")
    func picturePositions() throws {
        let feed = try FeedSample.read(
            FeedLessonsTests.shopify
                + "tee,Tee,Title,Default Title,T,9.00,https://x.example/2.jpg,2,,active\ntee,,,,,,https://x.example/1.jpg,1,,\n"
        )

        #expect(try feed.product("tee").images.map(\.reference.last2) == ["1.jpg", "2.jpg"])
    }

    @Test(
        "4: only active products are taken, and each one left out is told",
        arguments: [("active", true), ("draft", false), ("archived", false), ("unlisted", false), ("", true)]
    )
    func drafts(status: String, isTaken: Bool) throws {
        let text =
            FeedLessonsTests.shopify
            + "a,A,Title,Default Title,A,1,https://x.example/a.jpg,1,,\(status)\na,,,,,,https://x.example/b.jpg,2,,\n"

        let feed = try FeedSample.read(text)
        let all = try FeedSample.read(text, all: true)

        #expect(feed.products.count == (isTaken ? 1 : 0))
        #expect(feed.counts.skipped == (isTaken ? 0 : 2))
        #expect(feed.codes == (isTaken ? [] : ["row.draft"]))
        #expect(feed.isComplete)
        #expect(all.products.count == 1)
    }

    @Test("4: a product without a picture is a product, with a warning")
    func noPicture() throws {
        let feed = try FeedSample.read(FeedLessonsTests.shopify + "a,A,Title,Default Title,A,1,,,,active\n")

        #expect(feed.products.count == 1)
        #expect(try feed.diagnostic(.noPicture).line == 2)
        #expect(try feed.diagnostic(.noPicture).severity == .warning)
    }

    @Test("5: addresses keep their query, and no file extension is judged")
    func addresses() throws {
        let feed = try FeedSample.read(
            FeedLessonsTests.shopify
                + "a,A,Title,Default Title,A,1,https://cdn.example/a.heic?v=1699000000,1,,active\nb,B,Title,Default Title,B,1,https://cdn.example/b,1,,active\n"
        )

        #expect(
            feed.products.map(\.images[0].reference) == [
                "https://cdn.example/a.heic?v=1699000000", "https://cdn.example/b",
            ]
        )
        #expect(feed.diagnostics.isEmpty)
    }

    @Test("6: category, type and tags are all kept, whichever of them is filled")
    func categories() throws {
        let feed = try FeedSample.read(
            """
            Handle,Title,Product Category,Type,Tags,Image Src
            a,A,,Mugs,"kitchen, gift",https://x.example/a.jpg
            b,B,Apparel & Accessories > Shoes,,,https://x.example/b.jpg
            c,C,,,,https://x.example/c.jpg

            """
        )

        #expect(try feed.product("a").categories.map(\.description) == ["Mugs"])
        #expect(try feed.product("a").type == "Mugs")
        #expect(try feed.product("a").tags == ["kitchen", "gift"])
        #expect(try feed.product("b").categories == [CategoryPath(["Apparel & Accessories", "Shoes"])])
        #expect(try feed.product("b").type == nil)
    }

    @Test(
        "7: a byte order mark hides no column, at the start or on line 2 behind a tab",
        arguments: ["\u{feff}", "\n\t\u{feff}", "\u{feff}\u{feff}"]
    )
    func byteOrderMarks(mark: String) throws {
        let feed = try FeedSample.read(
            mark + "\"ID\",Type,SKU,Name,Published,Images\n7,simple,A,Lamp,1,https://x.example/a.jpg\n"
        )

        #expect(feed.format == "woocommerce")
        #expect(feed.products.map(\.key) == ["7"])
    }

    @Test("8: a line of comments above the header is passed over, and its bars do not decide the delimiter")
    func commentLine() throws {
        let feed = try FeedSample.read(
            "# Required | A unique content ID,# Required | The title,# Required | The picture,# Optional\r\n"
                + "id,title,image_link,fb_product_category\r\n1,Mug,https://x.example/a.jpg,home\r\n"
        )

        #expect(feed.format == "meta")
        #expect(feed.products.map(\.key) == ["1"])
        #expect(feed.products[0].line == 3)
    }

    @Test("9: names of metafields and markets do not confuse a Shopify export")
    func localisedHeaders() throws {
        let feed = try FeedSample.read(
            """
            Handle,Title,Vendor,Yaş Grubu (product.metafields.shopify.age-group),Price / Deutschland,Variant Price,Image Src
            a,A,V,Yetişkin,99.00,10.00,https://x.example/a.jpg

            """
        )

        #expect(feed.format == "shopify")
        #expect(feed.products[0].price == Money("10.00", currency: "USD"))
        #expect(feed.products[0].attributes["yaş_grubu"] == "Yetişkin")
    }

    @Test("10: a number that a spreadsheet rounded is dropped and told")
    func roundedNumber() throws {
        let feed = try FeedSample.read("id,title,image_link,gtin\n1,A,https://x.example/a.jpg,8.80609E+12\n")

        #expect(feed.products[0].attributes["gtin"] == nil)
        #expect(try feed.diagnostic(.roundedNumber).field == "gtin")
    }

    @Test("10: an apostrophe against formulas is stripped")
    func guardedCells() throws {
        let feed = try FeedSample.read(
            "ID,Type,SKU,Name,Published,Images\n1,simple,'SKU-1,'=1+1 lamp,1,https://x.example/a.jpg\n2,simple,'-2,Draft,'-1,https://x.example/b.jpg\n"
        )

        #expect(feed.products.map(\.title) == ["=1+1 lamp"])
        #expect(feed.products[0].skus == ["SKU-1"])
        #expect(feed.codes == ["row.draft"])
    }

    @Test("10: leading zeros and semicolons are kept apart from numbers")
    func semicolons() throws {
        let feed = try FeedSample.read(
            "id;title;image_link;price;gtin\n007;A, B;https://x.example/a.jpg;12,50 EUR;00123\n"
        )

        #expect(feed.products[0].key == "007")
        #expect(feed.products[0].title == "A, B")
        #expect(feed.products[0].price == Money("12.50", currency: "EUR"))
        #expect(feed.products[0].attributes["gtin"] == "00123")
    }

    @Test("11: short rows read as empty cells and are told once, long ones each")
    func raggedRows() throws {
        let feed = try FeedSample.read(
            "id,title,image_link,color,size\n1,A,https://x.example/a.jpg\n2,B,https://x.example/b.jpg\n3,C,https://x.example/c.jpg,red,M,surplus\n4,D,https://x.example/d.jpg,red,M,,\n"
        )

        #expect(feed.titles == ["A", "B", "C", "D"])
        #expect(feed.codes == ["row.extra-cells", "feed.short-rows"])
        #expect(try feed.diagnostic(.extraCells).line == 4)
    }

    @Test("12: addresses glued together are one complaint and no picture")
    func gluedPictures() throws {
        let feed = try FeedSample.read(
            "id,title,image_link\n1,A,https://cdn.example/acc_1-A.jpgcdn.example/content/acc_1-B.jpg\n2,B,https://x.example/a.jpghttps://x.example/b.jpg\n"
        )

        #expect(feed.products.map(\.images.count) == [0, 0])
        #expect(feed.codes == ["row.glued-pictures", "row.no-picture", "row.glued-pictures", "row.no-picture"])
    }

    @Test("13: media ids get their server, paths stay paths, and words are no pictures")
    func picturesThatAreNoAddresses() throws {
        let wix = try FeedSample.read(
            "handleId,fieldType,name,productImageUrl,visible\np1,Product,A,506c6a_x~mv2.jpg;506c6a_y~mv2.png,true\n"
        )
        let google = try FeedSample.read(
            "id,title,image_link\n1,A,/m/h/mh01.jpg\n2,B,no image\n3,C,http://localhost/a.jpg\n"
        )

        #expect(
            wix.products[0].images.map(\.reference) == [
                "https://static.wixstatic.com/media/506c6a_x~mv2.jpg",
                "https://static.wixstatic.com/media/506c6a_y~mv2.png",
            ]
        )
        #expect(
            google.products.map { $0.images.map(\.reference) } == [["m/h/mh01.jpg"], [], ["http://localhost/a.jpg"]]
        )
        #expect(google.codes == ["row.bad-picture", "row.no-picture"])
    }

    @Test("14: padded cells and headers are trimmed, and line ends in cells are part of them")
    func paddedCells() throws {
        let feed = try FeedSample.read(
            "  id  ,title          , image_link ,description\n  1 , \"Mug\"       , https://x.example/a.jpg ,\"First line\nsecond line\"\n 2,Cup,https://x.example/b.jpg,\n"
        )

        #expect(feed.titles == ["Mug", "Cup"])
        #expect(feed.products[0].description == "First line\nsecond line")
        #expect(feed.products[0].images[0].reference == "https://x.example/a.jpg")
        #expect(feed.products.map(\.line) == [2, 4])
    }

    @Test("15: an Etsy cell of SKUs, a Magento product with its articles and Wix variants each make one product")
    func manyToOne() throws {
        let etsy = try FeedSample.read(
            "TITLE,CURRENCY_CODE,QUANTITY,IMAGE1,VARIATION 1 NAME,VARIATION 1 VALUES,SKU\nMug,GBP,1,https://x.example/a.jpg,Colour,\"Red,Blue\",\"M-R,M-B\"\n"
        )
        let magento = try FeedSample.read(
            """
            sku,name,product_type,visibility,base_image,configurable_variations,product_websites
            T-S,Tee S,simple,Not Visible Individually,/t/s.jpg,,base
            T,Tee,configurable,"Catalog, Search",/t/t.jpg,"sku=T-S,size=S|sku=T-M,size=M",base
            T-M,Tee M,simple,Not Visible Individually,/t/m.jpg,,base
            X,Lonely,simple,Not Visible Individually,/t/x.jpg,,base

            """
        )

        #expect(etsy.products[0].variants.map(\.key) == ["M-R", "M-B"])
        #expect(etsy.products[0].variants.map(\.color) == ["Red", "Blue"])
        #expect(magento.products.map(\.key) == ["T"])
        #expect(magento.products[0].variants.map(\.key) == ["T-S", "T-M"])
        #expect(magento.products[0].variants.map { $0.attributes["size"] } == ["S", "M"])
        #expect(magento.codes == ["row.hidden"])
        #expect(magento.isComplete)
    }

    @Test("16: a feed of many rows keeps its order and loses none")
    func manyRows() throws {
        var text = "id,title,image_link\n"
        for number in 0..<5000 { text += "\(number),Product \(number),https://x.example/\(number).jpg\n" }

        let feed = try FeedSample.read(text, batch: 64)

        #expect(feed.products.map(\.key) == (0..<5000).map(String.init))
        #expect(feed.counts.rows == 5000)
    }

    @Test("a feed with a thousand bad rows still yields the good ones")
    func thousandBadRows() throws {
        var text = "id,title,image_link,price\n"
        for number in 0..<1000 {
            text +=
                ["", "\(number),,https://x.example/a.jpg,1\n", ",No identity,,\n", "\(number),\"Open,x\ny\n", "a\n"][
                    1 + number % 4
                ]
            text += "good-\(number),Good \(number),https://x.example/\(number).jpg,9.99\n"
        }

        let feed = try FeedSample.read(text)

        #expect(feed.products.filter { $0.key.hasPrefix("good-") }.count == 1000)
        #expect(feed.isComplete)
        #expect(feed.diagnostics.count >= 1000)
    }
}

extension String {
    fileprivate var last2: String { String(split(separator: "/").last ?? "") }
}
