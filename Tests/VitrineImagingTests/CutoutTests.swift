import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineImaging

@Suite struct CutoutTests {
    /// A disc with a soft edge, and how much of each pixel is disc.
    private func disc(
        ground: (Double, Double) -> Double,
        color: SIMD3<Double>,
        hole: Double = 0,
        side: Int = 480
    ) -> (bitmap: Bitmap, truth: [Double]) {
        let size = PixelSize(width: side, height: side)
        let middle = Double(side) / 2
        let radius = Double(side) * 0.28
        var truth: [Double] = []
        let bitmap = DrawnImages.drawn(size) { x, y in
            let far = hypot(Double(x) + 0.5 - middle, Double(y) + 0.5 - middle)
            var share = min(max(radius - far + 0.5, 0), 1)
            if hole > 0 { share *= min(max(far - radius * hole + 0.5, 0), 1) }
            truth.append(share)
            let light = ground(Double(x) / Double(side), Double(y) / Double(side))
            let mixed = SIMD3(repeating: light) * (1 - share) + color * share
            return 0xFF00_0000 | UInt32(mixed.x) << 16 | UInt32(mixed.y) << 8 | UInt32(mixed.z)
        }
        return (bitmap, truth)
    }

    private func meanError(_ cutout: Cutout, _ truth: [Double]) -> Double {
        zip(cutout.matte, truth).reduce(0) { $0 + abs(Double($1.0) / 255 - $1.1) } / Double(truth.count)
    }

    static let colors: [SIMD3<Double>] = [[190, 40, 40], [30, 30, 34], [236, 235, 232], [120, 128, 140]]

    @Test("a product on white is cut out with a soft, true edge, a pale one too", arguments: colors)
    func plain(color: SIMD3<Double>) {
        let (bitmap, truth) = disc(ground: { _, _ in 255 }, color: color)

        let cutout = Cutout(of: bitmap)

        #expect(cutout.isSure)
        #expect(meanError(cutout, truth) < 0.006)
        #expect(abs(cutout.box.middleX - 0.5) < 0.01 && abs(cutout.box.middleY - 0.5) < 0.01)
        #expect(abs(cutout.box.left - 0.22) < 0.01 && abs(cutout.box.bottom - 0.78) < 0.01)
    }

    @Test("a graded ground and a soft shadow stay ground")
    func shadow() {
        let (bitmap, truth) = disc(
            ground: { x, y in
                let far = pow((x - 0.5) / 0.4, 2) + pow((y - 0.8) / 0.14, 2)
                return 244 - 30 * y - 42 * exp(-far)
            },
            color: [40, 70, 160]
        )

        let cutout = Cutout(of: bitmap)

        #expect(cutout.isSure)
        #expect(meanError(cutout, truth) < 0.02)
    }

    @Test("ground that is seen through a product is ground")
    func hole() {
        let (bitmap, truth) = disc(ground: { _, _ in 250 }, color: [180, 90, 20], hole: 0.9)

        let cutout = Cutout(of: bitmap)

        #expect(cutout.matte[240 * 480 + 240] == 0)
        #expect(meanError(cutout, truth) < 0.012)
    }

    @Test("a scene and a picture of one colour are not sure")
    func unsure() {
        #expect(!Cutout(of: DrawnImages.scene()).isSure)
        #expect(!Cutout(of: DrawnImages.drawn(PixelSize(width: 64, height: 400)) { _, _ in 0xFFE0_E0E0 }).isSure)
    }

    @Test("a picture that can be seen through brings its own matte")
    func clear() {
        let drawn = DrawnImages.product(ground: nil)

        let cutout = Cutout(of: drawn)

        #expect(cutout.certainty == 1)
        #expect(cutout.matte == stride(from: 3, to: drawn.pixels.count, by: 4).map { drawn.pixels[$0] })
        #expect(abs(cutout.box.left - 0.3) < 0.01 && abs(cutout.box.bottom - 0.8) < 0.01)
    }

    @Test("ground and product together are the picture again, and neither holds the other")
    func apart() {
        let (bitmap, truth) = disc(ground: { _, y in 240 - 20 * y }, color: [30, 60, 40])
        let cutout = Cutout(of: bitmap)

        let ground = cutout.ground(of: bitmap)
        let product = cutout.product(of: bitmap, on: ground)

        var worst = 0
        var darkest = UInt8.max
        for at in 0..<bitmap.size.area {
            darkest = min(darkest, ground.pixels[at * 4])
            let clear = 255 - Int(product.pixels[at * 4 + 3])
            let whole = Int(product.pixels[at * 4]) + Int(ground.pixels[at * 4]) * clear / 255
            worst = max(worst, abs(whole - Int(bitmap.pixels[at * 4])))
        }
        #expect(darkest > 200)
        #expect(worst < 24)
        #expect(truth.count == bitmap.size.area)
    }

    @Test("pictures of every small shape are looked at without harm", arguments: [1, 2, 7, 9, 400])
    func small(side: Int) {
        for other in [1, 3, 500] {
            let bitmap = DrawnImages.drawn(PixelSize(width: side, height: other)) { x, y in
                x > y ? 0xFF10_2030 : 0xFFFF_FFFF
            }

            #expect(Cutout(of: bitmap).matte.count == bitmap.size.area)
        }
    }
}
