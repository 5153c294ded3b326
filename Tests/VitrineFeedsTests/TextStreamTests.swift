import Foundation
import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct TextStreamTests {
    private static let feed = "id;title;image_link\n1;Größe für Crème brûlée;https://x.example/a.jpg\n"
    private static let japanese = "id,title,image_link\n1,リブ編みニット帽 サイズ,https://x.example/a.jpg\n"

    @Test(
        "Western feeds read the same in every encoding",
        arguments: [String.Encoding.utf8, .utf16LittleEndian, .utf16BigEndian, .utf16, .windowsCP1252]
    )
    func western(encoding: String.Encoding) throws {
        let bytes = try #require(TextStreamTests.feed.data(using: encoding))

        let sample = try FeedSample.read(Array(bytes))

        #expect(sample.titles == ["Größe für Crème brûlée"])
        #expect(sample.products[0].images[0].reference == "https://x.example/a.jpg")
        #expect(sample.codes == (encoding == .utf8 ? [] : ["feed.encoding"]))
    }

    @Test(
        "Japanese feeds read the same in UTF-8, UTF-16 and Shift_JIS",
        arguments: [String.Encoding.utf8, .utf16LittleEndian, .shiftJIS]
    )
    func japanese(encoding: String.Encoding) throws {
        let bytes = try #require(TextStreamTests.japanese.data(using: encoding))

        let sample = try FeedSample.read(Array(bytes))

        #expect(sample.titles == ["リブ編みニット帽 サイズ"])
    }

    @Test("the encoding of a feed that begins with much ASCII is still found")
    func lateUmlaut() throws {
        var text = "id,title,image_link\n"
        for number in 0..<9000 { text += "\(number),Plain title \(number),https://x.example/\(number).jpg\n" }
        text += "last,Stühle,https://x.example/last.jpg\n"

        let sample = try FeedSample.read(Array(try #require(text.data(using: .windowsCP1252))))

        #expect(sample.products.count == 9001)
        #expect(sample.titles.last == "Stühle")
        #expect(sample.encoding == .windows1252)
    }

    @Test("a character cut by the edge of what is read at once is whole", arguments: 0..<6)
    func cutCharacters(shift: Int) throws {
        let filler = String(repeating: "x", count: (256 << 10) - 40 + shift)
        let text =
            "id,title,image_link,description\n1,あいうえおかきくけこ,https://x.example/a.jpg,\(filler)\n2,さしすせそ,https://x.example/b.jpg,\n"

        for encoding in [String.Encoding.utf8, .shiftJIS, .utf16LittleEndian] {
            let sample = try FeedSample.read(Array(try #require(text.data(using: encoding))))
            #expect(sample.titles == ["あいうえおかきくけこ", "さしすせそ"])
        }
    }

    @Test("one cell in another encoding is read and told, and the rest stays UTF-8")
    func mixedEncodings() throws {
        var bytes = Array(
            "id,title,image_link\n1,Größe für Ärzte + Öfen & Übungen äöüäöüäöü,https://x.example/a.jpg\n2,Cr".utf8
        )
        bytes += [0xe8]
        bytes += Array("me,https://x.example/b.jpg\n".utf8)

        let sample = try FeedSample.read(bytes.map { $0 == UInt8(ascii: "&") ? UInt8(ascii: "+") : $0 })

        #expect(sample.titles.last == "Crème")
        #expect(try sample.diagnostic(.badBytes).line == 3)
        #expect(try sample.diagnostic(.badBytes).field == "title")
    }

    @Test("bytes that no character has become replacement characters, and nothing stops")
    func undefinedBytes() throws {
        var bytes = Array("id,title,image_link\n1,St".utf8)
        bytes += [0xfc, 0x81]
        bytes += Array("hle,https://x.example/b.jpg\n".utf8)

        #expect(try FeedSample.read(bytes).titles == ["Stü\u{fffd}hle"])
    }

    @Test(
        "every byte of a one-byte encoding counts as one, and every character of Shift_JIS as it was written",
        arguments: [TextEncoding.windows1252, .shiftJIS]
    )
    func originalCounts(encoding: TextEncoding) throws {
        let characters = encoding == .windows1252 ? "aÄ€’é\u{fffd}" : "aｱあ漢字①～\u{fffd}"
        let expected = encoding == .windows1252 ? 6 : 1 + 1 + 2 + 4 + 2 + 2 + 1

        let count = Array(characters.utf8).withUnsafeBufferPointer { encoding.originalCount(of: $0) }

        #expect(count == expected)
    }
}
