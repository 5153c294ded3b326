import Foundation
import Testing
import VitrineCore
import VitrineImaging

@testable import VitrineVideo

/// A product that stands apart from its ground.
@Suite struct LayerTests {
    static let size = PixelSize(width: 240, height: 240)

    /// A blue box on a light ground that goes from left to right; a soft shadow lies before it.
    private static let picture: Bitmap = {
        var pixels = [UInt8](repeating: 255, count: size.area * 4)
        for y in 0..<size.height {
            for x in 0..<size.width {
                let isProduct = (80..<160).contains(x) && (60..<170).contains(y)
                let light = 238 - 12 * Double(x) / Double(size.width)
                let (dx, dy) = ((Double(x) - 120) / 60, (Double(y) - 172) / 14)
                let shaded = light * (1 - 0.2 * exp(-dx * dx - dy * dy))
                let colour: [UInt8] = isProduct ? [24, 40, 190] : [UInt8(shaded), UInt8(shaded), UInt8(shaded)]
                for channel in 0..<3 { pixels[(y * size.width + x) * 4 + channel] = colour[channel] }
            }
        }
        guard let bitmap = Bitmap(size: size, pixels: pixels) else { preconditionFailure("four bytes a pixel") }
        return bitmap
    }()

    private func scene(_ motion: Motion, _ look: Look = .studio) throws -> Scene {
        let scene = try #require(Scene(of: Self.picture, look: look, motion: motion, seed: 7))
        try #require(scene.subject.standsApart)
        return scene
    }

    private func frame(_ scene: Scene, _ moment: Moment) -> [UInt8] {
        let buffer = FrameBuffer(count: scene.frameBytes)
        scene.render(moment, into: buffer)
        return [UInt8](buffer.bytes)
    }

    private func film(_ motion: Motion, _ scene: Scene) -> Film {
        let shot = LocalShot(
            framePath: "",
            size: Self.size,
            motion: motion,
            look: .studio,
            seconds: 4,
            fps: 30,
            seed: 7
        )
        return Film(shot, of: scene)
    }

    /// A moment at which nothing has moved, unless the product has.
    private func moment(near: Float = 1, driftY: Float = 0) -> Moment {
        var camera = Camera()
        (camera.near, camera.driftY) = (near, driftY)
        return Moment(camera)
    }

    @Test(
        "a product that has not moved lies on its ground as in the picture",
        arguments: [Look.studio, .luxe, .neon, .dreamy]
    )
    func atRest(look: Look) throws {
        let whole = frame(try scene(.pushIn, look), moment())
        let apart = frame(try scene(.float, look), moment())

        let differences = zip(whole, apart).map { abs(Int($0) - Int($1)) }
        // Where two hard edges meet, a coefficient may be beyond the range of a byte.
        #expect(differences.count { $0 > 6 } * 2000 < differences.count)
        #expect(Double(differences.reduce(0, +)) / Double(differences.count) < 0.5)
    }

    @Test("a product that rises leaves its shadow where it was, and uncovers ground")
    func rises() throws {
        let scene = try scene(.float)
        let (rest, risen) = (frame(scene, moment()), frame(scene, moment(driftY: -0.05)))
        func luma(_ frame: [UInt8], _ y: Int) -> Int { Int(frame[y * Self.size.width + 120]) }
        // Twelve pixels: the foot, at 172, is now at 160.
        #expect(luma(rest, 168) < 80 && luma(risen, 156) < 80)
        #expect(luma(risen, 168) > 130)
        for y in 182..<200 { #expect(abs(luma(rest, y) - luma(risen, y)) <= 1, "row \(y)") }
    }

    @Test("a product that comes nearer stands where it stood")
    func comesNearer() throws {
        let scene = try scene(.parallax)
        let (rest, near) = (frame(scene, moment()), frame(scene, moment(near: 1.1)))
        func edges(_ frame: [UInt8]) -> (top: Int?, foot: Int?) {
            let rows = (0..<Self.size.height).filter { frame[$0 * Self.size.width + 120] < 80 }
            return (rows.first, rows.last)
        }
        #expect(edges(rest).foot == edges(near).foot)
        #expect((edges(rest).top ?? 0) - (edges(near).top ?? 0) >= 10)
    }

    @Test("in a parallax the ground passes behind the product")
    func groundPasses() throws {
        let scene = try scene(.parallax)
        let film = film(.parallax, scene)
        let frames = [film.moment(0), film.moment(119)].map { frame(scene, $0) }
        /// How light the ground is at the frame's left edge: darker further right in the picture.
        let lights = frames.map { frame in
            var sum = 0
            for y in 20..<60 { for x in 0..<8 { sum += Int(frame[y * Self.size.width + x]) } }
            return sum
        }
        let middles = frames.map { frame in
            let row = (0..<Self.size.width).filter { frame[130 * Self.size.width + $0] < 80 }
            return Double((row.first ?? 0) + (row.last ?? 0)) / 2
        }
        #expect(lights[0] != lights[1])
        #expect(abs(middles[0] - middles[1]) < 10)
    }

    @Test("without a clear product the camera alone moves", arguments: Motion.allCases)
    func cameraAlone(motion: Motion) throws {
        var subject = try scene(motion).subject
        subject.standsApart = false
        for step in 0...12 {
            let camera = Camera.of(motion, at: Float(step) / 12, seconds: 6, subject: subject)
            #expect(camera.driftX == 0 && camera.driftY == 0 && camera.turn == 0 && camera.swing == 0)
            #expect(camera.near == 1)
        }
    }
}
