import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineImaging

@Suite struct BackdropTests {
    @Test("three box blurs come out as the plain sums say", arguments: [0.8, 2.0, 5.5])
    func blur(deviation: Double) {
        var backdrop = Backdrop(width: 23, height: 17)
        for at in backdrop.values.indices { backdrop.values[at] = UInt16(at * 7919 % 65281) }
        let radius = max(1, Int((((4 * deviation * deviation + 1).squareRoot() - 1) / 2).rounded()))
        var plain = backdrop.values.map(Double.init)
        for pass in 0..<6 {
            let before = plain
            for y in 0..<17 {
                for x in 0..<23 {
                    for channel in 0..<4 {
                        let sum = (-radius...radius).reduce(0.0) { sum, offset in
                            let column = pass < 3 ? min(max(x + offset, 0), 22) : x
                            let row = pass < 3 ? y : min(max(y + offset, 0), 16)
                            return sum + before[(row * 23 + column) * 4 + channel]
                        }
                        plain[(y * 23 + x) * 4 + channel] = sum / Double(2 * radius + 1)
                    }
                }
            }
        }

        backdrop.blur(deviation)

        #expect(zip(backdrop.values, plain).allSatisfy { abs(Double($0.0) - $0.1) < 8 })
    }

    @Test("a backdrop becomes a frame by straight lines between its pixels, within a step")
    func spread() {
        var backdrop = Backdrop(width: 5, height: 4)
        for at in backdrop.values.indices { backdrop.values[at] = UInt16(at * 3001 % 65281) }
        let size = PixelSize(width: 40, height: 36)

        let frame = backdrop.frame(size)

        for y in 0..<size.height {
            for x in 0..<size.width {
                let u = min(max((Double(x) + 0.5) * 5 / 40 - 0.5, 0), 4)
                let v = min(max((Double(y) + 0.5) * 4 / 36 - 0.5, 0), 3)
                let (left, top) = (Int(u), Int(v))
                func value(_ column: Int, _ row: Int, _ channel: Int) -> Double {
                    Double(backdrop.values[(min(row, 3) * 5 + min(column, 4)) * 4 + channel]) / 256
                }
                for channel in 0..<3 {
                    let above =
                        value(left, top, channel) * (1 - u + Double(left)) + value(left + 1, top, channel)
                        * (u - Double(left))
                    let below =
                        value(left, top + 1, channel) * (1 - u + Double(left)) + value(left + 1, top + 1, channel)
                        * (u - Double(left))
                    let expected = above * (1 - v + Double(top)) + below * (v - Double(top))
                    #expect(abs(Double(frame[(y * 40 + x) * 4 + channel]) - expected) < 2)
                }
            }
        }
        #expect(stride(from: 3, to: frame.count, by: 4).allSatisfy { frame[$0] == 255 })
    }

    @Test("one colour stays exactly that colour, and a slow gradient has no steps wider than its dither hides")
    func flatAndGraded() {
        let flat = Backdrop(color: 0x12C8FE).frame(PixelSize(width: 33, height: 21))
        #expect(stride(from: 0, to: flat.count, by: 4).allSatisfy { Array(flat[$0..<$0 + 3]) == [0x12, 0xC8, 0xFE] })

        let size = PixelSize(width: 64, height: 640)
        let graded = Backdrop(frame: size, step: 8) { _, down in Shade.white.times(0.8 + 0.05 * down / 640) }.frame(
            size
        )
        let means = (0..<80).map { band in
            (0..<8 * 64).reduce(0.0) { $0 + Double(graded[(band * 8 * 64 + $1) * 4]) } / 512
        }
        for (above, below) in zip(means, means.dropFirst()) { #expect(below - above > -0.1 && below - above < 0.5) }
    }
}
