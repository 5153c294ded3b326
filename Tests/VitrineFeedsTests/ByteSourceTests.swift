import Testing
import VitrineCore

@testable import VitrineFeeds

@Suite struct ByteSourceTests {
    private static let feed = "id,title,image_link\n1,Mug,https://x.example/a.jpg\n"

    @Test("a gzip file reads as the feed in it, also with several members")
    func gzip() throws {
        let text = Array(ByteSourceTests.feed.utf8)

        let one = try FeedSample.read(Packing.gzip(text))
        let two = try FeedSample.read(Packing.gzip(Array(text[..<30])) + Packing.gzip(Array(text[30...])))

        #expect(one.titles == ["Mug"])
        #expect(two.titles == ["Mug"])
    }

    @Test("a gzip file that was cut short gives its good rows and then says so")
    func cutGzip() throws {
        var text = ByteSourceTests.feed
        for number in 2...4000 { text += "\(number),Mug \(number),https://x.example/\(number).jpg\n" }
        let packed = Packing.gzip(Array(text.utf8))

        try FeedSample.withFile(Array(packed[..<(packed.count - 20_000)])) { path in
            let reader = try FeedReader(fileAt: path, options: FeedOptions(feed: "f", file: "f.gz"))
            var count = 0
            let error = try #require(throws: FeedError.self) {
                while let batch = try reader.next(limit: 50) { count += batch.value.count }
            }
            #expect(error.kind == .damaged)
            #expect(count > 1000)
        }
    }

    @Test("a zip archive reads as the one table in it, stored or deflated", arguments: [true, false])
    func zip(isDeflated: Bool) throws {
        let archive = Packing.zip(
            [("a.jpg", [1, 2, 3]), ("feed/products.csv", Array(ByteSourceTests.feed.utf8)), ("__MACOSX/x.csv", [0])],
            isDeflated: isDeflated
        )

        let sample = try FeedSample.read(archive)

        #expect(sample.titles == ["Mug"])
        #expect(sample.codes == ["feed.other-files"])
        #expect(try sample.diagnostic(.otherFiles).message.contains("`a.jpg`"))
    }

    @Test("an archive with two tables is refused by their names")
    func twoTables() throws {
        let feed = Array(ByteSourceTests.feed.utf8)

        let error = try FeedSample.failure(Packing.zip([("a.csv", feed), ("b.csv", feed)], isDeflated: true))

        #expect(error.kind == .archive)
        #expect(error.message == "the archive holds 2 tables: `a.csv`, `b.csv`")
    }

    @Test("Excel files are refused by name, with the remedy")
    func excel() throws {
        let workbook = Packing.zip([("[Content_Types].xml", [60]), ("xl/workbook.xml", [60])], isDeflated: false)
        let old: [UInt8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]

        for bytes in [workbook, old, Packing.zip([("feed.xlsx", [1])], isDeflated: false)] {
            let error = try FeedSample.failure(bytes)
            #expect(error.kind == .excel)
            #expect(error.hint?.contains("CSV UTF-8") == true)
        }
    }

    @Test("what is no feed is refused by its kind")
    func noFeeds() throws {
        #expect(try FeedSample.failure("").kind == .empty)
        #expect(try FeedSample.failure(" \n\r\n\t").kind == .empty)
        #expect(try FeedSample.failure("<!DOCTYPE html><html><body>Log in</body></html>").kind == .webPage)
        #expect(try FeedSample.failure("{\"products\": []}").kind == .unknownFormat)
        #expect(try FeedSample.failure([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 2, 3, 0, 0]).kind == .binary)
        #expect(
            try FeedSample.failure(Array(Packing.zip([("a.jpg", [1]), ("b.jpg", [2])], isDeflated: false))).kind
                == .archive
        )
        #expect(throws: FeedError.self) {
            try FeedReader(fileAt: "/nowhere/feed.csv", options: FeedOptions(feed: "f", file: "feed.csv"))
        }
    }

    @Test("a damaged archive is refused and nothing crashes", arguments: [30, 60, 90, 120])
    func damagedArchive(length: Int) throws {
        let archive = Packing.zip([("products.csv", Array(ByteSourceTests.feed.utf8))], isDeflated: true)

        let error = try FeedSample.failure(Array(archive[..<min(length, archive.count - 1)]))

        #expect([FeedError.Kind.damaged, .archive].contains(error.kind))
    }
}

/// Gzip and zip written by hand, with blocks that are stored.
enum Packing {
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var packed: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]
        packed += deflate(bytes)
        packed += numbers([(checksum(bytes), 4), (UInt32(bytes.count), 4)])
        return packed
    }

    static func zip(_ files: [(name: String, bytes: [UInt8])], isDeflated: Bool) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for file in files {
            let name = Array(file.name.utf8)
            let packed = isDeflated ? deflate(file.bytes) : file.bytes
            let sizes: [(UInt32, Int)] = [
                (UInt32(packed.count), 4), (UInt32(file.bytes.count), 4), (UInt32(name.count), 2), (0, 2),
            ]
            let common =
                numbers([(20, 2), (0, 2), (isDeflated ? 8 : 0, 2), (0, 4), (checksum(file.bytes), 4)]) + numbers(sizes)
            directory += numbers([(0x0201_4b50, 4), (20, 2)])
            directory += common
            directory += numbers([(0, 2), (0, 2), (0, 2), (0, 4), (UInt32(archive.count), 4)])
            directory += name
            archive += numbers([(0x0403_4b50, 4)])
            archive += common
            archive += name
            archive += packed
        }
        let count = UInt32(files.count)
        let end = numbers([
            (0x0605_4b50, 4), (0, 4), (count, 2), (count, 2), (UInt32(directory.count), 4), (UInt32(archive.count), 4),
            (0, 2),
        ])
        return archive + directory + end
    }

    private static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        var packed: [UInt8] = []
        var start = 0
        repeat {
            let end = min(bytes.count, start + 60_000)
            let count = UInt32(end - start)
            packed.append(end == bytes.count ? 1 : 0)
            packed += numbers([(count, 2), (~count & 0xffff, 2)])
            packed += bytes[start..<end]
            start = end
        } while start < bytes.count
        return packed
    }

    private static func numbers(_ values: [(value: UInt32, count: Int)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (value, count) in values {
            for place in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * UInt32(place)))) }
        }
        return bytes
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xedb8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
