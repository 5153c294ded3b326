import Foundation
public import VitrineCore
public import VitrineFeeds
public import VitrineImaging

/// Where a feed comes from.
public enum FeedOrigin: Hashable, Sendable {
    /// A file.
    case path(String)
    /// A file that somebody sent, under the name that its sender gave to it.
    case upload(path: String, name: String)
    /// Standard input.
    case standardInput
    /// An http or https address.
    case address(String)

    /// The origin that a person means: `-`, an address, or a path.
    public init(_ text: String) {
        self =
            if text == "-" {
                .standardInput
            } else if text.hasPrefix("http://") || text.hasPrefix("https://") {
                .address(text)
            } else {
                .path(text)
            }
    }

    /// The default name of a feed: the stem of its file.
    public var stem: String {
        let path: String =
            switch self {
            case .path(let path): path
            case .upload(_, let name): name
            case .standardInput: "feed"
            case .address(let url): String(url.prefix { $0 != "?" && $0 != "#" })
            }
        var name = String(path.split(separator: "/").last ?? "feed")
        for suffix in [".gz", ".zip"] where name.lowercased().hasSuffix(suffix) { name.removeLast(suffix.count) }
        if let dot = name.lastIndex(of: "."), dot != name.startIndex { name = String(name[..<dot]) }
        return name.isEmpty ? "feed" : name
    }

    /// As the user named it, without an address's query.
    public var text: String {
        switch self {
        case .path(let path): path
        case .upload(_, let name): name
        case .standardInput: "standard input"
        case .address(let url): String(url.prefix { $0 != "?" && $0 != "#" })
        }
    }
}

/// How a feed is to be imported.
public struct ImportOptions: Sendable {
    /// The feed's name; the stem of its file when nil.
    public var feed: FeedName?
    /// The format by name; found by content when nil.
    public var format: String?
    /// The columns of an unknown table.
    public var map: ColumnMap?
    /// The text that `map` was read from, kept with the import so that the same file can be read again.
    public var mapText: String?
    /// The folder of pictures; the feed's own when nil and the feed is a file.
    public var images: String?
    /// Whether drafts are taken.
    public var includesDrafts = false
    /// Whether pictures are left for later.
    public var skipsImages = false

    /// The defaults.
    public init() {}
}

/// How a kept feed was read, so that it can be read again in the same way.
public struct FeedReading: Hashable, Sendable, Codable {
    /// The format that was asked for, if one was.
    public var format: String?
    /// The text of the column map, if there was one.
    public var map: String?
    /// Whether drafts were taken.
    public var includesDrafts: Bool

    /// What these options say.
    public init(_ options: ImportOptions) {
        format = options.format
        map = options.mapText
        includesDrafts = options.includesDrafts
    }

    /// The options under which a generation was read; throws `DecodingError`.
    public static func options(of generation: Generation) throws -> FeedOptions {
        var options = FeedOptions(feed: generation.feed, file: generation.origin)
        guard !generation.reading.isEmpty else { return options }
        let reading: FeedReading = try StoredJSON.value(generation.reading)
        options.format = reading.format
        options.includesDrafts = reading.includesDrafts
        options.map = reading.map.flatMap { ColumnMap.read($0, file: "map").value }
        return options
    }
}

/// How far an import has come.
public enum ImportProgress: Hashable, Sendable {
    /// Rows have been read, of so many bytes where that is known.
    case rows(Int, products: Int)
    /// Pictures have been looked at, for so many of the products.
    case pictures(accepted: Int, refused: Int, products: Int, of: Int)
}

/// What an import did.
public struct ImportSummary: Hashable, Sendable {
    /// The generation that is the catalogue now.
    public var generation: Generation
    /// Whether the server said that the feed has not changed, so that nothing was read.
    public var isUnchanged = false
    /// Pictures that can be used.
    public var accepted = 0
    /// Pictures that cannot.
    public var refused = 0
}

/// Feed → catalogue: products in short batches under a new generation, their pictures fetched and checked, then turned on in one moment.
public struct CatalogImporter: Sendable {
    let catalog: any CatalogStore
    let media: any MediaStore
    let transport: any HTTPTransport
    let pool: BlockingPool
    let limits: ImageLimits
    let time: TimeSource
    let work: String

    private static let batch = 1000
    /// How many batches may wait to be written.
    private static let ahead = 7

    /// An importer into these stores; spooled feeds go through the folder `work`.
    public init(
        catalog: any CatalogStore,
        media: any MediaStore,
        transport: any HTTPTransport,
        pool: BlockingPool,
        limits: ImageLimits,
        time: TimeSource,
        work: String
    ) {
        self.catalog = catalog
        self.media = media
        self.transport = transport
        self.pool = pool
        self.limits = limits
        self.time = time
        self.work = work
    }

    /// Imports a feed; throws `FeedError` or `PipelineError` when it cannot be read at all, and leaves the catalogue as it was then.
    public func `import`(
        _ origin: FeedOrigin,
        options: ImportOptions,
        progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) async throws -> ImportSummary {
        let feed = options.feed ?? FeedName(origin.stem)
        let spool = FeedSpool(work: work, transport: transport, catalog: catalog, time: time)
        let spooled = try await spool.bring(origin, feed: feed, reading: StoredJSON.text(FeedReading(options)))
        defer { spooled.discard() }
        if spooled.isUnchanged, let current = try await catalog.feeds().first(where: { $0.feed == feed }) {
            return ImportSummary(generation: current, isUnchanged: true)
        }
        let reader = try await pool.run {
            SharedReader(
                try FeedReader(
                    fileAt: spooled.path,
                    options: FeedOptions(
                        feed: feed,
                        file: origin.text,
                        format: options.format,
                        map: options.map,
                        includesDrafts: options.includesDrafts
                    )
                )
            )
        }
        var generation = try await catalog.beginGeneration(
            of: feed,
            format: reader.format,
            origin: origin.text,
            at: time.now()
        )
        do {
            async let kept = keep(spooled)
            try await read(reader, into: &generation, progress: progress)
            generation.file = try await kept
            generation.reading = StoredJSON.text(FeedReading(options))
            var summary = ImportSummary(generation: generation)
            if !options.skipsImages {
                let counts = try await pictures(origin, options, generation, progress)
                summary.accepted = counts.accepted
                summary.refused = counts.refused
            }
            try await catalog.turnOn(generation, at: time.now())
            // An address is only asked for changes when everything that it names was had.
            if !options.skipsImages, summary.refused == 0 { try await spooled.remember() }
            summary.generation = generation
            return summary
        } catch {
            await abandon(generation.id)
            throw error
        }
    }

    private func read(
        _ reader: SharedReader,
        into generation: inout Generation,
        progress: @Sendable (ImportProgress) -> Void
    ) async throws {
        let catalog = catalog
        let id = generation.id
        let categories = CategoryTally()
        var products = 0
        // Batches are read and put down as records while earlier ones are written, in their order; some wait, so that reading goes on
        // while the store waits for the disk.
        var waiting: [Task<Int, any Error>] = []
        while let batch = try await pool.run({ try reader.next(limit: Self.batch) }) {
            try Task.checkCancellation()
            let records = Task {
                categories.count(batch.value)
                return ProductRecord.records(of: batch.value)
            }
            let earlier = waiting.last
            waiting.append(
                Task {
                    _ = try await earlier?.value
                    return try await catalog.add(await records.value, diagnostics: batch.diagnostics, to: id)
                }
            )
            if waiting.count > Self.ahead { products += try await waiting.removeFirst().value }
            progress(.rows(reader.counts.rows, products: products))
        }
        for batch in waiting { products += try await batch.value }
        try await reportDoubledSKUs(in: id, file: generation.origin)
        generation.rows = reader.counts.rows
        generation.products = products
        generation.variants = reader.counts.variants
        generation.skipped = reader.counts.skipped
        generation.categories = categories.mostCommon(300)
        progress(.rows(generation.rows, products: products))
    }

    private func reportDoubledSKUs(in generation: Int64, file: String) async throws {
        let doubled = try await catalog.doubledSKUs(in: generation, limit: 10_000)
        let diagnostics = doubled.map { sku, lines in
            Diagnostic(
                .warning,
                "catalog.doubled-sku",
                file: file,
                line: lines.dropFirst().first ?? lines.first,
                "SKU `\(sku)` names several products: lines \(lines.map(String.init).joined(separator: ", "))",
                hint: "name products by their `p_…`, or give each variant its own SKU"
            )
        }
        if !diagnostics.isEmpty {
            _ = try await catalog.add([ProductRecord](), diagnostics: diagnostics, to: generation)
        }
    }

    private func pictures(
        _ origin: FeedOrigin,
        _ options: ImportOptions,
        _ generation: Generation,
        _ progress: @escaping @Sendable (ImportProgress) -> Void
    ) async throws -> PictureStage.Counts {
        var folder = options.images
        var base: URL?
        var isFlat = false
        switch origin {
        case .path(let path): folder = folder ?? URL(filePath: path).deletingLastPathComponent().path
        case .address(let url): base = URL(string: url)
        case .upload: isFlat = true
        case .standardInput: break
        }
        let stage = PictureStage(
            catalog: catalog,
            fetcher: ImageFetcher(
                catalog: catalog,
                media: media,
                transport: transport,
                pool: pool,
                limits: limits,
                time: time,
                work: work
            ),
            locator: PictureLocator(folder: folder, base: base, isFlat: isFlat),
            file: origin.text,
            parallel: 16
        )
        let total = generation.products
        return try await stage.run(generation: generation.id) { counts, products in
            progress(
                .pictures(accepted: counts.accepted, refused: counts.refused, products: products, of: total)
            )
        }
    }

    /// Keeps the merchant's own file, for the export that gives it back.
    private func keep(_ spooled: SpooledFeed) async throws -> MediaFile {
        let copy = work + "/keep-\(UInt32(truncatingIfNeeded: time.now().milliseconds))-\(getpid())"
        let path = spooled.path
        try await pool.run { try FileManager.default.copyItem(atPath: path, toPath: copy) }
        return try await media.adopt(fileAt: copy, kind: "feed")
    }

    private func abandon(_ generation: Int64) async {
        let catalog = catalog
        await Task {
            // The import has failed already, and the next one of this feed drops what is left.
            try? await catalog.abandon(generation)
        }.value
    }
}
