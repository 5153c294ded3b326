import VitrineCore
import VitrineFeeds

/// Goes through the records of a feed and puts in what `SameFile` adds.
struct SameFileWriter {
    let rows: FeedRows
    let copy: CopiedFile
    let links: RowLinks
    let fills: Bool
    let file: String
    /// What has been written.
    var count = SameFile.Count()
    /// What could not be.
    private(set) var diagnostics: [Diagnostic] = []
    private var width = 0
    private var filled: Int?
    private var namespace: String?

    init(rows: FeedRows, copy: CopiedFile, links: RowLinks, fills: Bool, file: String) {
        self.rows = rows
        self.copy = copy
        self.links = links
        self.fills = fills
        self.file = file
    }

    /// Writes all records.
    mutating func run() throws(ExportFailure) {
        guard rows.delimiter != nil else {
            while let row = try next() { try writeItem(row) }
            return
        }
        var above: [FeedRow] = []
        while let row = try next() {
            guard width == 0 else {
                try writeRow(row)
                continue
            }
            above.append(row)
            guard row.kind == .header else { continue }
            try take(header: row)
            for row in above { try writeRow(row) }
        }
    }

    private func next() throws(ExportFailure) -> FeedRow? {
        let row: FeedRow?
        do throws(FeedError) {
            row = try rows.next()
        } catch {
            throw ExportFailure(error)
        }
        if let row, try !isWhereItShouldBe(row) {
            throw ExportFailure("the feed cannot be followed byte by byte at line `\(row.line)`; nothing was written")
        }
        return row
    }

    /// Whether a record ends where the file has a line end, its own end, or the tag that closes an item.
    private func isWhereItShouldBe(_ row: FeedRow) throws(ExportFailure) -> Bool {
        if let tag = row.closingTag {
            return RecordUnits(try copy.bytes(tag..<tag + 4), encoding: rows.encoding).values.starts(with: [60, 47])
        }
        guard rows.delimiter != nil else { return true }
        if row.lineEnd.isEmpty { return row.bytes.upperBound == copy.size }
        let units = RecordUnits(try copy.bytes(row.lineEnd), encoding: rows.encoding)
        return units.values.allSatisfy { $0 == 10 || $0 == 13 }
    }

    private mutating func take(header: FeedRow) throws(ExportFailure) {
        width = max(1, header.cells)
        let names = rows.columns.map(VideoColumn.normal)
        if fills {
            filled = VideoColumn.names.lazy.compactMap { names.firstIndex(of: $0) }.first
        } else if names.contains(SameFile.column) {
            throw ExportFailure(
                "the feed has a column `\(SameFile.column)` already",
                hint: "use `--fill` to fill it where it is empty"
            )
        }
    }

    private mutating func writeRow(_ row: FeedRow) throws(ExportFailure) {
        switch row.kind {
        case .preamble: return
        case .blank: if filled == nil, row.cells > 1, row.cells <= width { try append("", to: row) }
        case .label: if filled == nil, row.cells <= width { try append("", to: row) }
        case .header: if filled == nil { try append(SameFile.column, to: row) }
        case .data:
            count.rows += 1
            let link = links.link(product: row.product, variant: row.variant)
            if let filled {
                if let link { try fill(link, at: filled, of: row) }
            } else if row.cells <= width {
                try append(link ?? "", to: row)
                if link != nil { count.links += 1 }
            } else if let link {
                try fill(link, at: width, of: row)
            }
        }
    }

    /// Adds a cell behind the last column of the header.
    private func append(_ value: String, to row: FeedRow) throws(ExportFailure) {
        try append(value, to: row, column: width)
    }

    private func append(_ value: String, to row: FeedRow, column: Int) throws(ExportFailure) {
        let delimiters = String(repeating: delimiter, count: max(1, column - max(1, row.cells) + 1))
        let text = rows.quotes == .always && !value.isEmpty ? "\"\(value)\"" : value
        try copy.insert(encoded(delimiters + text), at: row.bytes.upperBound)
    }

    private mutating func fill(_ link: String, at column: Int, of row: FeedRow) throws(ExportFailure) {
        if row.cells <= column {
            try append(link, to: row, column: column)
            count.links += 1
            return
        }
        let units = RecordUnits(try copy.bytes(row.bytes), encoding: rows.encoding)
        let cells = units.cells(delimiter: rows.delimiter ?? 44)
        guard cells.count == row.cells, let place = units.emptyPlace(in: cells[column]) else {
            if filled == nil {
                diagnostics.append(
                    Diagnostic(
                        .warning,
                        "export.long-row",
                        file: file,
                        line: row.line,
                        "the row has \(row.cells) cells, but the header has \(width); its video link was left out"
                    )
                )
            }
            return
        }
        let text = rows.quotes == .always && !place.isQuoted ? "\"\(link)\"" : link
        try copy.insert(encoded(text), at: row.bytes.lowerBound + place.offset)
        count.links += 1
    }

    private mutating func writeItem(_ row: FeedRow) throws(ExportFailure) {
        count.rows += 1
        let isFirst = namespace == nil
        let link = links.link(product: row.product, variant: row.variant)
        guard isFirst || link != nil else { return }
        let end = row.closingTag ?? row.bytes.upperBound
        let bytes = try copy.bytes(row.bytes.lowerBound..<end)
        let units = RecordUnits(bytes, encoding: rows.encoding)
        if isFirst { namespace = units.contains("xmlns:g=") || units.contains("<g:") ? "g:" : "" }
        guard let link, row.closingTag != nil else { return }
        let name = (namespace ?? "") + SameFile.column
        if fills, units.contains("<\(name)>") || units.contains("<\(name) ") { return }
        let place = units.elementPlace()
        let element = "<\(name)>\(link.replacing("&", with: "&amp;"))</\(name)>"
        try copy.insert(encoded(place.indent + element), at: row.bytes.lowerBound + place.offset)
        count.links += 1
    }

    private var delimiter: String { String(Unicode.Scalar(rows.delimiter ?? 44)) }

    private func encoded(_ text: String) -> [UInt8] { rows.encoding.bytes(of: text) }
}

/// The columns by which feeds name videos.
enum VideoColumn {
    /// Their names in normal form, ours first.
    static let names = [
        "video_link", "video_url", "video[0].url", "product_video_url", "video", "product_video", "videos", "视频", "動画",
    ]

    /// A name in lower case with underscores, without a namespace.
    static func normal(_ name: String) -> String {
        let name = name.lowercased().trimmed
        let local = name.hasPrefix("g:") ? String(name.dropFirst(2)) : name
        return local.replacing(" ", with: "_").replacing("-", with: "_")
    }
}

extension RecordUnits {
    /// Whether the stretch holds this ASCII text.
    func contains(_ text: String) -> Bool {
        let wanted = text.utf8.map { UInt16($0) }
        guard values.count >= wanted.count, let first = wanted.first else { return false }
        return (0...values.count - wanted.count).contains { start in
            values[start] == first && values[start..<start + wanted.count].elementsEqual(wanted)
        }
    }

    /// Behind the last element of an item that ends where the stretch does, and the white space that stands before its elements.
    func elementPlace() -> (offset: Int, indent: String) {
        var end = values.count
        while end > 0, RecordUnits.isSpace(values[end - 1]) { end -= 1 }
        guard end < values.count, values[end...].contains(10) else { return (offsets[values.count], "") }
        var start = end
        while start > 0, values[start - 1] != 10 { start -= 1 }
        var indent = start
        while indent < end, values[indent] == 32 || values[indent] == 9 { indent += 1 }
        let isElement = indent < end && values[indent] == UInt16(UInt8(ascii: "<")) && start > 0
        let margin = isElement ? values[start..<indent] : values[lastLine(from: end)...]
        let newline = values[end...].prefix { $0 == 13 || $0 == 10 }
        let text = (Array(newline.prefix(newline.first == 13 ? 2 : 1)) + margin).compactMap { Unicode.Scalar($0) }
        return (offsets[end], String(String.UnicodeScalarView(text)))
    }

    private func lastLine(from end: Int) -> Int {
        var start = values.count
        while start > end, values[start - 1] != 10 { start -= 1 }
        return start
    }

    private static func isSpace(_ value: UInt16) -> Bool { value == 32 || value == 9 || value == 10 || value == 13 }
}
