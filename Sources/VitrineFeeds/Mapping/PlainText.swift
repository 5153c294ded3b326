/// Writes text without markup, control characters and runs of spaces, up to a limit of characters.
struct PlainText {
    /// Whether a named `<` came out, so that there may be markup in what was written.
    private(set) var hasDecodedMarkup = false
    /// Whether something was left out at the end.
    private(set) var isCut = false
    private let keepsLines: Bool
    private let limit: Int
    private let hasMarkup: Bool
    private var written = 0
    private var pending: UInt8 = 0

    init(keepsLines: Bool, limit: Int, hasMarkup: Bool) {
        self.keepsLines = keepsLines
        self.limit = limit
        self.hasMarkup = hasMarkup
    }

    mutating func write(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        written = 0
        pending = 0
        isCut = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte <= 0x20 || byte == 0x7f {
                space(byte == 10 || byte == 13 ? 10 : 32)
                index += 1
            } else if byte == UInt8(ascii: "<"), hasMarkup, let length = tag(at: index, in: bytes) {
                index += length
            } else if byte == UInt8(ascii: "&"), hasMarkup, let entity = Entities.character(at: index, in: bytes) {
                index += entity.length
                put(entity.scalar, to: &output)
            } else if byte < 0x80 {
                guard begin(&output) else { return }
                output.append(byte)
                index += 1
            } else {
                let length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
                let end = min(bytes.count, index + length)
                if !isStripped(bytes, index, end) {
                    guard begin(&output) else { return }
                    output.append(contentsOf: bytes[index..<end])
                }
                index = end
            }
        }
    }

    private mutating func space(_ byte: UInt8) {
        guard written > 0 else { return }
        if byte == 10 && keepsLines { pending = 10 } else if pending == 0 { pending = 32 }
    }

    private mutating func begin(_ output: inout [UInt8]) -> Bool {
        if pending != 0 {
            guard written + 1 < limit else {
                isCut = true
                return false
            }
            output.append(pending)
            written += 1
            pending = 0
        }
        guard written < limit else {
            isCut = true
            return false
        }
        written += 1
        return true
    }

    private mutating func put(_ scalar: Unicode.Scalar, to output: inout [UInt8]) {
        switch scalar.value {
        case 0..<0x21, 0x7f...0xa0: space(32)
        case 0xad, 0xfeff, 0x202a...0x202e, 0x2066...0x2069: break
        default:
            if scalar == "<" { hasDecodedMarkup = true }
            if begin(&output) { output.append(contentsOf: String(Character(scalar)).utf8) }
        }
    }

    /// C1 controls, byte order marks and marks that turn the direction of text round; no-break spaces become spaces.
    private mutating func isStripped(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ end: Int) -> Bool {
        switch bytes[index] {
        case 0xc2:
            guard end - index == 2, bytes[index + 1] <= 0xa0 else { return false }
            space(32)
            return true
        case 0xe2:
            guard end - index == 3 else { return false }
            let rest = (bytes[index + 1], bytes[index + 2])
            if rest.0 == 0x80 && (rest.1 == 0xa8 || rest.1 == 0xa9) {
                space(10)
                return true
            }
            return (rest.0 == 0x80 && (0xaa...0xae).contains(rest.1))
                || (rest.0 == 0x81 && (0xa6...0xa9).contains(rest.1))
        case 0xef:
            return end - index == 3 && bytes[index + 1] == 0xbb && bytes[index + 2] == 0xbf
        default:
            return false
        }
    }

    /// How long the tag is that begins here; nil if it is none.
    private mutating func tag(at start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard start + 1 < bytes.count else { return nil }
        var index = start + 1
        let isClosing = bytes[index] == UInt8(ascii: "/")
        if isClosing { index += 1 }
        if !isClosing, bytes[index] == UInt8(ascii: "!") || bytes[index] == UInt8(ascii: "?") {
            guard let end = bytes[index...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
            return end - start + 1
        }
        let nameStart = index
        while index < bytes.count, PlainText.isLetter(bytes[index]) || (48...57).contains(bytes[index]) { index += 1 }
        guard index > nameStart, index - nameStart < 20, PlainText.isLetter(bytes[nameStart]) else { return nil }
        guard let end = bytes[index..<min(bytes.count, index + 4000)].firstIndex(of: UInt8(ascii: ">")) else {
            return nil
        }
        let name = String(decoding: bytes[nameStart..<index], as: UTF8.self).lowercased()
        if !isClosing, name == "script" || name == "style", bytes[end - 1] != UInt8(ascii: "/") {
            return PlainText.end(of: name, in: bytes, from: end) - start
        }
        if PlainText.blocks.contains(name) { space(10) } else if PlainText.cells.contains(name) { space(32) }
        return end - start + 1
    }

    private static func end(of name: String, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index + name.utf8.count + 2 < bytes.count {
            if bytes[index] == UInt8(ascii: "<"), bytes[index + 1] == UInt8(ascii: "/") {
                let found = String(decoding: bytes[index + 2..<index + 2 + name.utf8.count], as: UTF8.self)
                if found.lowercased() == name {
                    return (bytes[index...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1) + 1
                }
            }
            index += 1
        }
        return bytes.count
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }

    private static let blocks: Set<String> = [
        "br", "p", "div", "li", "tr", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section",
        "article", "dt",
        "dd", "blockquote", "pre", "thead", "tbody",
    ]

    private static let cells: Set<String> = ["td", "th", "img"]
}
