import Foundation

/// One row of what a provider can do and what it costs.
public struct Offer: Hashable, Sendable, Codable {
    /// What a price is for.
    public enum Unit: String, Hashable, Sendable, Codable {
        /// Each second of video.
        case second
        /// Each video.
        case video
    }

    /// How long a prompt may be.
    public struct PromptLimit: Hashable, Sendable, Codable {
        /// What a provider counts.
        public enum Measure: String, Hashable, Sendable, Codable {
            /// Characters as people see them.
            case characters
            /// UTF-16 code units.
            case utf16
            /// Half for each Chinese character, as Alibaba counts: 5,000 Latin letters are 2,500 Chinese ones.
            case chinese
        }

        /// The most of them.
        public var most: Int
        /// Of what.
        public var measure: Measure

        /// A limit.
        public init(most: Int, measure: Measure) {
            self.most = most
            self.measure = measure
        }

        /// How long a prompt is, as the provider counts.
        public func length(of prompt: String) -> Int {
            switch measure {
            case .characters: prompt.unicodeScalars.count
            case .utf16: prompt.utf16.count
            case .chinese: prompt.unicodeScalars.reduce(0) { $0 + (PromptLimit.isChinese($1) ? 2 : 1) }
            }
        }

        private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
            (0x2E80...0x9FFF).contains(scalar.value) || (0xF900...0xFAFF).contains(scalar.value)
                || (0xFF00...0xFFEF).contains(scalar.value) || (0x20000...0x3FFFF).contains(scalar.value)
        }
    }

    /// Who offers it.
    public var provider: ProviderID
    /// The model.
    public var model: String
    /// The model's mode, where it has several.
    public var mode: String?
    /// The short side in pixels.
    public var shortSide: Int
    /// The shapes it makes; nil when the video follows the picture.
    public var shapes: [Placement]?
    /// The shapes it makes by name, where no first frame is followed: from words alone, or from several pictures; nil for any.
    public var ratios: [Placement]?
    /// The lengths it makes.
    public var seconds: [Double]
    /// The frame rates it makes, the usual one first.
    public var fps: [Int]
    /// Whether its clips are heard; what nobody asked to hear is dropped when the clip is finished.
    public var sound: Bool
    /// What it costs.
    public var price: Money
    /// What the price is for.
    public var unit: Unit
    /// Where the price was read.
    public var source: String
    /// When it was read, `YYYY-MM-DD`.
    public var date: String
    /// How long its prompt may be; nil for any length.
    public var prompt: PromptLimit?
    /// How many more pictures of the same product it takes.
    public var references = 0
    /// Whether it makes clips from words alone.
    public var takesText = false
    /// What one unit of the provider's own account costs: a credit, or a million tokens.
    public var metered: Money?

    /// One row.
    public init(
        provider: ProviderID,
        model: String,
        mode: String? = nil,
        shortSide: Int,
        shapes: [Placement]? = nil,
        seconds: [Double],
        fps: [Int],
        sound: Bool,
        price: Money,
        unit: Unit,
        source: String,
        date: String
    ) {
        self.provider = provider
        self.model = model
        self.mode = mode
        self.shortSide = shortSide
        self.shapes = shapes
        self.seconds = seconds
        self.fps = fps
        self.sound = sound
        self.price = price
        self.unit = unit
        self.source = source
        self.date = date
    }

    /// Whether it makes a shape, following the first frame or by the shape's name.
    public func makes(_ placement: Placement, followingPicture: Bool) -> Bool {
        if let shapes { return shapes.contains(placement) }
        return followingPicture || ratios?.contains(placement) ?? true
    }

    /// Whether this row can make what is asked.
    public func serves(model: String, mode: String?, placement: Placement, shortSide: Int, seconds: Double, fps: Int)
        -> Bool
    {
        self.model == model && (mode == nil || self.mode == mode) && self.shortSide == shortSide
            && (shapes?.contains(placement) ?? true) && self.seconds.contains(seconds) && self.fps.contains(fps)
    }

    /// What one video of that length costs.
    public func price(seconds: Double) -> Money {
        switch unit {
        case .video: price
        case .second: Money(micros: Int64((Double(price.micros) * seconds).rounded(.up)), currency: price.currency)
        }
    }
}
