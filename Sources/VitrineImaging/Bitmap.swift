internal import CImageCodec
public import VitrineCore

/// An upright sRGB picture in memory: RGBA, eight bits each, premultiplied by alpha, rows without gaps.
public struct Bitmap: Sendable {
    /// Width and height.
    public let size: PixelSize
    /// `size.area * 4` bytes, row by row from the top: red, green, blue, alpha; no colour is larger than its alpha.
    public let pixels: [UInt8]
    /// Whether every alpha is 255.
    public let isOpaque: Bool

    /// A picture of bytes laid out as `pixels` says; nil where their number is not four for each pixel.
    public init?(size: PixelSize, pixels: [UInt8]) {
        guard size.width > 0, size.height > 0, pixels.count == size.area * 4 else { return nil }
        self.size = size
        self.pixels = pixels
        isOpaque = stride(from: 3, to: pixels.count, by: 4).allSatisfy { pixels[$0] == 255 }
    }

    init(size: PixelSize, pixels: [UInt8], isOpaque: Bool) {
        self.size = size
        self.pixels = pixels
        self.isOpaque = isOpaque
    }

    /// Red, green, blue and alpha of one pixel; the coordinates must lie within the picture.
    public subscript(x: Int, y: Int) -> SIMD4<UInt8> {
        let at = (y * size.width + x) * 4
        return SIMD4(pixels[at], pixels[at + 1], pixels[at + 2], pixels[at + 3])
    }
}

extension Bitmap {
    /// The whole picture as large as fits within a size, keeping its shape and never larger than it is.
    public func scaled(toFit bounds: PixelSize) -> Bitmap {
        let target = size.shrunk(toFit: bounds)
        guard target != size else { return self }
        return resampled(Part(size), to: target)
    }

    /// A part of the picture at another size: Lanczos-3 where it becomes smaller, Catmull-Rom where it becomes larger.
    func resampled(_ part: Part, to target: PixelSize) -> Bitmap {
        made(target) { source, out in
            ic_resample(
                source,
                UInt32(size.width),
                UInt32(size.height),
                part.raw,
                out,
                UInt32(target.width),
                UInt32(target.height)
            )
        }
    }

    /// A part of the picture in equal cells, each the average of what it covers.
    func averaged(_ part: Part, to target: PixelSize) -> Bitmap {
        made(target) { source, out in
            ic_average(
                source,
                UInt32(size.width),
                UInt32(size.height),
                part.raw,
                out,
                UInt32(target.width),
                UInt32(target.height)
            )
        }
    }

    /// Lays a part of the picture over the pixels of an opaque frame, at a place that may reach beyond it.
    ///
    /// `across` and `down` say, 0 to 256, how much of the picture shows in each of its columns and rows.
    func draw(
        _ part: Part,
        over pixels: inout [UInt8],
        frame: PixelSize,
        at place: (x: Int, y: Int, width: Int, height: Int),
        across: [UInt16],
        down: [UInt16]
    ) {
        precondition(pixels.count == frame.area * 4 && across.count == place.width && down.count == place.height)
        let status = self.pixels.withUnsafeBufferPointer { source in
            pixels.withUnsafeMutableBufferPointer { out in
                ic_draw(
                    source.baseAddress,
                    UInt32(size.width),
                    UInt32(size.height),
                    part.raw,
                    out.baseAddress,
                    UInt32(frame.width),
                    UInt32(frame.height),
                    Int32(place.x),
                    Int32(place.y),
                    UInt32(place.width),
                    UInt32(place.height),
                    across,
                    down
                )
            }
        }
        precondition(status == IC_OK, "a kernel ends well unless memory has run out")
    }

    private func made(
        _ target: PixelSize,
        by kernel: (UnsafePointer<UInt8>?, UnsafeMutablePointer<UInt8>?) -> ic_status
    ) -> Bitmap {
        let bytes = [UInt8](unsafeUninitializedCapacity: target.area * 4) { buffer, count in
            let status = pixels.withUnsafeBufferPointer { kernel($0.baseAddress, buffer.baseAddress) }
            precondition(status == IC_OK, "a kernel ends well unless memory has run out")
            count = target.area * 4
        }
        return Bitmap(size: target, pixels: bytes, isOpaque: isOpaque)
    }
}

/// A rectangle in pixels that need not be whole.
struct Part: Hashable, Sendable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    init(_ size: PixelSize) {
        self.init(x: 0, y: 0, width: Double(size.width), height: Double(size.height))
    }

    var right: Double { x + width }
    var bottom: Double { y + height }
    var middleX: Double { x + width / 2 }
    var middleY: Double { y + height / 2 }
    var raw: ic_part { ic_part(x: x, y: y, width: width, height: height) }
}
