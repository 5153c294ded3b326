import ArgumentParser
import Foundation
import VitrineCore
import VitrineExport
import VitrineFeeds
import VitrinePipeline

/// `vitrine export --to FORMAT --out PATH`.
struct ExportCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a gallery, tables, channel feeds, or the merchant's own file back.",
        discussion: """
            The chosen take of each slot is exported, else the newest that is neither rejected nor quarantined.
            Channels get the addresses of published files, or lasting links to the service where VITRINE_PUBLIC_URL is set.

              vitrine export --to gallery --out videos
              vitrine export --to csv --out videos.csv
              vitrine export --to google --out google.tsv --media-url https://cdn.shop.example/videos
              VITRINE_PUBLIC_URL=https://video.shop.example vitrine export --to meta --out meta.csv
              vitrine export --to same --out products-with-videos.csv --media-url https://cdn.shop.example/videos

            \(ExitHelp.text)
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case gallery, csv, json, google, meta, same
    }

    @Option(name: .customLong("to"), help: "gallery, csv, json, google, meta or same.") var format: Format
    @Option(help: ArgumentHelp("A folder for gallery, a file else.", valueName: "path")) var out: String
    @Option(help: ArgumentHelp("Only this feed.", valueName: "name")) var feed: String?
    @Flag(help: "Only videos that somebody approved.") var approvedOnly = false
    @Flag(help: "Give a product's other variants its video too.") var siblings = false
    @Option(
        help: ArgumentHelp("Only these shapes, separated by commas.", valueName: "shapes"),
        transform: PlacementList.init(argument:)
    )
    var placement: PlacementList?
    @Option(
        help: ArgumentHelp(
            "Where the files of the gallery's `videos/` are published; without it, lasting links to the service.",
            valueName: "base"
        )
    )
    var mediaURL: String?
    @Flag(help: "With same: fill an existing video column where it is empty.") var fill = false
    @Flag(help: "Write nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        var options = ExportOptions(approvedOnly: approvedOnly, siblings: siblings)
        options.placements = placement?.placements ?? []
        if let mediaURL {
            guard let base = MediaURL(mediaURL) else {
                throw ValidationError("--media-url: expected an http or https address but got `\(mediaURL)`")
            }
            options.mediaURL = base
        }
        let feed = try await self.feed(services)
        let catalog = CatalogExport(services: services, feed: feed?.feed)
        let products = try await catalog.products()
        if options.mediaURL == nil, format != .gallery {
            options.mediaURL =
                dryRun
                ? try services.settings.publicURL().flatMap { MediaURL($0) }
                : try await catalog.links(of: products, options)
        }
        let written: (data: Data?, diagnostics: [Diagnostic])
        switch format {
        case .gallery:
            return try gallery(products, feed, options)
        case .csv:
            written = (VideoTable.csv(products, options: options), [])
        case .json:
            written = (try VideoTable.json(products, options: options), [])
        case .google:
            let table = GoogleFeed.table(
                products,
                options: options,
                mediaURL: try base(options),
                identity: identity(of: feed),
                separator: out.hasSuffix(".csv") ? .comma : .tab
            )
            written = (table.value, table.diagnostics)
        case .meta:
            let table = MetaFeed.csv(
                products,
                options: options,
                mediaURL: try base(options),
                identity: identity(of: feed)
            )
            written = (table.value, table.diagnostics)
        case .same:
            return try await same(products, feed, options, services)
        }
        if let data = written.data, !dryRun { try write(data) }
        let isChannel = format == .google || format == .meta
        let lines = written.data?.split(separator: UInt8(ascii: "\n")).count ?? 0
        let count = isChannel ? max(0, lines - 1) : VideoTable.rows(products, options: options).count
        report(count, isChannel ? "item" : "video", written.diagnostics)
        if !written.diagnostics.isEmpty { throw ExitCode.partly }
    }

    private func same(
        _ products: [ExportedProduct],
        _ feed: Generation?,
        _ options: ExportOptions,
        _ services: Services
    ) async throws {
        guard let feed, let file = feed.file else {
            throw CommandFailure(
                "`same` gives one feed back, and it is not clear which",
                hint: "name it with `--feed NAME`"
            )
        }
        let path = try await services.media.path(of: file)
        let written = try SameFile.write(
            feedAt: path,
            options: try FeedReading.options(of: feed),
            products: products,
            export: options,
            mediaURL: try base(options),
            fills: fill,
            to: dryRun ? "/dev/null" : out
        )
        report(written.value.links, "link", written.diagnostics)
        if written.diagnostics.contains(where: { $0.severity != .note }) { throw ExitCode.partly }
    }

    private func feed(_ services: Services) async throws -> Generation? {
        let feeds = try await services.store.feeds()
        if let feed {
            guard let found = feeds.first(where: { $0.feed.rawValue == feed }) else {
                throw CommandFailure("no feed `\(feed)` in this home", hint: "import it first: `vitrine import FILE`")
            }
            return found
        }
        return feeds.count == 1 ? feeds.first : nil
    }

    private func gallery(_ products: [ExportedProduct], _ feed: Generation?, _ options: ExportOptions) throws {
        let title = feed?.feed.rawValue ?? "All feeds"
        let files = try Gallery().files(for: products, summary: Gallery.Summary(title: title), options: options)
        if !dryRun {
            try OutFolder.check(out)
            try OutFolder(path: out).write(files)
            try OutFolder(path: out).sweep(keeping: files)
        }
        report(VideoTable.rows(products, options: options).count, "video")
    }

    private func base(_ options: ExportOptions) throws -> MediaURL {
        guard let base = options.mediaURL else {
            throw CommandFailure(
                "a channel needs addresses of the videos",
                hint:
                    "set `VITRINE_PUBLIC_URL` to where `vitrine serve` is reached, or publish the gallery's `videos/` and name "
                    + "its address with `--media-url BASE`"
            )
        }
        return base
    }

    private func identity(of feed: Generation?) -> ChannelItems.Identity {
        ["google", "google-xml", "meta"].contains(feed?.format ?? "") ? .variantKey : .sku
    }

    private func write(_ data: Data) throws {
        do {
            try data.write(to: URL(filePath: out), options: .atomic)
        } catch {
            throw CommandFailure("`\(out)` cannot be written", hint: "name another file with `--out`")
        }
    }

    private func report(_ count: Int, _ noun: String, _ diagnostics: [Diagnostic] = []) {
        if global.json {
            return global.output.json(Report(format: format.rawValue, out: out, count: count, diagnostics: diagnostics))
        }
        for diagnostic in diagnostics { global.output.say(diagnostic) }
        global.output.line("\(out): \(counted(count, noun))" + (dryRun ? ", not written" : ""))
    }

    private struct Report: Encodable {
        var format: String
        var out: String
        var count: Int
        var diagnostics: [Diagnostic]
    }
}
