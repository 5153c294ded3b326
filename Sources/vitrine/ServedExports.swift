import Foundation
import VitrineCore
import VitrineExport
import VitrinePipeline
import VitrineServer

/// Exports as the service gives them: the same documents that `vitrine export` writes, with links of the service's own.
struct ServedExports {
    let services: Services

    func write(_ order: Exporter.Order, to path: String) async throws -> Exporter.Document {
        let feed = try await feed(of: order)
        let catalog = CatalogExport(services: services, feed: feed?.feed)
        let products = try await catalog.products()
        var options = ExportOptions(approvedOnly: order.approvedOnly, siblings: order.siblings)
        options.placements = order.placements
        if let text = order.mediaURL {
            options.mediaURL = MediaURL(text)
        } else {
            options.mediaURL = try await catalog.links(of: products, options)
        }
        let name = feed?.feed.rawValue ?? "videos"
        switch order.format {
        case .csv:
            try write(VideoTable.csv(products, options: options, files: .inGallery), path)
            return document(path, "text/csv; charset=utf-8", name, "csv")
        case .json:
            try write(try VideoTable.json(products, options: options, files: .inGallery), path)
            return document(path, "application/json", name, "json")
        case .google:
            let base = try base(options)
            let table = GoogleFeed.table(products, options: options, mediaURL: base, identity: identity(of: feed))
            try write(table.value, path)
            return document(path, "text/tab-separated-values; charset=utf-8", name, "tsv")
        case .meta:
            let base = try base(options)
            let table = MetaFeed.csv(products, options: options, mediaURL: base, identity: identity(of: feed))
            try write(table.value, path)
            return document(path, "text/csv; charset=utf-8", name, "csv")
        case .same:
            return try await same(products, feed, options, order, path)
        }
    }

    private func same(
        _ products: [ExportedProduct],
        _ feed: Generation?,
        _ options: ExportOptions,
        _ order: Exporter.Order,
        _ path: String
    ) async throws -> Exporter.Document {
        guard let feed, let file = feed.file else {
            throw PipelineError(
                .conflict,
                "`same` gives one feed back, and it is not clear which",
                hint: "name it with `feed`"
            )
        }
        _ = try SameFile.write(
            feedAt: try await services.media.path(of: file),
            options: try FeedReading.options(of: feed),
            products: products,
            export: options,
            mediaURL: try base(options),
            fills: order.fill,
            to: path
        )
        let isXML = feed.format.contains("xml") || feed.format.contains("atom") || feed.format.contains("rss")
        return document(path, isXML ? "application/xml" : "text/csv", feed.feed.rawValue, isXML ? "xml" : "csv")
    }

    private func feed(of order: Exporter.Order) async throws -> Generation? {
        let feeds = try await services.store.feeds()
        guard let name = order.feed else { return feeds.count == 1 ? feeds.first : nil }
        guard let found = feeds.first(where: { $0.feed == name }) else {
            throw PipelineError(
                .notFound,
                "no feed `\(name)` in this home",
                hint: "import it first: `POST /v1/imports`"
            )
        }
        return found
    }

    private func base(_ options: ExportOptions) throws -> MediaURL {
        guard let base = options.mediaURL else {
            throw PipelineError(
                .conflict,
                "a channel needs addresses of the videos",
                hint:
                    "set `VITRINE_PUBLIC_URL` to where the service is reached, or name the http or https address of the gallery's "
                    + "`videos/` by `media_url`"
            )
        }
        return base
    }

    private func identity(of feed: Generation?) -> ChannelItems.Identity {
        ["google", "google-xml", "meta"].contains(feed?.format ?? "") ? .variantKey : .sku
    }

    private func document(_ path: String, _ type: String, _ name: String, _ ending: String) -> Exporter.Document {
        let slug = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "-" }.prefix(60))
        return Exporter.Document(path: path, contentType: type, name: "\(slug).\(ending)")
    }

    private func write(_ data: Data, _ path: String) throws {
        do {
            try data.write(to: URL(filePath: path))
        } catch {
            throw StoreError(.io, "the export cannot be written")
        }
    }
}
