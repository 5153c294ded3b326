import Foundation

/// Text as it is compared: lower case, without accents, words parted by one space.
struct FoldedText: Hashable, Sendable {
    /// The words in UTF-8, with a space before and after each; empty when there is no word.
    let bytes: [UInt8]

    init(_ text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 2)
        bytes.append(space)
        var text = text
        let isPlain = text.withUTF8 { buffer in
            for byte in buffer {
                if byte >= 0x80 { return false }
                FoldedText.appendASCII(byte, to: &bytes)
            }
            return true
        }
        if !isPlain {
            bytes.removeAll(keepingCapacity: true)
            bytes.append(space)
            for scalar in text.unicodeScalars {
                if scalar.value < 0x80 {
                    FoldedText.appendASCII(UInt8(scalar.value), to: &bytes)
                } else {
                    ScalarFolding.append(scalar, to: &bytes)
                }
            }
        }
        if bytes.last != space { bytes.append(space) }
        self.bytes = bytes.count == 1 ? [] : bytes
    }

    /// The words.
    var words: [ArraySlice<UInt8>] { bytes.split(separator: space) }

    /// The words that tell something, written together: how categories are looked up.
    var key: [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(bytes.count)
        for word in words where !FoldedText.connectors.contains(Array(word)) { key += word }
        return key.isEmpty ? words.flatMap { $0 } : key
    }

    /// It without the space at its ends.
    var text: String { String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self) }

    /// Whether the other stands in it: whole words, or any part where a script does not part its words.
    func contains(_ other: FoldedText) -> Bool {
        guard !other.bytes.isEmpty else { return false }
        if other.hasUnpartedScript { return contains(other.bytes.dropFirst().dropLast()) }
        return contains(other.bytes[...])
    }

    /// Whether some of it is in a script that does not part its words.
    var hasUnpartedScript: Bool {
        bytes.contains { $0 >= 0xE0 } && text.unicodeScalars.contains(where: FoldedText.isUnparted)
    }

    static func isUnparted(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xAC00...0xD7AF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }

    private func contains(_ needle: ArraySlice<UInt8>) -> Bool {
        let count = needle.count
        guard count > 0, bytes.count >= count, let first = needle.first else { return false }
        return bytes.withUnsafeBufferPointer { hay in
            needle.withUnsafeBufferPointer { needle in
                var start = 0
                let last = hay.count - count
                while start <= last {
                    if hay[start] == first {
                        var index = 1
                        while index < count, hay[start + index] == needle[index] { index += 1 }
                        if index == count { return true }
                    }
                    start += 1
                }
                return false
            }
        }
    }

    private static func appendASCII(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case 0x61...0x7A, 0x30...0x39: bytes.append(byte)
        case 0x41...0x5A: bytes.append(byte | 0x20)
        case 0x27: break
        default: if bytes.last != space { bytes.append(space) }
        }
    }

    private static let connectors: Set<[UInt8]> = Set(
        ["and", "und", "et", "y", "oraz", "ve", "и", "en"].map { Array($0.utf8) }
    )
}

private let space: UInt8 = 0x20

/// How one letter beyond ASCII is compared.
private enum ScalarFolding {
    static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar.value {
        case 0x80..<UInt32(table.count): add(table[Int(scalar.value)], to: &bytes)
        case 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0x3041...0x3096, 0x30A1...0x30FA, 0x30FC:
            bytes += Array(UTF8.encode(scalar) ?? .init())
        case 0xFF10...0xFF19, 0xFF41...0xFF5A: bytes.append(UInt8(scalar.value - 0xFEE0))
        case 0xFF21...0xFF3A: bytes.append(UInt8(scalar.value - 0xFEE0) | 0x20)
        default: add(fold(scalar), to: &bytes)
        }
    }

    private static func add(_ folded: [UInt8]?, to bytes: inout [UInt8]) {
        if let folded {
            bytes += folded
        } else if bytes.last != space {
            bytes.append(space)
        }
    }

    private static let table: [[UInt8]?] = (0..<0x600).map { value in
        UInt32(value) < 0x80 ? [] : Unicode.Scalar(UInt32(value)).flatMap(fold)
    }

    private static let special: [Unicode.Scalar: String] = [
        "ß": "ss", "ẞ": "ss", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d",
        "þ": "th", "Þ": "th", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ı": "i", "й": "й", "Й": "й", "’": "",
        "ʼ": "",
        "\u{200B}": "", "\u{200C}": "", "\u{200D}": "", "\u{FEFF}": "", "\u{AD}": "",
    ]

    /// The letter in lower case without its accents; nil where it parts words.
    private static func fold(_ scalar: Unicode.Scalar) -> [UInt8]? {
        if let text = special[scalar] { return Array(text.utf8) }
        if (0x300...0x36F).contains(scalar.value) { return [] }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter:
            let plain = properties.lowercaseMapping.decomposedStringWithCanonicalMapping.unicodeScalars
                .filter { !(0x300...0x36F).contains($0.value) }
            return Array(String(String.UnicodeScalarView(plain)).utf8)
        case .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber, .letterNumber, .otherNumber:
            return Array(String(scalar).utf8)
        default: return nil
        }
    }
}
