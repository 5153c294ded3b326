/// Prompts after their values are in.
enum PromptText {
    /// White space collapsed, and no comma left over where a value was empty.
    static func tidy(_ text: String) -> String {
        var text = text
        let bytes = text.withUTF8 { tidy($0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The prompt with the words of a style at its end, unless they stand in it already.
    static func appending(_ words: String, to prompt: String) -> String {
        guard !words.isEmpty, !holds(prompt, words) else { return prompt }
        var end = Array(prompt.utf8.suffix(3))
        guard !end.isEmpty else { return words }
        if kind(atEndOf: end) != .stop { return prompt + ", " + words }
        end = Array(words.utf8.suffix(3))
        if kind(atEndOf: end) == .stop { return prompt + " " + words }
        return prompt + " " + words.prefix(1).uppercased() + words.dropFirst() + "."
    }

    private enum Kind {
        case space
        case comma
        case stop
        case opening
        case closing
        case other
    }

    private static func tidy(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let (kind, count) = look(bytes, at: index)
            let range = index..<(index + count)
            index += count
            switch kind {
            case .other, .opening:
                result.append(contentsOf: bytes[range])
            case .space:
                if let last = result.last, last != 0x20, last != 0x28 { result.append(0x20) }
            case .comma:
                dropSpace(&result)
                guard !result.isEmpty, ![.comma, .stop, .opening].contains(self.kind(atEndOf: result)) else { continue }
                result.append(contentsOf: bytes[range])
            case .stop:
                dropLoose(&result)
                result.append(contentsOf: bytes[range])
            case .closing:
                dropLoose(&result)
                if result.last == 0x28 {
                    result.removeLast()
                } else {
                    result.append(contentsOf: bytes[range])
                }
            }
        }
        dropLoose(&result)
        return result
    }

    private static func dropSpace(_ result: inout [UInt8]) {
        if result.last == 0x20 { result.removeLast() }
    }

    /// Takes away white space and commas at the end.
    private static func dropLoose(_ result: inout [UInt8]) {
        while true {
            dropSpace(&result)
            guard kind(atEndOf: result) == .comma else { return }
            result.removeLast((result.last ?? 0) < 0x80 ? 1 : 3)
        }
    }

    private static func look(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (kind: Kind, count: Int) {
        let byte = bytes[index]
        if byte < 0x80 { return (kind(of: byte), 1) }
        if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] == 0xA0 { return (.space, 2) }
        guard byte == 0xE3 || byte == 0xEF, index + 2 < bytes.count else { return (.other, 1) }
        let kind = kind(of: byte, bytes[index + 1], bytes[index + 2])
        return (kind, kind == .other ? 1 : 3)
    }

    private static func kind(atEndOf bytes: [UInt8]) -> Kind {
        guard let last = bytes.last else { return .other }
        if last < 0x80 { return kind(of: last) }
        guard bytes.count >= 3 else { return .other }
        return kind(of: bytes[bytes.count - 3], bytes[bytes.count - 2], last)
    }

    private static func kind(of byte: UInt8) -> Kind {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: .space
        case 0x2C, 0x3B, 0x3A: .comma
        case 0x2E, 0x21, 0x3F: .stop
        case 0x28: .opening
        case 0x29: .closing
        default: .other
        }
    }

    /// The full-width comma, semicolon, exclamation and question mark, and the two marks of Chinese and Japanese.
    private static func kind(of first: UInt8, _ second: UInt8, _ third: UInt8) -> Kind {
        switch (first, second, third) {
        case (0xE3, 0x80, 0x81), (0xEF, 0xBC, 0x8C), (0xEF, 0xBC, 0x9B): .comma
        case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F): .stop
        default: .other
        }
    }

    private static func holds(_ text: String, _ words: String) -> Bool {
        var text = text
        var words = words
        return text.withUTF8 { hay in
            words.withUTF8 { needle in
                guard needle.count <= hay.count, let first = needle.first else { return false }
                var start = 0
                while start <= hay.count - needle.count {
                    if hay[start] == first, hay[start..<(start + needle.count)].elementsEqual(needle) { return true }
                    start += 1
                }
                return false
            }
        }
    }
}
