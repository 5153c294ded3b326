internal import CImageCodec
import Foundation
import VitrineCore

/// What stands around a picture in a frame, kept small because all of it is soft: four 16-bit values a pixel, 256 times a byte.
struct Backdrop {
    var width: Int
    var height: Int
    var values: [UInt16]

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        values = [UInt16](repeating: 0, count: width * height * 4)
    }

    /// A backdrop of which each pixel stands for about that many of the frame, by its colour in steps of 255.
    init(frame: PixelSize, step: Int, color: (Float, Float) -> Shade) {
        self.init(width: (frame.width + step - 1) / step, height: (frame.height + step - 1) / step)
        for y in 0..<height {
            for x in 0..<width {
                let across = (Float(x) + 0.5) / Float(width) * Float(frame.width)
                let down = (Float(y) + 0.5) / Float(height) * Float(frame.height)
                set(x, y, color(across, down))
            }
        }
    }

    /// One colour.
    init(color: UInt32) {
        self.init(width: 1, height: 1)
        for channel in 0..<3 { values[channel] = UInt16(color >> (16 - 8 * UInt32(channel)) & 255) << 8 }
    }

    mutating func set(_ x: Int, _ y: Int, _ color: Shade) {
        let at = (y * width + x) * 4
        values[at] = UInt16(min(max(color.red * 256, 0), 65280))
        values[at + 1] = UInt16(min(max(color.green * 256, 0), 65280))
        values[at + 2] = UInt16(min(max(color.blue * 256, 0), 65280))
    }

    mutating func blur(_ deviation: Double) {
        let status = values.withUnsafeMutableBufferPointer {
            ic_blur($0.baseAddress, UInt32(width), UInt32(height), deviation)
        }
        precondition(status == IC_OK, "a kernel ends well unless memory has run out")
    }

    /// The backdrop at the size of a frame, opaque, four bytes a pixel.
    func frame(_ size: PixelSize) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size.area * 4) { out, count in
            let status = values.withUnsafeBufferPointer {
                ic_spread(
                    $0.baseAddress,
                    UInt32(width),
                    UInt32(height),
                    out.baseAddress,
                    UInt32(size.width),
                    UInt32(size.height)
                )
            }
            precondition(status == IC_OK, "a kernel ends well unless memory has run out")
            count = size.area * 4
        }
    }
}

extension Backdrop {
    /// The ground of a picture going on beyond its edges, and slowly turning into the colour that lies between them all.
    init(goingOnFrom border: Border, layout: FrameLayout, frame: PixelSize) {
        let tone = border.tone
        let reach = Float(frame.longSide) * 0.6
        self.init(frame: frame, step: 12) { across, down in
            let u = (across - Float(layout.x)) / Float(layout.width)
            let v = (down - Float(layout.y)) / Float(layout.height)
            let (inU, inV) = (min(max(u, 0), 1), min(max(v, 0), 1))
            let dx = (u - inU) * Float(layout.width)
            let dy = (v - inV) * Float(layout.height)
            let away = (dx * dx + dy * dy).squareRoot()
            let edge = border.color(
                beyond: u,
                v,
                width: Float(layout.width),
                height: Float(layout.height),
                reach: reach * 0.3
            )
            let distance = min(away / reach, 1)
            let share = distance * distance * (3 - 2 * distance) * 0.35
            return edge.mixed(with: tone, share)
        }
    }

    /// The picture, enlarged to cover the frame, blurred and dimmed.
    init(blurring bitmap: Bitmap, extent: Part, frame: PixelSize, dimmed: Float) {
        let step = 6
        let size = PixelSize(width: (frame.width + step - 1) / step, height: (frame.height + step - 1) / step)
        let scale = max(Double(size.width) / extent.width, Double(size.height) / extent.height)
        let part = Part(
            x: extent.x + (extent.width - Double(size.width) / scale) / 2,
            y: extent.y + (extent.height - Double(size.height) / scale) / 2,
            width: Double(size.width) / scale,
            height: Double(size.height) / scale
        )
        self.init(bitmap.averaged(part, to: size), dimmed: dimmed)
        blur(Double(frame.longSide) / Double(step) * 0.028)
    }

    /// An opaque or clear picture as a backdrop; what can be seen through lies on white.
    init(_ bitmap: Bitmap, dimmed: Float = 1) {
        self.init(width: bitmap.size.width, height: bitmap.size.height)
        let factor = UInt32(dimmed * 256)
        bitmap.pixels.withUnsafeBufferPointer { pixels in
            values.withUnsafeMutableBufferPointer { values in
                for at in stride(from: 0, to: pixels.count, by: 4) {
                    let white = 255 - UInt32(pixels[at + 3])
                    for channel in 0..<3 {
                        values[at + channel] = UInt16(min((UInt32(pixels[at + channel]) + white) * factor, 65280))
                    }
                }
            }
        }
    }

    /// The picture's rim mirrored at its edges, back and forth, the softer the further away; what stands in the middle stays out.
    init(mirroring bitmap: Bitmap, extent: Part, layout: FrameLayout, frame: PixelSize, softness: Double) {
        let step = 6
        let size = PixelSize(
            width: max(1, (layout.width + step / 2) / step),
            height: max(1, (layout.height + step / 2) / step)
        )
        let small = Backdrop(bitmap.averaged(extent, to: size))
        self.init(width: (frame.width + step - 1) / step, height: (frame.height + step - 1) / step)
        let (width, height) = (self.width, self.height)
        func mirrored(_ place: Int, _ count: Int) -> Int {
            let beyond = place < 0 ? -1 - place : place - count
            guard beyond >= 0 else { return place }
            let rim = max(1, count * 3 / 20)
            let wrapped = beyond % (2 * rim)
            let depth = wrapped < rim ? wrapped : 2 * rim - 1 - wrapped
            return place < 0 ? depth : count - 1 - depth
        }
        let left = Int((Double(layout.x) / Double(step)).rounded())
        let top = Int((Double(layout.y) / Double(step)).rounded())
        let columns = (0..<width).map { mirrored($0 - left, size.width) }
        for y in 0..<height {
            let row = mirrored(y - top, size.height) * size.width
            for x in 0..<width {
                let (to, from) = ((y * width + x) * 4, (row + columns[x]) * 4)
                values[to] = small.values[from]
                values[to + 1] = small.values[from + 1]
                values[to + 2] = small.values[from + 2]
            }
        }
        let unit = Double(frame.shortSide) / Double(step) * softness
        var levels = [self, self, self]
        levels[0].blur(unit * 0.012)
        levels[1].blur(unit * 0.05)
        levels[2].blur(unit * 0.16)
        let near = Float(unit * 0.08)
        let far = Float(unit * 0.45)
        for y in 0..<height {
            let dy = max(0, top - y, y - (top + size.height - 1))
            for x in 0..<width {
                let dx = max(0, left - x, x - (left + size.width - 1))
                let distance = Float(dx * dx + dy * dy).squareRoot()
                let at = (y * width + x) * 4
                let (low, share) =
                    distance < near
                    ? (0, distance / near) : (1, min((distance - near) / (far - near), 1))
                for channel in 0..<3 {
                    let one = Float(levels[low].values[at + channel])
                    let other = Float(levels[low + 1].values[at + channel])
                    values[at + channel] = UInt16(one + (other - one) * share)
                }
            }
        }
    }
}
