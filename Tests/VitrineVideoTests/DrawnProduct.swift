import Foundation
import VitrineCore

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

    /// It as a PNG, not compressed.
    var png: Data {
        let pixels = rgb
        var lines: [UInt8] = []
        lines.reserveCapacity(size.height * (size.width * 3 + 1))
        for y in 0..<size.height {
            lines.append(0)
            lines += pixels[(y * size.width * 3)..<((y + 1) * size.width * 3)]
        }
        var stream: [UInt8] = [0x78, 0x01]
        var start = 0
        while start < lines.count {
            let end = min(start + 65535, lines.count)
            let count = UInt16(end - start)
            stream.append(end == lines.count ? 1 : 0)
            stream += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
            stream += lines[start..<end]
            start = end
        }
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in lines {
            low = (low + UInt32(byte)) % 65521
            high = (high + low) % 65521
        }
        stream += big(high << 16 | low)
        var png = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        png += chunk("IHDR", big(UInt32(size.width)) + big(UInt32(size.height)) + [8, 2, 0, 0, 0])
        png += chunk("IDAT", stream)
        png += chunk("IEND", [])
        return png
    }

    private func big(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }

    private func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in body { sum = DrawnProduct.table[Int((sum ^ UInt32(byte)) & 255)] ^ (sum >> 8) }
        return big(UInt32(content.count)) + body + big(~sum)
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }
}
