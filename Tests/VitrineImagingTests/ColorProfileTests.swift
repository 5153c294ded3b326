import Foundation
import Testing
import VitrineCore
import VitrineImaging
import VitrineTesting

@Suite struct ColorProfileTests {
    @Test("an embedded profile decides the colours of a JPEG, a PNG and a WebP")
    func swapped() throws {
        let drawing = DrawnImages.product(PixelSize(width: 96, height: 64))
        let jpeg = DrawnImages.jpeg(drawing, DrawnImages.JPEG(quality: 95, profile: try Fixtures.file("swapped.icc")))

        for bytes in [jpeg, try Fixtures.file("swapped-profile.webp"), try Fixtures.file("swapped-profile.png")] {
            let seen = try ImageIntake.bitmap(bytes, limits: Fixtures.tiny)
            #expect(isNear(seen[36, 40], 0x38C028, within: 14))
            #expect(isNear(seen[60, 40], 0x5028A0, within: 14))
        }
    }

    @Test("a profile that says sRGB in other words leaves the colours alone")
    func alike() throws {
        let drawing = DrawnImages.product(PixelSize(width: 96, height: 64))
        let plain = try ImageIntake.bitmap(DrawnImages.jpeg(drawing), limits: Fixtures.tiny)
        let tagged = try ImageIntake.bitmap(
            DrawnImages.jpeg(drawing, DrawnImages.JPEG(profile: try Fixtures.file("srgb-like.icc"))),
            limits: Fixtures.tiny
        )

        #expect(meanError(plain, tagged) < 1.5)
    }

    @Test("a profile in several segments is put together")
    func chunks() throws {
        let profile = try Fixtures.file("swapped.icc")
        let plain = DrawnImages.jpeg(DrawnImages.product(PixelSize(width: 96, height: 64)))
        let pieces = [profile.prefix(200), profile.dropFirst(200)]
        let segments = pieces.enumerated().map { index, piece in
            DrawnImages.segment(0xE2, Data("ICC_PROFILE\0".utf8) + Data([UInt8(index + 1), 2]) + piece)
        }

        let seen = try ImageIntake.bitmap(
            plain.prefix(2) + segments[1] + segments[0] + plain.dropFirst(2),
            limits: Fixtures.tiny
        )

        #expect(isNear(seen[36, 40], 0x38C028, within: 16))
    }

    @Test("grey with a profile of its own is brightened as it says")
    func grey() throws {
        let drawing = DrawnImages.drawn(PixelSize(width: 32, height: 32)) { x, _ in x < 16 ? 0xFF80_8080 : 0xFFC8_C8C8 }
        let way = DrawnImages.JPEG(ink: .grey, quality: 100, profile: try Fixtures.file("linear-grey.icc"))

        let jpeg = try ImageIntake.bitmap(DrawnImages.jpeg(drawing, way), limits: Fixtures.tiny)
        let png = try ImageIntake.bitmap(Fixtures.file("linear-grey.png"), limits: Fixtures.tiny)

        #expect(isNear(jpeg[4, 4], 0xBCBCBC, within: 4))
        #expect(isNear(png[2, 2], 0xBCBCBC, within: 4))
    }

    @Test("inks with a profile of their own look as it says", arguments: [DrawnImages.JPEG.Ink.cmyk, .ycck])
    func inks(ink: DrawnImages.JPEG.Ink) throws {
        let drawing = DrawnImages.drawn(PixelSize(width: 48, height: 16)) { x, _ in
            x < 16 ? 0xFF00_FFFF : x < 32 ? 0xFFFF_FFFF : 0xFFFF_FF00
        }
        let way = DrawnImages.JPEG(ink: ink, quality: 100, profile: try Fixtures.file("odd-inks.icc"))

        let seen = try ImageIntake.bitmap(DrawnImages.jpeg(drawing, way), limits: Fixtures.tiny)

        #expect(seen[8, 8].x > seen[8, 8].y + 60)
        #expect(isNear(seen[24, 8], 0xFFFFFF, within: 4))
        #expect(seen[40, 8].z > seen[40, 8].x + 60)
    }

    @Test("a profile that cannot be read, or is for another kind of picture, is named in the notes and taken as sRGB")
    func unreadable() throws {
        let drawing = DrawnImages.product(PixelSize(width: 400, height: 300))
        let recipe = FrameRecipe(placement: .square, shortSide: 200, fit: .pad, background: .auto, productSize: 0.8)
        for profile in [Data("garbage".utf8), Data(count: 3000), try Fixtures.file("odd-inks.icc")] {
            let bytes = DrawnImages.jpeg(drawing, DrawnImages.JPEG(profile: profile))
            let frame = try FrameComposer.compose(bytes, recipe: recipe)
            #expect(frame.notes == ["the colour profile cannot be read: taken as sRGB"])
        }
    }

    @Test("a PNG that names a gamma far from sRGB's is shown by it, one that names sRGB's is left alone")
    func gamma() throws {
        var png = WrittenPNG(size: PixelSize(width: 16, height: 16), kind: .color, depth: 8) { x, _ in
            x < 8 ? [128, 128, 128] : [0, 0, 0]
        }
        png.extra = [("gAMA", WrittenPNG.big(100_000))]
        #expect(isNear(try ImageIntake.bitmap(png.data, limits: Fixtures.tiny)[2, 2], 0xBCBCBC, within: 2))
        png.extra = [("gAMA", WrittenPNG.big(45_455))]
        #expect(isNear(try ImageIntake.bitmap(png.data, limits: Fixtures.tiny)[2, 2], 0x808080, within: 0))
    }
}
