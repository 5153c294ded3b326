public import VitrineCore

/// What merchants call things, and where that stands in the taxonomy.
public struct CategoryBook: Sendable {
    /// One category.
    public struct Node: Hashable, Sendable {
        /// Its names from the widest to its own.
        public var path: CategoryPath
        /// Its number in Google's product taxonomy.
        public var google: Int?
        /// The words that shops use for it, by language.
        public var synonyms: [String: [String]]

        /// A category.
        public init(path: CategoryPath, google: Int? = nil, synonyms: [String: [String]] = [:]) {
            self.path = path
            self.google = google
            self.synonyms = synonyms
        }
    }

    /// What a name of a category is found to be.
    enum Found: Equatable {
        case node(Int)
        case several([Int])
        case nothing
    }

    /// All categories, in the order of the files.
    public let nodes: [Node]
    /// The nearest wider category that is in the book.
    let parents: [Int?]
    private let paths: [[UInt8]: Int]
    private let tails: [[UInt8]: [Int]]
    private let numbers: [Int: Int]
    private let words: [[UInt8]: Int]
    private let ownWords: Set<[UInt8]>
    private let beginnings: Set<UInt32>
    private let heads: [[UInt8]: Int]
    private let longestWord: Int

    /// A book of these categories; where two claim a word or number, the later one has it.
    public init(_ nodes: [Node] = []) {
        self.init(nodes, ownWords: [])
    }

    /// A book in which some words are a merchant's own: they mean what the merchant says, whatever the taxonomy calls so.
    init(_ nodes: [Node], ownWords: Set<[UInt8]>) {
        self.nodes = nodes
        self.ownWords = ownWords
        var paths: [[UInt8]: Int] = [:]
        var tails: [[UInt8]: [Int]] = [:]
        var numbers: [Int: Int] = [:]
        var words: [[UInt8]: Int] = [:]
        var heads: [[UInt8]: Int] = [:]
        var longest = 0
        for (index, node) in nodes.enumerated() {
            let keys = node.path.segments.map { FoldedText($0).key }
            paths[CategoryBook.joined(keys[...])] = index
            for start in keys.indices { tails[CategoryBook.joined(keys[start...]), default: []].append(index) }
            if let google = node.google { numbers[google] = index }
            for word in node.synonyms.values.joined() {
                let folded = FoldedText(word)
                guard !folded.bytes.isEmpty else { continue }
                words[folded.key] = index
                longest = max(longest, folded.words.count)
            }
            for word in CategoryBook.compounding.flatMap({ node.synonyms[$0] ?? [] }) {
                let folded = FoldedText(word)
                if folded.words.count == 1, folded.key.count >= CategoryBook.shortestHead { heads[folded.key] = index }
            }
        }
        self.paths = paths
        self.tails = tails
        self.numbers = numbers
        self.words = words
        self.heads = heads
        longestWord = min(max(longest, 4), 6)
        beginnings = Set((Array(words.keys) + Array(tails.keys)).map { CategoryBook.beginning($0[...]) })
        parents = nodes.map { node in
            var segments = node.path.segments.dropLast()
            while !segments.isEmpty {
                if let parent = paths[CategoryBook.joined(segments.map { FoldedText($0).key }[...])] { return parent }
                segments = segments.dropLast()
            }
            return nil
        }
    }

    /// The category that a path, the tail of a path or a Google number names; nil if none or several.
    public func node(_ name: String) -> Node? {
        guard case .node(let index) = find(name) else { return nil }
        return nodes[index]
    }

    /// The category that a preset names: path, tail of a path, or Google number.
    func find(_ name: String) -> Found {
        if let number = Int(name.trimmed) { return numbers[number].map { .node($0) } ?? .nothing }
        let keys = CategoryPath(name).segments.map { FoldedText($0).key }.filter { !$0.isEmpty }
        guard !keys.isEmpty else { return .nothing }
        let key = CategoryBook.joined(keys[...])
        if let index = paths[key] { return .node(index) }
        let found = tails[key] ?? []
        if found.count == 1 { return .node(found[0]) }
        return found.isEmpty ? .nothing : .several(found)
    }

    /// The category that a merchant's word names.
    func word(_ text: String) -> Int? { words[FoldedText(text).key] }

    /// The category of a run of segments, each already folded; `context` decides between several of one name.
    func lookUp(_ keys: ArraySlice<[UInt8]>, within context: Int?) -> Int? {
        guard let first = keys.first else { return nil }
        let key = keys.count == 1 ? first : CategoryBook.joined(keys)
        if keys.count == 1, ownWords.contains(first), let index = words[first] { return index }
        if let index = paths[key] { return index }
        let named = tails[key] ?? []
        if named.count == 1 { return named[0] }
        if keys.count == 1 {
            if let number = CategoryBook.number(first) { return numbers[number] }
            if let index = lookUp(word: first) { return index }
        }
        if let context, let inside = named.first(where: { isWithin($0, context) }) { return inside }
        return named.isEmpty ? nil : common(named)
    }

    /// The category of one word, also where only the plural or the singular is in the book.
    func lookUp(word key: [UInt8]) -> Int? {
        if let index = words[key] { return index }
        if let named = tails[key], named.count == 1 { return named[0] }
        guard key.count >= 3, let last = key.last, key.allSatisfy({ $0 < 0x80 }) else { return nil }
        if last != letterS, let index = words[key + [letterS]] { return index }
        guard last == letterS, key.count >= 4 else { return nil }
        if let index = words[Array(key.dropLast())] { return index }
        return key.dropLast().last == letterE ? words[Array(key.dropLast(2))] : nil
    }

    /// The category of a compound's last part, as in `Stehlampe`, in languages that write compounds as one word.
    func lookUp(compound word: [UInt8]) -> (node: Int, head: String)? {
        let most = word.count - 3
        guard most >= CategoryBook.shortestHead else { return nil }
        for count in stride(from: most, through: CategoryBook.shortestHead, by: -1) {
            let head = Array(word.suffix(count))
            if let node = heads[head] { return (node, String(decoding: head, as: UTF8.self)) }
        }
        return nil
    }

    private static let compounding = ["de", "nl", "sv", "da", "nb", "no", "fi"]
    private static let shortestHead = 5

    /// Whether some name may begin with this word; spares look-ups of words that none does.
    func mayBegin(_ word: [UInt8]) -> Bool {
        word.count < 3 || beginnings.contains(CategoryBook.beginning(word[...])) || word[2] == letterS
    }

    private static func beginning(_ key: ArraySlice<UInt8>) -> UInt32 {
        key.prefix(3).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// How many words of a text are looked up together at most.
    var longestRun: Int { longestWord }

    /// Whether a category is `other` or stands below it.
    func isWithin(_ index: Int, _ other: Int) -> Bool {
        var current: Int? = index
        while let node = current {
            if node == other { return true }
            current = parents[node]
        }
        return false
    }

    /// The category and all wider ones, narrowest first.
    func line(of index: Int) -> [Int] {
        var line: [Int] = []
        var current: Int? = index
        while let node = current {
            line.append(node)
            current = parents[node]
        }
        return line
    }

    private func common(_ indexes: [Int]) -> Int? {
        guard let first = indexes.first else { return nil }
        return line(of: first).first { candidate in indexes.allSatisfy { isWithin($0, candidate) } }
    }

    private static func number(_ key: [UInt8]) -> Int? {
        guard key.count <= 7, key.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return key.reduce(0) { $0 * 10 + Int($1) - 48 }
    }

    private static func joined(_ keys: ArraySlice<[UInt8]>) -> [UInt8] {
        Array(keys.joined(separator: [0x3E]))
    }
}

private let letterS: UInt8 = 0x73
private let letterE: UInt8 = 0x65
