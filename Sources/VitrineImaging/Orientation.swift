import VitrineCore

/// How a camera was held: what must be done to its rows so that the picture stands upright (EXIF tag 0x0112).
enum Orientation: UInt8, CaseIterable {
    case upright = 1
    case mirrored = 2
    case upsideDown = 3
    case flipped = 4
    case transposed = 5
    case turnedRight = 6
    case transversed = 7
    case turnedLeft = 8

    /// Whether width and height change places.
    var isSideways: Bool { rawValue >= 5 }

    /// The size once the picture stands upright.
    func upright(_ size: PixelSize) -> PixelSize {
        isSideways ? PixelSize(width: size.height, height: size.width) : size
    }

    /// The orientation in the first directory of a TIFF structure; upright where there is none or it makes no sense.
    init(exif: UnsafeRawBufferPointer) {
        self = Orientation.read(exif) ?? .upright
    }

    private static func read(_ exif: UnsafeRawBufferPointer) -> Orientation? {
        guard exif.count >= 14 else { return nil }
        let isLittle = exif[0] == 0x49 && exif[1] == 0x49
        guard isLittle || exif[0] == 0x4D && exif[1] == 0x4D else { return nil }
        func number(_ at: Int, _ count: Int) -> Int? {
            guard at >= 0, at <= exif.count - count else { return nil }
            return (0..<count).reduce(0) { $0 << 8 | Int(exif[isLittle ? at + count - 1 - $1 : at + $1]) }
        }
        guard number(2, 2) == 42, let directory = number(4, 4), let entries = number(directory, 2) else { return nil }
        for entry in 0..<min(entries, 512) {
            let at = directory + 2 + entry * 12
            guard let tag = number(at, 2) else { return nil }
            guard tag == 0x0112 else { continue }
            guard let type = number(at + 2, 2), let value = number(at + 8, type == 4 ? 4 : 2) else { return nil }
            return UInt8(exactly: value).flatMap(Orientation.init(rawValue:))
        }
        return nil
    }
}

extension Orientation {
    enum Axis {
        case across
        case down
    }

    /// Where a picture begins in its reduced output: a partial last cell comes first where the rows were turned around.
    func startsLate(_ length: Int, _ divisor: Int, _ axis: Axis) -> Double {
        let isReversed: Bool
        switch (self, axis) {
        case (.mirrored, .across), (.upsideDown, _), (.flipped, .down): isReversed = true
        case (.turnedRight, .across), (.transversed, _), (.turnedLeft, .down): isReversed = true
        default: isReversed = false
        }
        let cells = (length + divisor - 1) / divisor
        return isReversed ? Double(cells) - Double(length) / Double(divisor) : 0
    }
}
