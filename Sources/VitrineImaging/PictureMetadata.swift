import Foundation
import VitrineCore

/// Where a file keeps what we want to know before all metadata is dropped: its EXIF orientation and, in WebP, its profile.
struct PictureMetadata: Hashable {
    var orientation = Orientation.upright
    var profile: Range<Int>?

    init(of bytes: Data, format: SourceImage.Format) {
        bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) in
            switch format {
            case .jpeg: readJPEG(raw)
            case .png: readPNG(raw)
            case .webp: readWebP(raw)
            }
        }
    }

    private mutating func readJPEG(_ bytes: UnsafeRawBufferPointer) {
        var at = 2
        while at + 4 <= bytes.count, bytes[at] == 0xFF {
            let marker = bytes[at + 1]
            if marker == 0xFF {
                at += 1
                continue
            }
            if marker == 0x01 || (0xD0...0xD8).contains(marker) {
                at += 2
                continue
            }
            if marker == 0xDA || marker == 0xD9 { return }
            let length = Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
            guard length >= 2, at + 2 + length <= bytes.count else { return }
            let body = at + 4..<at + 2 + length
            if marker == 0xE1, bytes[body].starts(with: PictureMetadata.exifTitle) {
                orientation = Orientation(exif: UnsafeRawBufferPointer(rebasing: bytes[body.dropFirst(6)]))
                return
            }
            at += 2 + length
        }
    }

    private mutating func readPNG(_ bytes: UnsafeRawBufferPointer) {
        var at = 8
        while at + 12 <= bytes.count {
            let length = PictureMetadata.big(bytes, at)
            guard length <= bytes.count - at - 12 else { return }
            let name = bytes[at + 4..<at + 8]
            if name.elementsEqual("eXIf".utf8) {
                orientation = Orientation(exif: UnsafeRawBufferPointer(rebasing: bytes[at + 8..<at + 8 + length]))
                return
            }
            if name.elementsEqual("IEND".utf8) { return }
            at += 12 + length
        }
    }

    private mutating func readWebP(_ bytes: UnsafeRawBufferPointer) {
        var at = 12
        while at + 8 <= bytes.count {
            let length = (0..<4).reduce(0) { $0 | Int(bytes[at + 4 + $1]) << (8 * $1) }
            guard length <= bytes.count - at - 8 else { return }
            let body = at + 8..<at + 8 + length
            let name = bytes[at..<at + 4]
            if name.elementsEqual("ICCP".utf8) {
                profile = body
            } else if name.elementsEqual("EXIF".utf8) {
                let titled = bytes[body].starts(with: PictureMetadata.exifTitle)
                orientation = Orientation(exif: UnsafeRawBufferPointer(rebasing: bytes[body.dropFirst(titled ? 6 : 0)]))
            }
            at += 8 + length + length % 2
        }
    }

    private static let exifTitle: [UInt8] = Array("Exif".utf8) + [0, 0]

    private static func big(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int {
        (0..<4).reduce(0) { $0 << 8 | Int(bytes[at + $1]) }
    }
}
