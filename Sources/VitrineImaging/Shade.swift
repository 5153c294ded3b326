/// A colour in steps of 255 that may lie between them.
struct Shade: Hashable, Sendable {
    var red: Float
    var green: Float
    var blue: Float

    static let black = Shade(red: 0, green: 0, blue: 0)
    static let white = Shade(red: 255, green: 255, blue: 255)

    init(red: Float, green: Float, blue: Float) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// A colour written `0xRRGGBB`.
    init(_ color: UInt32) {
        self.init(red: Float(color >> 16 & 255), green: Float(color >> 8 & 255), blue: Float(color & 255))
    }

    /// The middle of some colours; black where there are none.
    init(middleOf shades: [Shade]) {
        self = .black
        for shade in shades { add(shade, times: 1 / Float(shades.count)) }
    }

    mutating func add(_ other: Shade, times factor: Float) {
        red += other.red * factor
        green += other.green * factor
        blue += other.blue * factor
    }

    func plus(_ other: Shade, times factor: Float = 1) -> Shade {
        var sum = self
        sum.add(other, times: factor)
        return sum
    }

    func minus(_ other: Shade) -> Shade { plus(other, times: -1) }

    func times(_ factor: Float) -> Shade {
        Shade(red: red * factor, green: green * factor, blue: blue * factor)
    }

    /// This colour at 0, the other at 1.
    func mixed(with other: Shade, _ share: Float) -> Shade {
        Shade(
            red: red + (other.red - red) * share,
            green: green + (other.green - green) * share,
            blue: blue + (other.blue - blue) * share
        )
    }

    /// The largest difference in a channel.
    func distance(to other: Shade) -> Float {
        max(abs(red - other.red), abs(green - other.green), abs(blue - other.blue))
    }

    /// Whether it is that ground with light taken away, from all channels alike, and not all of it.
    func isShadow(on ground: Shade) -> Bool {
        let shares = [red / max(ground.red, 1), green / max(ground.green, 1), blue / max(ground.blue, 1)]
        guard let least = shares.min(), let most = shares.max() else { return false }
        return least > 0.45 && most < 1.02 && most - least < 0.09
    }

    var lightness: Float { 0.30 * red + 0.59 * green + 0.11 * blue }
}
