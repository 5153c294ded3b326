import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineImaging

/// Pictures in which parts of a product look like its ground, or parts of the ground like a product.
@Suite struct DoubtfulMatteTests {
    private let side = 480

    /// A picture of colours that a closure lays over a ground that goes from one light to another, four samples a pixel.
    private func picture(
        from top: Double = 214,
        to bottom: Double = 244,
        _ color: (Double, Double, Double) -> SIMD3<Double>
    ) -> Bitmap {
        DrawnImages.drawn(PixelSize(width: side, height: side)) { x, y in
            let ground = top + (bottom - top) * Double(y) / Double(side)
            var sum = SIMD3<Double>.zero
            for sample in 0..<4 {
                let across = Double(x) + (sample % 2 == 0 ? 0.25 : 0.75)
                let down = Double(y) + (sample < 2 ? 0.25 : 0.75)
                sum += color(across, down, ground) / 4
            }
            return 0xFF00_0000 | UInt32(sum.x) << 16 | UInt32(sum.y) << 8 | UInt32(sum.z)
        }
    }

    private func share(_ cutout: Cutout, _ x: Int, _ y: Int) -> UInt8 { cutout.matte[y * side + x] }

    @Test("a silver disc in a dark cup, grey as the ground, is product or nobody is sure")
    func silver() {
        let cutout = Cutout(
            of: picture(from: 140, to: 236) { x, y, ground in
                if hypot(x - 300, y - 270) < 32 { return SIMD3(repeating: 150 + y * 0.15) }
                if hypot(x - 280, y - 270) < 70 { return SIMD3(repeating: 52) }
                if hypot(x - 160, y - 270) < 60 { return SIMD3(repeating: 120 + x * 0.3) }
                if abs(hypot(x - 220, y - 250) - 130) < 10, y < 250 { return SIMD3(repeating: 170) }
                return SIMD3(repeating: ground)
            }
        )

        let isSure = cutout.isSure
        #expect(!isSure || share(cutout, 300, 270) > 250)
    }

    @Test("ground is seen through the thick handle of a coloured mug")
    func handle() {
        let cutout = Cutout(
            of: picture { x, y, ground in
                let handle = hypot(x - 316, y - 250)
                if x > 130, x < 300, y > 130, y < 370 { return [40, 80, 170] }
                if handle < 72, handle > 48, x > 290 { return [40, 80, 170] }
                return SIMD3(repeating: ground - (handle <= 48 ? 6 : 0))
            }
        )

        let isSure = cutout.isSure
        #expect(isSure)
        #expect(share(cutout, 330, 250) < 10)
        #expect(share(cutout, 376, 250) > 245)
    }

    @Test("a dark shadow is ground, right up to the product")
    func shadow() {
        let cutout = Cutout(
            of: picture { x, y, ground in
                if hypot(x - 240, y - 220) < 110 { return [190, 60, 50] }
                let far = hypot((x - 260) / 150, (y - 316) / 40)
                return SIMD3(repeating: ground * (1 - 0.4 * min(max(1.2 - far, 0), 1)))
            }
        )

        let isSure = cutout.isSure
        #expect(isSure)
        #expect(share(cutout, 330, 318) < 10)
        #expect(share(cutout, 240, 340) < 10)
        #expect(share(cutout, 240, 324) > 245)
    }

    @Test("a highlight that runs out into the ground takes no bite out of the product")
    func highlight() {
        let cutout = Cutout(
            of: picture(from: 236, to: 236) { x, y, ground in
                guard hypot(x - 240, y - 240) < 140 else { return SIMD3(repeating: ground) }
                let far = hypot(x - 352, y - 180)
                let shine = min(max((46 - far) / 40, 0), 1)
                return SIMD3(40, 42, 48) * (1 - shine) + SIMD3(repeating: 236) * shine
            }
        )

        let isSure = cutout.isSure
        #expect(!isSure || share(cutout, 340, 186) > 200)
    }

    @Test("glass of which only outlines can be seen makes a matte unsure")
    func glass() {
        let cutout = Cutout(
            of: picture(from: 240, to: 244) { x, y, ground in
                if hypot((x - 240) / 110, (y - 140) / 34) < 1 { return [190, 140, 90] }
                let sides = abs(abs(x - 240) - 88) < 1.6 && y > 160 && y < 380
                let foot = abs(hypot((x - 240) / 88, (y - 380) / 26) - 1) < 0.03
                return SIMD3(repeating: ground - (sides || foot ? 26 : 0))
            }
        )

        let isSure = cutout.isSure
        #expect(!isSure)
    }

    @Test("a thin lace belongs to its shoe")
    func lace() {
        let cutout = Cutout(
            of: picture(from: 236, to: 240) { x, y, ground in
                if hypot((x - 240) / 130, (y - 300) / 60) < 1 { return [30, 30, 34] }
                let lace = 190 + 30 * sin(y / 24)
                return y > 90 && y < 260 && abs(x - lace) < 2.4 ? [30, 30, 34] : SIMD3(repeating: ground)
            }
        )

        let isSure = cutout.isSure
        #expect(isSure)
        let reached = (100..<250).count { y in (140..<240).contains { share(cutout, $0, y) > 128 } }
        #expect(reached > 140)
    }

    @Test("before a dark ground, in which products lose their edges, nobody is sure")
    func dark() {
        let cutout = Cutout(
            of: picture(from: 14, to: 26) { x, y, ground in
                let light = max(0, (x - 150) / 200)
                return hypot(x - 240, y - 240) < 120
                    ? SIMD3(repeating: min(20 + 160 * light, 200)) : SIMD3(repeating: ground)
            }
        )

        let isSure = cutout.isSure
        #expect(!isSure)
    }
}
