import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineImaging

@Suite struct ImageRemarkTests {
    static let size = PixelSize(width: 640, height: 480)

    private func remarks(_ bitmap: Bitmap) throws -> [ImageRemark]? {
        try ImageIntake.check(DrawnImages.jpeg(bitmap)).remarks
    }

    @Test("a sharp product on a plain ground, and a scene, are nothing to remark on")
    func plain() throws {
        #expect(try remarks(DrawnImages.product(Self.size)) == [])
        #expect(try remarks(DrawnImages.scene(Self.size)) == [])
    }

    @Test(
        "a picture of which even the sharpest edge is soft is blurred, a slightly soft one is not",
        arguments: [2.0, 14]
    )
    func blurred(softness: Double) throws {
        let drawing = DrawnImages.drawn(Self.size) { x, y in
            let far = hypot(Double(x) - 320, Double(y) - 240) - 150
            let share = 1 / (1 + exp(far / softness * 1.7))
            let light = UInt32(245 - 190 * share)
            return 0xFF00_0000 | light << 16 | light << 8 | UInt32(245 - 120 * share)
        }

        #expect(try remarks(drawing) == (softness > 5 ? [.blurred] : []))
    }

    @Test("a line of letters beside the product is text, those upon it are not")
    func text() throws {
        func drawn(lettersAt top: Int) -> Bitmap {
            DrawnImages.drawn(Self.size) { x, y in
                let (letter, within) = ((x - 100) / 34, (x - 100) % 34)
                let isLetter = x >= 100 && letter < 12 && within < 20 && (top..<top + 28).contains(y)
                if isLetter, within < 6 || (y - top) < 6 { return 0xFF20_2020 }
                return (80..<560).contains(x) && (160..<440).contains(y) ? 0xFFB0_6040 : 0xFFF4_F4F2
            }
        }

        #expect(try remarks(drawn(lettersAt: 60)) == [.text])
        #expect(try remarks(drawn(lettersAt: 300)) == [])
    }

    /// Cups of a light ground, each a tapered body with a handle: where their middles are, and how wide they are.
    private func cups(_ places: [(x: Int, y: Int, width: Int)]) -> Bitmap {
        DrawnImages.drawn(Self.size) { x, y in
            let isCup = places.contains { place in
                let (dx, dy) = (abs(x - place.x), y - place.y)
                return abs(dy) < place.width / 2 && dx < place.width / 2 - (dy + place.width / 2) / 12
            }
            return isCup ? 0xFF30_6090 + UInt32((x + y) % 7) : 0xFFF4_F4F2
        }
    }

    @Test(
        "things of like size that stand apart are several; one with its crumbs, or in two halves that touch, is one",
        arguments: [
            ([(320, 240, 200)], false),
            ([(170, 240, 160), (460, 240, 160)], true),
            ([(130, 240, 130), (320, 240, 130), (510, 240, 120)], true),
            ([(300, 240, 200), (520, 300, 60)], false),
            ([(240, 240, 160), (400, 240, 160)], false),
        ] as [([(Int, Int, Int)], Bool)]
    )
    func several(places: [(Int, Int, Int)], areSeveral: Bool) throws {
        #expect(try remarks(cups(places.map { ($0.0, $0.1, $0.2) })) == (areSeveral ? [.several] : []))
    }

    @Test("two parts of one thing whose boxes reach into each other are one")
    func parts() throws {
        let drawing = DrawnImages.drawn(Self.size) { x, y in
            let isSeat = (200..<440).contains(x) && (120..<240).contains(y - (x - 200) / 4)
            let isLegs = (200..<440).contains(x) && (262..<382).contains(y - (x - 200) / 4)
            return isSeat || isLegs ? 0xFF80_4018 : 0xFFF4_F4F2
        }

        #expect(try remarks(drawing) == [])
    }

    @Test("a grey sign on a grey ground is a placeholder")
    func placeholder() throws {
        let sign = DrawnImages.drawn(Self.size) { x, y in
            let isFrame =
                (220..<420).contains(x) && (160..<320).contains(y)
                && !((232..<408).contains(x) && (172..<308).contains(y))
            return isFrame ? 0xFFA8_A8A8 : 0xFFEC_ECEC
        }

        #expect(try remarks(sign) == [.placeholder])
    }
}
