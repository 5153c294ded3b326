import Foundation
import Testing
import VitrineCore
import VitrineImaging
import VitrineTesting

@Suite struct DamageTests {
    static let size = PixelSize(width: 64, height: 48)
    static let drawing = DrawnImages.scene(size)

    static let whole: [(name: String, bytes: Data)] = [
        ("baseline", DrawnImages.jpeg(drawing)),
        ("progressive", DrawnImages.jpeg(drawing, DrawnImages.JPEG(isProgressive: true))),
        ("cmyk", DrawnImages.jpeg(drawing, DrawnImages.JPEG(ink: .cmyk))),
        ("png", DrawnImages.png(drawing)),
        ("interlaced", WrittenPNG(size: size, kind: .color, depth: 8, isInterlaced: true) { [$0, $1, $0 ^ $1] }.data),
        ("webp", (try? Fixtures.file("lossy.webp")) ?? Data()),
        ("lossless", (try? Fixtures.file("swapped-profile.webp")) ?? Data()),
    ]

    @Test("a picture cut off halfway, early or late is damaged or of no format", arguments: whole)
    func truncated(name: String, bytes: Data) throws {
        _ = try ImageIntake.bitmap(bytes, limits: Fixtures.tiny)
        for part in [0.1, 0.3, 0.5, 0.7, 0.9] {
            let cut = bytes.prefix(Int(Double(bytes.count) * part))
            let refusal = #expect(throws: ImageRefusal.self, "\(name) at \(part)") {
                try ImageIntake.bitmap(Data(cut), limits: Fixtures.tiny)
            }
            #expect(refusal?.kind == .damaged, "\(name) at \(part)")
        }
    }

    @Test("no cut crashes", arguments: whole)
    func everyCut(name: String, bytes: Data) {
        for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 150)) {
            _ = try? ImageIntake.bitmap(Data(bytes.prefix(count)), limits: Fixtures.tiny)
        }
    }

    @Test("no flipped byte crashes", arguments: whole)
    func everyFlip(name: String, bytes: Data) {
        let limits = ImageLimits(smallestSide: 1, pixels: 1_000_000)
        for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 250)) {
            for mask in [0xFF, 0x01, 0x80] as [UInt8] {
                var flipped = bytes
                flipped[flipped.startIndex + place] ^= mask
                _ = try? ImageIntake.bitmap(flipped, limits: limits)
            }
        }
    }

    @Test("garbage behind a true beginning is damaged")
    func garbage() {
        let noise = Data((0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) })
        for start in [[0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]] as [[UInt8]] {
            let refusal = #expect(throws: ImageRefusal.self) { try ImageIntake.check(Data(start) + noise) }
            #expect(refusal?.kind == .damaged)
        }
        let riff = Data("RIFF\u{20}\0\0\0WEBPVP8 ".utf8) + noise
        #expect(throws: ImageRefusal.self) { try ImageIntake.check(riff) }
    }

    @Test("a JPEG that lost only its end marker is whole, a progressive one is not")
    func endMarker() throws {
        let baseline = DrawnImages.jpeg(Self.drawing)
        let passes = DrawnImages.jpeg(Self.drawing, DrawnImages.JPEG(isProgressive: true))

        #expect(throws: Never.self) { try ImageIntake.bitmap(Data(baseline.dropLast(2)), limits: Fixtures.tiny) }
        #expect(throws: ImageRefusal.self) { try ImageIntake.bitmap(Data(passes.dropLast(2)), limits: Fixtures.tiny) }
    }

    @Test("a header that promises more pixels than are accepted is refused before anything is decoded")
    func hugeHeader() throws {
        var png = WrittenPNG(size: PixelSize(width: 60_000, height: 60_000), kind: .color, depth: 8) { _, _ in [] }
            .header
        png += WrittenPNG.chunk("IDAT", [0x78, 0x01])
        var jpeg = DrawnImages.jpeg(Self.drawing)
        let frame = try #require(jpeg.range(of: Data([0xFF, 0xC0, 0, 17, 8])))
        jpeg.replaceSubrange(frame.upperBound..<frame.upperBound + 4, with: [0xFF, 0xDC, 0xFF, 0xDC])
        for bytes in [png, jpeg] {
            let refusal = #expect(throws: ImageRefusal.self) { try ImageIntake.check(bytes) }
            #expect(refusal?.kind == .tooLarge)
            #expect(refusal?.message.contains("100 megapixels") == true)
        }
    }

    @Test(
        "a header without width or height is damaged",
        arguments: [PixelSize(width: 0, height: 9), PixelSize(width: 9, height: 0)]
    )
    func zero(size: PixelSize) throws {
        let png = WrittenPNG(size: size, kind: .color, depth: 8) { _, _ in [1, 2, 3] }.data
        var jpeg = DrawnImages.jpeg(Self.drawing)
        let frame = try #require(jpeg.range(of: Data([0xFF, 0xC0, 0, 17, 8])))
        let sides = [0, UInt8(size.height), 0, UInt8(size.width)]
        jpeg.replaceSubrange(frame.upperBound..<frame.upperBound + 4, with: sides)
        for bytes in [png, jpeg] {
            let refusal = #expect(throws: ImageRefusal.self) { try ImageIntake.check(bytes, limits: Fixtures.tiny) }
            #expect(refusal?.kind == .damaged)
        }
    }

    @Test("a JPEG of a hundred scans is read, one of a hundred and one is refused")
    func scans() throws {
        let bytes = DrawnImages.jpeg(Self.drawing, DrawnImages.JPEG(isProgressive: true))
        let scan = Data([0xFF, 0xDA])
        let first = try #require(bytes.range(of: scan))
        let second = try #require(bytes.range(of: scan, in: first.upperBound..<bytes.endIndex))
        let tables = try #require(bytes.range(of: Data([0xFF, 0xC4]), in: first.upperBound..<bytes.endIndex))
        let end = min(second.lowerBound, tables.lowerBound)
        let repeated = bytes[first.lowerBound..<end]
        var count = 0
        var at = bytes.startIndex
        while let next = bytes.range(of: scan, in: at..<bytes.endIndex) {
            count += 1
            at = next.upperBound
        }
        func with(_ total: Int) -> Data {
            (0..<total - count).reduce(Data(bytes[..<end])) { sum, _ in sum + repeated } + bytes[end...]
        }

        #expect(throws: Never.self) { try ImageIntake.bitmap(with(100), limits: Fixtures.tiny) }
        let refusal = #expect(throws: ImageRefusal.self) { try ImageIntake.bitmap(with(101), limits: Fixtures.tiny) }
        #expect(refusal?.kind == .tooLarge)
        #expect(refusal?.message.contains("scans") == true)
    }

    @Test("wrong lengths of segments and chunks are survived where the picture is whole, and refused where it is not")
    func lengths() throws {
        let jpeg = DrawnImages.jpeg(Self.drawing, DrawnImages.JPEG(orientation: 6))
        func with(_ length: [UInt8]) -> Data {
            jpeg.prefix(4) + Data(length) + jpeg.dropFirst(6)
        }
        #expect(try ImageIntake.bitmap(with([0, 0]), limits: Fixtures.tiny).size == Self.size)
        #expect(throws: ImageRefusal.self) { try ImageIntake.bitmap(with([0xFF, 0xFF]), limits: Fixtures.tiny) }
        for length in [[0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF]] as [[UInt8]] {
            var wrong = DrawnImages.png(Self.drawing)
            wrong.replaceSubrange(wrong.startIndex + 33..<wrong.startIndex + 37, with: length)
            #expect(throws: ImageRefusal.self) { try ImageIntake.bitmap(wrong, limits: Fixtures.tiny) }
        }
    }

    @Test("a refusal says what is wrong in words")
    func words() {
        let bytes = DrawnImages.jpeg(Self.drawing)

        let refusal = #expect(throws: ImageRefusal.self) {
            try ImageIntake.bitmap(Data(bytes.prefix(bytes.count / 2)), limits: Fixtures.tiny)
        }

        #expect(refusal?.message.hasPrefix("picture is a damaged JPEG") == true)
        #expect(refusal?.hint != nil)
    }
}
