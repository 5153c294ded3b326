public import Foundation

/// A picture that a merchant gave, known by its bytes: validated, upright, in sRGB.
public struct SourceImage: Hashable, Sendable, Codable {
    /// What the bytes of a picture are.
    public enum Format: String, Hashable, Sendable, Codable, CaseIterable {
        /// JPEG.
        case jpeg
        /// PNG.
        case png
        /// WebP.
        case webp
    }

    /// The digest of the bytes as the merchant gave them.
    public var digest: Digest
    /// What the bytes are.
    public var format: Format
    /// Upright size.
    public var size: PixelSize
    /// How many bytes.
    public var bytes: Int
    /// Whether some of it can be seen through.
    public var hasTransparency: Bool
    /// The picture averaged to 16 × 16 sRGB pixels, three bytes each, row by row.
    public var signature: Data
    /// What makes it a poor choice; nil when it was looked at by a release that did not ask.
    public var remarks: [ImageRemark]?

    /// A picture that has been validated.
    public init(
        digest: Digest,
        format: Format,
        size: PixelSize,
        bytes: Int,
        hasTransparency: Bool,
        signature: Data,
        remarks: [ImageRemark]? = nil
    ) {
        self.digest = digest
        self.format = format
        self.size = size
        self.bytes = bytes
        self.hasTransparency = hasTransparency
        self.signature = signature
        self.remarks = remarks
    }

    /// What makes it a poor choice; that it shows several products only does where one alone is wanted.
    public func objections(wantingOne: Bool) -> [ImageRemark] {
        (remarks ?? []).filter { wantingOne || $0 != .several }
    }

    /// Whether this is the same picture encoded anew: the same size, and no cell of the signature further away than a re-encoding moves it.
    public func shows(_ other: SourceImage) -> Bool {
        if digest == other.digest { return true }
        guard size == other.size, signature.count == other.signature.count else { return false }
        return zip(signature, other.signature).allSatisfy { abs(Int($0) - Int($1)) <= SourceImage.reencodingDistance }
    }

    /// Whether the two look alike at a glance, whatever their sizes.
    public func resembles(_ other: SourceImage) -> Bool {
        guard signature.count == other.signature.count, !signature.isEmpty else { return false }
        var sum = 0
        for (one, two) in zip(signature, other.signature) {
            let way = abs(Int(one) - Int(two))
            guard way <= 24 else { return false }
            sum += way
        }
        return sum < signature.count * 2
    }

    /// How far a cell of the signature may move by encoding a picture anew.
    public static let reencodingDistance = 5
}

/// Why a picture cannot be used.
public struct ImageRefusal: Error, Hashable, Sendable, Codable {
    /// The kinds, each a diagnostic code behind `image.`.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Nothing is there.
        case missing
        /// It stands outside the folder that may be read.
        case outside
        /// The reference is neither an address nor a path.
        case notAReference = "not-a-reference"
        /// The address cannot be reached, or is not allowed.
        case unreachable
        /// Not JPEG, PNG or WebP.
        case format
        /// The bytes end early or do not decode.
        case damaged
        /// Fewer pixels than a provider accepts.
        case tooSmall = "too-small"
        /// More pixels, bytes or scans than we accept.
        case tooLarge = "too-large"
        /// All of one colour.
        case blank
    }

    /// The kind.
    public var kind: Kind
    /// What is wrong, in words.
    public var message: String
    /// What to do.
    public var hint: String?

    /// A refusal of a kind.
    public init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }
}
