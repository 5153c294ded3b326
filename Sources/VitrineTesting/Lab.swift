import Foundation

/// A colour in CIE L*a*b* under D65.
public struct Lab: Sendable {
    /// How light it is, 0 to 100.
    public var l: Double
    /// From green to red.
    public var a: Double
    /// From blue to yellow.
    public var b: Double

    /// A colour by its coordinates.
    public init(l: Double, a: Double, b: Double) {
        self.l = l
        self.a = a
        self.b = b
    }

    /// Of sRGB in 0...1.
    public init(_ red: Double, _ green: Double, _ blue: Double) {
        func linear(_ value: Double) -> Double {
            let value = min(max(value, 0), 1)
            return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        func bent(_ value: Double) -> Double { value > 216.0 / 24389 ? cbrt(value) : (24389.0 / 27 * value + 16) / 116 }
        let (r, g, b) = (linear(red), linear(green), linear(blue))
        let x = bent((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
        let y = bent(0.2126729 * r + 0.7151522 * g + 0.072175 * b)
        let z = bent((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883)
        self.init(l: 116 * y - 16, a: 500 * (x - y), b: 200 * (y - z))
    }

    /// CIEDE2000: 1 is a difference that is just seen.
    public func difference(from other: Lab) -> Double {
        func seventh(_ value: Double) -> Double { (pow(value, 7) / (pow(value, 7) + pow(25, 7))).squareRoot() }
        let stretch = 1.5 - 0.5 * seventh((hypot(a, b) + hypot(other.a, other.b)) / 2)
        let (c1, c2) = (hypot(a * stretch, b), hypot(other.a * stretch, other.b))
        func hue(_ a: Double, _ b: Double) -> Double {
            a == 0 && b == 0 ? 0 : (atan2(b, a) * 180 / .pi + 360).truncatingRemainder(dividingBy: 360)
        }
        let (h1, h2) = (hue(a * stretch, b), hue(other.a * stretch, other.b))
        var turn = h2 - h1
        var middle = h1 + h2
        if c1 * c2 == 0 {
            turn = 0
        } else if abs(turn) <= 180 {
            middle /= 2
        } else {
            turn += turn > 0 ? -360 : 360
            middle = (middle + (middle < 360 ? 360 : -360)) / 2
        }
        func sine(_ degrees: Double) -> Double { sin(degrees * .pi / 180) }
        func cosine(_ degrees: Double) -> Double { cos(degrees * .pi / 180) }
        let (light, chroma) = ((l + other.l) / 2, (c1 + c2) / 2)
        let t =
            1 - 0.17 * cosine(middle - 30) + 0.24 * cosine(2 * middle) + 0.32 * cosine(3 * middle + 6) - 0.2
            * cosine(4 * middle - 63)
        let off = (light - 50) * (light - 50)
        let dl = (other.l - l) / (1 + 0.015 * off / (20 + off).squareRoot())
        let dc = (c2 - c1) / (1 + 0.045 * chroma)
        let dh = 2 * (c1 * c2).squareRoot() * sine(turn / 2) / (1 + 0.015 * chroma * t)
        let twist = -2 * seventh(chroma) * sine(60 * exp(-((middle - 275) / 25) * ((middle - 275) / 25)))
        return (dl * dl + dc * dc + dh * dh + twist * dc * dh).squareRoot()
    }
}
