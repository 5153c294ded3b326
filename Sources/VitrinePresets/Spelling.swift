/// Finds the name that was probably meant.
enum Spelling {
    /// The nearest of the names, if it is near enough to be a slip of the keyboard.
    static func nearest(_ word: String, among names: some Sequence<String>) -> String? {
        let wanted = Array(word.lowercased().unicodeScalars)
        guard !wanted.isEmpty, wanted.count <= 120 else { return nil }
        let limit = wanted.count <= 4 ? 1 : wanted.count <= 7 ? 2 : 3
        var best: (name: String, distance: Int)?
        for name in names {
            let candidate = Array(name.lowercased().unicodeScalars)
            guard abs(candidate.count - wanted.count) <= limit else { continue }
            let found = distance(wanted, candidate)
            guard found <= limit, found < candidate.count, found < best?.distance ?? .max else { continue }
            best = (name, found)
        }
        return best?.name
    }

    /// The phrase that follows an unknown name: `, did you mean …?` or nothing.
    static func suggestion(for word: String, among names: some Sequence<String>) -> String {
        nearest(word, among: names).map { ", did you mean `\($0)`?" } ?? ""
    }

    /// Insertions, deletions, replacements and swaps of neighbours that turn one into the other.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var before: [Int] = []
        var above = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            current.reserveCapacity(right.count + 1)
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                var value = min(above[column] + 1, current[column - 1] + 1, above[column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    value = min(value, before[column - 2] + 1)
                }
                current.append(value)
            }
            before = above
            above = current
        }
        return above[right.count]
    }
}
