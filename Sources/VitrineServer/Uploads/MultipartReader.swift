import Foundation
import NIOCore
import VitrineCore

/// Takes `multipart/form-data` apart as it comes (RFC 7578), holding no more than a boundary and the headers of one part.
struct MultipartReader {
    /// What comes next.
    enum Event: Equatable {
        /// A part begins, with its field and the name that its sender gave to the file.
        case begins(field: String, file: String?)
        /// More of the part.
        case bytes(ByteBuffer)
        /// The part is over.
        case ends
    }

    private enum State { case preamble, headers, body, done }

    private static let headerLimit = 8 << 10
    private let delimiter: [UInt8]
    private var buffer = ByteBuffer()
    private var state = State.preamble

    /// A reader for the boundary that a content type names; nil when it names none that is allowed.
    init?(contentType: String) {
        guard let start = contentType.range(of: "boundary=", options: .caseInsensitive) else { return nil }
        var boundary = contentType[start.upperBound...].prefix { $0 != ";" }.trimmed
        if boundary.count >= 2, boundary.hasPrefix("\""), boundary.hasSuffix("\"") {
            boundary = String(boundary.dropFirst().dropLast())
        }
        guard (1...70).contains(boundary.utf8.count), boundary.utf8.allSatisfy({ (32...126).contains($0) }) else {
            return nil
        }
        delimiter = Array("\r\n--\(boundary)".utf8)
        // So that the first delimiter is one like the others.
        buffer.writeString("\r\n")
    }

    /// Whether the last delimiter has come.
    var isDone: Bool { state == .done }

    /// Takes the next bytes of the body.
    mutating func add(_ bytes: ByteBuffer) {
        if state == .done { return }
        buffer.discardReadBytes()
        buffer.writeImmutableBuffer(bytes)
    }

    /// The next event; nil when more bytes are needed.
    mutating func next() throws(RequestError) -> Event? {
        while true {
            switch state {
            case .done: return nil
            case .preamble:
                guard let offset = find(delimiter) else {
                    keepTail()
                    return nil
                }
                guard let isLast = delimiterEnd(at: offset) else { return nil }
                state = isLast ? .done : .headers
            case .headers:
                guard let end = find(Array("\r\n\r\n".utf8)) else {
                    guard buffer.readableBytes <= Self.headerLimit else {
                        throw RequestError(.invalid, "the headers of a part are too long")
                    }
                    return nil
                }
                let text = buffer.readString(length: end) ?? ""
                buffer.moveReaderIndex(forwardBy: 4)
                state = .body
                return try Self.beginning(text)
            case .body:
                guard let offset = find(delimiter) else { return tail() }
                if offset > 0 { return buffer.readSlice(length: offset).map(Event.bytes) }
                guard let isLast = delimiterEnd(at: 0) else { return nil }
                state = isLast ? .done : .headers
                return .ends
            }
        }
    }

    /// Steps over a delimiter and what follows on its line; nil when that has not come yet.
    private mutating func delimiterEnd(at offset: Int) -> Bool? {
        let start = buffer.readerIndex + offset + delimiter.count
        guard let next = buffer.getBytes(at: start, length: 2) else { return nil }
        let isLast = next == [45, 45]
        guard isLast || next == [13, 10] else {
            // White space may stand before the line end; anything else is taken as the end of the line too.
            buffer.moveReaderIndex(to: start)
            guard let line = find([13, 10]) else { return nil }
            buffer.moveReaderIndex(forwardBy: line + 2)
            return false
        }
        buffer.moveReaderIndex(to: start + 2)
        return isLast
    }

    /// What is certainly of the part; the rest may be the beginning of a delimiter.
    private mutating func tail() -> Event? {
        let sure = buffer.readableBytes - delimiter.count
        guard sure > 0 else { return nil }
        return buffer.readSlice(length: sure).map(Event.bytes)
    }

    private mutating func keepTail() {
        let surplus = buffer.readableBytes - delimiter.count
        if surplus > 0 { buffer.moveReaderIndex(forwardBy: surplus) }
    }

    /// Where these bytes stand, counted from the reader.
    private func find(_ needle: [UInt8]) -> Int? {
        buffer.withUnsafeReadableBytes { bytes in
            var from = 0
            while bytes.count - from >= needle.count, let base = bytes.baseAddress {
                let room = bytes.count - from - needle.count + 1
                guard let found = memchr(base + from, Int32(needle[0]), room) else { return nil }
                let offset = UnsafeRawPointer(found) - base
                if UnsafeRawBufferPointer(start: base + offset, count: needle.count).elementsEqual(needle) {
                    return offset
                }
                from = offset + 1
            }
            return nil
        }
    }

    private static func beginning(_ headers: String) throws(RequestError) -> Event {
        for line in headers.split(separator: "\r\n") {
            guard let colon = line.firstIndex(of: ":"),
                line[..<colon].lowercased() == "content-disposition"
            else { continue }
            let value = line[line.index(after: colon)...]
            guard let field = parameter("name", of: value) else { break }
            return .begins(field: field, file: parameter("filename", of: value))
        }
        throw RequestError(.invalid, "a part has no name")
    }

    /// A parameter's quoted text, with what browsers escape in it.
    private static func parameter(_ name: String, of header: Substring) -> String? {
        guard let start = header.range(of: "; \(name)=\"") ?? header.range(of: ";\(name)=\"") else { return nil }
        var text = ""
        var isEscaped = false
        for character in header[start.upperBound...] {
            if isEscaped {
                text.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return text.replacing("%22", with: "\"").replacing("%0D%0A", with: "")
            } else {
                text.append(character)
            }
        }
        return nil
    }
}
