internal import Crypto
public import Foundation

/// The SHA-256 of some bytes: how pictures, clips and requests are known.
public struct Digest: Hashable, Sendable, Comparable {
    /// 64 lower-case hexadecimal digits.
    public let hexadecimal: String

    /// The digest of these bytes.
    public init(of bytes: some DataProtocol) {
        hexadecimal = Digest.text(of: SHA256.hash(data: bytes))
    }

    /// The digest of the text's UTF-8.
    public init(of text: String) {
        var text = text
        hexadecimal = text.withUTF8 { Digest.text(of: SHA256.hash(data: UnsafeRawBufferPointer($0))) }
    }

    /// A digest written earlier; nil unless it is 64 hexadecimal digits.
    public init?(hexadecimal: String) {
        guard hexadecimal.utf8.count == 64, hexadecimal.utf8.allSatisfy(Digest.isHexadecimal) else { return nil }
        self.hexadecimal = hexadecimal
    }

    fileprivate init(_ digest: SHA256Digest) {
        hexadecimal = Digest.text(of: digest)
    }

    /// Its first digits, for names that people see.
    public var short: String { digits(12) }

    /// Its first `count` digits, at most 64.
    public func digits(_ count: Int) -> String { String(Substring(hexadecimal.utf8.prefix(count))) }

    /// Its first eight bytes as a number, for seeds.
    public var number: UInt64 { UInt64(hexadecimal.prefix(16), radix: 16) ?? 0 }

    /// Orders by the digits.
    public static func < (left: Digest, right: Digest) -> Bool { left.hexadecimal < right.hexadecimal }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte)
    }

    private static func text(of digest: SHA256Digest) -> String {
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 64) { buffer in
            var position = 0
            for byte in digest {
                buffer[position] = digits.utf8Start[Int(byte >> 4)]
                buffer[position + 1] = digits.utf8Start[Int(byte & 15)]
                position += 2
            }
            return 64
        }
    }
}

extension Digest: Codable, CustomStringConvertible {
    /// Reads its digits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(hexadecimal: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected 64 hexadecimal digits")
        }
        self = digest
    }

    /// Writes its digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hexadecimal)
    }

    /// Its digits.
    public var description: String { hexadecimal }
}

/// A digest of bytes that come piece by piece.
public struct Digester: Sendable {
    private var hash = SHA256()

    /// Nothing read yet.
    public init() {}

    /// Takes the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        hash.update(bufferPointer: bytes)
    }

    /// Takes the next bytes.
    public mutating func update(_ bytes: some DataProtocol) {
        hash.update(data: bytes)
    }

    /// The digest of all bytes taken.
    public func digest() -> Digest {
        Digest(hash.finalize())
    }
}
