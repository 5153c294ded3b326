import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineImaging

@Suite struct ImagePreparationTests {
    /// Something like a photo: soft shapes, a fine weave, edges of colour.
    static let photo = DrawnImages.drawn(PixelSize(width: 301, height: 233)) { x, y in
        let (u, v) = (Double(x), Double(y))
        let weave = 12 * sin(u * 0.5) * sin(v * 0.4)
        let red = 128 + 70 * sin(u / 31) + weave
        let green = 120 + 60 * cos(v / 23) + weave
        let isInside = hypot(u - 150, v - 110) < 60
        let blue = isInside ? 210.0 : 70 + 40 * sin((u + v) / 40)
        return 0xFF00_0000 | UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
    }

    static let ways: [DrawnImages.JPEG] = [
        .init(quality: 97), .init(isProgressive: true, quality: 97), .init(ink: .grey, quality: 97),
    ]

    @Test("a prepared JPEG looks like a whole decode scaled in exact arithmetic", arguments: ways, [1.3, 2.0, 2.7, 5])
    func quality(way: DrawnImages.JPEG, factor: Double) throws {
        let bytes = DrawnImages.jpeg(Self.photo, way)
        let bounds = PixelSize(width: Int(301 / factor), height: 300)

        let made = try decoded(ImageIntake.prepared(bytes, fitting: bounds, quality: 100, limits: Fixtures.tiny))

        let whole = try decoded(bytes)
        let exact = Reference.resampled(whole, Part(whole.size), to: made.size)
        #expect(made.size.width == bounds.width)
        #expect(similarity(made, exact) > 0.99)
        #expect(meanError(made, exact) < 2)
    }

    @Test("a checkerboard of single pixels turns grey, and a zone plate shows no rings that exact arithmetic would not")
    func aliasing() throws {
        let size = PixelSize(width: 320, height: 320)
        let board = DrawnImages.drawn(size) { x, y in (x + y) % 2 == 0 ? 0xFFFF_FFFF : 0xFF00_0000 }
        let plate = DrawnImages.drawn(size) { x, y in
            let far = (Double(x) - 160) * (Double(x) - 160) + (Double(y) - 160) * (Double(y) - 160)
            let light = UInt32(127.5 + 127 * cos(far * .pi / 320))
            return 0xFF00_0000 | light << 16 | light << 8 | light
        }
        for drawing in [board, plate] {
            let bytes = DrawnImages.jpeg(drawing, .init(quality: 100))
            let whole = try decoded(bytes)
            for side in [240, 150, 90] {
                let bounds = PixelSize(width: side, height: side)

                let made = try decoded(
                    ImageIntake.prepared(bytes, fitting: bounds, quality: 100, limits: Fixtures.tiny)
                )

                let exact = Reference.resampled(whole, Part(size), to: bounds)
                #expect(contrast(made) <= contrast(exact) + 6)
            }
        }
    }

    @Test("every orientation stands upright, odd sides too", arguments: 1...8)
    func orientation(number: Int) throws {
        let bytes = DrawnImages.jpeg(Self.photo, .init(quality: 97, orientation: number))
        let upright = try decoded(bytes)

        let made = try decoded(
            ImageIntake.prepared(
                bytes,
                fitting: PixelSize(width: upright.size.width / 2 + 1, height: 999),
                quality: 100,
                limits: Fixtures.tiny
            )
        )

        let exact = Reference.resampled(upright, Part(upright.size), to: made.size)
        #expect(made.size.width == upright.size.width / 2 + 1)
        #expect(meanError(made, exact) < 2.2)
    }

    @Test("inks and profiles that move colours are converted, and a small picture is not made larger")
    func colors() throws {
        let ways: [DrawnImages.JPEG] = [
            .init(quality: 97, profile: try Fixtures.file("swapped.icc")), .init(ink: .cmyk, quality: 97),
        ]
        for way in ways {
            let bytes = DrawnImages.jpeg(Self.photo, way)

            let made = try decoded(
                ImageIntake.prepared(
                    bytes,
                    fitting: PixelSize(width: 5000, height: 5000),
                    quality: 100,
                    limits: Fixtures.tiny
                )
            )

            #expect(made.size == Self.photo.size)
            #expect(meanError(made, try decoded(bytes)) < 2)
        }
    }

    @Test("what can be seen through stays so, without dark rims")
    func clear() throws {
        let drawing = DrawnImages.drawn(PixelSize(width: 200, height: 200)) { x, y in
            hypot(Double(x) - 100, Double(y) - 100) < 70 ? 0xFFFF_F0E0 : 0x0000_0000
        }

        let made = try ImageIntake.prepared(
            DrawnImages.png(drawing),
            fitting: PixelSize(width: 60, height: 60),
            limits: Fixtures.tiny
        )

        #expect(ImageFormat(of: made) == .known(.png))
        let small = try decoded(made)
        for at in stride(from: 0, to: small.pixels.count, by: 4) where small.pixels[at + 3] > 32 {
            let alpha = Int(small.pixels[at + 3])
            #expect(Int(small.pixels[at]) * 255 / alpha > 244)
        }
    }

    @Test("PNG and WebP become JPEG where nothing can be seen through")
    func otherFormats() throws {
        for bytes in [DrawnImages.png(Self.photo), try Fixtures.file("lossy.webp"), try Fixtures.file("lossless.webp")]
        {
            let whole = try decoded(bytes)
            let bounds = PixelSize(width: whole.size.width * 2 / 3, height: 999)

            let made = try ImageIntake.prepared(bytes, fitting: bounds, quality: 100, limits: Fixtures.tiny)

            #expect(ImageFormat(of: made) == .known(.jpeg))
            let exact = Reference.resampled(whole, Part(whole.size), to: try decoded(made).size)
            #expect(meanError(try decoded(made), exact) < 2.5)
        }
    }

    private func decoded(_ bytes: Data) throws -> Bitmap { try ImageIntake.bitmap(bytes, limits: Fixtures.tiny) }

    /// How far the greens reach from dark to light, the rim left out.
    private func contrast(_ bitmap: Bitmap) -> Int {
        let inner = (8..<bitmap.size.height - 8).flatMap { y in (8..<bitmap.size.width - 8).map { bitmap[$0, y].y } }
        return Int(inner.max() ?? 0) - Int(inner.min() ?? 0)
    }

    /// SSIM of the greens in windows of 8 × 8. https://doi.org/10.1109/TIP.2003.819861
    private func similarity(_ one: Bitmap, _ other: Bitmap) -> Double {
        var sum = 0.0
        var count = 0.0
        for top in stride(from: 0, to: one.size.height - 7, by: 4) {
            for left in stride(from: 0, to: one.size.width - 7, by: 4) {
                var (a, b, aa, bb, ab) = (0.0, 0.0, 0.0, 0.0, 0.0)
                for y in top..<top + 8 {
                    for x in left..<left + 8 {
                        let (p, q) = (Double(one[x, y].y), Double(other[x, y].y))
                        (a, b, aa, bb, ab) = (a + p, b + q, aa + p * p, bb + q * q, ab + p * q)
                    }
                }
                let (ma, mb) = (a / 64, b / 64)
                let (va, vb, cov) = (aa / 64 - ma * ma, bb / 64 - mb * mb, ab / 64 - ma * mb)
                let top = (2 * ma * mb + 6.5025) * (2 * cov + 58.5225)
                sum += top / ((ma * ma + mb * mb + 6.5025) * (va + vb + 58.5225))
                count += 1
            }
        }
        return count > 0 ? sum / count : 0
    }
}
