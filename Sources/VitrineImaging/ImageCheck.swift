import Foundation
import VitrineCore

/// What is asked of a decoded picture: whether it shows anything, and by what it is known again.
enum ImageCheck {
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
