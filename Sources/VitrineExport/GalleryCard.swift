import Foundation
import VitrineCore

/// One product on the page.
struct GalleryCard {
    struct Photo {
        var file: String
        var width: String
        var height: String
        var alt: String
    }

    struct Clip {
        var number: String
        var file: String
        var poster: String
        var width: String
        var height: String
        var placement: String
        var length: String
        var alt: String
    }

    struct Note {
        var text: String
    }

    var id: String
    var number: String
    var shape: String
    var category: String
    var preset: String
    var words: String
    var title: String
    var sku: String?
    var place: String?
    var presetName: String?
    var photo: [Photo]
    var clips: [Clip]
    var note: [Note]

    /// The card of a product.
    init(
        _ exported: ExportedProduct,
        number: Int,
        videos: [ExportedVideo],
        shape: GalleryShape,
        category: String,
        preset: String
    ) {
        let product = exported.product
        let skus = product.skus.map(\.rawValue)
        id = product.id.rawValue
        self.number = "\(number)"
        self.shape = shape.name
        self.category = category
        self.preset = preset
        words = ([product.title, product.brand ?? ""] + skus).joined(separator: " ").lowercased()
        title = product.title
        sku = skus.first.map { skus.count > 1 ? "\($0) +\(skus.count - 1)" : $0 }
        place = product.categories.first?.segments.last
        presetName = exported.preset
        photo =
            exported.picture.map { picture in
                [
                    Photo(
                        file: "pictures/" + ExportName.picture(picture, of: product),
                        width: "\(picture.size.width)",
                        height: "\(picture.size.height)",
                        alt: product.title
                    )
                ]
            } ?? []
        clips = videos.enumerated().map { index, video in
            let stem = "videos/" + ExportName.stem(video, of: product)
            return Clip(
                number: "\(index)",
                file: stem + ".mp4",
                poster: stem + ".jpg",
                width: "\(video.video.clip.size.width)",
                height: "\(video.video.clip.size.height)",
                placement: video.video.slot.placement.rawValue,
                length: GalleryDetail.length(video.video.clip.seconds),
                alt: product.title
            )
        }
        note = videos.isEmpty ? [Note(text: exported.note ?? "No video yet")] : []
    }
}

/// How wide the media of a card are beside each other, so that all are equally high and fill the card.
struct GalleryShape: Hashable {
    /// How many stand in the row.
    var count: Int
    /// The sum of width by height of all, in hundredths.
    var sum: Int

    /// The shape of a product's card.
    init(_ exported: ExportedProduct, videos: [ExportedVideo]) {
        var aspects = videos.map(\.video.clip.size.aspect)
        if let picture = exported.picture { aspects.append(picture.size.aspect) }
        let known = aspects.map { $0 > 0 ? min($0, 1.8) : 1 } + (videos.isEmpty ? [0.8] : [])
        count = max(1, known.count)
        sum = max(50, Int((known.reduce(0, +) * 100).rounded(.up)))
    }

    /// The name of its rule in the style sheet.
    var name: String { "s\(count)-\(sum)" }

    /// The rules that these shapes need: one each, and how wide the usual one wants to be.
    static func style(_ shapes: [GalleryShape]) -> String {
        let usual = shapes.map(\.sum).sorted()
        let middle = Double(usual.isEmpty ? 200 : usual[usual.count / 2]) / 100
        let stage = min(max(middle, 1.3), 2.8)
        let column = Int(stage * 226) + 24
        var rules = ".grid{--stage:\(stage);--column:\(column)px}\n"
        for shape in Set(shapes).sorted(by: { ($0.count, $0.sum) < ($1.count, $1.sum) }) {
            rules += ".\(shape.name){--n:\(shape.count);--sum:\(Double(shape.sum) / 100)}\n"
        }
        return rules
    }
}
