import Foundation
import VitrineCore
import VitrineExport
import VitrinePipeline
import VitrinePresets

/// Fills the values that exports are made from: the catalogue of a feed with its pictures and videos.
struct CatalogExport {
    let services: Services
    /// Only this feed; all when nil.
    let feed: FeedName?

    /// Every product of the feed in feed order, with all its takes.
    func products() async throws -> [ExportedProduct] {
        var videos: [ProductID: [Video]] = [:]
        var seen = 0
        while true {
            let page = try await services.store.videos(VideoQuery(feed: feed), offset: seen, limit: 1000)
            if page.isEmpty { break }
            seen += page.count
            for video in page { videos[video.slot.product, default: []].append(video) }
        }
        var products: [ExportedProduct] = []
        while true {
            let query = ProductQuery(feed: feed)
            let entries = try await services.store.entries(query, offset: products.count, limit: 500)
            if entries.isEmpty { return products }
            let slots = try await services.store.slots(of: entries.map(\.product.id))
            var digests = Set(entries.flatMap { $0.pictures.compactMap(\.image) })
            for take in slots.values.joined().flatMap(\.takes) { digests.formUnion(take.request.pictures.prefix(1)) }
            let images = try await services.store.images(Array(digests))
            for entry in entries {
                products.append(
                    try await exported(
                        entry,
                        videos[entry.product.id] ?? [],
                        takes: (slots[entry.product.id] ?? []).flatMap(\.takes),
                        images: images
                    )
                )
            }
        }
    }

    /// The lasting links of a home that is served, to each slot of the products that an export shows; nil where `VITRINE_PUBLIC_URL` is not set.
    func links(of products: [ExportedProduct], _ options: ExportOptions) async throws -> MediaURL? {
        guard let base = try services.settings.publicURL() else { return nil }
        let slots = products.flatMap { $0.shown(options) }.map(\.video.slot)
        let links = try await services.store.links(to: slots, random: services.random, at: services.time.now())
        return MediaURL(servedAt: base, links: links)
    }

    /// The gallery and the tables of everything, in one folder; gives back what it shows.
    func everything(
        into path: String,
        summary: ImportSummary,
        plan: Plan,
        diagnostics: [Diagnostic]
    ) async throws -> [VideoRow] {
        let products = try await products()
        let options = ExportOptions()
        let made = services.time.now().formatted(.iso8601.year().month().day())
        var files = try Gallery().files(
            for: products,
            summary: Gallery.Summary(title: summary.generation.feed.rawValue, made: made, diagnostics: diagnostics),
            options: options
        )
        let csv = VideoTable.csv(products, options: options, files: .inGallery)
        let json = try VideoTable.json(products, options: options, files: .inGallery)
        files.append(ExportFile(path: "videos.csv", contents: .bytes(Array(csv))))
        files.append(ExportFile(path: "videos.json", contents: .bytes(Array(json))))
        let folder = OutFolder(path: path)
        try folder.write(files)
        try folder.sweep(keeping: files)
        return VideoTable.rows(products, options: options, files: .inGallery)
    }

    private func exported(
        _ entry: CatalogEntry,
        _ videos: [Video],
        takes: [Take],
        images: [Digest: SourceImage]
    ) async throws -> ExportedProduct {
        var usable: [String: SourceImage] = [:]
        for picture in entry.pictures {
            if let digest = picture.image, let image = images[digest] { usable[picture.reference] = image }
        }
        let pictures = VariantPictures(product: entry.product, images: usable)
        var exported: [ExportedVideo] = []
        for video in videos {
            guard let take = takes.first(where: { $0.video == video.id }) else { continue }
            let shown = shown(by: take, in: entry.product, pictures: pictures, images: images)
            exported.append(
                ExportedVideo(
                    video: video,
                    prompt: take.request.prompt,
                    skus: shown.compactMap(\.sku),
                    variantsShown: shown.map(\.key),
                    file: try await services.media.path(of: video.clip.file),
                    poster: try await services.media.path(of: video.clip.poster)
                )
            )
        }
        return ExportedProduct(
            product: entry.product,
            picture: try await picture(of: pictures),
            preset: try await preset(of: entry.product, videos),
            videos: exported,
            note: videos.isEmpty && pictures.main == nil ? "none of its pictures can be used" : nil
        )
    }

    /// The preset of its newest video, else the one that it would be given.
    private func preset(of product: Product, _ videos: [Video]) async throws -> String {
        if let video = videos.last { return video.preset.name }
        return try await services.presets.library().match(product).preset.name
    }

    private func shown(
        by take: Take,
        in product: Product,
        pictures: VariantPictures,
        images: [Digest: SourceImage]
    ) -> [Variant] {
        if let key = take.request.slot.variant { return product.variants.filter { $0.key == key } }
        guard let image = take.request.pictures.first.flatMap({ images[$0] }) else { return [] }
        return pictures.shown(by: image)
    }

    private func picture(of pictures: VariantPictures) async throws -> ExportedFile? {
        guard let image = pictures.main?.image, let file = try await services.media.file(image.digest) else {
            return nil
        }
        return ExportedFile(
            path: try await services.media.path(of: file),
            digest: image.digest,
            kind: image.format == .jpeg ? "jpg" : image.format.rawValue,
            size: image.size
        )
    }
}
