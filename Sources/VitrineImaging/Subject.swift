import Foundation
import VitrineCore

/// Sides of a picture.
struct Edges: OptionSet, Hashable {
    let rawValue: Int
    static let top = Edges(rawValue: 1)
    static let bottom = Edges(rawValue: 2)
    static let left = Edges(rawValue: 4)
    static let right = Edges(rawValue: 8)
}

/// What a picture shows: the ground it stands on, and the box in which it differs from that ground.
struct Subject {
    enum Ground {
        /// It can be seen through.
        case clear
        /// One colour, or a soft gradient, all around.
        case plain
        /// A scene that goes on beyond the edge.
        case busy
    }

    var ground: Ground
    /// The product, in parts of the picture: 0 to 1 on both axes; the whole picture where it cannot be told.
    var box: Part
    /// The middle of what the eye weighs, in parts of the picture; nil where the product cannot be told from its ground.
    var mass: (x: Double, y: Double)?
    /// Where the product goes on beyond the edge.
    var touches: Edges
    /// The colours along the border.
    var border: Border
    /// How light the product is, 0 to 255.
    var lightness: Double
    /// How much of the picture's detail stands in each column and row, for crops that know no box.
    var columns: [Double]
    var rows: [Double]

    static let longSide = 128
    /// The size at which a product is told from its ground, the same for all large pictures.
    private static let looked = PixelSize(width: 768, height: 768)

    init(of bitmap: Bitmap, extent: Part) {
        let factor = Double(Subject.longSide) / max(extent.width, extent.height)
        let size = PixelSize(
            width: max(8, Int((extent.width * factor).rounded())),
            height: max(8, Int((extent.height * factor).rounded()))
        )
        let small = bitmap.averaged(extent, to: size)
        if !bitmap.isOpaque, let box = Subject.cover(small) {
            self.init(clear: small, box: box)
            if touches.isEmpty { weigh(Cutout(of: bitmap)) }
        } else {
            let cutout = Cutout(of: bitmap.scaled(toFit: Subject.looked))
            self.init(opaque: small, cutout: cutout.isSure && !bitmap.isSeenThrough ? cutout : nil)
        }
    }

    private init(clear small: Bitmap, box: Part) {
        ground = .clear
        self.box = box
        border = Border(flat: .white)
        columns = []
        rows = []
        touches = []
        if box.x < 0.004 { touches.insert(.left) }
        if box.y < 0.004 { touches.insert(.top) }
        if box.right > 0.996 { touches.insert(.right) }
        if box.bottom > 0.996 { touches.insert(.bottom) }
        var sum = 0.0
        var weight = 0.0
        for at in stride(from: 0, to: small.pixels.count, by: 4) {
            let (red, green, blue) = (small.pixels[at], small.pixels[at + 1], small.pixels[at + 2])
            sum += 0.30 * Double(red) + 0.59 * Double(green) + 0.11 * Double(blue)
            weight += Double(small.pixels[at + 3])
        }
        lightness = weight > 0 ? sum / weight * 255 : 128
    }

    private mutating func weigh(_ cutout: Cutout) {
        guard cutout.isSure else { return }
        mass = (Double(cutout.box.middleX), Double(cutout.box.middleY))
    }

    private init(opaque small: Bitmap, cutout: Cutout?) {
        let known = cutout.map { Border(around: small, product: $0.sides(small.size)) }
        let isKnown = known?.isPlain == true
        let found = known.flatMap { $0.isPlain ? $0 : nil } ?? Border(around: small)
        border = found
        (columns, rows) = Subject.detail(small)
        lightness = 128
        guard found.isPlain else {
            ground = .busy
            box = Part(x: 0, y: 0, width: 1, height: 1)
            touches = [.top, .bottom, .left, .right]
            return
        }
        ground = .plain
        let whole = Part(x: 0, y: 0, width: 1, height: 1)
        box = cutout.flatMap { isKnown ? $0.box.part : nil } ?? Subject.difference(small, from: found) ?? whole
        touches = found.crossed.intersection(Subject.reached(by: box))
        if touches.contains(.left) { box = Part(x: 0, y: box.y, width: box.right, height: box.height) }
        if touches.contains(.right) { box.width = 1 - box.x }
        if touches.contains(.top) { box = Part(x: box.x, y: 0, width: box.width, height: box.bottom) }
        if touches.contains(.bottom) { box.height = 1 - box.y }
        if touches.isEmpty, let cutout { weigh(cutout) }
    }

    /// The box of what cannot be seen through; nil where nothing or everything is.
    private static func cover(_ small: Bitmap) -> Part? {
        let count = small.size.area
        let solid = (0..<count).map { small.pixels[$0 * 4 + 3] > 12 }
        guard solid.contains(true) else { return nil }
        let open = (0..<count).count { small.pixels[$0 * 4 + 3] < 128 }
        guard open * 200 > count else { return nil }
        return box(of: solid, size: small.size, least: 1)
    }

    /// The box of what differs from the ground that the border foretells; shadows and glows, which have no edge, stay out of it.
    private static func difference(_ small: Bitmap, from border: Border) -> Part? {
        let size = small.size
        let threshold = min(max(border.noise * 4 + 4, 7), 16)
        let crispness = max(border.noise * 3, 6)
        let shades = (0..<size.area).map { at in
            Shade(
                red: Float(small.pixels[at * 4]),
                green: Float(small.pixels[at * 4 + 1]),
                blue: Float(small.pixels[at * 4 + 2])
            )
        }
        var isCrisp = [Bool](repeating: false, count: size.area)
        var isSoft = isCrisp
        for y in 0..<size.height {
            let v = (Float(y) + 0.5) / Float(size.height)
            for x in 0..<size.width {
                let at = y * size.width + x
                let ground = border.color(across: (Float(x) + 0.5) / Float(size.width), down: v)
                guard shades[at].distance(to: ground) > threshold else { continue }
                isSoft[at] = true
                let beside = shades[at].distance(to: shades[x > 0 ? at - 1 : at + 1])
                let above = shades[at].distance(to: shades[y > 0 ? at - size.width : at + size.width])
                isCrisp[at] = max(beside, above) > crispness
            }
        }
        return box(of: isCrisp, size: size, least: 2) ?? box(of: isSoft, size: size, least: 2)
    }

    /// The box of the rows and columns that hold at least that many marked pixels beside marked neighbours.
    private static func box(of marks: [Bool], size: PixelSize, least: Int) -> Part? {
        var columns = [Int](repeating: 0, count: size.width)
        var rows = [Int](repeating: 0, count: size.height)
        for y in 0..<size.height {
            for x in 0..<size.width where marks[y * size.width + x] {
                columns[x] += 1
                rows[y] += 1
            }
        }
        guard let left = columns.firstIndex(where: { $0 >= least }), let top = rows.firstIndex(where: { $0 >= least }),
            let right = columns.lastIndex(where: { $0 >= least }), let bottom = rows.lastIndex(where: { $0 >= least })
        else { return nil }
        let (width, height) = (Double(size.width), Double(size.height))
        return Part(
            x: Double(left) / width,
            y: Double(top) / height,
            width: Double(right - left + 1) / width,
            height: Double(bottom - top + 1) / height
        )
    }

    /// The edges that a box comes near to: a ground that changes abruptly along an edge is no product that crosses it.
    private static func reached(by box: Part) -> Edges {
        var edges: Edges = []
        if box.x < 0.04 { edges.insert(.left) }
        if box.y < 0.04 { edges.insert(.top) }
        if box.right > 0.96 { edges.insert(.right) }
        if box.bottom > 0.96 { edges.insert(.bottom) }
        return edges
    }

    private static func detail(_ small: Bitmap) -> ([Double], [Double]) {
        let size = small.size
        var columns = [Double](repeating: 0, count: size.width)
        var rows = [Double](repeating: 0, count: size.height)
        small.pixels.withUnsafeBufferPointer { pixels in
            for y in 1..<size.height {
                for x in 1..<size.width {
                    let at = (y * size.width + x) * 4
                    var change = 0
                    for channel in 0..<3 {
                        let value = Int(pixels[at + channel])
                        change += abs(value - Int(pixels[at + channel - 4]))
                        change += abs(value - Int(pixels[at + channel - size.width * 4]))
                    }
                    columns[x] += Double(change)
                    rows[y] += Double(change)
                }
            }
        }
        return (columns, rows)
    }
}
