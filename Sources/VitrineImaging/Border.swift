import Foundation
import VitrineCore

/// The colours along the four sides of a picture, with what the product covers left out and the rest made smooth.
struct Border {
    /// The colours along one side, from left to right or from top to bottom.
    struct Side {
        var colors: [Shade]
        /// The same, less smooth: what a picture shows right at its edge, shadows and all.
        var near: [Shade]
        var isCovered: [Bool]

        /// The colour at a place, 0 to 1.
        func color(at place: Float) -> Shade { Side.color(at: place, of: colors) }

        /// The colour right at the edge.
        func nearColor(at place: Float) -> Shade { Side.color(at: place, of: near) }

        private static func color(at place: Float, of colors: [Shade]) -> Shade {
            let position = min(max(place, 0), 1) * Float(colors.count - 1)
            let low = Int(position)
            let high = min(low + 1, colors.count - 1)
            return colors[low].mixed(with: colors[high], position - Float(low))
        }

        /// The part of the side that the product covers.
        var covered: Double { Double(isCovered.count { $0 }) / Double(isCovered.count) }

        /// Moves one end to a colour, and what lies near it along with it.
        mutating func bend(toward color: Shade, atEnd: Bool) {
            let count = colors.count
            let move = color.minus(colors[atEnd ? count - 1 : 0])
            let reach = max(1, count / 4)
            for step in 0..<min(reach, count) {
                let share = 1 - Float(step) / Float(reach)
                colors[atEnd ? count - 1 - step : step].add(move, times: share * share)
            }
        }
    }

    var top: Side
    var bottom: Side
    var left: Side
    var right: Side
    /// How far, on average, the ground's pixels lie from the smooth colours, in steps of 255.
    var noise: Float
    /// Whether the border is one ground, plain or softly graded, that a product stands on.
    var isPlain: Bool

    /// A border of one colour.
    init(flat color: Shade) {
        let side = Side(colors: [color, color], near: [color, color], isCovered: [false, false])
        (top, bottom, left, right) = (side, side, side, side)
        noise = 0
        isPlain = true
    }

    /// The border of a small picture; `product` says where along its sides the product lies, if that is known.
    init(around small: Bitmap, product: [[Bool]]? = nil) {
        let strips = Border.strips(of: small)
        var fits = strips.map { BorderFit.parabola(through: $0) }
        BorderFit.mend(&fits)
        var sides = [Side]()
        var residue: Float = 0
        var grounds = 0
        for (at, (strip, fit)) in zip(strips, fits).enumerated() {
            var isCovered = product?[at] ?? []
            let isKnown = !isCovered.isEmpty
            if !isKnown {
                isCovered = zip(strip, fit).map { $0.distance(to: $1) > Border.reach }
                for place in strip.indices where !isCovered[place] {
                    residue += strip[place].distance(to: fit[place])
                    grounds += 1
                }
                Border.forgetShadows(&isCovered, strip: strip, fit: fit)
            }
            var colors = isKnown ? BorderFit.bridged(strip, over: isCovered) ?? fit : fit
            if isKnown { Border.forgetSoftShadows(&isCovered, strip: strip, ground: colors) }
            for place in strip.indices where !isCovered[place] { colors[place] = strip[place] }
            let side = Side(
                colors: BorderFit.smoothed(colors, over: strip.count / 24),
                near: BorderFit.smoothed(colors, over: strip.count / 96),
                isCovered: isCovered
            )
            if isKnown {
                for place in strip.indices where !isCovered[place] {
                    residue += strip[place].distance(to: side.colors[place])
                    grounds += 1
                }
            }
            sides.append(side)
        }
        (top, bottom, left, right) = (sides[0], sides[1], sides[2], sides[3])
        noise = grounds > 0 ? residue / Float(grounds) : 255
        let total = strips.reduce(0) { $0 + $1.count }
        let covered = 1 - Float(grounds) / Float(total)
        if product == nil {
            let gap = BorderFit.corners(fits).map(\.gap).max() ?? 255
            isPlain = covered <= 0.45 && gap < 26 && noise < 5 && noise + covered * 6 < 5.8
        } else {
            isPlain = covered <= 0.5 && noise < 3
        }
        meetAtCorners()
    }

    /// The sides that the product goes beyond.
    var crossed: Edges {
        var edges: Edges = []
        if top.covered > 0.03 { edges.insert(.top) }
        if bottom.covered > 0.03 { edges.insert(.bottom) }
        if left.covered > 0.06 { edges.insert(.left) }
        if right.covered > 0.06 { edges.insert(.right) }
        return edges
    }

    /// The colour that lies between them all.
    var tone: Shade {
        Shade(middleOf: [top, bottom, left, right].map { Shade(middleOf: $0.colors) })
    }

    /// The colour of the ground at a place in the picture, 0 to 1 on both axes, as the four sides foretell it.
    func color(across u: Float, down v: Float) -> Shade {
        let between = top.color(at: u).mixed(with: bottom.color(at: u), v)
        let beside = left.color(at: v).mixed(with: right.color(at: v), u)
        let above = top.color(at: 0).mixed(with: top.color(at: 1), u)
        let below = bottom.color(at: 0).mixed(with: bottom.color(at: 1), u)
        return between.plus(beside).minus(above.mixed(with: below, v))
    }

    /// The colour of the ground at a place in the picture or beyond its edge, where shadows that reach the edge go on for a while.
    ///
    /// Places are in parts of the picture, `width` and `height` how long it is, `reach` how far shadows go on.
    func color(beyond u: Float, _ v: Float, width: Float, height: Float, reach: Float) -> Shade {
        let (inU, inV) = (min(max(u, 0), 1), min(max(v, 0), 1))
        var color = color(across: inU, down: inV)
        func add(_ side: Side, at place: Float, along: Float, away: Float) {
            let share = 1 - min((along * along + away * away).squareRoot() / reach, 1)
            let middle = min(min(place, 1 - place) * 16, 1)
            guard share > 0, middle > 0 else { return }
            let fine = side.nearColor(at: place).minus(side.color(at: place))
            color.add(fine, times: share * share * (3 - 2 * share) * middle)
        }
        add(top, at: inU, along: (u - inU) * width, away: v * height)
        add(bottom, at: inU, along: (u - inU) * width, away: (1 - v) * height)
        add(left, at: inV, along: (v - inV) * height, away: u * width)
        add(right, at: inV, along: (v - inV) * height, away: (1 - u) * width)
        return color
    }

    /// What differs little all along, or has no edge, or takes light away from all colours alike, is a shadow or the bend of a floor,
    /// not the product; it goes on beyond the edge with the ground.
    private static func forgetShadows(_ isCovered: inout [Bool], strip: [Shade], fit: [Shade]) {
        var isShadow = [Bool](repeating: false, count: strip.count)
        func steepest(_ run: Range<Int>) -> Float {
            let steps = max(run.lowerBound - 2, 1)..<min(run.upperBound + 3, strip.count)
            return steps.filter { !isShadow[$0] && !isShadow[$0 - 1] }
                .map { strip[$0].distance(to: strip[$0 - 1]) }.max() ?? 0
        }
        let isDarker = strip.indices.map { isCovered[$0] && strip[$0].lightness < fit[$0].lightness }
        for run in runs(of: isDarker) where run.count * 14 > strip.count && steepest(run) < 36 {
            guard run.allSatisfy({ strip[$0].isShadow(on: fit[$0]) }) else { continue }
            for place in run { isShadow[place] = true }
        }
        for place in strip.indices where isShadow[place] { isCovered[place] = false }
        for run in runs(of: isCovered) {
            let farthest = run.map { strip[$0].distance(to: fit[$0]) }.max() ?? 0
            let soft: Float = run.count * 8 > strip.count ? 20 : 8
            guard farthest < 40 || steepest(run) < soft else { continue }
            for place in run { isCovered[place] = false }
        }
    }

    /// A shadow without an edge that a matte has taken for product where it leaves the picture.
    private static func forgetSoftShadows(_ isCovered: inout [Bool], strip: [Shade], ground: [Shade]) {
        for run in runs(of: isCovered) where run.allSatisfy({ strip[$0].isShadow(on: ground[$0]) }) {
            let steps = run.dropFirst().map { strip[$0].distance(to: strip[$0 - 1]) }
            guard steps.max() ?? 0 < 10 else { continue }
            for place in run { isCovered[place] = false }
        }
    }

    private static func runs(of marks: [Bool]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start: Int?
        for place in 0...marks.count {
            if place < marks.count, marks[place] {
                start = start ?? place
            } else if let first = start {
                runs.append(first..<place)
                start = nil
            }
        }
        return runs
    }

    /// How far a pixel may lie from the fit of its side and still be ground, in steps of 255.
    private static let reach: Float = 12

    private static func strips(of small: Bitmap) -> [[Shade]] {
        let size = small.size
        func strip(_ count: Int, _ at: (Int, Int) -> (Int, Int)) -> [Shade] {
            (0..<count).map { place in
                var sum = Shade.black
                for depth in 0..<2 {
                    let (x, y) = at(place, depth)
                    let color = small[x, y]
                    sum.add(Shade(red: Float(color.x), green: Float(color.y), blue: Float(color.z)), times: 0.5)
                }
                return sum
            }
        }
        return [
            strip(size.width) { ($0, $1) },
            strip(size.width) { ($0, size.height - 1 - $1) },
            strip(size.height) { ($1, $0) },
            strip(size.height) { (size.width - 1 - $1, $0) },
        ]
    }

    private mutating func meetAtCorners() {
        func meet(_ one: inout Side, _ oneLast: Bool, _ other: inout Side, _ otherLast: Bool) {
            let first = one.colors[oneLast ? one.colors.count - 1 : 0]
            let second = other.colors[otherLast ? other.colors.count - 1 : 0]
            let middle = first.mixed(with: second, 0.5)
            one.bend(toward: middle, atEnd: oneLast)
            other.bend(toward: middle, atEnd: otherLast)
        }
        meet(&top, false, &left, false)
        meet(&top, true, &right, false)
        meet(&bottom, false, &left, true)
        meet(&bottom, true, &right, true)
    }
}
