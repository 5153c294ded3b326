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
    /// The lengths it makes.
    public var seconds: [Double]
    /// The frame rates it makes, the usual one first.
    public var fps: [Int]
    /// Whether it can make sound.
    public var sound: Bool
    /// What it costs.
    public var price: Money
    /// What the price is for.
    public var unit: Unit
    /// Where the price was read.
    public var source: String
    /// When it was read, `YYYY-MM-DD`.
    public var date: String

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
