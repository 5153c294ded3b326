import Foundation
import VitrineCore

/// What the large view of the page tells of one product, as the page's script reads it.
struct GalleryDetail: Encodable {
    struct Photo: Encodable {
        var file: String
    }

    struct Clip: Encodable {
        var placement: String
        var file: String
        var poster: String
        var width: Int
        var height: Int
        var skus: [String]
        var length: String
        var size: String
        var maker: String
        var take: String
        var weight: String
        var prompt: String
    }

    var title: String
    var place: String?
    var brand: String?
    var skus: [String]
    var preset: String?
    var photo: Photo?
    var note: String?
    var videos: [Clip]

    /// What there is to tell of a product.
    init(_ exported: ExportedProduct, videos: [ExportedVideo]) {
        let product = exported.product
        title = product.title
        place = product.categories.first?.segments.joined(separator: " › ")
        brand = product.brand
        skus = product.skus.map(\.rawValue)
        preset = exported.preset
        photo = exported.picture.map { Photo(file: "pictures/" + ExportName.picture($0, of: product)) }
        note = videos.isEmpty ? exported.note : nil
        self.videos = videos.map { video in
            let stem = "videos/" + ExportName.stem(video, of: product)
            let clip = video.video.clip
            return Clip(
                placement: video.video.slot.placement.rawValue,
                file: stem + ".mp4",
                poster: stem + ".jpg",
                width: clip.size.width,
                height: clip.size.height,
                skus: video.skus.map(\.rawValue),
                length: GalleryDetail.length(clip.seconds),
                size: clip.size.description,
                maker: "\(video.video.provider.rawValue) · \(video.video.model)",
                take: "\(video.video.take), \(video.video.tier.rawValue), \(video.video.state.rawValue)",
                weight: GalleryDetail.weight(clip.file.bytes),
                prompt: video.prompt
            )
        }
    }

    /// A list as JSON that may stand inside a script element.
    static func json(_ details: [GalleryDetail]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var safe: [UInt8] = []
        for byte in try encoder.encode(details) {
            switch byte {
            case UInt8(ascii: "<"): safe += Array("\\u003c".utf8)
            case UInt8(ascii: ">"): safe += Array("\\u003e".utf8)
            case UInt8(ascii: "&"): safe += Array("\\u0026".utf8)
            default: safe.append(byte)
            }
        }
        return String(decoding: safe, as: UTF8.self)
    }

    /// Seconds as people write them, such as `6 s` or `4.5 s`.
    static func length(_ seconds: Double) -> String {
        let tenths = (seconds * 10).rounded() / 10
        return (tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)") + " s"
    }

    /// Bytes as people write them, such as `1.2 MB`.
    static func weight(_ bytes: Int) -> String {
        if bytes < 100_000 { return "\(max(1, bytes / 1000)) kB" }
        return "\((Double(bytes) / 100_000).rounded() / 10) MB"
    }
}
