/// Which encoding some bytes that are not plain ASCII are probably in.
enum EncodingGuess {
    /// UTF-8 if they read so or nearly so, else Shift_JIS if they hold Japanese, else Windows-1252.
    static func encoding(of bytes: UnsafeBufferPointer<UInt8>) -> TextEncoding {
        let (sequences, flaws) = utf8(bytes)
        if sequences > 0 && flaws * 10 <= sequences { return .utf8 }
        return isShiftJIS(bytes) ? .shiftJIS : .windows1252
    }

    /// UTF-16 without a byte order mark: nearly every second byte of the start is zero.
    static func utf16(_ bytes: UnsafeBufferPointer<UInt8>) -> TextEncoding? {
        let sample = bytes.prefix(4096)
        guard sample.count >= 8 else { return nil }
        var even = 0
        var odd = 0
        for (index, byte) in sample.enumerated() where byte == 0 {
            if index & 1 == 0 { even += 1 } else { odd += 1 }
        }
        let half = sample.count / 2
        if odd * 10 >= half * 6 && even * 20 < half { return .utf16LittleEndian }
        if even * 10 >= half * 6 && odd * 20 < half { return .utf16BigEndian }
        return nil
    }

    /// How many characters of more than one byte there are, and how many bytes fit none; one cut by the end is neither.
    static func utf8(_ bytes: UnsafeBufferPointer<UInt8>) -> (sequences: Int, flaws: Int) {
        var sequences = 0
        var flaws = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                index += 1
                continue
            }
            let length =
                (0xc2...0xdf).contains(byte)
                ? 2 : (0xe0...0xef).contains(byte) ? 3 : (0xf0...0xf4).contains(byte) ? 4 : 0
            if length == 0 {
                flaws += 1
                index += 1
                continue
            }
            let rest = bytes[index + 1..<min(bytes.count, index + length)]
            if !rest.allSatisfy({ $0 & 0xc0 == 0x80 }) {
                flaws += 1
                index += 1
            } else {
                if rest.count == length - 1 { sequences += 1 }
                index += length
            }
        }
        return (sequences, flaws)
    }

    private static func isShiftJIS(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var pairs = 0
        var kana = 0
        var flaws = 0
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte >= 0x80 else {
                index += 1
                continue
            }
            if (0xa1...0xdf).contains(byte) {
                index += 1
                continue
            }
            guard (0x81...0x9f).contains(byte) || (0xe0...0xfc).contains(byte) else {
                flaws += 1
                index += 1
                continue
            }
            guard index + 1 < bytes.count else { break }
            let trail = bytes[index + 1]
            guard (0x40...0x7e).contains(trail) || (0x80...0xfc).contains(trail) else {
                flaws += 1
                index += 1
                continue
            }
            pairs += 1
            if (0x81...0x83).contains(byte) { kana += 1 }
            index += 2
        }
        return pairs > 0 && kana * 6 >= pairs && flaws * 20 <= pairs
    }
}
