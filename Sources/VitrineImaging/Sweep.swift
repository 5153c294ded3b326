import Foundation
import VitrineCore

extension Backdrop {
    /// A studio: a wall that bends into a floor, lit from above, with the product's soft shadow under it.
    init(studioFor bitmap: Bitmap, extent: Part, subject: Subject, layout: FrameLayout, frame: PixelSize) {
        let box = layout.box(of: subject)
        let wall = Shade(subject.lightness > 205 ? 0xCECFD1 : 0xF3F3F2)
        let horizon = Float(box.bottom - box.height * 0.06)
        let bend = Float(frame.height) * 0.10
        let (middleX, middleY) = (Float(box.middleX), Float(box.middleY))
        let reach = Float(frame.longSide) * 0.75
        self.init(frame: frame, step: 8) { across, down in
            let dx = (across - middleX) / reach
            let dy = (down - middleY) / reach
            let glow = 1 - min((dx * dx + dy * dy).squareRoot(), 1)
            let light = 0.90 + 0.12 * glow * glow * (3 - 2 * glow)
            let t = min(max((down - horizon) / bend * 0.5 + 0.5, 0), 1)
            let floor = 1 - 0.022 * t * t * (3 - 2 * t)
            return wall.times(light * floor)
        }
        castShadow(of: bitmap, extent: extent, box: box, layout: layout, frame: frame)
    }

    /// White, but for the soft shadow of a product that can be seen around.
    init(shadowOf product: Bitmap, extent: Part, box: Part, layout: FrameLayout, frame: PixelSize) {
        self.init(frame: frame, step: 8) { _, _ in .white }
        castShadow(of: product, extent: extent, box: box, layout: layout, frame: frame)
    }

    private mutating func castShadow(of bitmap: Bitmap, extent: Part, box: Part, layout: FrameLayout, frame: PixelSize)
    {
        let cover = silhouette(of: bitmap, extent: extent, layout: layout, frame: frame)
        let unit = Double(width) / Double(frame.width)
        var contact = Backdrop(width: width, height: height)
        var hover = Backdrop(width: width, height: height)
        let foot = box.bottom * unit
        let nearness = max(box.height * unit * 0.10, 1)
        let thickness = max(Double(frame.shortSide) * unit * 0.012, 0.8)
        for x in 0..<width {
            guard let lowest = (0..<height).last(where: { cover[$0 * width + x] > 96 }) else { continue }
            let lift = max(0, foot - Double(lowest + 1))
            guard lift < nearness else { continue }
            let strength = 1 - lift / nearness
            let first = min(max(0, Int(foot - thickness)), height - 1)
            for y in first...min(max(first, Int(foot + thickness)), height - 1) {
                contact.values[(y * width + x) * 4] = UInt16(65280 * strength)
            }
        }
        let drop = Int((Double(frame.shortSide) * unit * 0.02).rounded())
        for y in 0..<height where y >= drop {
            for x in 0..<width {
                hover.values[(y * width + x) * 4] = UInt16(cover[(y - drop) * width + x]) << 8
            }
        }
        var ambient = contact
        contact.blur(Double(frame.shortSide) * unit * 0.011)
        ambient.blur(Double(frame.shortSide) * unit * 0.045)
        hover.blur(Double(frame.shortSide) * unit * 0.03)
        for at in stride(from: 0, to: values.count, by: 4) {
            let dark = 1 - 0.34 * Float(contact.values[at]) / 65280
            let soft = 1 - 0.42 * Float(ambient.values[at]) / 65280
            let veil = 1 - 0.10 * Float(hover.values[at]) / 65280
            let share = dark * soft * veil
            for channel in 0..<3 { values[at + channel] = UInt16(Float(values[at + channel]) * share) }
        }
    }

    /// The picture's alpha in pixels of the backdrop.
    private func silhouette(of bitmap: Bitmap, extent: Part, layout: FrameLayout, frame: PixelSize) -> [UInt8] {
        let step = Double(frame.width) / Double(width)
        let size = PixelSize(
            width: max(1, Int((Double(layout.width) / step).rounded())),
            height: max(1, Int((Double(layout.height) / step).rounded()))
        )
        let small = bitmap.averaged(extent, to: size)
        let left = Int((Double(layout.x) / step).rounded())
        let top = Int((Double(layout.y) / step).rounded())
        var cover = [UInt8](repeating: 0, count: width * height)
        for y in max(0, top)..<max(max(0, top), min(height, top + size.height)) {
            for x in max(0, left)..<max(max(0, left), min(width, left + size.width)) {
                cover[y * width + x] = small.pixels[((y - top) * size.width + x - left) * 4 + 3]
            }
        }
        return cover
    }
}
