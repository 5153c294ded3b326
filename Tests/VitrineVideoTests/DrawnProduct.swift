import Foundation
import VitrineCore
import VitrineImaging

/// A product photo drawn in code: a red bottle with a white label and a blue cap on a light, slightly graded ground.
struct DrawnProduct {
    let size: PixelSize

    /// Packed RGB.
    var rgb: [UInt8] {
        let width = size.width
        let height = size.height
        var bytes = [UInt8](repeating: 0, count: width * height * 3)
        let unit = Double(size.shortSide)
        for y in 0..<height {
            let fall = Double(y) / Double(height)
            for x in 0..<width {
                let dx = (Double(x) - Double(width) / 2) / unit
                let dy = (Double(y) - Double(height) / 2) / unit
                var colour = (238 - 14 * fall, 236 - 14 * fall, 231 - 12 * fall)
                if abs(dx) < 0.19, abs(dy + 0.02) < 0.34 {
                    let shade = 1 - 1.6 * dx * dx / 0.036 * 0.25
                    colour = (196 * shade, 44 * shade, 38 * shade)
                    if abs(dy - 0.06) < 0.11, abs(dx) < 0.15 {
                        colour = Int((dy + 1) * 60) % 3 == 0 ? (40, 40, 46) : (246, 244, 238)
                    }
                    if dy < -0.28 { colour = (36 * shade, 70 * shade, 150 * shade) }
                }
                let index = (y * width + x) * 3
                bytes[index] = UInt8(max(0, min(255, colour.0)))
                bytes[index + 1] = UInt8(max(0, min(255, colour.1)))
                bytes[index + 2] = UInt8(max(0, min(255, colour.2)))
            }
        }
        return bytes
    }

    /// It as a picture in memory.
    var bitmap: Bitmap { Bitmap(opaque: rgb, size: size) }

    /// It as a PNG.
    var png: Data { ImageEncoding.png(bitmap) }
}

extension Bitmap {
    /// An opaque picture of packed RGB.
    init(opaque rgb: [UInt8], size: PixelSize) {
        var pixels = [UInt8](repeating: 255, count: size.area * 4)
        for index in 0..<size.area {
            for channel in 0..<3 { pixels[index * 4 + channel] = rgb[index * 3 + channel] }
        }
        guard let bitmap = Bitmap(size: size, pixels: pixels) else { preconditionFailure("three bytes a pixel") }
        self = bitmap
    }
}
