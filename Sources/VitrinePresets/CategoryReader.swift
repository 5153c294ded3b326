import VitrineCore

/// Reads `categories:` documents.
struct CategoryReader {
    static let keys = ["path", "google", "synonyms"]

    private struct Claim {
        var path: String
        var isOwn: Bool
        var place: YAMLValue
    }

    private var nodes: [String: CategoryBook.Node] = [:]
    private var order: [String] = []
    private var places: [String: (value: YAMLValue, isOwn: Bool)] = [:]
    private var claims: [[UInt8]: Claim] = [:]

    /// The book of everything read, in which a merchant's own words win.
    var book: CategoryBook {
        let listed = order.compactMap { path -> CategoryBook.Node? in
            guard var node = nodes[path] else { return nil }
            for (language, words) in node.synonyms {
                node.synonyms[language] = words.filter { claims[FoldedText($0).key]?.path == path }
            }
            return node
        }
        return CategoryBook(listed, ownWords: Set(claims.filter(\.value.isOwn).keys))
    }

    /// Takes the categories of one document; a path that an earlier layer has gets the words added and the number replaced.
    mutating func read(_ document: YAMLValue, isOwn: Bool, _ complaints: Complaints) {
        guard let reader = MapReader(document, keys: ["categories"], complaints),
            let values = reader.list("categories")
        else { return }
        for value in values { take(value, isOwn: isOwn, complaints) }
    }

    private mutating func take(_ value: YAMLValue, isOwn: Bool, _ complaints: Complaints) {
        guard let reader = MapReader(value, path: "categories", keys: Self.keys, complaints) else { return }
        guard let text = reader.text("path") else {
            if !reader.has("path") {
                complaints.error(.missingKey, at: value, field: "path", "a category needs `path`")
            }
            return
        }
        let path = CategoryPath(text)
        guard path.depth > 0 else {
            complaints.error(.badValue, at: value, field: "path", "expected names with ` > ` between but got `\(text)`")
            return
        }
        let name = path.description
        if let first = places[name], first.isOwn == isOwn {
            let place = "\(first.value.file):\(first.value.line)"
            complaints.error(.duplicateName, at: value, field: "path", "category `\(name)` is already at \(place)")
            return
        }
        if nodes[name] == nil { order.append(name) }
        places[name] = (value, isOwn)
        var node = nodes[name] ?? CategoryBook.Node(path: path)
        if let google = reader.whole("google", in: 1...99_999_999) { node.google = google }
        if let synonyms = reader.map("synonyms", keys: nil) {
            for entry in synonyms.value.entries ?? [] {
                let words = synonyms.texts(entry.key) ?? []
                claim(words, for: name, isOwn: isOwn, complaints)
                node.synonyms[entry.key, default: []] += words.compactMap(\.text)
            }
        }
        nodes[name] = node
    }

    private mutating func claim(_ words: [YAMLValue], for path: String, isOwn: Bool, _ complaints: Complaints) {
        for word in words {
            let key = FoldedText(word.text ?? "").key
            guard !key.isEmpty else {
                complaints.warning(.badValue, at: word, field: "synonyms", "a synonym has no letters: \(word.kind)")
                continue
            }
            if let first = claims[key], first.path != path, first.isOwn == isOwn {
                complaints.warning(
                    .duplicateSynonym,
                    at: word,
                    field: "synonyms",
                    "`\(word.text ?? "")` already means `\(first.path)` at \(first.place.file):\(first.place.line)"
                )
                continue
            }
            claims[key] = Claim(path: path, isOwn: isOwn, place: word)
        }
    }
}
