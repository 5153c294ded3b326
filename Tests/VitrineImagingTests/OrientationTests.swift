import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineImaging

@Suite struct OrientationTests {
    /// Upright quadrants, from the top left, by EXIF's number, of a picture that is stored red, green, blue, yellow.
    static let upright: [(number: Int, corners: String)] = [
        (1, "rgby"), (2, "gryb"), (3, "ybgr"), (4, "byrg"), (5, "rbgy"), (6, "bryg"), (7, "ygbr"), (8, "gyrb"),
    ]

    static let colors: [Character: UInt32] = ["r": 0xC02020, "g": 0x20A020, "b": 0x2020C0, "y": 0xE0D020]

    @Test("all eight EXIF orientations stand upright, whole and reduced", arguments: upright, [1, 2, 8])
    func exif(expected: (number: Int, corners: String), divisor: Int) throws {
        let size = PixelSize(width: 96, height: 64)
        let stored = Array("rgby").compactMap { Self.colors[$0] }
        let drawing = DrawnImages.drawn(size) { x, y in 0xFF00_0000 | stored[(y < 32 ? 0 : 2) + (x < 48 ? 0 : 1)] }
        let bytes = DrawnImages.jpeg(drawing, DrawnImages.JPEG(quality: 95, orientation: expected.number))
        let whole = expected.number < 5 ? size : PixelSize(width: 64, height: 96)
        let target = PixelSize(width: whole.width / divisor, height: whole.height / divisor)

        let seen = try ImageIntake.bitmap(bytes, limits: Fixtures.tiny, covering: target)

        #expect(seen.size == target)
        let (left, right) = (seen.size.width / 5, seen.size.width * 4 / 5)
        let (top, bottom) = (seen.size.height / 5, seen.size.height * 4 / 5)
        for (corner, color) in zip([(left, top), (right, top), (left, bottom), (right, bottom)], expected.corners) {
            let want = try #require(Self.colors[color])
            #expect(isNear(seen[corner.0, corner.1], want, within: 24))
        }
    }

    @Test("orientation is honoured in WebP and in PNG too")
    func otherFormats() throws {
        let webp = try ImageIntake.check(Fixtures.file("turned.webp"), limits: Fixtures.tiny)
        var png = WrittenPNG(size: PixelSize(width: 20, height: 10), kind: .grey, depth: 8) { x, _ in [x * 10] }
        png.extra = [("eXIf", Array(DrawnImages.exif(orientation: 8).dropFirst(6)))]

        #expect(webp.size == PixelSize(width: 64, height: 96))
        #expect(try ImageIntake.check(png.data, limits: Fixtures.tiny).size == PixelSize(width: 10, height: 20))
    }

    static let nonsense: [[UInt8]] = [
        [], Array("MM".utf8), Array("II*\0".utf8), Array("MM\0*".utf8) + [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0],
        Array("MM\0*".utf8) + [0, 0, 0, 8, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0],
        Array(DrawnImages.exif(orientation: 9).dropFirst(6)), Array(DrawnImages.exif(orientation: 0).dropFirst(6)),
        Array(DrawnImages.exif(orientation: 6).dropFirst(6).prefix(17)),
    ]

    @Test("EXIF that makes no sense leaves the picture as it lies", arguments: nonsense)
    func nonsensical(bytes: [UInt8]) {
        let read = bytes.withUnsafeBytes { Orientation(exif: $0) }

        #expect(read == .upright)
    }

    @Test("both byte orders are read")
    func byteOrders() {
        let little: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]

        #expect(little.withUnsafeBytes { Orientation(exif: $0) } == .turnedRight)
        #expect(
            [UInt8](DrawnImages.exif(orientation: 7).dropFirst(6)).withUnsafeBytes { Orientation(exif: $0) }
                == .transversed
        )
    }

    @Test("what lies beside the picture is not in a frame: no EXIF, no profile, no text")
    func metadata() throws {
        let bytes = DrawnImages.jpeg(
            DrawnImages.product(),
            DrawnImages.JPEG(orientation: 6, profile: try Fixtures.file("srgb-like.icc"))
        )
        let recipe = FrameRecipe(placement: .square, shortSide: 300, fit: .pad, background: .auto, productSize: 0.8)

        let png = try FrameComposer.compose(bytes, recipe: recipe).png

        for name in ["eXIf", "iCCP", "tEXt", "iTXt", "zTXt", "tIME"] { #expect(png.range(of: Data(name.utf8)) == nil) }
    }
}
