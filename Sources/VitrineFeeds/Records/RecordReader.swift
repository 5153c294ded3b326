import Foundation

/// Divides the text of a table into records and cells: any delimiter, quotes doubled or stray, line ends of any kind.
///
/// It scans bytes in place and makes no strings. A quote that is never closed costs its own cell, not the rest of the feed.
final class RecordReader {
    let buffer: TextBuffer
    let delimiter: UInt8
    /// The cell in which a flaw was found.
    private(set) var flawedCell = 0
    private(set) var flaws: RecordFlaws = []
    /// How long the record is, with its line end, and that line end alone; in bytes of UTF-8.
    private(set) var length = 0
    private(set) var lineEndLength = 0
    private(set) var count = 0
    private(set) var line = 1
    private let cells: UnsafeMutablePointer<Cell>
    private var lines = 0
    private var literalQuotes: [Int] = []

    init(_ buffer: TextBuffer, delimiter: UInt8) {
        self.buffer = buffer
        self.delimiter = delimiter
        cells = .allocate(capacity: FeedLimits.cells)
    }

    deinit {
        cells.deallocate()
    }

    /// The record that was read last.
    var row: Row {
        Row(base: UnsafePointer(buffer.base + buffer.head), cells: UnsafePointer(cells), count: count, line: line)
    }

    /// All of its bytes, with the line end.
    var recordText: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: buffer.base + buffer.head, count: length) }

    /// Goes on to the next record; false when there is none.
    func next() throws(FeedError) -> Bool {
        buffer.head += length
        line += lines
        length = 0
        lines = 0
        flaws = []
        literalQuotes.removeAll(keepingCapacity: true)
        while true {
            switch parse() {
            case .record: return true
            case .end: return false
            case .again: continue
            case .more:
                if buffer.tail - buffer.head > FeedLimits.recordBytes { return try skipLine() }
                let wanted = 2 * (buffer.tail - buffer.head)
                while try buffer.fill(), buffer.tail - buffer.head < wanted {}
            }
        }
    }

    private enum Outcome {
        case record
        case more
        case again
        case end
    }

    private func parse() -> Outcome {
        let text = buffer.base + buffer.head
        let limit = buffer.tail - buffer.head
        let atEnd = buffer.isAtEnd
        guard limit > 0 else { return atEnd ? .end : .more }
        var position = skipMark(text, limit)
        var stored = 0
        var newlines = 0
        while true {
            var first = position
            while first < limit, isBlank(text[first]) { first += 1 }
            if first == limit && !atEnd { return .more }
            var cell: Cell
            if first < limit, text[first] == quote, !literalQuotes.contains(first) {
                switch quoted(text, first, limit, atEnd) {
                case .closed(let end, let after, let escaped):
                    cell = Cell(start: Int32(first + 1), end: Int32(end), isEscaped: escaped)
                    newlines += lineCount(text, first, end)
                    position = after
                case .more: return .more
                case .unclosed(let isFlaw):
                    literalQuotes.append(first)
                    if isFlaw {
                        flaws.insert(.unclosedQuote)
                        flawedCell = stored
                    }
                    return .again
                }
            } else {
                var end = first
                let mark = delimiter
                while end < limit {
                    let byte = text[end]
                    if byte == mark || byte == newline || byte == carriageReturn { break }
                    end &+= 1
                }
                if end == limit && !atEnd { return .more }
                position = end
                let isFlawed = first < limit && text[first] == quote && flaws.contains(.unclosedQuote)
                while end > first, isBlank(text[end - 1]) { end -= 1 }
                cell = Cell(
                    start: Int32(isFlawed ? first + 1 : first),
                    end: Int32(max(end, isFlawed ? first + 1 : first)),
                    isEscaped: false
                )
            }
            if Int(cell.end - cell.start) > FeedLimits.cellBytes && !flaws.contains(.tooLong) {
                flaws.insert(.tooLong)
                flawedCell = stored
            }
            if stored < FeedLimits.cells {
                cells[stored] = cell
                stored += 1
            }
            if position < limit, text[position] == delimiter {
                position += 1
                if position == limit && !atEnd { return .more }
                continue
            }
            if position < limit, text[position] == carriageReturn, position + 1 == limit, !atEnd { return .more }
            return finish(text, position, limit, stored, newlines)
        }
    }

    private func finish(
        _ text: UnsafeMutablePointer<UInt8>,
        _ position: Int,
        _ limit: Int,
        _ stored: Int,
        _ newlines: Int
    ) -> Outcome {
        lineEndLength = 0
        if position < limit {
            let isPair = text[position] == carriageReturn && position + 1 < limit && text[position + 1] == newline
            lineEndLength = isPair ? 2 : 1
        }
        length = position + lineEndLength
        lines = newlines + (lineEndLength > 0 ? 1 : 0)
        count = stored
        return .record
    }

    private enum Quoted {
        case closed(end: Int, after: Int, escaped: Bool)
        case more
        case unclosed(isFlaw: Bool)
    }

    private func quoted(_ text: UnsafeMutablePointer<UInt8>, _ first: Int, _ limit: Int, _ atEnd: Bool) -> Quoted {
        var from = first + 1
        var escaped = false
        while true {
            guard from <= limit, let found = memchr(text + from, Int32(quote), limit - from) else {
                let isTooLong = limit - first > FeedLimits.cellBytes && lineCount(text, first, limit) > 0
                return atEnd || isTooLong ? .unclosed(isFlaw: true) : .more
            }
            let place = text.distance(to: found.assumingMemoryBound(to: UInt8.self))
            if place + 1 < limit, text[place + 1] == quote {
                escaped = true
                from = place + 2
                continue
            }
            var after = place + 1
            while after < limit, isBlank(text[after]) { after += 1 }
            if after == limit {
                return atEnd ? .closed(end: place, after: after, escaped: escaped) : .more
            }
            let byte = text[after]
            if byte == delimiter || byte == newline || byte == carriageReturn {
                return .closed(end: place, after: after, escaped: escaped)
            }
            if delimiter == tab { return .unclosed(isFlaw: false) }
            if opensCell(text, place, first), lineCount(text, first, place) > 0 { return .unclosed(isFlaw: true) }
            escaped = true
            from = place + 1
        }
    }

    private func opensCell(_ text: UnsafeMutablePointer<UInt8>, _ place: Int, _ first: Int) -> Bool {
        var before = place - 1
        while before > first, isBlank(text[before]) { before -= 1 }
        return before > first
            && (text[before] == delimiter || text[before] == newline || text[before] == carriageReturn)
    }

    private func skipLine() throws(FeedError) -> Bool {
        flaws = .tooLong
        flawedCell = 0
        count = 0
        lines = 0
        length = 0
        while true {
            let text = buffer.text
            if let end = text.firstIndex(of: newline) {
                length = end + 1
                lineEndLength = 1
                lines = 1
                return true
            }
            buffer.head = buffer.tail
            if try !buffer.fill() { return true }
        }
    }

    private func skipMark(_ text: UnsafeMutablePointer<UInt8>, _ limit: Int) -> Int {
        guard line <= FeedLimits.headerRecords else { return 0 }
        var place = 0
        while place < limit, isBlank(text[place]) || text[place] == delimiter { place += 1 }
        let isMark = place + 2 < limit && text[place] == 0xef && text[place + 1] == 0xbb && text[place + 2] == 0xbf
        return isMark ? place + 3 : 0
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte == tab && delimiter != tab)
    }

    private func lineCount(_ text: UnsafeMutablePointer<UInt8>, _ from: Int, _ to: Int) -> Int {
        var count = 0
        var place = from
        while place < to, let found = memchr(text + place, Int32(newline), to - place) {
            count += 1
            place = text.distance(to: found.assumingMemoryBound(to: UInt8.self)) + 1
        }
        return count
    }
}

private let quote = UInt8(ascii: "\"")
private let newline: UInt8 = 10
private let carriageReturn: UInt8 = 13
private let tab: UInt8 = 9
