import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct RecordReaderTests {
    static func records(_ text: String, delimiter: Character = ",") throws -> [[String]] {
        try FeedSample.withFile(Array(text.utf8)) { path in
            let buffer = TextBuffer(try TextStream(try ByteSource(path: path)))
            let reader = RecordReader(buffer, delimiter: delimiter.asciiValue ?? 44)
            let cells = CellText()
            var records: [[String]] = []
            while try reader.next() {
                records.append((0..<reader.count).map { cells.exactLong(reader.row, $0) ?? "" })
            }
            return records
        }
    }

    @Test(
        "cells are divided as people write them",
        arguments: [
            ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
            ("a,b", [["a", "b"]]),
            ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
            ("a,b\rc,d\r", [["a", "b"], ["c", "d"]]),
            ("\"a,1\",b\n", [["a,1", "b"]]),
            ("\"say \"\"hi\"\"\",b\n", [["say \"hi\"", "b"]]),
            ("\"two\nlines\",b\nc,d", [["two\nlines", "b"], ["c", "d"]]),
            ("\"12\" wide\",b\n", [["12\" wide", "b"]]),
            ("12\" wide,b\n", [["12\" wide", "b"]]),
            ("  a  ,\"b\"   ,  \"c\"\n", [["a", "b", "c"]]),
            ("a,,\n,,\n", [["a", "", ""], ["", "", ""]]),
            ("\"\",\"\"\n", [["", ""]]),
            ("a,\"open\nb,\"c\"\n", [["a", "open"], ["b", "c"]]),
            ("a,\"open until the end\nb,c\n", [["a", "open until the end"], ["b", "c"]]),
            ("\n\na\n", [[""], [""], ["a"]]),
        ]
    )
    func commas(text: String, records: [[String]]) throws {
        #expect(try RecordReaderTests.records(text) == records)
    }

    @Test("between tabs a quote opens a cell only if it closes it too")
    func tabs() throws {
        let text = "a\t\"b\tc\"\td\n\"Vintage\" lamp\t5\" wide\tx\n"

        #expect(
            try RecordReaderTests.records(text, delimiter: "\t") == [
                ["a", "b\tc", "d"], ["\"Vintage\" lamp", "5\" wide", "x"],
            ]
        )
    }

    @Test(
        "records on the edge of what is read at once are whole",
        arguments: [262_130, 262_143, 262_144, 262_145, 524_288]
    )
    func edges(length: Int) throws {
        let filler = String(repeating: "x", count: length)

        let records = try RecordReaderTests.records("\(filler),\"b\"\"c\nd\"\r\ne,f\r\n")

        #expect(records == [[filler, "b\"c\nd"], ["e", "f"]])
    }

    @Test("a cell of more than a megabyte costs its row alone")
    func longCell() throws {
        let long = String(repeating: "y", count: (1 << 20) + 10)

        let feed = try FeedSample.read(
            "id,title,image_link\n1,A,https://x.example/a.jpg\n2,\(long),https://x.example/b.jpg\n3,C,https://x.example/c.jpg\n"
        )

        #expect(feed.titles == ["A", "C"])
        #expect(try feed.diagnostic(.cellTooLong).line == 3)
        #expect(try feed.diagnostic(.cellTooLong).message.contains("1 MB"))
        #expect(feed.isComplete)
    }

    @Test("a row of many megabytes without an end is passed over in bounded memory")
    func endlessRow() throws {
        let long = String(repeating: "y", count: 12 << 20)

        let feed = try FeedSample.read(
            "id,title,image_link\n1,A,https://x.example/a.jpg\n\(long)\n3,C,https://x.example/c.jpg\n"
        )

        #expect(feed.titles == ["A", "C"])
        #expect(try feed.diagnostic(.cellTooLong).line == 3)
    }

    @Test("a quote that is never closed costs no other row", arguments: [2, 5000])
    func unclosedQuote(rows: Int) throws {
        var text = "id,title,image_link,description\n1,\"Open,https://x.example/a.jpg,d\n"
        for number in 2...(rows + 1) {
            text += "\(number),Title \(number),https://x.example/\(number).jpg,\"Text, \(number) of it\"\n"
        }

        let feed = try FeedSample.read(text)

        #expect(feed.products.count == rows + 1)
        #expect(feed.products[0].title == "Open")
        #expect(feed.codes == ["row.unclosed-quote"])
        #expect(try feed.diagnostic(.unclosedQuote).field == "title")
    }
}
