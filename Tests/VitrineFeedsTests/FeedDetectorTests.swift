import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct FeedDetectorTests {
    @Test("the delimiter is found, whatever stands in the cells", arguments: [",", ";", "\t", "|"])
    func delimiters(delimiter: String) throws {
        let header = ["id", "title", "image_link", "description"].joined(separator: delimiter)
        let row = ["1", "\"Mug, large; new | blue\"", "https://x.example/a.jpg", "d"].joined(separator: delimiter)

        let feed = try FeedSample.read(header + "\n" + row + "\n")

        #expect(feed.titles == ["Mug, large; new | blue"])
    }

    @Test(
        "lines above the header are passed over",
        arguments: ["sep=;\n", "\n\n", "Export of 20 November\n\n", "# a comment, with commas; and \"quotes\n"]
    )
    func linesAbove(text: String) throws {
        let feed = try FeedSample.read(text + "id;title;image_link\n1;Mug;https://x.example/a.jpg\n")

        #expect(feed.titles == ["Mug"])
    }

    @Test("a table of no known format is refused with its columns and the remedy")
    func unknown() throws {
        let error = try FeedSample.failure("artnr;bezeichnung;foto\n1;Tasse;a.jpg\n")

        #expect(error.kind == .unknownFormat)
        #expect(error.message == "no known format has these columns: `artnr`, `bezeichnung`, `foto`")
        #expect(error.hint?.contains("--map") == true)
    }

    @Test("a format that is named wrongly is refused with the names there are")
    func unknownName() throws {
        let error = try FeedSample.failure("id,title,image_link\n", format: "shopfy")

        #expect(error.kind == .unknownFormat)
        #expect(error.hint?.contains("shopify") == true)
    }

    @Test("a format that is named but whose columns are missing says which")
    func missingColumns() throws {
        let error = try FeedSample.failure("id,title,image_link\n1,Mug,a.jpg\n", format: "shopify")

        #expect(error.kind == .missingColumns)
        #expect(error.message.contains("`handle` or `url handle`"))
    }

    @Test("a header without rows is read, and says so")
    func headerAlone() throws {
        #expect(try FeedSample.read("id,title,image_link\n").codes == ["feed.no-rows"])
    }

    @Test("a feed without a column of pictures says so once")
    func noPictureColumn() throws {
        let feed = try FeedSample.read(
            "id,title,link,price\n1,Mug,https://x.example/1,5\n2,Cup,https://x.example/2,5\n"
        )

        #expect(feed.codes.filter { $0 == "feed.no-picture-column" }.count == 1)
        #expect(feed.products.count == 2)
    }

    @Test("two columns of one name are told, and the first that is filled counts")
    func repeatedColumn() throws {
        let feed = try FeedSample.read("id,title,image_link,title\n1,,https://x.example/1.jpg,Mug\n")

        #expect(feed.titles == ["Mug"])
        #expect(try feed.diagnostic(.repeatedColumn).field == "title")
    }

    @Test("formats have names and titles of their own")
    func formats() {
        let names = FeedFormat.all.map(\.name)

        #expect(Set(names).count == names.count)
        #expect(names.count == 13)
    }
}
