import Foundation
import Testing
import VitrineCore
import VitrineImaging

@testable import VitrineVideo

@Suite struct ColourTests {
    @Test(
        "the product's colours stay within three ΔE2000 of its photo, lights and all",
        arguments: [Look.studio, .commercial, .documentary]
    )
    func staysTrue(look: Look) throws {
        let size = PixelSize(width: 240, height: 300)
        let picture = DrawnProduct(size: size).bitmap
        let matte = Cutout(of: picture).matte
        let scene = try #require(Scene(of: picture, look: look, seed: 7))
        let shot = LocalShot(framePath: "", size: size, motion: .still, look: look, seconds: 6, fps: 30, seed: 7)
        let film = Film(shot, of: scene)
        let buffer = FrameBuffer(count: scene.frameBytes)
        var sum = 0.0
        var count = 0.0
        let zoomOfStill = Camera.of(.still, at: 0, seconds: 6, subject: scene.subject).zoom
        for index in [0, 90, 179] {
            scene.render(film.moment(index), into: buffer)
            for y in stride(from: 40, to: 260, by: 5) {
                for x in stride(from: 60, to: 180, by: 5) {
                    let zoom = Double(zoomOfStill)
                    let u = Int(((Double(x) - 120) / zoom + 120).rounded())
                    let v = Int(((Double(y) - 150) / zoom + 150).rounded())
                    guard matte[v * size.width + u] > 250 else { continue }
                    let pixel = picture[u, v]
                    let photo = Lab(Double(pixel[0]) / 255, Double(pixel[1]) / 255, Double(pixel[2]) / 255)
                    sum += photo.difference(from: Lab(frame: buffer.bytes, size, x, y))
                    count += 1
                }
            }
        }

        #expect(count > 500)
        #expect(sum / count <= 3, "\(sum / count)")
    }

    @Test("the difference is that of the published pairs")
    func difference() {
        // Sharma, Wu, Dalal: The CIEDE2000 color-difference formula (2005), table 1, pairs 1, 7 and 25.
        let pairs: [(Lab, Lab, Double)] = [
            (Lab(l: 50, a: 2.6772, b: -79.7751), Lab(l: 50, a: 0, b: -82.7485), 2.0425),
            (Lab(l: 50, a: 0, b: 0), Lab(l: 50, a: -1, b: 2), 2.3669),
            (Lab(l: 60.2574, a: -34.0099, b: 36.2677), Lab(l: 60.4626, a: -34.1751, b: 39.4387), 1.2644),
        ]
        for (one, other, expected) in pairs { #expect(abs(one.difference(from: other) - expected) < 0.0002) }
    }
}

/// A colour in CIE L*a*b* under D65.
struct Lab {
    var l: Double
    var a: Double
    var b: Double

    init(l: Double, a: Double, b: Double) {
        self.l = l
        self.a = a
        self.b = b
    }

    /// Of sRGB in 0...1.
    init(_ red: Double, _ green: Double, _ blue: Double) {
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

    /// Of a pixel of a yuv420p frame in limited range, BT.709.
    init(frame: UnsafeMutableRawBufferPointer, _ size: PixelSize, _ x: Int, _ y: Int) {
        let at = (y / 2) * (size.width / 2) + x / 2
        let luma = (Double(frame[y * size.width + x]) - 16) / 219
        let cb = (Double(frame[size.area + at]) - 128) / 224
        let cr = (Double(frame[size.area * 5 / 4 + at]) - 128) / 224
        let (red, blue) = (luma + 1.5748 * cr, luma + 1.8556 * cb)
        self.init(red, (luma - 0.2126 * red - 0.0722 * blue) / 0.7152, blue)
    }

    /// CIEDE2000.
    func difference(from other: Lab) -> Double {
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
