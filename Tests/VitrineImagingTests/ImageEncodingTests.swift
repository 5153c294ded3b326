import Foundation
import Testing
import VitrineCore
import VitrineImaging
import VitrineTesting

@Suite struct ImageEncodingTests {
    @Test("a PNG gives back every pixel, opaque or not")
    func png() throws {
        let opaque = DrawnImages.scene(PixelSize(width: 61, height: 33))
        let clear = DrawnImages.drawn(PixelSize(width: 61, height: 33)) { x, y in
            UInt32(x * 4) << 24 | UInt32(y * 7) << 8 | 0xF0
        }

        #expect(try ImageIntake.bitmap(ImageEncoding.png(opaque), limits: Fixtures.tiny).pixels == opaque.pixels)
        let back = try ImageIntake.bitmap(ImageEncoding.png(clear), limits: Fixtures.tiny)
        #expect(!back.isOpaque)
        #expect(zip(back.pixels, clear.pixels).allSatisfy { abs(Int($0.0) - Int($0.1)) <= 1 })
    }

    @Test("a JPEG of higher quality is larger and closer")
    func jpeg() throws {
        let drawing = DrawnImages.product(PixelSize(width: 200, height: 150))
        let (low, high) = (ImageEncoding.jpeg(drawing, quality: 30), ImageEncoding.jpeg(drawing, quality: 95))

        #expect(low.count < high.count)
        let error = meanError(try ImageIntake.bitmap(high, limits: Fixtures.tiny), drawing)
        #expect(error < meanError(try ImageIntake.bitmap(low, limits: Fixtures.tiny), drawing))
        #expect(error < 2)
    }
}
