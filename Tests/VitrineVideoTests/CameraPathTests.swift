import Foundation
import Testing
import VitrineCore
import VitrineImaging

@testable import VitrineVideo

@Suite struct CameraPathTests {
    /// A blue box on a light ground, in fractions of the frame.
    struct Box: CustomTestStringConvertible, Sendable {
        var width: Double
        var height: Double
        var middleX = 0.5
        var middleY = 0.5

        var testDescription: String { "\(width) × \(height) at \(middleX), \(middleY)" }

        func picture(_ size: PixelSize) -> Bitmap {
            var pixels = [UInt8](repeating: 255, count: size.area * 4)
            for y in 0..<size.height {
                for x in 0..<size.width {
                    let across = abs((Double(x) + 0.5) / Double(size.width) - middleX) * 2
                    let down = abs((Double(y) + 0.5) / Double(size.height) - middleY) * 2
                    let colour: [UInt8] = across < width && down < height ? [24, 40, 190] : [238, 236, 232]
                    for channel in 0..<3 { pixels[(y * size.width + x) * 4 + channel] = colour[channel] }
                }
            }
            guard let bitmap = Bitmap(size: size, pixels: pixels) else { preconditionFailure("four bytes a pixel") }
            return bitmap
        }
    }

    static let boxes = [
        Box(width: 0.62, height: 0.62), Box(width: 0.78, height: 0.78, middleY: 0.47), Box(width: 0.84, height: 0.4),
        Box(width: 0.3, height: 0.86), Box(width: 0.9, height: 0.88),
        Box(width: 0.5, height: 0.4, middleX: 0.7, middleY: 0.26),
    ]

    private func film(_ motion: Motion, _ look: Look, _ size: PixelSize, _ scene: Scene) -> Film {
        let shot = LocalShot(
            framePath: "",
            size: size,
            motion: motion,
            look: look,
            seconds: 6,
            fps: 30,
            seed: 3
        )
        return Film(shot, of: scene)
    }

    /// Whether a frame shows blue on its outermost pixels, or on the first ones that no bar covers.
    private func isCut(_ frame: UnsafeMutableRawBufferPointer, _ size: PixelSize, bars: Float) -> Bool {
        let (width, height) = (size.width / 2, size.height / 2)
        let first = Int(Float(size.height) * bars / 2)
        func isBlue(_ x: Int, _ y: Int) -> Bool { frame[size.area + y * width + x] > 165 }
        return (0..<width).contains { isBlue($0, first) || isBlue($0, height - 1 - first) }
            || (first..<height - first).contains { isBlue(0, $0) || isBlue(width - 1, $0) }
    }

    @Test("the product is whole at every moment, whatever the motion", arguments: Placement.allCases, boxes)
    func staysWhole(placement: Placement, box: Box) throws {
        let size = placement.size(shortSide: 120)
        for look in [Look.studio, .cinematic] {
            for motion in Motion.allCases {
                let scene = try #require(Scene(of: box.picture(size), look: look, motion: motion, seed: 3))
                try #require(scene.subject.isClear)
                let buffer = FrameBuffer(count: scene.frameBytes)
                let film = film(motion, look, size, scene)
                for index in [0, 45, 90, 134, 179] {
                    let moment = film.moment(index)
                    scene.render(moment, into: buffer)
                    let isCut = isCut(buffer.bytes, size, bars: film.bars)
                    #expect(!isCut, "\(motion) in \(look), frame \(index)")
                    #expect(scene.overrun(moment) == 0, "\(motion) in \(look), frame \(index)")
                }
            }
        }
    }

    @Test("a product with room around it is filmed as its motion has it, a large one more calmly, and none stands")
    func moves() {
        for motion in Motion.allCases {
            let shares = [0.5, 0.78, 0.92].map { side in
                let subject = Subject(left: 0.5 - side / 2, right: 0.5 + side / 2)
                return CameraPath(motion, seconds: 6, subject: subject, size: PixelSize(width: 1080, height: 1080))
                    .share
            }
            #expect(shares[0] == 1, "\(motion)")
            #expect(shares[1] > 0.6, "\(motion): \(shares)")
            #expect(shares[2] > 0.03 && shares[2] <= shares[1], "\(motion): \(shares)")
        }
    }

    @Test("on a side on which the photo cuts the product, the camera need not show its end")
    func cutProduct() {
        let size = PixelSize(width: 1080, height: 1080)
        let hanging = CameraPath(.tiltDown, seconds: 6, subject: Subject(left: 0.3, right: 0.7, top: 0), size: size)
        let standing = CameraPath(.tiltDown, seconds: 6, subject: Subject(left: 0.3, right: 0.7, top: 0.03), size: size)

        #expect(hanging.share > standing.share)
    }

    @Test("of a picture without a clear product the middle stays in the frame", arguments: Motion.allCases)
    func wholePicture(motion: Motion) {
        var subject = Subject(left: 0.22, right: 0.78)
        (subject.isClear, subject.standsApart) = (false, false)
        let path = CameraPath(motion, seconds: 6, subject: subject, size: PixelSize(width: 1080, height: 1920))
        for step in 0...20 {
            let camera = path.camera(at: Float(step) / 20)
            let half = 0.5 / camera.zoom
            #expect(abs(camera.x - camera.driftX) + 0.43 <= half + 0.02)
            #expect(abs(camera.y) + 0.43 <= half + 0.02)
        }
    }

    @Test("black bars leave room for the product")
    func bars() {
        #expect(KeptPart.bars(0.075, over: Subject(left: 0.3, right: 0.7, top: 0.2)) == 0.075)
        #expect(KeptPart.bars(0.075, over: Subject(left: 0.3, right: 0.7, top: 0.04)) == 0.03)
    }
}

extension Subject {
    /// A clear subject as high as it is wide, unless its top is given.
    fileprivate init(left: Double, right: Double, top: Double? = nil) {
        self.init(Cutout(of: CameraPathTests.Box(width: 0.5, height: 0.5).picture(PixelSize(width: 64, height: 64))))
        (self.left, self.right) = (Float(left), Float(right))
        (self.top, bottom) = (Float(top ?? left), Float(right))
        (centreX, centreY) = (Float(left + right) / 2, (self.top + bottom) / 2)
        (isClear, standsApart) = (true, true)
    }
}
