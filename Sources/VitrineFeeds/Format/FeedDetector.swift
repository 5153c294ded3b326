import Foundation

/// Which format a feed is in, by its content: delimiter, header and profile.
struct FeedDetector {
    struct Found {
        var profile: FeedProfile
        /// Nil for XML.
        var delimiter: UInt8?
        /// How many records stand above the header.
        var recordsAbove = 0
    }

    private let buffer: TextBuffer
    private let options: FeedOptions

    /// Looks at the start of a feed that `buffer` holds, and takes nothing of it.
    static func detect(_ buffer: TextBuffer, _ options: FeedOptions) throws(FeedError) -> Found {
        let detector = FeedDetector(buffer: buffer, options: options)
        let start = buffer.text.prefix { _ in true }.drop { $0 <= 0x20 || $0 == 0xef || $0 == 0xbb || $0 == 0xbf }
        guard let first = start.first else { throw FeedError(.empty, "the feed is empty", hint: "export it again") }
        if start.prefix(4096).contains(0) {
            throw FeedError(
                .binary,
                "the file is no text",
                hint: "expected CSV, TSV or XML, plain or packed with gzip or zip"
            )
        }
        let head = String(decoding: start.prefix(1024), as: UTF8.self).lowercased()
        if head.hasPrefix("<html") || head.contains("<!doctype html") {
            throw FeedError(
                .webPage,
                "the file is a web page, not a feed",
                hint: "the address probably asks for a login; export the feed and give the file"
            )
        }
        if first == UInt8(ascii: "<") { return try detector.xml() }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            throw FeedError(.unknownFormat, "the file looks like JSON", hint: "expected a table (CSV, TSV) or XML")
        }
        return try detector.table()
    }

    private func candidates(isXML: Bool) throws(FeedError) -> [FeedProfile] {
        if let map = options.map {
            var profile = map.profile
            profile.required = [profile.identity, profile.columns[.title] ?? []]
            return [profile]
        }
        guard let name = options.format else { return FeedProfile.shipped.filter { $0.items.isEmpty != isXML } }
        let known = FeedProfile.shipped.map(\.name)
        guard known.contains(name) else {
            throw FeedError(
                .unknownFormat,
                "the format `\(name)` is not known",
                hint: "known formats: " + known.joined(separator: ", ")
            )
        }
        let named = FeedProfile.shipped.filter { $0.name == name || (isXML && $0.name == name + "-xml") }
        let fitting = named.filter { $0.items.isEmpty != isXML }
        guard !fitting.isEmpty else {
            throw FeedError(
                .unknownFormat,
                "the format `\(name)` is " + (isXML ? "a table, but the file is XML" : "XML, but the file is a table"),
                hint: "leave the format out; it is found by the content"
            )
        }
        return fitting
    }

    // Tables

    private func table() throws(FeedError) -> Found {
        let profiles = try candidates(isXML: false)
        var best: (found: Found, score: Int)?
        var widest: [String] = []
        for delimiter in [UInt8(ascii: ","), UInt8(ascii: ";"), 9, UInt8(ascii: "|")] {
            var above = 0
            for names in try headers(delimiter) {
                if names.count > widest.count { widest = names }
                let normal = Set(names.map { HeaderName.normal($0) })
                for profile in profiles {
                    guard let score = FeedDetector.score(profile, normal), score > best?.score ?? 0 else { continue }
                    best = (Found(profile: profile, delimiter: delimiter, recordsAbove: above), score)
                }
                above += 1
            }
        }
        if let best { return best.found }
        throw unknown(profiles, widest)
    }

    private func unknown(_ profiles: [FeedProfile], _ names: [String]) -> FeedError {
        let seen = names.filter { !$0.isEmpty }.prefix(8).map { "`\($0.prefix(40))`" }.joined(separator: ", ")
        guard let profile = profiles.first, profiles.count == 1 else {
            return FeedError(
                .unknownFormat,
                "no known format has these columns: \(seen)",
                hint: "give a mapping with `--map`; docs/feeds.md shows how to write one",
                line: 1
            )
        }
        let normal = Set(names.map { HeaderName.normal($0) })
        let missing = profile.required.filter { group in !group.contains { FeedDetector.has($0, normal) } }
        let words = missing.map { group in group.map { "`\($0)`" }.joined(separator: " or ") }.joined(separator: ", ")
        return FeedError(
            .missingColumns,
            "`\(profile.name)` needs a column \(words), but the feed has \(seen)",
            hint: profile.isMap ? "correct the column names in the mapping" : "leave the format out, or give a mapping",
            line: 1
        )
    }

    private func headers(_ delimiter: UInt8) throws(FeedError) -> [[String]] {
        let reader = RecordReader(TextBuffer(copying: buffer), delimiter: delimiter)
        let text = CellText()
        var headers: [[String]] = []
        while headers.count < FeedLimits.headerRecords, try reader.next() {
            headers.append(FeedDetector.names(of: reader.row, text))
        }
        return headers
    }

    /// The cells of a header as the feed writes them.
    static func names(of row: Row, _ text: CellText) -> [String] {
        (0..<row.count).map { text.exact(row, $0) ?? "" }
    }

    // XML

    private func xml() throws(FeedError) -> Found {
        let profiles = try candidates(isXML: true)
        var best: (found: Found, score: Int)?
        var names: [String] = []
        for profile in profiles where !profile.items.isEmpty {
            let reader = XMLItemReader(TextBuffer(copying: buffer), items: profile.items)
            var items = 0
            while items < 20, try reader.next() { items += 1 }
            names = reader.names
            let normal = Set(names.map { HeaderName.normal($0) })
            guard let score = FeedDetector.score(profile, normal), score > best?.score ?? 0 else { continue }
            best = (Found(profile: profile, delimiter: nil), score)
        }
        if let best { return best.found }
        let head = String(decoding: buffer.text.prefix(2048), as: UTF8.self)
        if names.isEmpty, buffer.isAtEnd, head.contains("<rss") || head.contains("<feed"), let profile = profiles.first
        {
            return Found(profile: profile, delimiter: nil)
        }
        let seen = names.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
        throw FeedError(
            .unknownFormat,
            names.isEmpty ? "the XML has no items that are known" : "the XML's items are of no known format: \(seen)",
            hint: "give a mapping with `--map` that names its `items`"
        )
    }

    // Scores

    private static func score(_ profile: FeedProfile, _ names: Set<String>) -> Int? {
        guard !profile.required.isEmpty, !profile.absent.contains(where: { has($0, names) }) else { return nil }
        for group in profile.required where !group.contains(where: { has($0, names) }) { return nil }
        return profile.required.count * 3 + profile.telling.count { has($0, names) }
    }

    private static func has(_ pattern: String, _ names: Set<String>) -> Bool {
        if names.contains(pattern) { return true }
        guard pattern.contains("<n>") || pattern.hasSuffix("*") else { return false }
        return names.contains { HeaderName.number(of: $0, in: pattern) != nil }
    }
}
