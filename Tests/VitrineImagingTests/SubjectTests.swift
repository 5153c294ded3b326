import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineImaging

@Suite struct SubjectTests {
    private func subject(_ bitmap: Bitmap) -> Subject { Subject(of: bitmap, extent: Part(bitmap.size)) }

    private func isClose(_ box: Part, _ x: Double, _ y: Double, _ width: Double, _ height: Double) -> Bool {
        abs(box.x - x) < 0.02 && abs(box.y - y) < 0.02 && abs(box.right - x - width) < 0.02
            && abs(box.bottom - y - height) < 0.02
    }

    @Test("a product on a plain or softly graded ground is boxed", arguments: [0.0, 0.15, 0.35])
    func plain(slope: Double) {
        let found = subject(DrawnImages.product(slope: slope))

        #expect(found.ground == .plain)
        #expect(isClose(found.box, 0.3, 0.2, 0.4, 0.6))
        #expect(found.touches.isEmpty)
    }

    @Test("a pale product on white is boxed too")
    func pale() {
        let found = subject(DrawnImages.product(ground: 0xFFFFFF, left: 0xF0F0EE, right: 0xF2F1EF))

        #expect(found.ground == .plain)
        #expect(isClose(found.box, 0.3, 0.2, 0.4, 0.6))
    }

    @Test("a soft shadow and a glow stay out of the box")
    func shadow() {
        let size = PixelSize(width: 800, height: 600)
        let drawing = DrawnImages.drawn(size) { x, y in
            if (300..<500).contains(x), (150..<400).contains(y) { return 0xFF20_4080 }
            let far = (Double(x - 400) * Double(x - 400) / 120_000 + Double(y - 430) * Double(y - 430) / 9_000)
            let shade = UInt32(240 - 40 * exp(-far))
            return 0xFF00_0000 | shade << 16 | shade << 8 | shade
        }

        #expect(isClose(subject(drawing).box, 0.375, 0.25, 0.25, 0.4167))
    }

    static let cut: [(box: [Double], edges: Edges)] = [
        ([0.3, 0.4, 0.4, 0.6], .bottom), ([0.3, 0.0, 0.4, 0.5], .top), ([0.0, 0.3, 0.5, 0.4], .left),
        ([0.0, 0.3, 1.0, 0.4], Edges.left.union(.right)), ([0.05, 0.5, 0.9, 0.5], .bottom),
    ]

    @Test("a product that goes on beyond an edge touches it", arguments: cut)
    func touching(box: [Double], edges: Edges) {
        let found = subject(DrawnImages.product(box: (box[0], box[1], box[2], box[3])))

        #expect(found.ground == .plain)
        #expect(found.touches == edges)
        #expect(isClose(found.box, box[0], box[1], box[2], box[3]))
    }

    @Test("a pale cable that leaves its picture touches the edge")
    func cable() {
        let found = subject(
            DrawnImages.drawn(PixelSize(width: 400, height: 600)) { x, y in
                if (100..<300).contains(x), (250..<460).contains(y) { return 0xFFC0_3828 }
                let isCable = (184..<224).contains(x) && y >= 460
                let light = UInt32(isCable ? 180 + (x - 184) * 63 / 40 : 214)
                return 0xFF00_0000 | light << 16 | light << 8 | (light + 3)
            }
        )

        #expect(found.ground == .plain)
        #expect(found.touches == .bottom)
        #expect(isClose(found.box, 0.25, 0.417, 0.5, 0.583))
    }

    @Test("a floor that ends before one corner of the wall makes no scene of a product that is surely told from both")
    func floorInTheCorner() {
        let found = subject(
            DrawnImages.drawn(PixelSize(width: 450, height: 600)) { x, y in
                if (90..<230).contains(x), (200..<500).contains(y) { return 0xFFC0_3828 }
                let floor = 1 / (1 + exp((550 - Double(y)) / 8))
                let wall = 242 - 46 * pow(Double(x) / 450, 2)
                let light = UInt32(wall * (1 - floor) + 238 * floor)
                return 0xFF00_0000 | light << 16 | light << 8 | light
            }
        )

        #expect(found.ground == .plain)
        #expect(found.touches.isEmpty)
        #expect(isClose(found.box, 0.2, 0.333, 0.311, 0.5))
    }

    @Test("a ground that changes along an edge is no product that crosses it")
    func changingGround() throws {
        let sample = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../catalog-samples/images/headphones-sand.jpg")
        let found = subject(try ImageIntake.bitmap(Data(contentsOf: sample)))

        #expect(found.ground == .plain)
        #expect(found.touches.isEmpty)
        #expect(found.box.right < 0.95)
    }

    @Test("a scene is busy, and its box is the whole of it")
    func busy() {
        let found = subject(DrawnImages.scene())

        #expect(found.ground == .busy)
        #expect(isClose(found.box, 0, 0, 1, 1))
    }

    @Test("what can be seen through gives the box by itself, and the product's lightness")
    func clear() {
        let dark = subject(DrawnImages.product(ground: nil, left: 0x202020, right: 0x202020))
        let light = subject(DrawnImages.product(ground: nil, left: 0xFAFAFA, right: 0xFAFAFA))

        #expect(dark.ground == .clear)
        #expect(isClose(dark.box, 0.3, 0.2, 0.4, 0.6))
        #expect(light.lightness > 205 && dark.lightness < 100)
    }

    @Test("a strip of a few pixels has a border too")
    func strip() {
        for size in [
            PixelSize(width: 1, height: 400), PixelSize(width: 400, height: 1), PixelSize(width: 1, height: 1),
        ] {
            #expect(subject(DrawnImages.product(size)).box.width > 0)
        }
    }
}
