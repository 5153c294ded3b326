import Foundation
import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct SamplesTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        var file: String
        var format: String
        var keys: [String]
        var variants: [String]
        var skipped = 0
        var testDescription: String { file }
    }

    static let samples = [
        Sample(
            file: "shopify.csv",
            format: "shopify",
            keys: ["stoneware-mug", "canvas-tote"],
            variants: ["MUG-CO", "MUG-SA", "#1"],
            skipped: 1
        ),
        Sample(
            file: "shopify-template.csv",
            format: "shopify",
            keys: ["ribbed-beanie", "house-plant"],
            variants: ["BE-INK", "BE-RUST", "#1"]
        ),
        Sample(
            file: "woocommerce.csv",
            format: "woocommerce",
            keys: ["101", "102"],
            variants: ["104", "105", "102"],
            skipped: 1
        ),
        Sample(
            file: "woocommerce-de.csv",
            format: "woocommerce",
            keys: ["101", "102"],
            variants: ["104", "105", "102"],
            skipped: 1
        ),
        Sample(
            file: "google.csv",
            format: "google",
            keys: ["WATCH", "PHONES"],
            variants: ["WATCH-B", "WATCH-S", "PHONES"]
        ),
        Sample(
            file: "google.tsv",
            format: "google",
            keys: ["WATCH", "PHONES"],
            variants: ["WATCH-B", "WATCH-S", "PHONES"]
        ),
        Sample(
            file: "google-rss.xml",
            format: "google-xml",
            keys: ["WATCH", "PHONES"],
            variants: ["WATCH-B", "WATCH-S", "PHONES"]
        ),
        Sample(
            file: "google-atom.xml",
            format: "google-xml",
            keys: ["WATCH", "PHONES"],
            variants: ["WATCH-B", "WATCH-S", "PHONES"]
        ),
        Sample(
            file: "meta.csv",
            format: "meta",
            keys: ["RING", "PERFUME"],
            variants: ["RING-7", "RING-8", "PERFUME"]
        ),
        Sample(
            file: "bigcommerce-v3.csv",
            format: "bigcommerce-v3",
            keys: ["77", "90"],
            variants: ["78", "79", "90"],
            skipped: 1
        ),
        Sample(
            file: "bigcommerce-legacy.csv",
            format: "bigcommerce-legacy",
            keys: ["12", "20"],
            variants: ["13", "14", "20"],
            skipped: 1
        ),
        Sample(
            file: "magento.csv",
            format: "magento",
            keys: ["KB", "OIL"],
            variants: ["KB-8", "KB-12", "OIL"],
            skipped: 2
        ),
        Sample(file: "prestashop.csv", format: "prestashop", keys: ["1"], variants: ["TOY-1"], skipped: 1),
        Sample(file: "wix.csv", format: "wix", keys: ["product_1", "product_2"], variants: ["ST-O", "ST-W", "#1"]),
        Sample(file: "squarespace.csv", format: "squarespace", keys: ["5f1"], variants: ["v1", "v2"], skipped: 1),
        Sample(
            file: "etsy.csv",
            format: "etsy",
            keys: ["Hand-thrown mug", "Beeswax candle"],
            variants: ["E-MUG-T", "E-MUG-S", "E-CAN"]
        ),
        Sample(file: "amazon.txt", format: "amazon", keys: ["BEANIE"], variants: ["BEANIE-I", "BEANIE-R"]),
    ]

    static let folder = FeedSample.root.appending(path: "catalog-samples/feeds")

    @Test("each sample names its format and keeps its products and variants", arguments: samples)
    func sample(_ sample: Sample) throws {
        let feed = try FeedSample.read(path: SamplesTests.folder.appending(path: sample.file).path)

        #expect(feed.format == sample.format)
        #expect(feed.products.map(\.key) == sample.keys)
        #expect(feed.products.flatMap { $0.variants.map(\.key) } == sample.variants)
        #expect(feed.counts.skipped == sample.skipped)
        #expect(feed.isComplete)
        #expect(feed.products.allSatisfy { !$0.images.isEmpty && !$0.title.isEmpty && $0.price != nil })
        #expect(feed.diagnostics.allSatisfy { $0.severity == .note })
    }

    @Test("each sample is read the same when its format is named", arguments: samples)
    func namedFormat(_ sample: Sample) throws {
        let path = SamplesTests.folder.appending(path: sample.file).path

        #expect(try FeedSample.read(path: path, format: sample.format).products == FeedSample.read(path: path).products)
    }

    @Test("every format has a sample")
    func everyFormat() {
        #expect(Set(SamplesTests.samples.map(\.format)) == Set(FeedFormat.all.map(\.name)))
    }

    @Test("the sample of a table of one's own is read with its mapping")
    func mapped() throws {
        let map = try String(contentsOf: SamplesTests.folder.appending(path: "vendure.map.yaml"), encoding: .utf8)

        let feed = try FeedSample.read(path: SamplesTests.folder.appending(path: "vendure.csv").path, map: map)

        #expect(feed.format == "vendure")
        #expect(feed.products.map(\.key) == ["stoneware-mug", "house-plant"])
        #expect(feed.products[0].brand == "Kiln & Co")
        #expect(feed.products[0].categories.map(\.description) == ["Kitchen", "Mugs"])
        #expect(feed.products[0].images.map(\.reference) == ["mug-cobalt.jpg", "mug-cobalt-above.jpg", "mug-sage.jpg"])
        #expect(
            feed.products[0].variants.map { $0.options.map(\.value) } == [["cobalt", "250 ml"], ["sage", "250 ml"]]
        )
        #expect(feed.products[0].variants.map(\.color) == [nil, "green"])
        #expect(feed.diagnostics.isEmpty)
    }

    @Test("every Google sample gives the same products")
    func sameInEveryForm() throws {
        let table = try FeedSample.read(path: SamplesTests.folder.appending(path: "google.csv").path).products

        for file in ["google.tsv", "google-rss.xml", "google-atom.xml"] {
            let other = try FeedSample.read(path: SamplesTests.folder.appending(path: file).path).products
            #expect(other.map(\.title) == table.map(\.title))
            #expect(other.map(\.price) == table.map(\.price))
            #expect(other.map(\.attributes) == table.map(\.attributes))
            #expect(other.map { $0.images.map(\.reference) } == table.map { $0.images.map(\.reference) })
        }
    }
}
