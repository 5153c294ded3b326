/// The shape of a place where a video is shown.
public enum Placement: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// Square: feeds and galleries.
    case square = "1:1"
    /// Upright and close: mobile feeds.
    case portrait = "4:5"
    /// Upright: catalogues.
    case tall = "3:4"
    /// Full-screen phone: stories and shorts.
    case story = "9:16"
    /// Wide: product pages and television.
    case wide = "16:9"

    /// Width and height of the shape in its smallest whole numbers.
    public var ratio: PixelSize {
        switch self {
        case .square: PixelSize(width: 1, height: 1)
        case .portrait: PixelSize(width: 4, height: 5)
        case .tall: PixelSize(width: 3, height: 4)
        case .story: PixelSize(width: 9, height: 16)
        case .wide: PixelSize(width: 16, height: 9)
        }
    }

    /// The size with that many pixels on the short side, both sides even.
    public func size(shortSide: Int) -> PixelSize {
        let ratio = ratio
        let long = (shortSide * ratio.longSide + ratio.shortSide / 2) / ratio.shortSide / 2 * 2
        return ratio.width <= ratio.height
            ? PixelSize(width: shortSide, height: long)
            : PixelSize(width: long, height: shortSide)
    }

    /// Orders as declared: square, portrait, tall, story, wide.
    public static func < (left: Placement, right: Placement) -> Bool { left.rank < right.rank }

    private var rank: Int { Placement.allCases.firstIndex(of: self) ?? 0 }

    /// The name for files, without a colon: `9x16`.
    public var fileName: String { rawValue.replacing(":", with: "x") }
}
