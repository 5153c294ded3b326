import ArgumentParser
import Foundation
import VitrineCore
import VitrineFeeds
import VitrinePipeline

/// `vitrine import FEED`.
struct ImportCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read a feed into the catalogue and check its pictures.",
        discussion: """
            FEED is a path, `-` for standard input, or an http(s) address; plain, .gz or .zip. Its format is found by its content.

              vitrine import products.csv
              vitrine import https://shop.example/feed.xml --feed main
              zcat export.csv.gz | vitrine import - --feed shop --images photos

            \(ExitHelp.text)
            """
    )

    @Argument(help: "The feed: a path, - or an address.")
    var feed: String

    @OptionGroup(title: "Feed") var arguments: FeedArguments
    @Flag(help: "Leave the pictures for later.") var skipImages = false
    @Flag(help: "Read and check everything, keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        let output = global.output
        let step = ImportStep(services: services, output: output)
        let summary = try await step.run(feed, arguments, skipsImages: skipImages)
        let diagnostics = try await step.diagnostics(of: summary)
        if output.isJSON {
            output.json(ImportReport(summary, diagnostics))
        } else {
            step.say(diagnostics, feed: summary.generation.feed)
        }
        if step.isPartial(summary, diagnostics) { throw ExitCode.partly }
    }
}

/// What `import --json` prints.
struct ImportReport: Encodable {
    struct Feed: Encodable {
        var name: String
        var format: String
        var rows: Int
        var products: Int
        var variants: Int
        var skipped: Int
    }

    struct Images: Encodable {
        var accepted: Int
        var refused: Int
    }

    var feed: Feed
    var images: Images
    var diagnostics: [Diagnostic]

    init(_ summary: ImportSummary, _ diagnostics: [Diagnostic]) {
        feed = Feed(
            name: summary.generation.feed.rawValue,
            format: summary.generation.format,
            rows: summary.generation.rows,
            products: summary.generation.products,
            variants: summary.generation.variants,
            skipped: summary.generation.skipped
        )
        images = Images(accepted: summary.accepted, refused: summary.refused)
        self.diagnostics = diagnostics
    }
}

/// Importing with progress: what `import`, `plan FEED` and `generate` share.
struct ImportStep {
    let services: Services
    let output: Output

    func run(_ feed: String, _ arguments: FeedArguments, skipsImages: Bool) async throws -> ImportSummary {
        var options = ImportOptions()
        options.feed = arguments.name.map { FeedName($0) }
        options.format = arguments.format
        options.images = arguments.images
        if let images = arguments.images {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: images, isDirectory: &isFolder), isFolder.boolValue else {
                throw CommandFailure("there is no folder `\(images)`", hint: "check `--images`")
            }
        }
        options.includesDrafts = arguments.all
        options.skipsImages = skipsImages
        if let path = arguments.map {
            let text = try text(ofMapAt: path)
            options.map = try map(text, path)
            options.mapText = text
        }
        let progress = Progress(output: output, time: services.time)
        let summary = try await services.importer.import(FeedOrigin(feed), options: options) { step in
            switch step {
            case .rows(let rows, let products): progress.show("rows", done: rows, note: "\(products) products")
            case .pictures(let accepted, let refused, let products, let total):
                progress.show(
                    "pictures",
                    done: products,
                    of: total,
                    note: "\(accepted) good" + (refused > 0 ? ", \(refused) refused" : "")
                )
            }
        }
        let generation = summary.generation
        if summary.isUnchanged {
            progress.end("feed `\(generation.feed)` has not changed on its server: \(generation.products) products")
        } else {
            progress.end(
                "feed `\(generation.feed)` (\(generation.format)): \(counted(generation.rows, "row")), "
                    + "\(counted(generation.products, "product")), \(counted(generation.variants, "variant"))"
                    + (generation.skipped > 0 ? ", \(generation.skipped) skipped" : "")
                    + (skipsImages
                        ? ""
                        : "; \(counted(summary.accepted, "picture")) good"
                            + (summary.refused > 0 ? ", \(summary.refused) refused" : ""))
            )
        }
        return summary
    }

    func diagnostics(of summary: ImportSummary) async throws -> [Diagnostic] {
        var all: [Diagnostic] = []
        while true {
            let page = try await services.store.diagnostics(of: summary.generation.id, offset: all.count, limit: 10_000)
            all += page
            if page.count < 10_000 { return all }
        }
    }

    func say(_ diagnostics: [Diagnostic], feed: FeedName) {
        output.say(
            diagnostics,
            of: diagnostics.count,
            showAll: "run with `--verbose`, or `--json` for all of them"
        )
    }

    func isPartial(_ summary: ImportSummary, _ diagnostics: [Diagnostic]) -> Bool {
        diagnostics.contains { $0.severity == .error }
    }

    private func text(ofMapAt path: String) throws -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure("the column map `\(path)` cannot be read as UTF-8 text")
        }
        return text
    }

    private func map(_ text: String, _ path: String) throws -> ColumnMap {
        let map = ColumnMap.read(text, file: path)
        for diagnostic in map.diagnostics { output.say(diagnostic) }
        guard let value = map.value else {
            throw CommandFailure("the column map `\(path)` cannot be used", hint: "see docs/feeds.md for its language")
        }
        return value
    }
}

/// `1 row`, `2 rows`.
func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
}
