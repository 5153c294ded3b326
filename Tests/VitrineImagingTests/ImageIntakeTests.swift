import Foundation
import Testing
import VitrineCore
import VitrineImaging
import VitrineTesting

@Suite struct ImageIntakeTests {
    @Test("a JPEG and a PNG of the same picture are told by their bytes and show the same thing")
    func twins() throws {
        let drawing = DrawnImages.product()
        let jpeg = try ImageIntake.check(DrawnImages.jpeg(drawing))
        let png = try ImageIntake.check(DrawnImages.png(drawing))

        #expect(jpeg.format == .jpeg)
        #expect(png.format == .png)
        #expect(png.size == drawing.size)
        #expect(!png.hasTransparency)
        #expect(jpeg.shows(png))
        #expect(!jpeg.shows(try ImageIntake.check(DrawnImages.png(DrawnImages.scene()))))
    }

    @Test("a signature is the average of 16 × 16 equal parts, with white behind what is clear")
    func signature() throws {
        let drawing = DrawnImages.drawn(PixelSize(width: 320, height: 320)) { x, _ in
            x < 160 ? 0xFF20_4060 : 0x00FF_FFFF
        }

        let source = try ImageIntake.check(DrawnImages.png(drawing))

        #expect(source.hasTransparency)
        #expect(source.signature.count == 16 * 16 * 3)
        #expect(Array(source.signature.prefix(3)) == [0x20, 0x40, 0x60])
        #expect(Array(source.signature.suffix(3)) == [255, 255, 255])
    }

    @Test(
        "every JPEG ink and progressive JPEG show the drawing",
        arguments: [false, true],
        DrawnImages.JPEG.Ink.allCases
    )
    func jpegs(isProgressive: Bool, ink: DrawnImages.JPEG.Ink) throws {
        let drawing = DrawnImages.product(PixelSize(width: 96, height: 64))

        let bytes = DrawnImages.jpeg(drawing, DrawnImages.JPEG(ink: ink, isProgressive: isProgressive, quality: 95))
        let seen = try ImageIntake.bitmap(bytes, limits: Fixtures.tiny)

        #expect(seen.size == drawing.size)
        switch ink {
        case .color: #expect(isNear(seen[36, 40], 0xC03828))
        case .grey: #expect(isNear(seen[36, 40], 0x5F5F5F))
        case .cmyk, .ycck:
            #expect(isNear(seen[4, 4], 0xF4F2EE, within: 16))
            #expect(seen[36, 40].x > seen[36, 40].y + 80)
            #expect(seen[60, 40].z > seen[60, 40].x + 40)
        }
    }

    @Test("inks without a profile look as on coated paper")
    func inks() throws {
        let colors: [UInt32] = [0xFFFFFF, 0x00FFFF, 0xFF00FF, 0xFFFF00, 0xFF0000, 0x00FF00, 0x0000FF, 0x000000]
        let expected: [UInt32] = [0xFFFFFF, 0x009EE0, 0xE2007A, 0xFFED00, 0xE30613, 0x009640, 0x312783, 0x343230]
        let drawing = DrawnImages.drawn(PixelSize(width: 128, height: 16)) { x, _ in 0xFF00_0000 | colors[x / 16] }

        let seen = try ImageIntake.bitmap(
            DrawnImages.jpeg(drawing, DrawnImages.JPEG(ink: .cmyk, quality: 100)),
            limits: Fixtures.tiny
        )

        for (place, color) in expected.enumerated() { #expect(isNear(seen[place * 16 + 8, 8], color, within: 4)) }
    }

    @Test(
        "every kind and depth of PNG, plain and interlaced, shows the same drawing",
        arguments: WrittenPNG.Kind.allCases.flatMap { kind in kind.depths.map { (kind, $0) } },
        [false, true]
    )
    func pngs(shape: (kind: WrittenPNG.Kind, depth: Int), isInterlaced: Bool) throws {
        let most = 1 << shape.depth - 1
        var png = WrittenPNG(
            size: PixelSize(width: 37, height: 21),
            kind: shape.kind,
            depth: shape.depth,
            isInterlaced: isInterlaced
        ) { x, y in
            let isInside = (10..<30).contains(x) && (5..<15).contains(y)
            return switch shape.kind {
            case .grey: [isInside ? 0 : most]
            case .palette: [isInside ? 1 : 0]
            case .color: isInside ? [most, 0, 0] : [most, most, most]
            case .greyAlpha: [isInside ? 0 : most, isInside ? most : 0]
            case .colorAlpha: isInside ? [most, 0, 0, most] : [most, most, most, 0]
            }
        }
        if shape.kind == .palette { png.extra = [("PLTE", [255, 255, 255, 255, 0, 0]), ("tRNS", [128])] }

        let seen = try ImageIntake.bitmap(png.data, limits: Fixtures.tiny)

        let inside: UInt32 = shape.kind == .grey || shape.kind == .greyAlpha ? 0x000000 : 0xFF0000
        #expect(seen.size == png.size)
        #expect(isNear(seen[20, 10], inside, within: 0))
        #expect(seen[20, 10].w == 255)
        switch shape.kind {
        case .grey, .color: #expect(seen[2, 2] == SIMD4(255, 255, 255, 255))
        case .palette: #expect(seen[2, 2] == SIMD4(128, 128, 128, 128))
        case .greyAlpha, .colorAlpha: #expect(seen[2, 2] == SIMD4(0, 0, 0, 0))
        }
    }

    @Test("a WebP, with and without loss, with and without transparency, shows the drawing")
    func webps() throws {
        for name in ["lossy.webp", "lossless.webp", "clear.webp", "clear-lossy.webp"] {
            let seen = try ImageIntake.bitmap(Fixtures.file(name), limits: Fixtures.tiny)
            #expect(seen.size == PixelSize(width: 96, height: 64))
            #expect(isNear(seen[36, 32], 0xC03828, within: 20), "\(name)")
            #expect(seen[3, 3].w == (name.hasPrefix("clear") ? 0 : 255), "\(name)")
            #expect(try ImageIntake.check(Fixtures.file(name), limits: Fixtures.tiny).format == .webp)
        }
    }

    @Test("a picture smaller than a provider accepts is refused with its size and the setting that moves the limit")
    func tooSmall() {
        let drawing = DrawnImages.product(PixelSize(width: 500, height: 299))

        let refusal = #expect(throws: ImageRefusal.self) { try ImageIntake.check(DrawnImages.png(drawing)) }

        #expect(refusal?.kind == .tooSmall)
        #expect(refusal?.message == "picture is 500×299 px, smaller than the 300 px a provider accepts")
        #expect(refusal?.hint?.contains("`VITRINE_SMALLEST_SIDE`") == true)
    }

    @Test("the short side counts as it stands upright or not: a strip is too small whichever way it lies")
    func strip() {
        for orientation in [1, 6] {
            let bytes = DrawnImages.jpeg(
                DrawnImages.product(PixelSize(width: 600, height: 200)),
                DrawnImages.JPEG(orientation: orientation)
            )
            #expect(throws: ImageRefusal.self) { try ImageIntake.check(bytes) }
        }
    }

    @Test("a file, a size or a memory estimate above its limit is refused before decoding")
    func tooLarge() throws {
        let bytes = DrawnImages.png(DrawnImages.product())

        let byBytes = #expect(throws: ImageRefusal.self) {
            try ImageIntake.check(bytes, limits: ImageLimits(bytes: bytes.count - 1))
        }
        let byPixels = #expect(throws: ImageRefusal.self) {
            try ImageIntake.check(bytes, limits: ImageLimits(pixels: 172_799))
        }
        let byMemory = #expect(throws: ImageRefusal.self) {
            try ImageIntake.bitmap(bytes, limits: ImageLimits(pictureMemory: 480 * 360 * 4))
        }

        #expect([byBytes?.kind, byPixels?.kind, byMemory?.kind] == [.tooLarge, .tooLarge, .tooLarge])
        #expect(byMemory?.hint?.contains("`VITRINE_PICTURE_MEMORY`") == true)
        #expect(throws: Never.self) { try ImageIntake.check(bytes, limits: ImageLimits(pictureMemory: 480 * 360 * 4)) }
    }

    @Test("a picture of one colour, or that can be seen through everywhere, is blank")
    func blank() {
        let size = PixelSize(width: 400, height: 300)
        let white = DrawnImages.drawn(size) { x, y in 0xFFFF_FFFF - UInt32((x + y) % 3) * 0x10101 }
        let clear = DrawnImages.drawn(size) { x, _ in UInt32(x % 4) << 24 | 0x804020 }
        for bytes in [DrawnImages.png(white), DrawnImages.jpeg(white), DrawnImages.png(clear)] {
            let refusal = #expect(throws: ImageRefusal.self) { try ImageIntake.check(bytes) }
            #expect(refusal?.kind == .blank)
        }
    }

    @Test("a ring on white and a white cup on a clear ground are not blank")
    func notBlank() {
        let ring = DrawnImages.product(
            PixelSize(width: 1000, height: 1000),
            ground: 0xFFFFFF,
            box: (x: 0.48, y: 0.48, width: 0.04, height: 0.04)
        )
        let cup = DrawnImages.drawn(PixelSize(width: 400, height: 400)) { x, _ in x > 200 ? 0xFFFF_FFFF : 0 }
        #expect(throws: Never.self) { try ImageIntake.check(DrawnImages.jpeg(ring)) }
        #expect(throws: Never.self) { try ImageIntake.check(DrawnImages.png(cup)) }
    }

    @Test("a weave so fine that it is one colour from afar is not blank")
    func weave() {
        let weave = DrawnImages.drawn(PixelSize(width: 600, height: 520)) { x, y in
            (x + y) % 2 == 0 ? 0xFF80_4020 : 0xFF60_3018
        }
        #expect(throws: Never.self) { try ImageIntake.check(DrawnImages.png(weave)) }
        #expect(throws: Never.self) { try ImageIntake.check(DrawnImages.jpeg(weave)) }
    }

    @Test("a picture is decoded at the scale that is needed, and no smaller", arguments: [1, 6])
    func reduced(orientation: Int) throws {
        let drawing = DrawnImages.product(PixelSize(width: 801, height: 603))
        let upright = orientation == 1 ? drawing.size : PixelSize(width: 603, height: 801)
        let target = PixelSize(width: upright.width / 4, height: upright.height / 4)
        let jpeg = DrawnImages.jpeg(drawing, DrawnImages.JPEG(orientation: orientation))

        let small = try ImageIntake.bitmap(jpeg, covering: target)

        #expect(small.size == PixelSize(width: (upright.width + 3) / 4, height: (upright.height + 3) / 4))
        let png = try ImageIntake.bitmap(DrawnImages.png(drawing), covering: PixelSize(width: 200, height: 150))
        #expect(png.size == PixelSize(width: 401, height: 302))
    }
}
