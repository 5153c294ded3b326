public import Foundation
public import VitrineCore
public import VitrineImaging

/// Pictures drawn in code: a "product" of two colours on a plain ground, so that a test can ask where it went.
public enum DrawnImages {
    /// A product on a plain ground: a box whose left half is one colour and whose right half another, a light cap on top.
    ///
    /// `box` is in parts of the picture, 0 to 1. `ground` nil leaves it clear. `slope` darkens the ground downwards.
    public static func product(
        _ size: PixelSize = PixelSize(width: 480, height: 360),
        ground: UInt32? = 0xF4F2EE,
        left: UInt32 = 0xC03828,
        right: UInt32 = 0x2850A0,
        box: (x: Double, y: Double, width: Double, height: Double) = (0.3, 0.2, 0.4, 0.6),
        slope: Double = 0
    ) -> Bitmap {
        let columns = Int(box.x * Double(size.width))..<Int((box.x + box.width) * Double(size.width))
        let rows = Int(box.y * Double(size.height))..<Int((box.y + box.height) * Double(size.height))
        let middle = (columns.lowerBound + columns.upperBound) / 2
        let cap = rows.lowerBound + rows.count / 5
        let grounds = (0..<size.height).map { y in
            ground.map { shaded($0, 1 - slope * Double(y) / Double(size.height)) | 0xFF00_0000 } ?? 0
        }
        return drawn(size) { x, y in
            guard columns.contains(x), rows.contains(y) else { return grounds[y] }
            return (y < cap ? 0xE8C860 : x < middle ? left : right) | 0xFF00_0000
        }
    }

    /// A scene without a ground: patches of colour over the whole picture.
    public static func scene(_ size: PixelSize = PixelSize(width: 480, height: 360)) -> Bitmap {
        drawn(size) { x, y in
            let patch = UInt32((x * 7 / size.width) * 5 + (y * 5 / size.height) * 3)
            let grain = UInt32((x / 4 + y / 4) % 2) * 24
            return 0xFF00_0000 | (patch * 37 % 200 + grain) << 16 | (patch * 91 % 200 + grain) << 8
                | (patch * 53 % 200 + grain)
        }
    }

    /// A picture of which a function gives each pixel as `0xAARRGGBB`, not premultiplied.
    public static func drawn(_ size: PixelSize, _ color: (Int, Int) -> UInt32) -> Bitmap {
        let pixels = [UInt8](unsafeUninitializedCapacity: size.area * 4) { buffer, count in
            var at = 0
            for y in 0..<size.height {
                for x in 0..<size.width {
                    let value = color(x, y)
                    let alpha = value >> 24
                    buffer[at] = UInt8(((value >> 16 & 255) * alpha + 127) / 255)
                    buffer[at + 1] = UInt8(((value >> 8 & 255) * alpha + 127) / 255)
                    buffer[at + 2] = UInt8(((value & 255) * alpha + 127) / 255)
                    buffer[at + 3] = UInt8(alpha)
                    at += 4
                }
            }
            count = size.area * 4
        }
        guard let bitmap = Bitmap(size: size, pixels: pixels) else {
            preconditionFailure("a drawn picture has four bytes for each pixel")
        }
        return bitmap
    }

    private static func shaded(_ color: UInt32, _ light: Double) -> UInt32 {
        [16, 8, 0].reduce(0) { sum, shift in
            sum | UInt32(min(max(Double(color >> UInt32(shift) & 255) * light, 0), 255)) << UInt32(shift)
        }
    }
}

extension DrawnImages {
    /// How a JPEG is laid down.
    public struct JPEG: Sendable {
        /// What its samples are.
        public enum Ink: Sendable, CaseIterable {
            /// Red, green and blue by way of YCbCr.
            case color
            /// Grey.
            case grey
            /// Four inks as Adobe writes them, 255 for none.
            case cmyk
            /// The same by way of YCCK.
            case ycck
        }

        /// What its samples are.
        public var ink: Ink
        /// Whether it comes in passes.
        public var isProgressive: Bool
        /// 1 to 100.
        public var quality: Int
        /// EXIF's number, 1 to 8; nil writes no EXIF.
        public var orientation: Int?
        /// An ICC profile.
        public var profile: Data?

        /// A way to write a JPEG.
        public init(
            ink: Ink = .color,
            isProgressive: Bool = false,
            quality: Int = 92,
            orientation: Int? = nil,
            profile: Data? = nil
        ) {
            self.ink = ink
            self.isProgressive = isProgressive
            self.quality = quality
            self.orientation = orientation
            self.profile = profile
        }
    }

    /// The picture as JPEG; for inks, its red, green and blue are taken as cyan, magenta and yellow, 255 for none.
    public static func jpeg(_ bitmap: Bitmap, _ way: JPEG = JPEG()) -> Data {
        let ink: ImageEncoding.Ink =
            switch way.ink {
            case .color: .color
            case .grey: .grey
            case .cmyk: .cmyk
            case .ycck: .ycck
            }
        var source = bitmap
        if ink == .cmyk || ink == .ycck {
            var pixels = bitmap.pixels
            for at in stride(from: 3, to: pixels.count, by: 4) { pixels[at] = 255 }
            source = Bitmap(size: bitmap.size, pixels: pixels) ?? bitmap
        }
        let plain = ImageEncoding.jpeg(source, quality: way.quality, ink: ink, isProgressive: way.isProgressive)
        var segments = Data()
        if let orientation = way.orientation { segments += segment(0xE1, exif(orientation: orientation)) }
        if let profile = way.profile { segments += chunked(profile) }
        return plain.prefix(2) + segments + plain.dropFirst(2)
    }

    /// The picture as PNG.
    public static func png(_ bitmap: Bitmap) -> Data { ImageEncoding.png(bitmap) }

    /// The body of an EXIF segment that names an orientation, most significant byte first.
    public static func exif(orientation: Int) -> Data {
        Data("Exif\0\0MM\0*\0\0\0\u{8}\0\u{1}".utf8)
            + Data([
                0x01, 0x12, 0, 3, 0, 0, 0, 1, UInt8(orientation >> 8 & 255), UInt8(orientation & 255), 0, 0, 0, 0, 0, 0,
            ])
    }

    /// A JPEG segment.
    public static func segment(_ marker: UInt8, _ body: Data) -> Data {
        let length = body.count + 2
        return Data([0xFF, marker, UInt8(length >> 8 & 255), UInt8(length & 255)]) + body
    }

    private static func chunked(_ profile: Data) -> Data {
        let room = 60_000
        let count = (profile.count + room - 1) / room
        return (0..<count).reduce(into: Data()) { all, index in
            let piece = profile.dropFirst(index * room).prefix(room)
            all += segment(0xE2, Data("ICC_PROFILE\0".utf8) + Data([UInt8(index + 1), UInt8(count)]) + piece)
        }
    }
}
