import Foundation
import VitrineCore

/// What bytes are, by their first few, whatever the file is called.
enum ImageFormat: Hashable {
    case known(SourceImage.Format)
    case foreign(String, hint: String?)

    init(of bytes: Data) {
        let head = [UInt8](bytes.prefix(1024))
        if head.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .known(.jpeg)
        } else if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .known(.png)
        } else if head.count >= 12, head.starts(with: Array("RIFF".utf8)), head[8..<12].elementsEqual("WEBP".utf8) {
            self = .known(.webp)
        } else if let name = ImageFormat.picture(head) {
            self = .foreign(name, hint: "save the picture as JPEG, PNG or WebP")
        } else {
            self = .foreign(ImageFormat.document(head), hint: ImageFormat.remedy(head))
        }
    }

    private static let beginnings: [(bytes: [UInt8], name: String)] = [
        (Array("GIF8".utf8), "GIF"),
        (Array("BM".utf8), "BMP"),
        ([0x49, 0x49, 0x2A, 0x00], "TIFF"),
        ([0x4D, 0x4D, 0x00, 0x2A], "TIFF"),
        ([0x49, 0x49, 0x2B, 0x00], "TIFF"),
        ([0x4D, 0x4D, 0x00, 0x2B], "TIFF"),
        (Array("8BPS".utf8), "PSD"),
        ([0x00, 0x00, 0x01, 0x00], "ICO"),
        ([0xFF, 0x0A], "JPEG XL"),
        ([0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20], "JPEG XL"),
        ([0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20], "JPEG 2000"),
        ([0xFF, 0x4F, 0xFF, 0x51], "JPEG 2000"),
    ]

    private static let brands: [String: String] = [
        "avif": "AVIF", "avis": "AVIF", "heic": "HEIC", "heix": "HEIC", "heim": "HEIC", "heis": "HEIC",
        "hevc": "HEIC", "hevx": "HEIC", "mif1": "HEIC", "msf1": "HEIC", "crx ": "a camera's raw file",
    ]

    private static func picture(_ head: [UInt8]) -> String? {
        if let match = beginnings.first(where: { head.starts(with: $0.bytes) }) { return match.name }
        if head.count >= 12, head[4..<8].elementsEqual("ftyp".utf8) {
            let length = head[..<4].reduce(0) { $0 << 8 | Int($1) }
            let major = String(decoding: head[8..<12], as: UTF8.self)
            let end = min(max(length, 12), head.count)
            let compatible = stride(from: 16, to: end - 3, by: 4).map {
                String(decoding: head[$0..<$0 + 4], as: UTF8.self)
            }
            if compatible.contains("avif") || compatible.contains("avis") { return "AVIF" }
            return brands[major] ?? compatible.lazy.compactMap { brands[$0] }.first ?? "a video"
        }
        let start = text(head)
        let isSVG =
            start.hasPrefix("<svg") || (start.hasPrefix("<?xml") || start.hasPrefix("<!--")) && start.contains("<svg")
        return isSVG || start.hasPrefix("<!doctype svg") ? "SVG" : nil
    }

    private static func document(_ head: [UInt8]) -> String {
        let start = text(head)
        if head.isEmpty { return "empty" }
        if head.starts(with: Array("%PDF".utf8)) { return "PDF" }
        if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") || start.contains("<html") {
            return "a web page"
        }
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return "a zip archive" }
        if start.hasPrefix("<?xml") { return "XML" }
        if start.hasPrefix("{") || start.hasPrefix("[") { return "JSON" }
        let isText = head.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
        return isText ? "text" : "of an unknown format"
    }

    private static func remedy(_ head: [UInt8]) -> String? {
        switch document(head) {
        case "a web page": "the address leads to a page, not to the picture itself"
        case "PDF": "save the picture as JPEG, PNG or WebP"
        default: nil
        }
    }

    private static func text(_ head: [UInt8]) -> String {
        var bytes = head[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        return String(decoding: bytes.drop { $0 <= 0x20 }, as: UTF8.self).lowercased()
    }
}
