import Foundation

/// The text of a feed as UTF-8, piece by piece, whatever it was written in.
///
/// Bytes count as UTF-8 until the first ones that are not ASCII; what follows is decided by the piece in which they stand.
final class TextStream {
    /// The encoding; nil while everything read was ASCII.
    private(set) var encoding: TextEncoding?
    /// How many bytes the byte order mark took.
    private(set) var markLength = 0
    private let source: ByteSource
    private var converter: iconv_t?
    private var raw: UnsafeMutableRawBufferPointer
    private var rawHead = 0
    private var rawTail = 0
    private var sourceEnded = false
    private var failure: FeedError?

    init(_ source: ByteSource) throws(FeedError) {
        self.source = source
        raw = .allocate(byteCount: 256 << 10, alignment: 16)
        try fillRaw()
        let start = UnsafeBufferPointer(rebasing: raw.bindMemory(to: UInt8.self)[0..<rawTail])
        if start.starts(with: [0xef, 0xbb, 0xbf]) {
            markLength = 3
            encoding = .utf8
        } else if start.starts(with: [0xff, 0xfe]) {
            markLength = 2
            encoding = .utf16LittleEndian
        } else if start.starts(with: [0xfe, 0xff]) {
            markLength = 2
            encoding = .utf16BigEndian
        } else {
            encoding = EncodingGuess.utf16(start) ?? TextStream.declared(in: start)
        }
        rawHead = markLength
        try openConverter()
    }

    deinit {
        if let converter { iconv_close(converter) }
        raw.deallocate()
    }

    /// The next piece of text; nothing only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        if converter != nil { return try convert(into: buffer) }
        let count: Int
        if rawHead < rawTail {
            count = min(buffer.count, rawTail - rawHead)
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: raw[rawHead..<rawHead + count]))
            rawHead += count
        } else {
            if let failure { throw failure }
            count = try source.read(into: buffer)
        }
        guard encoding == nil, count > 0 else { return count }
        let piece = UnsafeMutableRawBufferPointer(rebasing: buffer[0..<count])
        guard let first = piece.firstIndex(where: { $0 >= 0x80 }) else { return count }
        encoding = EncodingGuess.encoding(of: UnsafeBufferPointer(piece.bindMemory(to: UInt8.self)))
        if encoding == .utf8 { return count }
        keep(UnsafeRawBufferPointer(rebasing: piece[first...]))
        try openConverter()
        return first > 0 ? first : try convert(into: buffer)
    }

    private func openConverter() throws(FeedError) {
        guard let encoding, encoding != .utf8 else { return }
        let descriptor = iconv_open("UTF-8", encoding.converterName)
        guard let descriptor, Int(bitPattern: descriptor) != -1 else {
            throw FeedError(
                .unreadable,
                "this machine cannot read \(encoding.rawValue)",
                hint: "save the feed as UTF-8"
            )
        }
        converter = descriptor
    }

    private func keep(_ bytes: UnsafeRawBufferPointer) {
        let rest = UnsafeRawBufferPointer(rebasing: raw[rawHead..<rawTail])
        let joined = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(256 << 10, bytes.count + rest.count),
            alignment: 16
        )
        joined.copyMemory(from: bytes)
        UnsafeMutableRawBufferPointer(rebasing: joined[bytes.count...]).copyMemory(from: rest)
        rawTail = bytes.count + rest.count
        rawHead = 0
        raw.deallocate()
        raw = joined
    }

    private func fillRaw() throws(FeedError) {
        if rawHead > 0, let base = raw.baseAddress {
            memmove(base, base + rawHead, rawTail - rawHead)
            rawTail -= rawHead
            rawHead = 0
        }
        while rawTail < raw.count && !sourceEnded {
            do throws(FeedError) {
                let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: raw[rawTail...]))
                if count == 0 { sourceEnded = true }
                rawTail += count
            } catch {
                guard rawTail > rawHead else { throw error }
                failure = error
                sourceEnded = true
            }
        }
    }

    private func convert(into buffer: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        var out = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        var room = buffer.count
        while room == buffer.count {
            if rawTail - rawHead < 16 { try fillRaw() }
            guard rawHead < rawTail else {
                if let failure { throw failure }
                return 0
            }
            var input = raw.baseAddress.map { ($0 + rawHead).assumingMemoryBound(to: CChar.self) }
            var left = rawTail - rawHead
            let status = iconv(converter, &input, &left, &out, &room)
            let reason = errno
            rawHead = rawTail - left
            let isCutAtEnd = reason == EINVAL && sourceEnded
            if status == -1 && (reason == EILSEQ || isCutAtEnd) && room >= 4 {
                rawHead = min(rawTail, rawHead + unit)
                for byte in [0xef, 0xbf, 0xbd] as [UInt8] {
                    out?.pointee = CChar(bitPattern: byte)
                    out = out.map { $0 + 1 }
                    room -= 1
                }
            } else if status == -1 && reason == EINVAL && rawTail - rawHead < 16 {
                try fillRaw()
            }
        }
        return buffer.count - room
    }

    private var unit: Int { encoding == .utf16LittleEndian || encoding == .utf16BigEndian ? 2 : 1 }

    private static func declared(in start: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
        guard start.starts(with: "<?xml".utf8) else { return nil }
        let line = String(decoding: start.prefix(200).prefix { $0 != UInt8(ascii: ">") }, as: UTF8.self)
        guard let place = line.range(of: "encoding=") else { return nil }
        let name = line[place.upperBound...].dropFirst().prefix { $0 != "\"" && $0 != "'" }
        return TextEncoding(declared: String(name))
    }
}
