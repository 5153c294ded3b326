internal import CImageCodec
public import VitrineCore

/// A product told from the ground it stands on: a soft matte, and how sure that is.
///
/// It is derived from a picture when it is needed, never stored and never sent to anybody.
public struct Cutout: Sendable {
    /// The size of the picture and of its matte.
    public let size: PixelSize
    /// How much of each pixel is product: 0 to 255, row by row; nothing of it where that is not sure.
    public let matte: [UInt8]
    /// 0 for a guess that must not be used, 1 for a product with a clear edge on a calm ground.
    public let certainty: Float
    /// The product's box in fractions of the picture, and the middle of its visual mass.
    public let box: Box
    /// The part of the picture that is product, 0 to 1.
    public let cover: Float
    /// How far product and ground lie apart; black on white is 100, white on white a few.
    public let contrast: Float

    /// A place in a picture, in fractions of its width and height.
    public struct Box: Hashable, Sendable {
        /// The left edge.
        public var left: Float
        /// The upper edge.
        public var top: Float
        /// The right edge.
        public var right: Float
        /// The lower edge.
        public var bottom: Float
        /// The middle by visual mass, across.
        public var middleX: Float
        /// The middle by visual mass, down.
        public var middleY: Float

        var part: Part {
            Part(x: Double(left), y: Double(top), width: Double(right - left), height: Double(bottom - top))
        }
    }

    /// Whether product and ground may be treated apart; else the picture is one.
    public var isSure: Bool { certainty >= IC_SURE }

    /// Looks for the product of a picture; what can be seen through is believed to be its ground.
    public init(of bitmap: Bitmap) {
        let size = bitmap.size
        var found = ic_cutout()
        let isClear = bitmap.isSeenThrough
        matte = [UInt8](unsafeUninitializedCapacity: size.area) { matte, count in
            bitmap.pixels.withUnsafeBufferPointer { pixels in
                let (width, height) = (UInt32(size.width), UInt32(size.height))
                if isClear {
                    ic_take_alpha(pixels.baseAddress, size.area, matte.baseAddress)
                    ic_measure_matte(matte.baseAddress, width, height, &found)
                } else {
                    let status = ic_cut_out(pixels.baseAddress, width, height, matte.baseAddress, &found)
                    precondition(status == IC_OK, "a kernel ends well unless memory has run out")
                }
            }
            count = size.area
        }
        self.size = size
        certainty = found.certainty
        cover = found.cover
        contrast = found.contrast
        box = Box(
            left: found.left,
            top: found.top,
            right: found.right,
            bottom: found.bottom,
            middleX: found.centre_x,
            middleY: found.centre_y
        )
    }

    /// The ground alone, opaque and soft, as it would be without the product; white behind a picture that can be seen through.
    public func ground(of bitmap: Bitmap) -> Bitmap {
        precondition(bitmap.size == size, "a cutout belongs to its picture")
        var cells = Backdrop(width: (size.width + 7) / 8, height: (size.height + 7) / 8)
        if bitmap.isSeenThrough {
            cells = Backdrop(color: 0xFFFFFF)
        } else {
            let (width, height) = (UInt32(cells.width), UInt32(cells.height))
            let status = cells.values.withUnsafeMutableBufferPointer { values in
                ic_ground(
                    bitmap.pixels,
                    matte,
                    UInt32(size.width),
                    UInt32(size.height),
                    values.baseAddress,
                    width,
                    height
                )
            }
            precondition(status == IC_OK, "a kernel ends well unless memory has run out")
        }
        return Bitmap(size: size, pixels: cells.frame(size), isOpaque: true)
    }

    /// Where the product lies along the sides of a smaller picture: the upper, the lower, the left and the right one.
    func sides(_ small: PixelSize) -> [[Bool]] {
        func side(_ count: Int, _ cell: (Int) -> (Int, Int)) -> [Bool] {
            let isProduct = (0..<count).map { place in
                let (x, y) = cell(place)
                let columns = x * size.width / small.width..<max((x + 2) * size.width / small.width, 1)
                let rows = y * size.height / small.height..<max((y + 2) * size.height / small.height, 1)
                return rows.contains { y in columns.contains { x in at(x, y) > 64 } }
            }
            return (0..<count).map { isProduct[max($0 - 1, 0)...min($0 + 1, count - 1)].contains(true) }
        }
        return [
            side(small.width) { ($0, 0) }, side(small.width) { ($0, small.height - 2) },
            side(small.height) { (0, $0) }, side(small.height) { (small.width - 2, $0) },
        ]
    }

    private func at(_ x: Int, _ y: Int) -> UInt8 { x < size.width && y < size.height ? matte[y * size.width + x] : 0 }

    /// The product alone, premultiplied, without what shines through of its ground: laid over that ground, it is the picture again.
    public func product(of bitmap: Bitmap, on ground: Bitmap) -> Bitmap {
        precondition(bitmap.size == size && ground.size == size, "a cutout belongs to its picture")
        if bitmap.isSeenThrough { return bitmap }
        let pixels = [UInt8](unsafeUninitializedCapacity: size.area * 4) { out, count in
            ic_lift(bitmap.pixels, ground.pixels, matte, size.area, out.baseAddress)
            count = size.area * 4
        }
        return Bitmap(size: size, pixels: pixels, isOpaque: false)
    }
}

extension Bitmap {
    /// Whether enough of it can be seen through for that to be its ground.
    var isSeenThrough: Bool {
        !isOpaque && pixels.withUnsafeBufferPointer { ic_clear_share($0.baseAddress, size.area) > 0.005 }
    }
}
