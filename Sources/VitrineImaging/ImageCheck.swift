internal import CImageCodec
import Foundation
import VitrineCore

/// What is asked of a decoded picture: whether it shows anything, by what it is known again, and what is wrong with it.
enum ImageCheck {
    /// The pixels on the short side at which pictures are looked at.
    static let shortSide = 400

    /// What makes it a poor choice.
    ///
    /// Pictures that can be seen through are cut out by somebody's hand: they are believed.
    ///
    /// The limits leave room on both sides: of 110 photos of shops the least sharp has 0.87, and the longest line of small things
    /// that are no letters counts 7; a Gaussian of 1 % of the picture makes 0.45.
    static func remarks(_ picture: DecodedPicture) -> [ImageRemark] {
        guard picture.leastAlpha == 255 else { return [] }
        let factor = Double(shortSide) / min(picture.extent.width, picture.extent.height)
        var seen = picture.bitmap
        if factor < 1 {
            let size = PixelSize(
                width: max(1, Int(picture.extent.width * factor)),
                height: max(1, Int(picture.extent.height * factor))
            )
            seen = seen.averaged(picture.extent, to: size)
        }
        var measures = ic_measures()
        let status = ic_measure(seen.pixels, UInt32(seen.size.width), UInt32(seen.size.height), &measures)
        precondition(status == IC_OK, "a kernel ends well unless memory has run out")
        if measures.two_colours > 0.97, measures.colours <= 8, measures.vivid < 0.02 { return [.placeholder] }
        var remarks: [ImageRemark] = []
        if measures.sharpness < 0.45 { remarks.append(.blurred) }
        if measures.letters >= 9 { remarks.append(.text) }
        if measures.products > 1 { remarks.append(.several) }
        return remarks
    }

    /// Whether nearly all of it is one colour, or can be seen through.
    static func isBlank(_ bitmap: Bitmap) -> Bool {
        let count = bitmap.size.area
        return bitmap.pixels.withUnsafeBufferPointer { pixels in
            var histogram = [Int](repeating: 0, count: 4 * 256)
            for at in 0..<count {
                for channel in 0..<4 { histogram[channel << 8 | Int(pixels[at * 4 + channel])] += 1 }
            }
            let middle = SIMD4<Int32>(
                (0..<4).map { channel in
                    var left = count / 2
                    return Int32(
                        (0..<255).first { value in
                            left -= histogram[channel << 8 | value]
                            return left < 0
                        } ?? 255
                    )
                }
            )
            if middle[3] < 8, histogram[(3 << 8)..<(3 << 8 | 8)].reduce(0, +) * 1000 >= count * 999 { return true }
            var different = 0
            for at in 0..<count {
                var isFar = false
                for channel in 0..<4 where abs(Int32(pixels[at * 4 + channel]) - middle[channel]) > tolerance {
                    isFar = true
                }
                if isFar { different += 1 }
            }
            return different * 1000 < count
        }
    }

    private static let tolerance: Int32 = 8

    /// The picture averaged to 16 × 16, three bytes each; what can be seen through lies on white.
    static func signature(_ picture: DecodedPicture) -> Data {
        let cells = picture.bitmap.averaged(picture.extent, to: PixelSize(width: 16, height: 16))
        var bytes = Data(capacity: 16 * 16 * 3)
        for at in stride(from: 0, to: cells.pixels.count, by: 4) {
            let white = 255 - cells.pixels[at + 3]
            for channel in 0..<3 { bytes.append(cells.pixels[at + channel] + white) }
        }
        return bytes
    }
}
