import Foundation

/// The arithmetic behind a border: smooth colours through what is ground, past what stands before it.
enum BorderFit {
    /// A parabola through most of the colours of a side, that whatever stands before the ground hardly moves.
    static func parabola(through strip: [Shade]) -> [Shade] {
        let count = strip.count
        let middle = Shade(
            red: strip.map(\.red).sorted()[count / 2],
            green: strip.map(\.green).sorted()[count / 2],
            blue: strip.map(\.blue).sorted()[count / 2]
        )
        let places = (0..<count).map { Float($0) / Float(max(count - 1, 1)) * 2 - 1 }
        var fit = [Shade](repeating: middle, count: count)
        for _ in 0..<5 {
            var sums = [Float](repeating: 0, count: 5)
            var sides = [Shade](repeating: .black, count: 3)
            for place in 0..<count {
                let off = strip[place].distance(to: fit[place]) / 8
                let calm: Float = 1 + off * off
                let t = places[place]
                var term: Float = 1 / (calm * calm)
                for power in 0..<5 {
                    sums[power] += term
                    if power < 3 { sides[power].add(strip[place], times: term) }
                    term *= t
                }
            }
            let stiffness = Float(count) * 0.02
            let matrix = [
                [sums[0], sums[1], sums[2]],
                [sums[1], sums[2] + stiffness / 5, sums[3]],
                [sums[2], sums[3], sums[4] + stiffness],
            ]
            let answer = solved(matrix, sides)
            fit = places.map { answer[0].plus(answer[1], times: $0).plus(answer[2], times: $0 * $0) }
        }
        return fit
    }

    private static func solved(_ matrix: [[Float]], _ sides: [Shade]) -> [Shade] {
        var rows = matrix
        var sums = sides
        for pivot in 0..<3 {
            let diagonal = max(rows[pivot][pivot], 1e-6)
            for row in 0..<3 where row != pivot {
                let factor = rows[row][pivot] / diagonal
                for column in 0..<3 { rows[row][column] -= factor * rows[pivot][column] }
                sums[row].add(sums[pivot], times: -factor)
            }
        }
        return (0..<3).map { sums[$0].times(1 / max(rows[$0][$0], 1e-6)) }
    }

    /// The four corners: which two sides meet there, and how far apart they are.
    static func corners(_ fits: [[Shade]]) -> [(one: Int, other: Int, gap: Float)] {
        func end(_ side: Int, _ isLast: Bool) -> Shade { isLast ? fits[side][fits[side].count - 1] : fits[side][0] }
        return [
            (0, 2, end(0, false).distance(to: end(2, false))),
            (0, 3, end(0, true).distance(to: end(3, false))),
            (1, 2, end(1, false).distance(to: end(2, true))),
            (1, 3, end(1, true).distance(to: end(3, true))),
        ]
    }

    /// Where one side disagrees with both of its neighbours, the product covers most of it: its ground is drawn between them.
    static func mend(_ fits: inout [[Shade]]) {
        let found = corners(fits)
        var worst = (side: 0, gap: Float(20))
        var isFound = false
        for side in 0..<4 {
            let gap = found.filter { $0.one == side || $0.other == side }.map(\.gap).min() ?? 0
            guard gap > worst.gap else { continue }
            worst = (side, gap)
            isFound = true
        }
        guard isFound else { return }
        let atEnd = worst.side == 1 || worst.side == 3
        func end(_ side: Int) -> Shade { atEnd ? fits[side][fits[side].count - 1] : fits[side][0] }
        let (from, to) = worst.side < 2 ? (end(2), end(3)) : (end(0), end(1))
        let last = Float(max(fits[worst.side].count - 1, 1))
        fits[worst.side] = fits[worst.side].indices.map { from.mixed(with: to, Float($0) / last) }
    }

    /// The colours with what is covered drawn between its neighbours; nil where nothing else is left.
    static func bridged(_ strip: [Shade], over isCovered: [Bool]) -> [Shade]? {
        let open = strip.indices.filter { !isCovered[$0] }
        guard open.count * 8 >= strip.count else { return nil }
        var colors = strip
        var next = 0
        for place in strip.indices where isCovered[place] {
            while next < open.count, open[next] < place { next += 1 }
            let before = next > 0 ? open[next - 1] : open[next]
            let after = next < open.count ? open[next] : before
            let share = after > before ? Float(place - before) / Float(after - before) : 0
            colors[place] = strip[before].mixed(with: strip[after], share)
        }
        return colors
    }

    /// The colours with what is small along the side taken out.
    static func smoothed(_ colors: [Shade], over reach: Int) -> [Shade] {
        var current = colors
        let count = colors.count
        let radius = max(1, reach)
        let part = 1 / Float(2 * radius + 1)
        for _ in 0..<3 {
            var sum = Shade.black
            for offset in -radius...radius { sum.add(current[min(max(offset, 0), count - 1)], times: 1) }
            var next = current
            for place in 0..<count {
                next[place] = sum.times(part)
                sum.add(current[min(place + radius + 1, count - 1)], times: 1)
                sum.add(current[max(place - radius, 0)], times: -1)
            }
            current = next
        }
        return current
    }
}
