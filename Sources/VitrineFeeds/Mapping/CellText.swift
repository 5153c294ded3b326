/// Turns the bytes of cells into values: quotes undoubled, guards against formulas removed, control characters and markup gone.
///
/// One is kept for a whole feed, so that its scratch memory is made once.
final class CellText {
    /// Whether the last text held bytes that are no UTF-8; they were read as Windows-1252.
    var metBadBytes = false
    /// Whether the last text was longer than its limit.
    var metLongText = false
    private var scratch: [UInt8] = []
    private var output: [UInt8] = []

    /// Forgets what was met in the last text, because it has been told.
    func forget() {
        metBadBytes = false
        metLongText = false
    }

    /// The bytes of a cell with its quotes undoubled; good until the next call.
    func withBytes<Value>(_ row: Row, _ place: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
        let bytes = row.bytes(place)
        guard place >= 0, place < row.count, row.cells[place].isEscaped else { return body(trimmed(bytes)) }
        scratch.removeAll(keepingCapacity: true)
        var index = 0
        while index < bytes.count {
            scratch.append(bytes[index])
            let isPair =
                bytes[index] == UInt8(ascii: "\"") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\"")
            index += isPair ? 2 : 1
        }
        return scratch.withUnsafeBufferPointer { body(trimmed($0)) }
    }

    /// A key, a SKU, an address: as it is, without a guarding apostrophe and control characters; nil when empty.
    func exact(_ row: Row, _ place: Int) -> String? {
        guard !row.isEmpty(place) else { return nil }
        return withBytes(row, place) { bytes in
            var bytes = bytes
            if let end = bytes.firstIndex(of: valueDivider) { bytes = UnsafeBufferPointer(rebasing: bytes[..<end]) }
            if bytes.first == apostrophe, bytes.count > 1, bytes.last != apostrophe {
                bytes = trimmed(UnsafeBufferPointer(rebasing: bytes.dropFirst()))
            }
            guard !bytes.isEmpty else { return nil }
            if bytes.contains(where: { $0 < 0x20 || $0 >= 0x7f }) {
                let text = clean(bytes, keepsLines: false, limit: 2000, hasMarkup: false)
                return text.isEmpty ? nil : text
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The first of several columns that has a value.
    func exact(_ row: Row, _ places: [Int]) -> String? {
        for place in places {
            if let text = exact(row, place) { return text }
        }
        return nil
    }

    /// A value of any length, such as a list of articles; nil when empty.
    func exactLong(_ row: Row, _ place: Int) -> String? {
        guard !row.isEmpty(place) else { return nil }
        return withBytes(row, place) { String(decoding: $0, as: UTF8.self) }
    }

    /// Words for people: on one line, without markup; nil when empty.
    func line(_ row: Row, _ place: Int, limit: Int) -> String? {
        guard !row.isEmpty(place) else { return nil }
        return withBytes(row, place) { bytes in line(bytes, limit: limit) }
    }

    /// The same of bytes.
    func line(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> String? {
        var bytes = unguarded(trimmed(bytes))
        if let end = bytes.firstIndex(of: valueDivider) { bytes = UnsafeBufferPointer(rebasing: bytes[..<end]) }
        let text = plain(bytes, limit: limit) ?? clean(bytes, keepsLines: false, limit: limit, hasMarkup: true)
        return text.isEmpty ? nil : text
    }

    /// A text of several lines without markup.
    func paragraphs(_ row: Row, _ place: Int, limit: Int) -> String? {
        guard !row.isEmpty(place) else { return nil }
        return withBytes(row, place) { bytes in
            let bytes = unguarded(bytes)
            let text = plain(bytes, limit: limit) ?? clean(bytes, keepsLines: true, limit: limit, hasMarkup: true)
            return text.isEmpty ? nil : text
        }
    }

    private func plain(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> String? {
        guard bytes.count <= limit else { return nil }
        var previous: UInt8 = 0
        for byte in bytes {
            if byte < 0x20 || byte >= 0x7f || byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&") { return nil }
            if byte == 0x20 && previous == 0x20 { return nil }
            previous = byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func clean(_ bytes: UnsafeBufferPointer<UInt8>, keepsLines: Bool, limit: Int, hasMarkup: Bool) -> String {
        if !CellText.isUTF8(bytes) {
            metBadBytes = true
            let repaired = CellText.windows1252(bytes)
            return repaired.withUnsafeBufferPointer {
                cleanText($0, keepsLines: keepsLines, limit: limit, hasMarkup: hasMarkup)
            }
        }
        return cleanText(bytes, keepsLines: keepsLines, limit: limit, hasMarkup: hasMarkup)
    }

    private func cleanText(_ bytes: UnsafeBufferPointer<UInt8>, keepsLines: Bool, limit: Int, hasMarkup: Bool) -> String
    {
        output.removeAll(keepingCapacity: true)
        var plainText = PlainText(keepsLines: keepsLines, limit: limit, hasMarkup: hasMarkup)
        plainText.write(bytes, to: &output)
        if hasMarkup, plainText.hasDecodedMarkup {
            let once = output
            output.removeAll(keepingCapacity: true)
            once.withUnsafeBufferPointer { plainText.write($0, to: &output) }
        }
        if plainText.isCut { metLongText = true }
        return String(decoding: output, as: UTF8.self)
    }

    private func unguarded(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard bytes.count > 1, bytes[0] == apostrophe else { return bytes }
        switch bytes[1] {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"):
            return UnsafeBufferPointer(rebasing: bytes.dropFirst())
        default: return bytes
        }
    }

    private func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var start = 0
        var end = bytes.count
        while start < end {
            if bytes[start] <= 0x20 {
                start += 1
            } else if bytes[start] == 0xc2, start + 1 < end, bytes[start + 1] == 0xa0 {
                start += 2
            } else if bytes[start] == 0xe3, start + 2 < end, bytes[start + 1] == 0x80, bytes[start + 2] == 0x80 {
                start += 3
            } else {
                break
            }
        }
        while end > start {
            if bytes[end - 1] <= 0x20 {
                end -= 1
            } else if bytes[end - 1] == 0xa0, end - 2 >= start, bytes[end - 2] == 0xc2 {
                end -= 2
            } else if bytes[end - 1] == 0x80, end - 3 >= start, bytes[end - 2] == 0x80, bytes[end - 3] == 0xe3 {
                end -= 3
            } else {
                break
            }
        }
        return UnsafeBufferPointer(rebasing: bytes[start..<end])
    }

    private static func isUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }

    private static func windows1252(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        for byte in bytes {
            let scalar = (0x80..<0xa0).contains(byte) ? highHalf[Int(byte) - 0x80] : UInt32(byte)
            output.append(contentsOf: String(Character(Unicode.Scalar(scalar) ?? "\u{fffd}")).utf8)
        }
        return output
    }

    private static let highHalf: [UInt32] = [
        0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd,
        0x017d,
        0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153,
        0xfffd,
        0x017e, 0x0178,
    ]
}

private let apostrophe = UInt8(ascii: "'")
