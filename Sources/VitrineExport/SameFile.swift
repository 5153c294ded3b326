public import VitrineCore
public import VitrineFeeds

/// The merchant's own file back: every byte as it was, but for one more column, or one more element an item in XML.
public enum SameFile {
    /// The name of the column.
    public static let column = "video_link"

    /// What was written.
    public struct Count: Hashable, Sendable {
        /// Rows that got a link.
        public var links = 0
        /// Rows in all, without blank ones.
        public var rows = 0
        /// Products that have a video but no row in the file.
        public var missing = 0

        /// Nothing written yet.
        public init() {}
    }

    /// Writes the feed again with the links of its videos; the output is whole or not there.
    ///
    /// The link stands on the first row of a product, or on the row of a variant that has a video of its own; with siblings
    /// on every variant's row. Of several placements the first counts. `options` must be those of the import. With `fills`
    /// a column for videos that is there already gets the links where it is empty, and nothing is appended.
    public static func write(
        feedAt path: String,
        options: FeedOptions,
        products: [ExportedProduct],
        export: ExportOptions,
        mediaURL: MediaURL,
        fills: Bool,
        to output: String
    ) throws(ExportFailure) -> Checked<Count> {
        let links = RowLinks(products.filter { $0.product.feed == options.feed }, options: export, mediaURL: mediaURL)
        let copy = try CopiedFile(from: path, to: output)
        let start = try copy.bytes(0..<4)
        guard !start.starts(with: [0x1F, 0x8B]), !start.starts(with: [0x50, 0x4B]) else {
            throw ExportFailure(
                "the feed is packed, so its rows cannot be written back",
                hint: "unpack it and import it again"
            )
        }
        let rows: FeedRows
        do throws(FeedError) {
            rows = try FeedRows(fileAt: path, options: options)
        } catch {
            throw ExportFailure(error)
        }
        var writer = SameFileWriter(rows: rows, copy: copy, links: links, fills: fills, file: options.file)
        try writer.run()
        try copy.finish()
        writer.count.missing = links.count - links.placed
        return Checked(writer.count, writer.diagnostics)
    }
}

/// Which row gets which link, by the keys of its product and variant.
final class RowLinks {
    private struct Links {
        var first: String?
        var variants: [String: String] = [:]
        var siblings: String?
    }

    /// How many products have a link.
    let count: Int
    /// How many of them got it.
    private(set) var placed = 0
    private var products: [String: Links] = [:]
    private var seen = Set<String>()

    /// The links of the products' shown videos.
    init(_ exported: [ExportedProduct], options: ExportOptions, mediaURL: MediaURL) {
        for product in exported {
            var links = Links()
            for video in product.shown(options) {
                let address = mediaURL.address(of: video, of: product.product)
                if let variant = video.video.slot.variant {
                    links.variants[variant] = links.variants[variant] ?? address
                } else {
                    links.first = links.first ?? address
                }
            }
            guard links.first != nil || !links.variants.isEmpty else { continue }
            if options.siblings { links.siblings = links.first }
            products[product.product.key] = links
        }
        count = products.count
    }

    /// The link of a row; each product's own once, on the first row that asks.
    func link(product: String?, variant: String?) -> String? {
        guard let product, let links = products[product] else { return nil }
        let isFirst = seen.insert(product).inserted
        if isFirst { placed += 1 }
        if let variant, let own = links.variants[variant] { return own }
        if isFirst, let first = links.first { return first }
        return variant == nil ? nil : links.siblings
    }
}
