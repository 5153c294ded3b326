import VitrineCore

/// Walks a feed record by record and hands its rows to the assembler: what `FeedReader` and `FeedRows` have in common.
final class FeedScanner {
    /// What a record is.
    enum Step {
        case above
        case header
        case blank
        case data
    }

    let profile: FeedProfile
    let stream: TextStream
    let buffer: TextBuffer
    let assembler: ProductAssembler
    let table: RecordReader?
    let items: XMLItemReader?
    /// How many records have been read, with those above the header and the blank ones.
    private(set) var ordinal = 0
    private let options: FeedOptions
    private let recordsAbove: Int
    private var names: [String] = []
    private var shortRows = (count: 0, line: 0, cells: 0)
    private var firstBlank = 0
    private var toldEncoding = false

    init(fileAt path: String, options: FeedOptions) throws(FeedError) {
        self.options = options
        let source = try ByteSource(path: path)
        stream = try TextStream(source)
        buffer = TextBuffer(stream)
        while buffer.tail < 64 << 10, try buffer.fill() {}
        let found = try FeedDetector.detect(buffer, options)
        profile = found.profile
        recordsAbove = found.recordsAbove
        table = found.delimiter.map { [buffer] in RecordReader(buffer, delimiter: $0) }
        items = found.delimiter == nil ? XMLItemReader(buffer, items: found.profile.items, stream: stream) : nil
        assembler = ProductAssembler(RowMapper(found.profile, options: options, names: []))
        if !source.otherFiles.isEmpty {
            let names = source.otherFiles.prefix(5).map { "`\($0)`" }.joined(separator: ", ")
            report(.note, .otherFiles, nil, "the archive holds other files too, which were not read: \(names)")
        }
    }

    /// Reads one record; nil when there is none.
    func step() throws(FeedError) -> Step? {
        if let table {
            guard try table.next() else { return nil }
            defer { ordinal += 1 }
            return try take(table)
        }
        guard let items, try items.next() else { return nil }
        ordinal += 1
        try take(items)
        return .data
    }

    /// Ends the reading: gives out what is open, and says what there is to say of the whole feed.
    func end() {
        assembler.end()
        if shortRows.count > 0 {
            report(
                .note,
                .shortRows,
                nil,
                "\(shortRows.count == 1 ? "1 row has" : "\(shortRows.count) rows have") fewer cells than the header, the first in line \(shortRows.line) "
                    + "(\(shortRows.cells) of \(names.count)); the missing ones were read as empty"
            )
        }
        if assembler.counts.blankRows > 0 {
            report(
                .note,
                .blankRows,
                nil,
                "\(assembler.counts.blankRows == 1 ? "1 blank row was" : "\(assembler.counts.blankRows) blank rows were") passed over, the first in line \(firstBlank)"
            )
        }
        if assembler.counts.rows == 0 {
            report(.warning, .noRows, nil, "the feed has a header, but no products below it")
        }
        if let items, !items.isComplete, assembler.counts.rows > 0 {
            report(
                .error,
                .cutShort,
                nil,
                "the XML ends before its last element is closed; products behind that are missing",
                hint: "export or download the feed again"
            )
        }
    }

    /// Says once that the feed is in another encoding than UTF-8, as soon as that is known.
    func tellEncoding() {
        guard !toldEncoding, let encoding = stream.encoding, encoding != .utf8 else { return }
        toldEncoding = true
        report(.note, .encoding, nil, "the feed was read as \(encoding.rawValue)")
    }

    private func take(_ table: RecordReader) throws(FeedError) -> Step {
        let row = table.row
        if ordinal < recordsAbove { return .above }
        if ordinal == recordsAbove {
            bind(FeedDetector.names(of: row, assembler.mapper.text))
            return .header
        }
        if ordinal <= recordsAbove + profile.labelsBelow { return .above }
        if table.flaws.contains(.tooLong) {
            try countRow()
            let limit = table.count == 0 ? FeedLimits.recordBytes : FeedLimits.cellBytes
            let what = table.count == 0 ? "the row" : "a cell"
            let message = "\(what) is longer than \(limit >> 20) MB; the row was left out"
            assembler.counts.rows += 1
            assembler.skip(row, ordinal, .error, .cellTooLong, table.count == 0 ? nil : table.flawedCell, message)
            return .data
        }
        if row.isBlank {
            if assembler.counts.blankRows == 0 { firstBlank = row.line }
            assembler.counts.blankRows += 1
            return .blank
        }
        try countRow()
        noteShape(row, table)
        assembler.take(row, ordinal: ordinal)
        return .data
    }

    private func noteShape(_ row: Row, _ table: RecordReader) {
        if table.flaws.contains(.unclosedQuote) {
            assembler.mapper.report(
                .warning,
                .unclosedQuote,
                row,
                table.flawedCell,
                "a quote opens the cell and is never closed; it was read as ending at the next delimiter",
                hint: "close the quote, and double quotes inside of cells"
            )
        }
        if row.count > names.count, (names.count..<row.count).contains(where: { !row.isEmpty($0) }) {
            assembler.mapper.report(
                .warning,
                .extraCells,
                row,
                nil,
                "the row has \(row.count) cells, but the header has \(names.count); values may stand in the wrong columns",
                hint: "put cells that hold the delimiter between quotes"
            )
        } else if row.count < names.count {
            if shortRows.count == 0 { shortRows = (0, row.line, row.count) }
            shortRows.count += 1
        }
    }

    private func take(_ items: XMLItemReader) throws(FeedError) {
        try countRow()
        if items.names.count != names.count {
            let isFirst = names.isEmpty
            names = items.names
            assembler.mapper.bind(names: names)
            if isFirst { checkColumns() }
        }
        let flaws = items.flaws
        items.withRow { row in
            if flaws.contains(.tooLong) {
                assembler.counts.rows += 1
                let message = "an element is longer than \(FeedLimits.cellBytes >> 20) MB; the item was left out"
                assembler.skip(row, ordinal - 1, .error, .cellTooLong, nil, message)
                return
            }
            if flaws.contains(.cutShort) {
                let message = "the item is never closed; it was read up to where the next one or the end stands"
                assembler.mapper.report(.warning, .cutShort, row, nil, message)
            }
            assembler.take(row, ordinal: ordinal - 1)
        }
    }

    private func countRow() throws(FeedError) {
        guard assembler.counts.rows < FeedLimits.rows else {
            throw FeedError(
                .tooManyRows,
                "the feed has more than \(FeedLimits.rows) rows",
                hint: "split it into several feeds",
                line: table?.line
            )
        }
    }

    private func bind(_ header: [String]) {
        names = header
        while names.last?.isEmpty == true { names.removeLast() }
        assembler.mapper.bind(names: names)
        var seen = Set<String>()
        for name in names where !name.isEmpty {
            let normal = HeaderName.normal(name)
            guard !seen.insert(normal).inserted else { continue }
            report(
                .warning,
                .repeatedColumn,
                name,
                "two columns are called `\(name)`; the first that is not empty counts",
                hint: "rename one of them"
            )
        }
        checkColumns()
    }

    private func checkColumns() {
        let columns = assembler.mapper.columns
        if columns[.image].isEmpty, columns[.variantImage].isEmpty {
            report(
                .warning,
                .noPictureColumn,
                nil,
                "no column names pictures, so no video can be made",
                hint: "export the feed with its pictures, or give a mapping with `--map`"
            )
        }
        guard profile.isMap else { return }
        let known = names.map { HeaderName.normal($0) }
        for name in profile.namedColumns where !known.contains(where: { HeaderName.number(of: $0, in: name) != nil }) {
            report(
                .warning,
                .missingColumn,
                name,
                "the mapping names the column `\(name)`, which the feed does not have",
                hint: "correct the name in the mapping, or remove it"
            )
        }
    }

    private func report(
        _ severity: Diagnostic.Severity,
        _ code: FeedDiagnosticCode,
        _ field: String?,
        _ message: String,
        hint: String? = nil
    ) {
        let line = field == nil ? nil : table?.line
        assembler.diagnostics.append(
            Diagnostic(severity, code.rawValue, file: options.file, line: line, field: field, message, hint: hint)
        )
    }
}
