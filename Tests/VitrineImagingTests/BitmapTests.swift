import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineImaging

@Suite struct BitmapTests {
    /// A picture with edges, a gradient, a fine pattern and partial transparency.
    static let mixed = DrawnImages.drawn(PixelSize(width: 83, height: 61)) { x, y in
        let alpha: UInt32 = x > 60 ? UInt32(255 - min((x - 60) * 12, 255)) : 255
        if (20..<40).contains(x), (15..<45).contains(y) { return alpha << 24 | 0xD03010 }
        if y > 48 { return alpha << 24 | ((x + y) % 2 == 0 ? 0xFFFFFF : 0x000000) }
        return alpha << 24 | UInt32(x * 3) << 16 | UInt32(y * 4) << 8 | 0x80
    }

    static let targets: [PixelSize] = [
        PixelSize(width: 40, height: 30), PixelSize(width: 83, height: 61), PixelSize(width: 200, height: 150),
        PixelSize(width: 7, height: 5), PixelSize(width: 1, height: 1), PixelSize(width: 120, height: 20),
    ]

    @Test("the resampler does what the plain arithmetic of Lanczos-3 and Catmull-Rom says", arguments: targets)
    func resampling(target: PixelSize) {
        let part = Part(x: 1.3, y: 0.6, width: 80.2, height: 59.9)

        let fast = Self.mixed.resampled(part, to: target)
        let plain = Reference.resampled(Self.mixed, part, to: target)

        #expect(meanError(fast, plain) < 0.4)
        #expect(zip(fast.pixels, plain.pixels).allSatisfy { abs(Int($0.0) - Int($0.1)) <= 2 })
    }

    @Test("averages are those of exact areas", arguments: targets.filter { $0.width <= 83 })
    func averaging(target: PixelSize) {
        let part = Part(x: 0, y: 0, width: 82.4, height: 60.7)

        let fast = Self.mixed.averaged(part, to: target)
        let plain = Reference.averaged(Self.mixed, part, to: target)

        #expect(zip(fast.pixels, plain.pixels).allSatisfy { abs(Int($0.0) - Int($0.1)) <= 2 })
        #expect(meanError(fast, plain) < 0.4)
    }

    @Test("a picture at its own size is itself, and a flat one stays flat at any size")
    func identity() {
        let whole = Self.mixed.resampled(Part(Self.mixed.size), to: Self.mixed.size)
        let flat = DrawnImages.drawn(PixelSize(width: 31, height: 17)) { _, _ in 0xFF12_C8FE }

        #expect(whole.pixels == Self.mixed.pixels)
        for target in Self.targets {
            let scaled = flat.resampled(Part(flat.size), to: target)
            #expect(
                Set(stride(from: 0, to: scaled.pixels.count, by: 4).map { Array(scaled.pixels[$0..<$0 + 4]) }).count
                    == 1
            )
            #expect(scaled[0, 0] == SIMD4(0x12, 0xC8, 0xFE, 0xFF))
        }
    }

    @Test("no colour is brighter than its own cover, however sharp the edge")
    func premultiplied() {
        let sharp = DrawnImages.drawn(PixelSize(width: 40, height: 40)) { x, y in
            (x / 5 + y / 5) % 2 == 0 ? 0xFFFF_FFFF : 0
        }
        for target in [PixelSize(width: 97, height: 97), PixelSize(width: 23, height: 23)] {
            let scaled = sharp.resampled(Part(sharp.size), to: target)
            for at in stride(from: 0, to: scaled.pixels.count, by: 4) {
                #expect(scaled.pixels[at] <= scaled.pixels[at + 3])
            }
        }
    }

    @Test("a fine checkerboard made small turns grey, without a pattern of its own")
    func checkerboard() {
        let board = DrawnImages.drawn(PixelSize(width: 256, height: 256)) { x, y in
            (x + y) % 2 == 0 ? 0xFFFF_FFFF : 0xFF00_0000
        }
        let small = board.resampled(Part(board.size), to: PixelSize(width: 90, height: 90))
        let inner = (8..<82).flatMap { y in (8..<82).map { small[$0, y].x } }

        #expect((inner.max() ?? 255) - (inner.min() ?? 0) <= 3)
    }

    @Test("a picture fits within bounds, keeps its shape, and is never made larger")
    func fitting() {
        let drawing = DrawnImages.product(PixelSize(width: 400, height: 300))

        #expect(drawing.scaled(toFit: PixelSize(width: 100, height: 100)).size == PixelSize(width: 100, height: 75))
        #expect(drawing.scaled(toFit: PixelSize(width: 4000, height: 4000)).size == drawing.size)
        #expect(drawing.scaled(toFit: PixelSize(width: 1, height: 300)).size == PixelSize(width: 1, height: 1))
    }

    @Test("bytes that do not make the size are no picture")
    func wrongBytes() {
        #expect(Bitmap(size: PixelSize(width: 2, height: 2), pixels: [UInt8](repeating: 0, count: 15)) == nil)
        #expect(Bitmap(size: PixelSize(width: 0, height: 2), pixels: []) == nil)
        #expect(Bitmap(size: PixelSize(width: 1, height: 1), pixels: [0, 0, 0, 255])?.isOpaque == true)
    }

    @Test("a picture is laid over a frame with its own cover, its fading rims and what lies outside left out")
    func drawing() {
        let frame = PixelSize(width: 50, height: 40)
        let place = (x: -10, y: 5, width: 83, height: 61)
        let across = FrameComposer.ramp(83, start: 0, end: 40)
        let down = FrameComposer.ramp(61, start: 12, end: 9)
        var pixels = [UInt8](repeating: 255, count: frame.area * 4)

        Self.mixed.draw(Part(Self.mixed.size), over: &pixels, frame: frame, at: place, across: across, down: down)

        for y in 0..<frame.height {
            for x in 0..<frame.width {
                let inside = y >= 5
                for channel in 0..<4 {
                    var expected = 255.0
                    if inside {
                        let color = Self.mixed[x + 10, y - 5]
                        let share = Double(across[x + 10]) * Double(down[y - 5]) / 65536
                        expected = Double(color[channel]) * share + 255 * (1 - Double(color.w) / 255 * share)
                    }
                    #expect(abs(expected - Double(pixels[(y * frame.width + x) * 4 + channel])) <= 1)
                }
            }
        }
    }
}

/// The arithmetic of the kernels, written for reading.
enum Reference {
    static func resampled(_ source: Bitmap, _ part: Part, to target: PixelSize) -> Bitmap {
        let across = weights(part.x, part.width, source.size.width, target.width)
        let down = weights(part.y, part.height, source.size.height, target.height)
        var pixels = [UInt8]()
        for y in 0..<target.height {
            let rows = (0..<source.size.width).map { x in
                down[y].reduce(SIMD4<Double>.zero) { $0 + color(source, x, $1.at) * $1.weight }
            }
            for x in 0..<target.width {
                let sum = across[x].reduce(SIMD4<Double>.zero) { $0 + rows[$1.at] * $1.weight }
                let alpha = min(max(sum.w.rounded(), 0), 255)
                for channel in 0..<4 { pixels.append(UInt8(min(max(sum[channel].rounded(), 0), alpha))) }
            }
        }
        return Bitmap(size: target, pixels: pixels, isOpaque: false)
    }

    static func averaged(_ source: Bitmap, _ part: Part, to target: PixelSize) -> Bitmap {
        var pixels = [UInt8]()
        for y in 0..<target.height {
            let (top, bottom) = (
                part.y + part.height * Double(y) / Double(target.height),
                part.y + part.height * Double(y + 1) / Double(target.height)
            )
            for x in 0..<target.width {
                let (left, right) = (
                    part.x + part.width * Double(x) / Double(target.width),
                    part.x + part.width * Double(x + 1) / Double(target.width)
                )
                var sum = SIMD4<Double>.zero
                for sy in Int(top)..<min(source.size.height, Int(bottom.rounded(.up))) {
                    let height = min(bottom, Double(sy + 1)) - max(top, Double(sy))
                    for sx in Int(left)..<min(source.size.width, Int(right.rounded(.up))) {
                        let width = min(right, Double(sx + 1)) - max(left, Double(sx))
                        sum += color(source, sx, sy) * (width * height)
                    }
                }
                sum /= (right - left) * (bottom - top)
                for channel in 0..<4 { pixels.append(UInt8(min(max(sum[channel].rounded(), 0), 255))) }
            }
        }
        return Bitmap(size: target, pixels: pixels, isOpaque: false)
    }

    private static func color(_ bitmap: Bitmap, _ x: Int, _ y: Int) -> SIMD4<Double> {
        SIMD4<Double>(bitmap[x, y])
    }

    private static func weights(_ start: Double, _ length: Double, _ count: Int, _ out: Int) -> [[(
        at: Int, weight: Double
    )]] {
        let step = length / Double(out)
        let scale = max(step, 1)
        return (0..<out).map { place in
            let centre = start + (Double(place) + 0.5) * step
            let all = (0..<count).map { at in
                let x = abs((Double(at) + 0.5 - centre) / scale)
                return (at: at, weight: step > 1 ? lanczos(x) : catmullRom(x))
            }
            let sum = all.reduce(0) { $0 + $1.weight }
            return all.filter { $0.weight != 0 }.map { (at: $0.at, weight: $0.weight / sum) }
        }
    }

    private static func lanczos(_ x: Double) -> Double {
        if x < 1e-9 { return 1 }
        return x < 3 ? 3 * sin(.pi * x) * sin(.pi * x / 3) / (.pi * .pi * x * x) : 0
    }

    private static func catmullRom(_ x: Double) -> Double {
        if x < 1 { return 1.5 * x * x * x - 2.5 * x * x + 1 }
        return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0
    }
}
