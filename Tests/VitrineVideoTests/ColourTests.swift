import Foundation
import Testing
import VitrineCore
import VitrineImaging
import VitrineTesting

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
        let scene = try #require(Scene(of: picture, look: look, motion: .still, seed: 7))
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

extension Lab {
    /// Of a pixel of a yuv420p frame in limited range, BT.709.
    fileprivate init(frame: UnsafeMutableRawBufferPointer, _ size: PixelSize, _ x: Int, _ y: Int) {
        let at = (y / 2) * (size.width / 2) + x / 2
        let luma = (Double(frame[y * size.width + x]) - 16) / 219
        let cb = (Double(frame[size.area + at]) - 128) / 224
        let cr = (Double(frame[size.area * 5 / 4 + at]) - 128) / 224
        let (red, blue) = (luma + 1.5748 * cr, luma + 1.8556 * cb)
        self.init(red, (luma - 0.2126 * red - 0.0722 * blue) / 0.7152, blue)
    }
}
