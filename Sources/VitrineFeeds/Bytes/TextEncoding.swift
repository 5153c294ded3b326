import Foundation

/// How the characters of a feed are written.
public enum TextEncoding: String, Hashable, Sendable, CaseIterable {
    /// UTF-8, with or without a byte order mark.
    case utf8 = "UTF-8"
    /// UTF-16, low byte first.
    case utf16LittleEndian = "UTF-16LE"
    /// UTF-16, high byte first.
    case utf16BigEndian = "UTF-16BE"
    /// Western European Windows.
    case windows1252 = "Windows-1252"
    /// Japanese Windows (CP932).
    case shiftJIS = "Shift_JIS"

    /// A text in this encoding, without a byte order mark; characters that it does not have become question marks.
    public func bytes(of text: String) -> [UInt8] {
        switch self {
        case .utf8: Array(text.utf8)
        case .utf16LittleEndian: text.utf16.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        case .utf16BigEndian: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
        case .windows1252: Array(text.data(using: .windowsCP1252, allowLossyConversion: true) ?? Data())
        case .shiftJIS: Array(text.data(using: .shiftJIS, allowLossyConversion: true) ?? Data())
        }
    }

    /// Its name for iconv.
    var converterName: String {
        switch self {
        case .utf8: "UTF-8"
        case .utf16LittleEndian: "UTF-16LE"
        case .utf16BigEndian: "UTF-16BE"
        case .windows1252: "CP1252"
        case .shiftJIS: "CP932"
        }
    }

    /// The encoding that an XML declaration means; nil if it is none that is read.
    init?(declared name: String) {
        switch name.lowercased() {
        case "utf-8", "utf8", "us-ascii", "ascii": self = .utf8
        case "windows-1252", "cp1252", "iso-8859-1", "latin1", "iso-8859-15": self = .windows1252
        case "shift_jis", "shift-jis", "sjis", "windows-31j", "cp932", "ms932": self = .shiftJIS
        case "utf-16le": self = .utf16LittleEndian
        case "utf-16be": self = .utf16BigEndian
        default: return nil
        }
    }

    /// How many bytes of a feed in this encoding became these bytes of UTF-8.
    func originalCount(of text: UnsafeBufferPointer<UInt8>) -> Int {
        switch self {
        case .utf8:
            text.count
        case .windows1252:
            text.reduce(0) { $0 + ($1 & 0xc0 == 0x80 ? 0 : 1) }
        case .utf16LittleEndian, .utf16BigEndian:
            text.reduce(0) { $0 + ($1 & 0xc0 == 0x80 ? 0 : ($1 >= 0xf0 ? 4 : 2)) }
        case .shiftJIS:
            TextEncoding.shiftJISCount(of: text)
        }
    }

    private static func shiftJISCount(of text: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0
        var index = 0
        while index < text.count {
            let byte = text[index]
            let length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
            var scalar = UInt32(length == 1 ? byte : byte & (0xff >> UInt8(length + 1)))
            for offset in 1..<max(2, length) where offset < length && index + offset < text.count {
                scalar = scalar << 6 | UInt32(text[index + offset] & 0x3f)
            }
            switch scalar {
            case 0..<0x80, 0x80, 0xa0, 0xff61...0xff9f, 0xf8f0...0xf8f3, 0xfffd: count += 1
            default: count += 2
            }
            index += length
        }
        return count
    }
}
