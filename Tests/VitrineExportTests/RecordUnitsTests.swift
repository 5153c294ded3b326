import Testing
import VitrineFeeds

@testable import VitrineExport

@Suite struct RecordUnitsTests {
    @Test(
        "a record's cells stand between delimiters outside of quotes",
        arguments: [
            ("a,b,c", ["a", "b", "c"]), ("", [""]), (",", ["", ""]), ("\"a,b\",c", ["\"a,b\"", "c"]),
            ("\"a\"\"b,\",c", ["\"a\"\"b,\"", "c"]), (" \"a,b\" ,c", [" \"a,b\" ", "c"]), ("a\"b,c", ["a\"b", "c"]),
            ("\"open,c", ["\"open,c"]), ("ä,靴", ["ä", "靴"]),
        ]
    )
    func cells(_ record: String, _ cells: [String]) {
        let bytes = Array(record.utf8)

        let found = RecordUnits(bytes, encoding: .utf8).cells(delimiter: 44)

        #expect(found.map { String(decoding: bytes[$0], as: UTF8.self) } == cells)
    }

    @Test("half of a Japanese character is no delimiter")
    func shiftJIS() {
        let bytes: [UInt8] = [0x83, 0x7C, 0x7C, 0x61]

        #expect(RecordUnits(bytes, encoding: .shiftJIS).cells(delimiter: 0x7C) == [0..<2, 3..<4])
        #expect(RecordUnits(bytes, encoding: .windows1252).cells(delimiter: 0x7C).count == 3)
    }

    @Test(
        "something can be put only into a cell that holds nothing",
        arguments: [("", 0, false), ("  ", 2, false), ("\"\"", 1, true), (" \"\" ", 2, true), ("\" \"", 2, true)]
    )
    func empty(_ cell: String, offset: Int, isQuoted: Bool) throws {
        let place = try #require(RecordUnits(Array(cell.utf8), encoding: .utf8).emptyPlace(in: 0..<cell.utf8.count))

        #expect(place.offset == offset)
        #expect(place.isQuoted == isQuoted)
    }

    @Test("a cell that holds something has no place", arguments: ["x", "\"x\"", "\"\"\"\"", "-"])
    func full(_ cell: String) {
        #expect(RecordUnits(Array(cell.utf8), encoding: .utf8).emptyPlace(in: 0..<cell.utf8.count) == nil)
    }
}
