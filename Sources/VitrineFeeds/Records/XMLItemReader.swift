import Foundation

/// Reads the items of an RSS, Atom or other flat XML feed one by one, in bounded memory.
///
/// It forgives what feeds get wrong: bare ampersands, HTML's named characters, an item that is never closed.
/// It knows no document type: one that is there is refused, so that no entity can name a file or grow.
final class XMLItemReader {
    /// The element names met so far, in the order of their first meeting; they are the columns.
    private(set) var names: [String] = []
    private(set) var flaws: RecordFlaws = []
    private(set) var flawedCell = 0
    /// Where the closing tag of the last item begins, in bytes of the unpacked file behind its byte order mark; nil if it has none.
    private(set) var closingTag: Int?
    /// Where the last item ends, counted the same way.
    private(set) var originalEnd = 0
    /// Whether the feed ended where its root element did.
    private(set) var isComplete = false
    private let buffer: TextBuffer
    private let itemNames: Set<String>
    private let stream: TextStream?
    private var lastName = 0
    private var line = 1
    private var itemLine = 1
    private var root: String?
    private var values: [UInt8] = []
    private var cells: [Cell] = []
    private var path: [Element] = []

    private struct Element {
        var name: String
        var start: Int
        var hasChildren = false
        var isText: Bool
    }

    init(_ buffer: TextBuffer, items: [String], stream: TextStream? = nil) {
        self.buffer = buffer
        self.stream = stream
        itemNames = Set(items)
    }

    /// The item that was read last, as a row; good until the next call of `next()`.
    func withRow<Value>(_ body: (Row) -> Value) -> Value {
        values.withUnsafeBufferPointer { values in
            cells.withUnsafeBufferPointer { cells in
                var none: UInt8 = 0
                var noCell = Cell(start: 0, end: 0, isEscaped: false)
                return withUnsafePointer(to: &none) { byte in
                    withUnsafePointer(to: &noCell) { cell in
                        body(
                            Row(
                                base: values.baseAddress ?? byte,
                                cells: cells.baseAddress ?? cell,
                                count: cells.count,
                                line: itemLine
                            )
                        )
                    }
                }
            }
        }
    }

    /// Goes on to the next item; false when there is none.
    func next() throws(FeedError) -> Bool {
        values.removeAll(keepingCapacity: true)
        found.removeAll(keepingCapacity: true)
        path.removeAll(keepingCapacity: true)
        flaws = []
        closingTag = nil
        while try ensure(1) {
            if buffer.base[buffer.head] != UInt8(ascii: "<") {
                try readText()
            } else if try starts(with: "<!--") {
                try skip(to: "-->")
            } else if try starts(with: "<![CDATA[") {
                consume(9)
                try readCharacterData()
            } else if try starts(with: "<?") {
                try skip(to: "?>")
            } else if try starts(with: "<!") {
                throw FeedError(
                    .documentType,
                    "the XML has a document type (`<!DOCTYPE`), which is not read",
                    hint: "remove the `<!DOCTYPE …>` from the feed",
                    line: line
                )
            } else if try readTag() {
                finishItem()
                return true
            }
        }
        guard !path.isEmpty else { return false }
        flaws.insert(.cutShort)
        finishItem()
        return true
    }

    private var found: [(column: Int, start: Int, end: Int)] = []

    private func finishItem() {
        path.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        cells.append(contentsOf: repeatElement(Cell(start: 0, end: 0, isEscaped: false), count: names.count))
        for entry in found {
            let cell = cells[entry.column]
            if cell.start == cell.end {
                cells[entry.column] = Cell(start: Int32(entry.start), end: Int32(entry.end), isEscaped: false)
            } else if values.count < FeedLimits.recordBytes {
                let start = values.count
                values.append(contentsOf: values[Int(cell.start)..<Int(cell.end)])
                values.append(valueDivider)
                values.append(contentsOf: values[entry.start..<entry.end])
                cells[entry.column] = Cell(start: Int32(start), end: Int32(values.count), isEscaped: false)
            }
        }
    }

    private func ensure(_ count: Int) throws(FeedError) -> Bool {
        while buffer.tail - buffer.head < count {
            if try !buffer.fill() { return false }
        }
        return true
    }

    private func starts(with text: StaticString) throws(FeedError) -> Bool {
        guard try ensure(text.utf8CodeUnitCount) else { return false }
        return memcmp(buffer.base + buffer.head, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    private func consume(_ count: Int) {
        var place = buffer.base + buffer.head
        let end = place + count
        while let found = memchr(place, 10, place.distance(to: end)) {
            line += 1
            place = found.assumingMemoryBound(to: UInt8.self) + 1
        }
        if let encoding = stream?.encoding, encoding != .utf8 {
            originalEnd += encoding.originalCount(of: UnsafeBufferPointer(rebasing: buffer.text[..<count]))
        } else {
            originalEnd += count
        }
        buffer.head += count
    }

    private func skip(to end: StaticString) throws(FeedError) {
        while try ensure(end.utf8CodeUnitCount) {
            let count = end.utf8CodeUnitCount
            if let place = buffer.text.place(of: end) {
                consume(place + count)
                return
            }
            consume(buffer.tail - buffer.head - count + 1)
            if try !buffer.fill() { break }
        }
        consume(buffer.tail - buffer.head)
    }

    private func readText() throws(FeedError) {
        let text = buffer.text
        var end = text.firstIndex(of: UInt8(ascii: "<")) ?? text.count
        if end == text.count, let reference = text.suffix(12).lastIndex(of: UInt8(ascii: "&")), !buffer.isAtEnd {
            if reference == 0 {
                if try buffer.fill() { return }
            } else {
                end = reference
            }
        }
        if !path.isEmpty {
            let run = UnsafeBufferPointer(rebasing: buffer.text[0..<end])
            var index = 0
            while index < run.count {
                let next = run[index...].firstIndex(of: UInt8(ascii: "&")) ?? run.count
                append(UnsafeBufferPointer(rebasing: run[index..<next]))
                index = next
                guard index < run.count else { break }
                if let entity = Entities.character(at: index, in: run) {
                    append(utf8: entity.scalar)
                    index += entity.length
                } else {
                    append(run[index])
                    index += 1
                }
            }
        }
        consume(end)
    }

    private func readCharacterData() throws(FeedError) {
        while try ensure(3) {
            let text = buffer.text
            let end = text.place(of: "]]>")
            let count = end ?? text.count - 2
            if !path.isEmpty { append(UnsafeBufferPointer(rebasing: text[0..<count])) }
            consume(count)
            if end != nil {
                consume(3)
                return
            }
        }
        consume(buffer.tail - buffer.head)
    }

    private func append(_ byte: UInt8) {
        guard values.count < FeedLimits.recordBytes, let start = path.last?.start,
            values.count - start <= FeedLimits.cellBytes
        else {
            flaws.insert(.tooLong)
            return
        }
        values.append(byte)
    }

    private func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard values.count + bytes.count < FeedLimits.recordBytes, let start = path.last?.start,
            values.count + bytes.count - start <= FeedLimits.cellBytes
        else {
            flaws.insert(.tooLong)
            return
        }
        values.append(contentsOf: bytes)
    }

    private func append(utf8 scalar: Unicode.Scalar) {
        for byte in String(Character(scalar)).utf8 { append(byte) }
    }

    /// Reads a tag; true when an item has ended with it, or before it because it begins another.
    private func readTag() throws(FeedError) -> Bool {
        guard let length = try tagLength() else {
            consume(buffer.tail - buffer.head)
            return false
        }
        let tag = UnsafeBufferPointer(rebasing: buffer.text[0..<length])
        let isClosing = tag.count > 1 && tag[1] == UInt8(ascii: "/")
        let isEmpty = tag.count > 2 && tag[tag.count - 2] == UInt8(ascii: "/")
        let name = XMLItemReader.name(in: tag, from: isClosing ? 2 : 1)
        let local = name.split(separator: ":").last.map(String.init) ?? name
        if path.isEmpty {
            if !isClosing, root == nil { root = name }
            if isClosing, name == root { isComplete = true }
            if !isClosing, !isEmpty, itemNames.contains(local) {
                itemLine = line
                path.append(Element(name: "", start: 0, isText: false))
            }
            consume(length)
            return false
        }
        if itemNames.contains(local), isClosing || path.count == 1 {
            if isClosing {
                closingTag = originalEnd
                consume(length)
            } else {
                flaws.insert(.cutShort)
            }
            return true
        }
        if isClosing {
            close()
        } else {
            open(name, local: local, tag: tag, isEmpty: isEmpty)
        }
        consume(length)
        return false
    }

    private func open(_ name: String, local: String, tag: UnsafeBufferPointer<UInt8>, isEmpty: Bool) {
        if path.count > 1, path[1].isText {
            if !isEmpty { path.append(Element(name: name, start: path[1].start, isText: true)) }
            append(UInt8(ascii: " "))
            return
        }
        path[path.count - 1].hasChildren = true
        if path.count > 1 { values.removeLast(values.count - path[path.count - 1].start) }
        let full = path.count == 1 ? name : path[path.count - 1].name + " " + local
        path.append(
            Element(name: full, start: values.count, isText: path.count == 1 && XMLItemReader.texts.contains(local))
        )
        if local == "link", let address = XMLItemReader.attribute("href", in: tag) {
            let relation = XMLItemReader.attribute("rel", in: tag) ?? "alternate"
            if relation == "alternate" { for byte in address.utf8 { append(byte) } }
        }
        if isEmpty { close() }
    }

    private func close() {
        guard path.count > 1, let element = path.popLast() else { return }
        if path.count > 1, path[1].isText {
            append(UInt8(ascii: " "))
            return
        }
        guard !element.hasChildren, path.count <= 3 else { return }
        var start = element.start
        var end = values.count
        while start < end, XMLItemReader.isSpace(values[start]) { start += 1 }
        while end > start, XMLItemReader.isSpace(values[end - 1]) { end -= 1 }
        guard start < end, let column = column(named: element.name) else { return }
        found.append((column, start, end))
    }

    private func column(named name: String) -> Int? {
        let count = names.count
        for step in 0..<count {
            let index = (lastName + step) % count
            if names[index] == name {
                lastName = index
                return index
            }
        }
        guard count < FeedLimits.cells else { return nil }
        names.append(name)
        lastName = count
        return count
    }

    private func tagLength() throws(FeedError) -> Int? {
        var index = 1
        var quote: UInt8 = 0
        while true {
            while buffer.head + index < buffer.tail {
                let byte = buffer.base[buffer.head + index]
                if quote != 0 {
                    if byte == quote { quote = 0 }
                } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                    quote = byte
                } else if byte == UInt8(ascii: ">") {
                    return index + 1
                }
                index += 1
            }
            guard index < 64 << 10, try buffer.fill() else { return nil }
        }
    }

    private static let texts: Set<String> = ["description", "content", "summary", "title", "encoded"]

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private static func name(in tag: UnsafeBufferPointer<UInt8>, from start: Int) -> String {
        let name = tag[start...].prefix { !isSpace($0) && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ">") }
        return String(decoding: name, as: UTF8.self)
    }

    private static func attribute(_ name: String, in tag: UnsafeBufferPointer<UInt8>) -> String? {
        let text = String(decoding: tag, as: UTF8.self)
        guard let place = text.range(of: " \(name)=") else { return nil }
        let rest = text[place.upperBound...]
        guard let mark = rest.first, mark == "\"" || mark == "'" else { return nil }
        return String(rest.dropFirst().prefix { $0 != mark }).replacing("&amp;", with: "&")
    }
}
