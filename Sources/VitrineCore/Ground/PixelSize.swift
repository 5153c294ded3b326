/// Width and height in pixels.
public struct PixelSize: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Pixels across.
    public var width: Int
    /// Pixels down.
    public var height: Int

    /// A size in pixels.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Width times height.
    public var area: Int { width * height }
    /// The shorter side.
    public var shortSide: Int { min(width, height) }
    /// The longer side.
    public var longSide: Int { max(width, height) }
    /// Width divided by height.
    public var aspect: Double { height == 0 ? 0 : Double(width) / Double(height) }
    /// Such as `1080×1920`.
    public var description: String { "\(width)×\(height)" }
}
