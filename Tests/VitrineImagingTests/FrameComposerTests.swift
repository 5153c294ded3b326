import Foundation
import Testing
import VitrineCore
import VitrineImaging
import VitrineTesting

@Suite struct FrameComposerTests {
    private func recipe(
        _ placement: Placement = .story,
        _ fit: FrameRecipe.Fit = .pad,
        _ background: FrameRecipe.Background = .auto,
        size: Double = 0.78,
        short: Int = 180
    ) -> FrameRecipe {
        FrameRecipe(placement: placement, shortSide: short, fit: fit, background: background, productSize: size)
    }

    private func frame(_ bitmap: Bitmap, _ recipe: FrameRecipe) throws -> (made: ComposedFrame, seen: Bitmap) {
        let made = try FrameComposer.compose(DrawnImages.png(bitmap), recipe: recipe)
        return (made, try ImageIntake.bitmap(made.png, limits: Fixtures.tiny))
    }

    /// The rectangle of the drawn product in a frame: the box of what is clearly red, blue or yellow.
    private func box(_ seen: Bitmap) -> (left: Int, right: Int, top: Int, bottom: Int) {
        var found = (left: Int.max, right: -1, top: Int.max, bottom: -1)
        for y in 0..<seen.size.height {
            for x in 0..<seen.size.width {
                let color = seen[x, y]
                let spread = max(color.x, color.y, color.z) - min(color.x, color.y, color.z)
                guard spread > 60 else { continue }
                found = (min(found.left, x), max(found.right, x), min(found.top, y), max(found.bottom, y))
            }
        }
        return found
    }

    @Test(
        "every placement and fit has its exact size, an opaque PNG and a digest",
        arguments: Placement.allCases,
        FrameRecipe.Fit.allCases
    )
    func sizes(placement: Placement, fit: FrameRecipe.Fit) throws {
        for background in [FrameRecipe.Background.auto, .blur, .color(0x334455)] {
            for bitmap in [DrawnImages.product(), DrawnImages.scene(), DrawnImages.product(ground: nil)] {
                let wanted = recipe(placement, fit, background, short: 90)
                let (made, seen) = try frame(bitmap, wanted)
                #expect(seen.size == wanted.size)
                #expect(seen.isOpaque)
                #expect(made.frame.size == wanted.size)
                #expect(made.frame.digest == Digest(of: made.png))
            }
        }
    }

    @Test("composing twice gives the same bytes")
    func deterministic() throws {
        for bitmap in [DrawnImages.product(slope: 0.2), DrawnImages.scene(), DrawnImages.product(ground: nil)] {
            let bytes = DrawnImages.jpeg(bitmap)
            let one = try FrameComposer.compose(bytes, recipe: recipe())
            let two = try FrameComposer.compose(bytes, recipe: recipe())
            #expect(one.png == two.png)
            #expect(one.frame == two.frame)
        }
    }

    @Test(
        "the product takes the asked part of the tighter side, in the middle; of a full screen, a little above it",
        arguments: [Placement.story, .square, .wide],
        [0.5, 0.78]
    )
    func productSize(placement: Placement, part: Double) throws {
        let (_, seen) = try frame(DrawnImages.product(), recipe(placement, size: part))
        let found = box(seen)
        let width = Double(found.right - found.left + 1) / Double(seen.size.width)
        let height = Double(found.bottom - found.top + 1) / Double(seen.size.height)

        let middle = placement == .story ? 0.47 : 0.5
        #expect(abs(max(width, height) - part) < 0.025)
        #expect(abs(found.left + found.right - seen.size.width) <= 6)
        #expect(abs(Double(found.top + found.bottom) / 2 - Double(seen.size.height) * middle) <= 4)
    }

    @Test(
        "a product that floats on pure white throws a soft shadow, and keeps its colours; on a ground of its own it does not"
    )
    func floating() throws {
        func darkest(_ ground: UInt32) throws -> (shadow: Int, product: SIMD4<UInt8>) {
            let (_, seen) = try frame(DrawnImages.product(ground: ground), recipe(.square))
            let found = box(seen)
            let under = (found.bottom + 3..<found.bottom + 9).map { Int(seen[seen.size.width / 2, $0].y) }
            return (Int(seen[1, 1].y) - (under.min() ?? 255), seen[found.left + 10, (found.top + found.bottom * 2) / 3])
        }

        let white = try darkest(0xFFFFFF)
        let own = try darkest(0xF4F2EE)

        #expect(white.shadow > 12)
        #expect(isNear(white.product, 0xC03828, within: 2))
        #expect(own.shadow < 4)
    }

    @Test("a handle does not push the body of a product out of the middle")
    func mass() throws {
        let mug = DrawnImages.drawn(PixelSize(width: 400, height: 300)) { x, y in
            let isBody = (120..<240).contains(x) && (80..<220).contains(y)
            let isHandle = (240..<300).contains(x) && (140..<156).contains(y)
            return isBody || isHandle ? 0xFFC0_3828 : 0xFFF4_F2EE
        }

        let (_, seen) = try frame(mug, recipe(.square))

        let found = box(seen)
        let middle = (found.left + found.right) / 2
        #expect(middle > seen.size.width / 2 + 3)
        #expect(found.right < seen.size.width - 6)
    }

    @Test("a padded ground has no seam: neighbouring pixels outside the product are alike", arguments: [0.0, 0.25])
    func seamless(slope: Double) throws {
        for placement in [Placement.story, .wide] {
            let (_, seen) = try frame(DrawnImages.product(slope: slope), recipe(placement))
            let found = box(seen)
            var largest = 0
            for y in 1..<seen.size.height {
                for x in 1..<seen.size.width {
                    let isProduct =
                        (found.left - 3...found.right + 3).contains(x) && (found.top - 3...found.bottom + 3).contains(y)
                    guard !isProduct else { continue }
                    for channel in 0..<3 {
                        let value = Int(seen[x, y][channel])
                        largest = max(largest, abs(value - Int(seen[x - 1, y][channel])))
                        largest = max(largest, abs(value - Int(seen[x, y - 1][channel])))
                    }
                }
            }
            #expect(largest <= 3, "\(placement)")
        }
    }

    @Test("a shadow and the bend of a floor that reach the picture's edge go on beyond it, and push nothing aside")
    func shadowBeyondTheEdge() throws {
        let picture = DrawnImages.drawn(PixelSize(width: 300, height: 400)) { x, y in
            if (90..<210).contains(x), (120..<300).contains(y) { return 0xFFC0_3828 }
            let floor = 1 / (1 + exp((210 - Double(y)) / 14))
            let shadow = exp(-pow((Double(y) - 300) / 16, 2)) * max(0, 1 - Double(x) / 260)
            let light = UInt32((150 + 70 * floor) * (1 - 0.4 * shadow))
            return 0xFF00_0000 | light << 16 | light << 8 | light
        }

        let (made, seen) = try frame(picture, recipe(.wide, short: 540))

        let found = box(seen)
        #expect(abs(found.left + found.right - seen.size.width) <= 20)
        #expect(made.frame.scale > 0)
        var largest = (step: 0, x: 0, y: 0)
        for y in 2..<seen.size.height - 2 {
            for x in 1..<seen.size.width where x < found.left - 3 || x > found.right + 3 {
                let step = abs(Int(seen[x, y].y) - Int(seen[x - 1, y].y))
                if step > largest.step { largest = (step, x, y) }
            }
        }
        #expect(largest.step <= 4, "\(largest) \(found)")
    }

    @Test("the product keeps its colours")
    func colors() throws {
        let (_, seen) = try frame(DrawnImages.product(), recipe(.square))
        let found = box(seen)
        let middle = (found.top + found.bottom * 2) / 3

        #expect(isNear(seen[found.left + 10, middle], 0xC03828, within: 2))
        #expect(isNear(seen[found.right - 10, middle], 0x2850A0, within: 2))
    }

    @Test("a crop keeps the product in where it stands to one side, and fills the frame")
    func crop() throws {
        let aside = DrawnImages.product(
            PixelSize(width: 800, height: 600),
            box: (x: 0.65, y: 0.3, width: 0.25, height: 0.4)
        )

        let (made, seen) = try frame(aside, recipe(.story, .crop, .color(0x00FF00)))
        let found = box(seen)

        #expect(made.notes.isEmpty)
        #expect(found.left > 2 && found.right < seen.size.width - 3)
        #expect(isNear(seen[1, 1], 0xF4F2EE, within: 3) && isNear(seen[178, 318], 0xF4F2EE, within: 3))
    }

    @Test("a crop that would cut the product pads, and says so")
    func cropThatDoesNotFit() throws {
        let broad = DrawnImages.product(box: (x: 0.1, y: 0.3, width: 0.8, height: 0.4))

        let (made, seen) = try frame(broad, recipe(.story, .crop))
        let found = box(seen)

        #expect(made.notes == ["the product does not fit a crop of 9:16: padded instead"])
        #expect(found.left > 2 && found.right < seen.size.width - 3)
    }

    @Test("a small picture is scaled up to three times, and the notes say so")
    func enlarged() throws {
        let small = DrawnImages.product(PixelSize(width: 300, height: 300))

        let (twice, _) = try frame(small, recipe(.square, short: 300))
        #expect(abs(twice.frame.scale - 1.3) < 0.03)
        #expect(twice.notes == ["scaled up 1.3 times"])

        let (most, seen) = try frame(small, recipe(.square, size: 1, short: 1080))
        #expect(most.frame.scale == 3)
        #expect(most.notes.first == "scaled up 3.0 times")
        #expect(most.notes.count == 2)
        #expect(box(seen).bottom - box(seen).top < 560)
    }

    @Test("a product cut off by an edge of its picture stands on that edge of the frame")
    func anchored() throws {
        let bust = DrawnImages.product(box: (x: 0.25, y: 0.3, width: 0.5, height: 0.7))

        for placement in [Placement.story, .wide] {
            let (_, seen) = try frame(bust, recipe(placement))
            #expect(box(seen).bottom == seen.size.height - 1)
            #expect(box(seen).top > 10)
        }
    }

    @Test("a named colour surrounds the picture exactly")
    func named() throws {
        let (_, seen) = try frame(DrawnImages.scene(), recipe(.story, .pad, .color(0x112233)))

        #expect(isNear(seen[90, 4], 0x112233, within: 0))
        #expect(isNear(seen[90, 316], 0x112233, within: 0))
    }

    @Test("what can be seen through stands in a light studio with a shadow under it, or before a named colour")
    func clear() throws {
        let cutOut = DrawnImages.product(ground: nil)

        let (_, studio) = try frame(cutOut, recipe(.square))
        let found = box(studio)
        let under = studio[studio.size.width / 2, min(found.bottom + 4, studio.size.height - 1)]
        let wall = studio[studio.size.width / 2, max(found.top - 8, 0)]
        #expect(wall.x > 215)
        #expect(under.x + 20 < wall.x)

        let (_, named) = try frame(cutOut, recipe(.square, .pad, .color(0x00FF00)))
        #expect(isNear(named[2, 2], 0x00FF00, within: 0))
    }

    @Test("a white product that can be seen around does not vanish: its studio is darker")
    func whiteOnWhite() throws {
        let cup = DrawnImages.product(ground: nil, left: 0xFFFFFF, right: 0xFFFFFF)

        let (_, seen) = try frame(cup, recipe(.square))

        #expect(seen[90, 6].x < 225)
        #expect(isNear(seen[90, 110], 0xFFFFFF, within: 2))
    }

    @Test(
        "the edges of a scene are drawn out softly: each row beyond it is like the one before",
        arguments: [FrameRecipe.Fit.pad, .extend]
    )
    func extended(fit: FrameRecipe.Fit) throws {
        let (_, seen) = try frame(DrawnImages.scene(), recipe(.story, fit))
        let top = (seen.size.height - 180 * 3 / 4) / 2
        for y in 1..<top - 2 {
            let change = (0..<seen.size.width).reduce(0) { $0 + abs(Int(seen[$1, y].x) - Int(seen[$1, y - 1].x)) }
            #expect(Double(change) / Double(seen.size.width) < 8)
        }
        #expect(seen[20, 10] != seen[160, 10])
    }

    @Test("a JPEG and a PNG of the same drawing, reduced on different ways, make nearly the same frame")
    func sameFromEither() throws {
        let drawing = DrawnImages.product(PixelSize(width: 803, height: 607))
        let one = try FrameComposer.compose(DrawnImages.jpeg(drawing, DrawnImages.JPEG(quality: 98)), recipe: recipe())
        let two = try FrameComposer.compose(DrawnImages.png(drawing), recipe: recipe())

        let error = meanError(
            try ImageIntake.bitmap(one.png, limits: Fixtures.tiny),
            try ImageIntake.bitmap(two.png, limits: Fixtures.tiny)
        )
        #expect(error < 1.5)
    }

    @Test("where memory is short a picture is decoded smaller, and composed the same to a pixel of what was decoded")
    func shortOfMemory() throws {
        let bytes = DrawnImages.png(DrawnImages.product(PixelSize(width: 900, height: 700)))
        let wanted = recipe(.square, short: 900)

        let plenty = try FrameComposer.compose(bytes, recipe: wanted)
        let short = try FrameComposer.compose(bytes, recipe: wanted, limits: ImageLimits(pictureMemory: 900 * 700 * 2))

        #expect(abs(plenty.frame.scale / short.frame.scale - 1) < 1.0 / 350)
        let error = meanError(try ImageIntake.bitmap(plenty.png), try ImageIntake.bitmap(short.png))
        #expect(error > 0 && error < 1)
    }

    @Test("a refusal of the picture is a refusal of the frame")
    func refused() {
        let refusal = #expect(throws: ImageRefusal.self) {
            try FrameComposer.compose(Data("<html>".utf8), recipe: recipe())
        }
        #expect(refusal?.kind == .format)
    }
}
