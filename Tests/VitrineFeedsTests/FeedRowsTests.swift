import Foundation
import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct FeedRowsTests {
    private static func rows(_ bytes: [UInt8], map: String? = nil) throws -> (rows: [FeedRow], reader: FeedRows) {
        try FeedSample.withFile(bytes) { try rows(path: $0, map: map) }
    }

    private static func rows(path: String, map: String? = nil) throws -> (rows: [FeedRow], reader: FeedRows) {
        var options = FeedOptions(feed: "shop", file: "feed.csv")
        options.map = map.flatMap { ColumnMap.read($0, file: "m.yaml").value }
        let reader = try FeedRows(fileAt: path, options: options)
        var rows: [FeedRow] = []
        while let row = try reader.next() { rows.append(row) }
        return (rows, reader)
    }

    @Test(
        "records, line ends and the mark cover every byte of the file, in order",
        arguments: SamplesTests.samples.filter { !$0.file.hasSuffix("xml") }
    )
    func everyByte(_ sample: SamplesTests.Sample) throws {
        let path = SamplesTests.folder.appending(path: sample.file).path
        let size = try Data(contentsOf: URL(filePath: path)).count

        let (rows, reader) = try FeedRowsTests.rows(path: path)

        var place = reader.markLength
        for row in rows {
            #expect(row.bytes.lowerBound == place && row.lineEnd.lowerBound == row.bytes.upperBound)
            place = row.lineEnd.upperBound
        }
        #expect(place == size)
    }

    @Test("the keys of rows are those of the products and variants that are read", arguments: SamplesTests.samples)
    func keys(_ sample: SamplesTests.Sample) throws {
        let path = SamplesTests.folder.appending(path: sample.file).path
        let products = try FeedSample.read(path: path).products

        let (rows, _) = try FeedRowsTests.rows(path: path)

        let lines = Dictionary(grouping: rows.filter { $0.kind == .data }, by: \.line)
        for product in products {
            #expect(lines[product.line]?.first?.product == product.key)
            for variant in product.variants where product.variants.filter({ $0.line == variant.line }).count == 1 {
                #expect(lines[variant.line]?.first?.product == product.key)
                #expect(lines[variant.line]?.first?.variant == variant.key)
            }
        }
        #expect(rows.filter { $0.kind == .data && $0.product == nil }.count == sample.skipped)
    }

    @Test("kinds of records, their delimiter and quotes are told")
    func kinds() throws {
        let (rows, reader) = try FeedRowsTests.rows(
            Array(
                "sep=;\r\n\"Nummer\";\"Titel\";\"Bild\"\r\n\"id\";\"title\";\"image_link\"\r\n1;Mug;https://x.example/a.jpg\r\n;;\r\n2;Cup"
                    .utf8
            )
        )

        #expect(rows.map(\.kind) == [.preamble, .label, .header, .data, .blank, .data])
        #expect(rows.map(\.line) == [1, 2, 3, 4, 5, 6])
        #expect(
            rows.map(\.cells) == [2, 3, 3, 3, 3, 2].enumerated().map { $0.offset == 0 ? rows[0].cells : $0.element }
        )
        #expect(reader.delimiter == UInt8(ascii: ";"))
        #expect(reader.quotes == .always)
        #expect(reader.columns == ["id", "title", "image_link"])
        #expect(rows.last?.lineEnd.isEmpty == true)
    }

    @Test(
        "in XML the place of each closing tag is told, in the bytes of the file",
        arguments: [String.Encoding.utf8, .utf16]
    )
    func closingTags(encoding: String.Encoding) throws {
        let text =
            "<?xml version=\"1.0\"?><rss><channel><item><id>ä1</id><title>Größe</title><image_link>a.jpg</image_link></item> <item><id>2</id><title>B</title><image_link>b.jpg</image_link></item></channel></rss>"
        let bytes = Array(try #require(text.data(using: encoding)))

        let (rows, reader) = try FeedRowsTests.rows(bytes)

        let tag = reader.encoding.bytes(of: "</item>")
        #expect(rows.map(\.product) == ["ä1", "2"])
        for row in rows {
            let place = try #require(row.closingTag)
            #expect(Array(bytes[place..<place + tag.count]) == tag)
            #expect(row.bytes.upperBound == place + tag.count)
        }
    }

    @Test("a row that was left out has no key")
    func leftOut() throws {
        let (rows, _) = try FeedRowsTests.rows(
            Array("id,title,image_link\n1,A,a.jpg\n,Nameless,b.jpg\n1,Again,c.jpg\n2,B,d.jpg\n".utf8)
        )

        #expect(rows.filter { $0.kind == .data }.map(\.product) == ["1", nil, nil, "2"])
    }
}
