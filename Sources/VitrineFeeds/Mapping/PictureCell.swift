import Foundation

/// Divides a cell of pictures into references, and tells what is none.
enum PictureCell {
    enum Finding: Equatable {
        case picture(String)
        /// Neither an address nor a file name.
        case bad(String)
        /// Two addresses run together.
        case glued(String)
    }

    static func findings(
        _ bytes: UnsafeBufferPointer<UInt8>,
        separator: [UInt8],
        base: String?,
        _ body: (Finding) -> Void
    ) {
        var start = 0
        var index = 0
        while index <= bytes.count {
            let isEnd = index == bytes.count
            if isEnd || divides(bytes, at: index, from: start, separator) {
                let piece = trimmed(bytes, start, index)
                if !piece.isEmpty { body(finding(piece, base: base)) }
                start = index + 1
            }
            index += 1
        }
    }

    /// A separator inside an address divides only where another address or a space follows it.
    private static func divides(
        _ bytes: UnsafeBufferPointer<UInt8>,
        at index: Int,
        from start: Int,
        _ separator: [UInt8]
    ) -> Bool {
        let byte = bytes[index]
        if byte == valueDivider || byte == 10 || byte == 13 { return true }
        guard separator.contains(byte) else { return false }
        let piece = trimmed(bytes, start, index)
        guard isAddress(piece) else { return true }
        var next = index + 1
        if next == bytes.count || bytes[next] == byte || bytes[next] <= 0x20 { return true }
        while next < bytes.count, bytes[next] <= 0x20 { next += 1 }
        return isAddress(UnsafeBufferPointer(rebasing: bytes[next...]))
    }

    private static func finding(_ piece: UnsafeBufferPointer<UInt8>, base: String?) -> Finding {
        if isGlued(piece) { return .glued(String(decoding: piece, as: UTF8.self)) }
        if piece.starts(with: "//".utf8) { return .picture(escaped("https:", piece)) }
        if piece.starts(with: "www.".utf8) { return .picture(escaped("https://", piece)) }
        if let scheme = piece.place(of: "://") {
            let hasHost = scheme + 3 < piece.count && isHostByte(piece[scheme + 3])
            return isWeb(piece[..<scheme]) && hasHost
                ? .picture(escaped("", piece)) : .bad(String(decoding: piece, as: UTF8.self))
        }
        let text = String(decoding: piece, as: UTF8.self)
        guard hasExtension(piece), !piece.contains(UInt8(ascii: ":")), piece.count <= 1000 else { return .bad(text) }
        let path = UnsafeBufferPointer(rebasing: piece.drop { $0 == UInt8(ascii: "/") })
        return .picture(base.map { escaped($0, path) } ?? String(decoding: path, as: UTF8.self))
    }

    private static func escaped(_ start: String, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let text = start + String(decoding: bytes, as: UTF8.self)
        return bytes.contains(0x20) ? text.replacing(" ", with: "%20") : text
    }

    private static func isWeb(_ scheme: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard scheme.count == 4 || scheme.count == 5 else { return false }
        return zip(scheme, "https".utf8).allSatisfy { $0 | 0x20 == $1 }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        isWordByte(byte) || byte == UInt8(ascii: "[") || byte >= 0x80
    }

    private static func isAddress(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.starts(with: "http://".utf8) || bytes.starts(with: "https://".utf8) || bytes.starts(with: "//".utf8)
            || bytes.starts(with: "HTTP".utf8)
    }

    private static func hasExtension(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
        let path = piece.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard let point = path.lastIndex(of: UInt8(ascii: ".")), point > 0 else { return false }
        let tail = path[(point + 1)...]
        return (2...5).contains(tail.count)
            && tail.allSatisfy { (97...122).contains($0 | 0x20) || (48...57).contains($0) }
            && !tail.allSatisfy { (48...57).contains($0) }
    }

    /// A second `http` right behind a letter or digit, or a host's name right behind `.jpg`.
    static func isGlued(_ piece: UnsafeBufferPointer<UInt8>) -> Bool {
        for scheme in ["http://", "https://"] as [StaticString] where piece.count > 10 {
            if let place = piece.place(of: scheme, from: 8), isWordByte(piece[place - 1]) { return true }
        }
        var from = 0
        while let point = piece[from...].firstIndex(of: UInt8(ascii: ".")) {
            from = point + 1
            let rest = UnsafeBufferPointer(rebasing: piece[from...])
            guard let length = extensionLength(rest), length < rest.count, isWordByte(rest[length]) else { continue }
            let host = rest[length...].prefix { $0 != UInt8(ascii: "/") }
            if host.contains(UInt8(ascii: ".")), host.count + length < rest.count,
                host.allSatisfy({ isWordByte($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
            {
                return true
            }
        }
        return false
    }

    private static func extensionLength(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        for name in ["jpeg", "jpg", "png", "webp", "gif"] as [StaticString] {
            let count = name.utf8CodeUnitCount
            guard bytes.count >= count else { continue }
            if (0..<count).allSatisfy({ bytes[$0] | 0x20 == name.utf8Start[$0] }) { return count }
        }
        return nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (97...122).contains(byte | 0x20) || (48...57).contains(byte)
    }

    private static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> UnsafeBufferPointer<
        UInt8
    > {
        var start = start
        var end = end
        while start < end, bytes[start] <= 0x20 { start += 1 }
        while end > start, bytes[end - 1] <= 0x20 { end -= 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<end])
    }
}
