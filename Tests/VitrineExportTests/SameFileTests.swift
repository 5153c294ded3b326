import Foundation
import Testing
import VitrineCore
import VitrineExport
import VitrineFeeds

@Suite struct SameFileTests {
    private let folder: URL
    private let url: MediaURL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "vitrine-\(ProcessInfo.processInfo.globallyUniqueString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        url = try #require(MediaURL("https://v.example"))
    }

    private func remove() {
        // The folder is in the system's place for temporary files: what is left there does no harm.
        try? FileManager.default.removeItem(at: folder)
    }

    /// Imports bytes, gives each product whose title is not `Plain` a video, and writes the file back.
    private func same(
        _ bytes: [UInt8],
        format: String,
        fills: Bool = false,
        siblings: Bool = false,
        variants: [String] = [],
        links expected: Int = 1
    ) throws -> (bytes: [UInt8], checked: Checked<SameFile.Count>, links: [String]) {
        let path = folder.appending(path: "feed").path
        try Data(bytes).write(to: URL(filePath: path))
        let options = FeedOptions(feed: "f", file: "feed", format: format)
        let reader = try FeedReader(fileAt: path, options: options)
        var products: [Product] = []
        var complaints: [Diagnostic] = []
        while let batch = try reader.next(limit: 100) {
            products += batch.value
            complaints += batch.diagnostics
        }
        var links: [String] = []
        let exported = products.filter { !$0.title.hasPrefix("Plain") }.map { product in
            var videos = [Sample.video(of: product, .square)]
            for variant in product.variants where variants.contains(variant.key) {
                videos.append(Sample.video(of: product, .square, variant: variant.key))
            }
            let result = ExportedProduct(product: product, videos: videos)
            links += VideoTable.rows([result], options: ExportOptions(mediaURL: url)).compactMap(\.url)
            return result
        }
        try #require(links.count == expected, "\(complaints)")
        let output = folder.appending(path: "out").path
        let checked = try SameFile.write(
            feedAt: path,
            options: options,
            products: exported,
            export: ExportOptions(siblings: siblings),
            mediaURL: url,
            fills: fills,
            to: output
        )
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["feed", "out"])
        return (Array(try Data(contentsOf: URL(filePath: output))), checked, links)
    }

    private let google = "id,title,link,image_link,price,availability"
    private func row(_ id: String, _ title: String) -> String {
        "\(id),\(title),https://s.example/\(id),https://s.example/\(id).jpg,9.00 USD,in stock"
    }

    @Test(
        "every byte stays, whatever the mark at its start, its line ends and its last line",
        arguments: [("", "\n", true), ("\u{FEFF}", "\r\n", true), ("", "\r\n", false), ("\u{FEFF}", "\n", false)]
    )
    func lines(_ mark: String, _ end: String, hasLastEnd: Bool) throws {
        defer { remove() }
        func text(_ cells: [String]) -> String {
            let lines = zip(
                [google, row("a1", "Größe 靴"), row("b2", "Plain"), row("c3", "\"Two\(end)lines, \"\"quoted\"\"\"")],
                cells
            )
            return mark + lines.map { $0 + $1 }.joined(separator: end) + (hasLastEnd ? end : "")
        }

        let result = try same(Array(text(["", "", "", ""]).utf8), format: "google", links: 2)

        let expected = text([",video_link", "," + result.links[0], ",", "," + result.links[1]])
        #expect(String(decoding: result.bytes, as: UTF8.self).unicodeScalars.elementsEqual(expected.unicodeScalars))
        #expect(result.checked.value == count(links: 2, rows: 3))
        #expect(result.checked.diagnostics.isEmpty)
    }

    @Test("the file's delimiter is kept", arguments: ["\t", ";", "|"])
    func delimiters(_ delimiter: String) throws {
        defer { remove() }
        let header = google.replacing(",", with: delimiter)
        let first = row("a", "Shoe").replacing(",", with: delimiter)

        let result = try same(Array("\(header)\n\(first)\n".utf8), format: "google")

        let expected = "\(header)\(delimiter)video_link\n\(first)\(delimiter)\(result.links[0])\n"
        #expect(String(decoding: result.bytes, as: UTF8.self) == expected)
    }

    @Test("UTF-16 stays UTF-16, its mark too", arguments: [true, false])
    func utf16(isLittle: Bool) throws {
        defer { remove() }
        func bytes(_ text: String) -> [UInt8] {
            ("\u{FEFF}" + text).utf16.flatMap {
                isLittle ? [UInt8($0 & 255), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 255)]
            }
        }
        let header = google.replacing(",", with: "\t")
        let first = row("a", "宝贝 👟").replacing(",", with: "\t")

        let result = try same(bytes("\(header)\r\n\(first)\r\n"), format: "google")

        #expect(result.bytes == bytes("\(header)\tvideo_link\r\n\(first)\t\(result.links[0])\r\n"))
    }

    @Test(
        "bytes of older encodings stay",
        arguments: [[0x47, 0x72, 0xF6, 0xDF, 0x65], [0x8C, 0x43, 0x83, 0x5C, 0x83, 0x7C]] as [[UInt8]]
    )
    func older(_ title: [UInt8]) throws {
        defer { remove() }
        func bytes(_ header: String, _ link: String) -> [UInt8] {
            let parts = row("a", "@").components(separatedBy: "@")
            return Array("\(google)\(header)\n\(parts[0])".utf8) + title + Array("\(parts[1])\(link)\n".utf8)
        }

        let result = try same(bytes("", ""), format: "google")

        #expect(result.bytes == bytes(",video_link", "," + result.links[0]))
    }

    @Test("where every header cell is quoted, so is what is added")
    func quoted() throws {
        defer { remove() }
        func quote(_ line: String) -> String { line.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ",") }
        let lines = [quote(google), quote(row("a", "Shoe")), quote(row("b", "Plain"))]

        let result = try same(Array(lines.joined(separator: "\n").utf8), format: "google")

        let expected = ["\(lines[0]),\"video_link\"", "\(lines[1]),\"\(result.links[0])\"", "\(lines[2]),"]
        #expect(String(decoding: result.bytes, as: UTF8.self) == expected.joined(separator: "\n"))
    }

    @Test("short rows are padded, blank lines are left, and a row with too many cells is not touched but named")
    func ragged() throws {
        defer { remove() }
        let short = "a1,Shoe,https://s.example/a,https://s.example/a.jpg"
        let long = row("b2", "Shoe, large")
        let open = row("c3", "Boot") + ","
        let text = [google, short, "", long, open, ",,,,,"].joined(separator: "\n") + "\n"

        let result = try same(Array(text.utf8), format: "google", links: 3)

        let lines = String(decoding: result.bytes, as: UTF8.self).components(separatedBy: "\n")
        #expect(lines[1] == "\(short),,,\(result.links[0])")
        #expect(lines[2] == "")
        #expect(lines[3] == long)
        #expect(lines[4] == open + result.links[2])
        #expect(lines[5] == ",,,,,,")
        #expect(result.checked.diagnostics.map(\.code) == ["export.long-row"])
        #expect(result.checked.diagnostics.first?.line == 4)
    }

    @Test("label lines above the header are padded")
    func labels() throws {
        defer { remove() }
        let lines = [
            "TemplateType=Clothing\tVersion=2016\tThe top 3 rows are for Amazon.com use only",
            "SKU\tName\tMain Image\tParent\tParent SKU",
            "item_sku\titem_name\tmain_image_url\tparent_child\tparent_sku",
            "A-1\tShoe\thttps://s.example/a.jpg\t\t",
        ]

        let result = try same(Array(lines.joined(separator: "\n").utf8), format: "amazon")

        let written = String(decoding: result.bytes, as: UTF8.self).components(separatedBy: "\n")
        #expect(written[0] == lines[0] + "\t\t\t")
        #expect(written[1] == lines[1] + "\t")
        #expect(written[2] == lines[2] + "\tvideo_link")
        #expect(written[3] == lines[3] + "\t" + result.links[0])
    }

    private let shopify =
        "Handle,Title,Variant SKU,Option1 Name,Option1 Value,Image Src,Variant Image\n"
        + "shoe,Shoe,S-1,Size,41,https://s.example/a.jpg,\nshoe,,S-2,,42,,\nshoe,,S-3,,43,,\nshoe,,,,,https://s.example/b.jpg,\n"

    @Test("the link stands on the product's first row, with siblings on every variant's")
    func products() throws {
        defer { remove() }

        let first = try same(Array(shopify.utf8), format: "shopify")
        let all = try same(Array(shopify.utf8), format: "shopify", siblings: true)

        #expect(lastCells(first.bytes) == ["video_link", first.links[0], "", "", ""])
        #expect(lastCells(all.bytes) == ["video_link", all.links[0], all.links[0], all.links[0], ""])
    }

    @Test("a variant that has a video of its own gets that")
    func variants() throws {
        defer { remove() }
        let path = folder.appending(path: "feed").path
        try Data(shopify.utf8).write(to: URL(filePath: path))
        let reader = try FeedReader(fileAt: path, options: FeedOptions(feed: "f", file: "feed", format: "shopify"))
        let product = try #require(try reader.next(limit: 1)?.value.first)

        let result = try same(Array(shopify.utf8), format: "shopify", variants: [product.variants[1].key], links: 2)

        #expect(Set(result.links).count == 2)
        let own = try #require(result.links.first { $0 != lastCells(result.bytes)[1] })
        #expect(lastCells(result.bytes) == ["video_link", lastCells(result.bytes)[1], own, "", ""])
    }

    @Test("a column that is there is filled where it is empty, and nothing else changes")
    func fills() throws {
        defer { remove() }
        func text(_ cells: [String]) -> String {
            "Video Link,\(google)\n"
                + zip(["a1", "b2", "c3", "d4"], cells).map { "\($1),\(row($0, "Shoe \($0)"))" }.joined(separator: "\n")
        }

        let result = try same(
            Array(text(["", "https://old.example/v.mp4", "\"\"", "  "]).utf8),
            format: "google",
            fills: true,
            links: 4
        )

        let links = result.links
        #expect(
            String(decoding: result.bytes, as: UTF8.self)
                == text([links[0], "https://old.example/v.mp4", "\"\(links[2])\"", "  \(links[3])"])
        )
        #expect(result.checked.value == count(links: 3, rows: 4))
    }

    @Test("a second column of the same name is refused")
    func doubled() throws {
        defer { remove() }

        let failure = #expect(throws: ExportFailure.self) {
            try same(Array("video_link,\(google)\n,\(row("a", "Shoe"))\n".utf8), format: "google")
        }

        #expect(failure?.message == "the feed has a column `video_link` already")
        #expect(failure?.hint == "use `--fill` to fill it where it is empty")
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out").path))
    }

    @Test("an XML item gets one element, set as its others are")
    func xml() throws {
        defer { remove() }
        func feed(_ first: String, _ second: String) -> String {
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>
            <item>
                <g:id>a1</g:id>
                <title>Größe &amp; more</title>
                <g:image_link>https://s.example/a.jpg</g:image_link>\(first)
            </item>
            <item><g:id>b2</g:id><title>Plain</title><g:image_link>https://s.example/b.jpg</g:image_link></item>
            <item><g:id>c3</g:id><title><![CDATA[Boot]]></title><g:image_link>https://s.example/c.jpg</g:image_link>\(second)</item>
            </channel></rss>
            """
        }

        let result = try same(Array(feed("", "").utf8), format: "google-xml", links: 2)

        let elements = result.links.map { "<g:video_link>\($0)</g:video_link>" }
        #expect(String(decoding: result.bytes, as: UTF8.self) == feed("\n    " + elements[0], elements[1]))
    }

    @Test("a packed feed is refused with the remedy")
    func packed() throws {
        defer { remove() }
        let path = folder.appending(path: "feed.gz").path
        try Data([0x1F, 0x8B, 8, 0]).write(to: URL(filePath: path))

        let failure = #expect(throws: ExportFailure.self) {
            try SameFile.write(
                feedAt: path,
                options: FeedOptions(feed: "f", file: "feed.gz"),
                products: [],
                export: ExportOptions(),
                mediaURL: url,
                fills: false,
                to: folder.appending(path: "out").path
            )
        }

        #expect(failure?.message.hasPrefix("the feed is packed") == true)
    }

    private func lastCells(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        }
    }

    private func count(links: Int, rows: Int) -> SameFile.Count {
        var count = SameFile.Count()
        count.links = links
        count.rows = rows
        return count
    }
}
