import Foundation
import Testing
import VitrineCore
import VitrineExport

@Suite struct ChannelFeedTests {
    private let url: MediaURL
    private let shoe = Sample.product(
        "shoe",
        title: "Shoe",
        variants: [
            Variant(key: "g-red", line: 2, sku: "S-RED"), Variant(key: "g-blue", line: 3, sku: "S-BLUE"),
            Variant(key: "g-none", line: 4),
        ]
    )

    init() throws {
        url = try #require(MediaURL("https://cdn.example"))
    }

    private func products(seconds: Double = 6) -> [ExportedProduct] {
        [
            ExportedProduct(
                product: shoe,
                videos: [
                    Sample.video(of: shoe, .square, seconds: seconds, shows: ["g-red", "g-none"]),
                    Sample.video(of: shoe, .story, shows: ["g-red", "g-none"]),
                ]
            )
        ]
    }

    private func link(_ index: Int, _ placement: String) -> String {
        "https://cdn.example/shoe-\(placement)-\(products()[0].videos[index].video.clip.file.digest.short).mp4"
    }

    @Test("Google gets id and links, several in one cell, for the variants that the video shows")
    func google() {
        let feed = GoogleFeed.table(products(), options: ExportOptions(), mediaURL: url, identity: .sku)

        #expect(
            String(decoding: feed.value, as: UTF8.self)
                == "id\tvideo_link\r\nS-RED\t\(link(0, "1x1")),\(link(1, "9x16"))\r\n"
        )
        #expect(feed.diagnostics.isEmpty)
    }

    @Test("a feed that is Google's own is matched by its ids, and commas quote the list")
    func googleKeys() {
        let feed = GoogleFeed.table(
            products(),
            options: ExportOptions(placements: [.square, .story]),
            mediaURL: url,
            identity: .variantKey,
            separator: .comma
        )

        let links = "\"\(link(0, "1x1")),\(link(1, "9x16"))\""
        #expect(String(decoding: feed.value, as: UTF8.self) == "id,video_link\r\ng-red,\(links)\r\ng-none,\(links)\r\n")
    }

    @Test("siblings get the product's video only when asked")
    func siblings() {
        let feed = MetaFeed.csv(
            products(),
            options: ExportOptions(siblings: true, placements: [.square]),
            mediaURL: url,
            identity: .sku
        )

        #expect(
            String(decoding: feed.value, as: UTF8.self)
                == "id,video[0].url\r\nS-RED,\(link(0, "1x1"))\r\nS-BLUE,\(link(0, "1x1"))\r\n"
        )
    }

    @Test("Meta gets a column for each video")
    func meta() {
        let feed = MetaFeed.csv(products(), options: ExportOptions(), mediaURL: url, identity: .sku)

        #expect(
            String(decoding: feed.value, as: UTF8.self)
                == "id,video[0].url,video[1].url\r\nS-RED,\(link(0, "1x1")),\(link(1, "9x16"))\r\n"
        )
    }

    @Test("a video that Google would not take is left out and named")
    func length() {
        let feed = GoogleFeed.table(products(seconds: 5.5), options: ExportOptions(), mediaURL: url, identity: .sku)

        #expect(!String(decoding: feed.value, as: UTF8.self).contains("1x1"))
        #expect(feed.diagnostics.map(\.code) == ["export.length"])
        #expect(feed.diagnostics.first?.message == "video `1:1` of `Shoe` lasts `5.5` s; Google takes `6` to `240` s")
    }

    @Test("a doubled id goes to the first product, and a product without id is named")
    func ids() {
        let other = Sample.product("other", title: "Other", variants: [Variant(key: "o", line: 9, sku: "S-RED")])
        let bare = Sample.product("bare", title: "Bare", variants: [Variant(key: "b", line: 10)])
        let blue = Sample.product("blue", title: "Blue", variants: [Variant(key: "n", line: 11, sku: "B")])
        let all =
            products() + [
                ExportedProduct(product: other, videos: [Sample.video(of: other, shows: ["o"])]),
                ExportedProduct(product: bare, videos: [Sample.video(of: bare, shows: ["b"])]),
                ExportedProduct(product: blue, videos: [Sample.video(of: blue, shows: [])]),
            ]

        let feed = MetaFeed.csv(all, options: ExportOptions(), mediaURL: url, identity: .sku)

        #expect(String(decoding: feed.value, as: UTF8.self).components(separatedBy: "\r\n").count == 3)
        #expect(feed.diagnostics.map(\.code) == ["export.doubled-id", "export.no-id", "export.no-variant"])
    }
}
