/// How a picture becomes the frame that a model sees.
public struct FrameRecipe: Hashable, Sendable, Codable {
    /// How a picture fills a shape that is not its own.
    public enum Fit: String, Hashable, Sendable, Codable, CaseIterable {
        /// The whole picture, with background around it.
        case pad
        /// The shape filled, with the product kept in.
        case crop
        /// The whole picture, its edges drawn out to the shape.
        case extend
    }

    /// What stands around a padded picture.
    public enum Background: Hashable, Sendable {
        /// The picture's own border colour.
        case auto
        /// The picture itself, blurred.
        case blur
        /// One colour, `0xRRGGBB`.
        case color(UInt32)
    }

    /// The shape.
    public var placement: Placement
    /// Pixels on the short side: 1080, or 720 for drafts that ask for it.
    public var shortSide: Int
    /// How it fills the shape.
    public var fit: Fit
    /// What stands around it.
    public var background: Background
    /// The part of the frame, by the tighter side, that the product takes; in 0.2...1.
    public var productSize: Double

    /// A recipe.
    public init(placement: Placement, shortSide: Int = 1080, fit: Fit, background: Background, productSize: Double) {
        self.placement = placement
        self.shortSide = shortSide
        self.fit = fit
        self.background = background
        self.productSize = productSize
    }

    /// The size of the frame.
    public var size: PixelSize { placement.size(shortSide: shortSide) }
}

extension FrameRecipe.Background: Codable, CustomStringConvertible {
    /// Reads `auto`, `blur` or `#rrggbb`; nil for anything else.
    public init?(_ text: String) {
        switch text {
        case "auto": self = .auto
        case "blur": self = .blur
        default:
            guard text.utf8.count == 7, text.first == "#", let value = UInt32(text.dropFirst(), radix: 16) else {
                return nil
            }
            self = .color(value)
        }
    }

    /// `auto`, `blur` or `#rrggbb`.
    public var description: String {
        switch self {
        case .auto: return "auto"
        case .blur: return "blur"
        case .color(let value):
            let digits = String(value & 0xFFFFFF, radix: 16)
            return "#" + String(repeating: "0", count: 6 - digits.count) + digits
        }
    }

    /// Reads the text of `description`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let background = FrameRecipe.Background(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected auto, blur or #rrggbb")
        }
        self = background
    }

    /// Writes the text of `description`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What a model sees: one picture composed for one shape, known by its bytes.
public struct FirstFrame: Hashable, Sendable, Codable {
    /// The digest of its PNG bytes.
    public var digest: Digest
    /// Its size.
    public var size: PixelSize
    /// How many times larger than the merchant's picture the product is drawn; above 1 it was scaled up.
    public var scale: Double

    /// A composed frame.
    public init(digest: Digest, size: PixelSize, scale: Double) {
        self.digest = digest
        self.size = size
        self.scale = scale
    }
}
