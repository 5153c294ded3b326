import Foundation
import Synchronization
import VitrineCore

/// A category that something about a product points to, and the words that do.
struct CategoryHit: Hashable, Sendable {
    var node: Int
    var words: String
}

/// Finds categories in what merchants write, and remembers what it found.
final class CategoryEvidence: Sendable {
    private static let mostRemembered = 50_000
    private static let mostSegments = 12
    private static let mostWords = 24

    private let book: CategoryBook
    private let rememberedCategories = Mutex<[String: [CategoryHit]]>([:])
    private let rememberedTags = Mutex<[String: [CategoryHit]]>([:])

    init(_ book: CategoryBook) {
        self.book = book
    }

    /// The categories of one category-like value; where none of its parts is known as a whole, that of the last word that is.
    func hits(in text: String) -> [CategoryHit] {
        memo(text, in: rememberedCategories) { find(text, byWords: true) }
    }

    /// The categories of one tag: only its parts as a whole count, because tags tell of much that is no category.
    func hits(inTag text: String) -> [CategoryHit] {
        memo(text, in: rememberedTags) { find(text, byWords: false) }
    }

    private func memo(
        _ text: String,
        in remembered: borrowing Mutex<[String: [CategoryHit]]>,
        _ find: () -> [CategoryHit]
    ) -> [CategoryHit] {
        if let known = remembered.withLock({ $0[text] }) { return known }
        let found = find()
        remembered.withLock { known in
            if known.count >= Self.mostRemembered { known.removeAll() }
            known[text] = found
        }
        return found
    }

    /// The categories that words of a title name: those of its head, not those behind a `for` or `with`.
    func hits(inTitle folded: FoldedText) -> [CategoryHit] {
        let words = folded.words.prefix(Self.mostWords).map { Array($0) }
        let found = wordHits(words)
        guard found.count > 1 else { return found.map(\.hit) }
        let covered = Set(found.flatMap { Array($0.range) })
        let start = found.map(\.range.lowerBound).min() ?? 0
        let cut = words.indices.first { $0 > start && !covered.contains($0) && Self.prepositions.contains(words[$0]) }
        let head = found.filter { $0.range.lowerBound < cut ?? .max }
        return head.map(\.hit)
    }

    private func find(_ text: String, byWords: Bool) -> [CategoryHit] {
        let segments = split(String(text.prefix(1000)), at: Self.pathMarks).filter { segment in
            !Self.emptyWords.contains(FoldedText(segment).key)
        }
        var hits: [CategoryHit] = []
        let covered = runs(segments, into: &hits)
        var loose: [String] = []
        for (index, segment) in segments.enumerated() where !covered.contains(index) {
            let pieces = split(segment, at: Self.listMarks).compactMap(withoutLabel)
            if pieces.count == 1, pieces[0] == segment {
                loose.append(segment)
                continue
            }
            let done = runs(pieces, into: &hits)
            loose += pieces.indices.filter { !done.contains($0) }.map { pieces[$0] }
        }
        if hits.isEmpty, byWords {
            for segment in loose {
                let words = FoldedText(segment).words.prefix(Self.mostWords).map { Array($0) }
                if let last = wordHits(words).last { hits.append(last.hit) }
            }
        }
        return hits
    }

    /// Looks up runs of segments, longest first; gives the indexes of the segments that are found.
    private func runs(_ segments: [String], into hits: inout [CategoryHit]) -> Set<Int> {
        let segments = Array(segments.prefix(Self.mostSegments))
        let keys = segments.map { FoldedText($0).key }
        var covered = Set<Int>()
        var count = segments.count
        while count > 0 {
            for start in 0...(segments.count - count) {
                let range = start..<(start + count)
                guard !range.contains(where: { covered.contains($0) || keys[$0].isEmpty }) else { continue }
                let context = hits.last?.node
                guard let node = book.lookUp(keys[range], within: context) else { continue }
                covered.formUnion(range)
                hits.append(CategoryHit(node: node, words: segments[range].joined(separator: " > ")))
            }
            count -= 1
        }
        return covered
    }

    private func wordHits(_ words: [[UInt8]]) -> [(hit: CategoryHit, range: Range<Int>)] {
        var found: [(hit: CategoryHit, range: Range<Int>)] = []
        var covered = Set<Int>()
        let begins = words.map(book.mayBegin)
        var count = min(book.longestRun, words.count)
        while count > 0 {
            for start in 0...(words.count - count) where begins[start] {
                let range = start..<(start + count)
                guard !range.contains(where: covered.contains) else { continue }
                let run = words[range]
                guard let node = book.lookUp(word: run.flatMap { $0 }) else { continue }
                covered.formUnion(range)
                let text = run.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
                found.append((CategoryHit(node: node, words: text), range))
            }
            count -= 1
        }
        for (index, word) in words.enumerated() where !covered.contains(index) && word.contains(where: { $0 >= 0xE0 }) {
            found += unparted(word).map { ($0, index..<(index + 1)) }
        }
        if found.isEmpty {
            for (index, word) in words.enumerated() {
                guard let (node, head) = book.lookUp(compound: word) else { continue }
                found.append((CategoryHit(node: node, words: head), index..<(index + 1)))
            }
        }
        return found.sorted { $0.range.lowerBound < $1.range.lowerBound }
    }

    /// Categories inside a word of a script that does not part its words, longest part first.
    private func unparted(_ word: [UInt8]) -> [CategoryHit] {
        let scalars = Array(String(decoding: word, as: UTF8.self).unicodeScalars.prefix(60))
        guard scalars.contains(where: FoldedText.isUnparted) else { return [] }
        var hits: [(start: Int, hit: CategoryHit)] = []
        var covered = Set<Int>()
        var count = min(10, scalars.count)
        while count >= 2 {
            for start in 0...(scalars.count - count) {
                let range = start..<(start + count)
                guard !range.contains(where: covered.contains) else { continue }
                let text = String(String.UnicodeScalarView(scalars[range]))
                guard let node = book.lookUp(word: Array(text.utf8)) else { continue }
                covered.formUnion(range)
                hits.append((start, CategoryHit(node: node, words: text)))
            }
            count -= 1
        }
        return hits.sorted { $0.start < $1.start }.map(\.hit)
    }

    private func split(_ text: String, at marks: [[UInt8]]) -> [String] {
        var text = text
        return text.withUTF8 { bytes in
            var parts: [String] = []
            var start = 0
            var index = 0
            func take(upTo end: Int) {
                let part = String(decoding: bytes[start..<end], as: UTF8.self).trimmed
                if !part.isEmpty { parts.append(part) }
            }
            while index < bytes.count {
                let mark = marks.first { mark in
                    mark.first == bytes[index] && bytes[index...].starts(with: mark)
                }
                if let mark {
                    take(upTo: index)
                    index += mark.count
                    start = index
                } else {
                    index += 1
                }
            }
            take(upTo: bytes.count)
            return parts
        }
    }

    /// `category:Shoes` is `Shoes`; `brand:Acme` is nothing that tells a category.
    private func withoutLabel(_ text: String) -> String? {
        guard let colon = text.firstIndex(of: ":") else { return text }
        let label = FoldedText(String(text[..<colon])).text
        if Self.otherLabels.contains(label) { return nil }
        return String(text[text.index(after: colon)...]).trimmed
    }

    private static let pathMarks = [">", "»", "›", "::"].map { Array($0.utf8) }
    private static let listMarks = [",", "/", "|", ";", "\\", " - ", " – "].map { Array($0.utf8) }
    private static let otherLabels: Set = [
        "brand", "color", "colour", "size", "material", "vendor", "gender", "marke", "farbe", "marka", "plant type",
    ]
    /// Names of shelves that say nothing of what stands on them.
    private static let emptyWords: Set<[UInt8]> = Set(
        [
            "home page", "homepage", "front page", "frontpage", "startseite", "accueil", "page d'accueil",
            "all products",
            "default category", "root catalog", "uncategorized", "unkategorisiert", "non classé", "sin categoría",
            "sale", "new", "new arrivals", "best sellers", "bestseller", "strona główna", "главная",
        ].map { FoldedText($0).key }
    )
    private static let prepositions: Set<[UInt8]> = Set(
        [
            "for", "with", "from", "of", "by", "fur", "mit", "von", "aus", "pour", "avec", "para", "con", "com", "per",
            "dla", "z", "ze", "do", "для", "с", "из", "voor", "met", "icin",
        ].map { Array($0.utf8) }
    )
}
