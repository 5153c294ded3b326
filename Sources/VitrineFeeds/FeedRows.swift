import Foundation

/// One record of a feed as it stands in the file, for whoever writes the same file again with something added.
public struct FeedRow: Hashable, Sendable {
    /// What a record is.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Above the header, and no row of cells: a comment, `sep=;`.
        case preamble
        /// Above or right below the header, one cell a column: labels for people.
        case label
        /// The header.
        case header
        /// A product, a variant, a picture; in XML an item.
        case data
        /// Nothing in any cell.
        case blank
    }

    /// What it is.
    public var kind: Kind
    /// Its bytes in the unpacked file, without the line end; in XML from behind the item before it to its end.
    public var bytes: Range<Int>
    /// Its line end; empty at the end of a file that has none there, and in XML.
    public var lineEnd: Range<Int>
    /// The line where it begins, counted from 1.
    public var line: Int
    /// How many cells it has; in XML how many elements are known.
    public var cells: Int
    /// The key of the product that it describes; nil when it was left out or describes none.
    public var product: String?
    /// The key of the variant that it describes; nil when it describes the product alone.
    public var variant: String?
    /// Where the closing tag of an XML item begins; nil in a table.
    public var closingTag: Int?
}

/// Walks the records of a feed from its start to its end, in file order, as `FeedReader` reads them; to be used by one task.
public final class FeedRows {
    /// Which cells of a table stand between quotes.
    public enum Quotes: String, Hashable, Sendable, CaseIterable {
        /// All of them.
        case always
        /// Those that must.
        case whereNeeded
    }

    private let scanner: FeedScanner
    private let ledger = RowLedger()
    private var pending: [(ordinal: Int, row: FeedRow)] = []
    private var head = 0
    private var hasEnded = false
    private var offset = 0
    private var headerQuotes = Quotes.whereNeeded

    /// Opens a feed as `FeedReader` does.
    ///
    /// The options must be those of its import, so that the keys are the same.
    public init(fileAt path: String, options: FeedOptions) throws(FeedError) {
        scanner = try FeedScanner(fileAt: path, options: options)
        scanner.assembler.ledger = ledger
        offset = scanner.stream.markLength
    }

    /// The name of the format, or of the mapping.
    public var format: String { scanner.profile.name }

    /// The byte between cells; nil for XML.
    public var delimiter: UInt8? { scanner.table?.delimiter }

    /// How the characters are written; known for certain at the end.
    public var encoding: TextEncoding { scanner.stream.encoding ?? .utf8 }

    /// How many bytes the byte order mark takes at the start of the file.
    public var markLength: Int { scanner.stream.markLength }

    /// The columns as the header names them, once it has been given out.
    public var columns: [String] { scanner.assembler.mapper.columns.names }

    /// Which cells of the header stand between quotes, once it has been given out.
    public var quotes: Quotes { headerQuotes }

    /// The next record; nil at the end.
    ///
    /// It comes when its keys are settled, so a product is read to its end first.
    public func next() throws(FeedError) -> FeedRow? {
        while true {
            if head < pending.count, let row = settled(pending[head]) {
                head += 1
                if head > 4096 {
                    pending.removeFirst(head)
                    head = 0
                }
                return row
            }
            if hasEnded { return nil }
            try read()
            scanner.assembler.ready.removeAll(keepingCapacity: true)
            scanner.assembler.diagnostics.removeAll(keepingCapacity: true)
        }
    }

    private func settled(_ entry: (ordinal: Int, row: FeedRow)) -> FeedRow? {
        guard entry.row.kind == .data else { return entry.row }
        var row = entry.row
        switch ledger.take(entry.ordinal) {
        case .taken(let keys):
            row.product = keys.product
            row.variant = keys.variant
        case .leftOut: break
        case nil: return hasEnded ? row : nil
        }
        return row
    }

    private func read() throws(FeedError) {
        guard let step = try scanner.step() else {
            hasEnded = true
            scanner.end()
            return
        }
        let row = scanner.table.map { self.row(of: $0, step) } ?? itemRow()
        pending.append((scanner.ordinal - 1, row))
    }

    private func row(of table: RecordReader, _ step: FeedScanner.Step) -> FeedRow {
        let encoding = scanner.stream.encoding ?? .utf8
        let text = table.recordText
        let contentLength = text.count - table.lineEndLength
        let content = encoding.originalCount(of: UnsafeBufferPointer(rebasing: text[..<contentLength]))
        let end = encoding.originalCount(of: UnsafeBufferPointer(rebasing: text[contentLength...]))
        let start = offset
        offset += content + end
        let kind: FeedRow.Kind
        switch step {
        case .data: kind = .data
        case .blank: kind = .blank
        case .header:
            kind = .header
            let isQuoted = (0..<table.count).allSatisfy { index in
                let bytes = table.row.bytes(index)
                guard let base = bytes.baseAddress, table.row.base < base else { return false }
                return (base - 1).pointee == UInt8(ascii: "\"")
            }
            headerQuotes = isQuoted && table.count > 0 ? .always : .whereNeeded
        case .above:
            let filled = (0..<table.count).count { !table.row.isEmpty($0) }
            kind = filled == 0 ? .blank : filled > 1 ? .label : .preamble
        }
        return FeedRow(
            kind: kind,
            bytes: start..<start + content,
            lineEnd: start + content..<start + content + end,
            line: table.line,
            cells: table.count
        )
    }

    private func itemRow() -> FeedRow {
        let start = offset
        let mark = scanner.stream.markLength
        let end = (scanner.items?.originalEnd ?? 0) + mark
        offset = end
        return FeedRow(
            kind: .data,
            bytes: start..<max(start, end),
            lineEnd: end..<end,
            line: scanner.items?.withRow { $0.line } ?? 1,
            cells: scanner.items?.names.count ?? 0,
            closingTag: scanner.items?.closingTag.map { $0 + mark }
        )
    }
}
