import Foundation
import Testing
import VitrineCore
import VitrineImaging
import VitrineTesting

@testable import VitrineVideo

@Suite struct DoubtTests {
    private let size = PixelSize(width: 240, height: 240)

    /// A dark cup with a silver disc on it, of the greys of its ground, before a wall that goes from dark to light.
    private func cup(noise: Int) -> Bitmap {
        DrawnImages.drawn(size) { x, y in
            let far = hypot(Double(x) - 120, Double(y) - 120)
            var light = 118 + Double(y) * 0.46 + Double((x * 7919 + y * 104_729) % (noise + 1)) - Double(noise) / 2
            if far < 76 { light = 38 }
            if far < 40 { light = 178 + (Double(x) - 120) * 0.5 }
            let grey = UInt32(min(max(light, 0), 255))
            return 0xFF00_0000 | grey << 16 | grey << 8 | grey
        }
    }

    @Test(
        "no look colours a grey part of a product that nobody can tell from its ground",
        arguments: [Look.coolTech, .neon, .goldenHour],
        [0, 90]
    )
    func silver(look: Look, noise: Int) throws {
        let picture = cup(noise: noise)
        if noise > 0 { #expect(!Cutout(of: picture).isSure) }
        let scene = try #require(Scene(of: picture, look: look, motion: .still, seed: 7))
        let shot = LocalShot(framePath: "", size: size, motion: .still, look: look, seconds: 6, fps: 30, seed: 7)
        let buffer = FrameBuffer(count: scene.frameBytes)
        scene.render(Film(shot, of: scene).moment(30), into: buffer)
        var most = 0
        for plane in [size.area, size.area * 5 / 4] {
            for y in 48...72 {
                for x in 48...72 { most = max(most, abs(Int(buffer.bytes[plane + y * size.width / 2 + x]) - 128)) }
            }
        }

        #expect(most <= 8, "\(most)")
    }
}
