import Foundation
import VitrineCore

/// A PNG laid down byte by byte, of any depth and kind, so that a test owns every byte of it.
struct WrittenPNG {
    enum Kind: UInt8, CaseIterable, Sendable {
        case grey = 0
        case color = 2
        case palette = 3
        case greyAlpha = 4
        case colorAlpha = 6

        var channels: Int {
            switch self {
            case .grey, .palette: 1
            case .color: 3
            case .greyAlpha: 2
            case .colorAlpha: 4
            }
        }

        var depths: [Int] {
            switch self {
            case .grey: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            default: [8, 16]
            }
        }
    }

    var size: PixelSize
    var kind: Kind
    var depth: Int
    var isInterlaced = false
    /// Chunks between the header and the pixels.
    var extra: [(name: String, body: [UInt8])] = []
    /// The samples of one pixel, each less than 2 to the power of the depth.
    var samples: (Int, Int) -> [Int]

    /// The signature and the first chunk.
    var header: Data {
        let shape = [UInt8(depth), kind.rawValue, 0, 0, isInterlaced ? 1 : 0]
        return Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            + WrittenPNG.chunk("IHDR", WrittenPNG.big(size.width) + WrittenPNG.big(size.height) + shape)
    }

    var data: Data {
        var bytes = header
        for chunk in extra { bytes += WrittenPNG.chunk(chunk.name, chunk.body) }
        bytes += WrittenPNG.chunk("IDAT", WrittenPNG.stored(rows))
        return bytes + WrittenPNG.chunk("IEND", [])
    }

    private var rows: [UInt8] {
        let passes =
            isInterlaced
            ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
            : [(0, 0, 1, 1)]
        var bytes = [UInt8]()
        for (left, top, across, down) in passes where left < size.width && top < size.height {
            for y in stride(from: top, to: size.height, by: down) {
                bytes.append(0)
                bytes += row(stride(from: left, to: size.width, by: across).flatMap { samples($0, y) })
            }
        }
        return bytes
    }

    private func row(_ values: [Int]) -> [UInt8] {
        if depth == 16 { return values.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }
        let each = 8 / depth
        return stride(from: 0, to: values.count, by: each).map { start in
            (0..<each).reduce(UInt8(0)) { byte, place in
                let value = start + place < values.count ? values[start + place] : 0
                return byte | UInt8(value << (8 - depth * (place + 1)))
            }
        }
    }

    static func chunk(_ name: String, _ body: [UInt8]) -> Data {
        let named = Array(name.utf8) + body
        return Data(big(body.count) + named + big(Int(checksum(named))))
    }

    static func big(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x78, 0x01]
        var at = 0
        repeat {
            let count = min(65535, bytes.count - at)
            out.append(at + count == bytes.count ? 1 : 0)
            out += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8 & 255)]
            out += bytes[at..<at + count]
            at += count
        } while at < bytes.count
        var (low, high) = (1, 0)
        for byte in bytes {
            low = (low + Int(byte)) % 65521
            high = (high + low) % 65521
        }
        return out + big(high << 16 | low)
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 {
                let half: UInt32 = sum >> 1
                sum = sum & 1 == 1 ? half ^ 0xEDB8_8320 : half
            }
        }
        return ~sum
    }
}
