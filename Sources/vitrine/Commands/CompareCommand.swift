import ArgumentParser
import Foundation
import VitrineCore
import VitrineExport
import VitrinePipeline

/// `vitrine compare [--out DIR]`, `vitrine compare vote VIDEO`.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Lay the takes of several models side by side, and count who wins.",
        discussion: """
              vitrine generate products.csv --out videos --provider dashscope,runway --limit 10 --yes
              vitrine compare --out side-by-side
              vitrine compare vote v_…

            Nothing is routed by it unless you say so: `plan` and `generate` with `--route votes` let the provider of a preset's
            list go first that was surely found better, in the product's category or in all.

            \(ExitHelp.text)
            """,
        subcommands: [ShowComparison.self, VoteForTake.self],
        defaultSubcommand: ShowComparison.self
    )
}

struct ShowComparison: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show who won how often; with --out, write the page with the takes.",
        discussion: ExitHelp.text
    )

    @Option(help: ArgumentHelp("The folder for the page and the clips.", valueName: "dir")) var out: String?
    @Option(name: .customLong("feed"), help: ArgumentHelp("Only this feed.", valueName: "name")) var feed: String?
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        let comparison = services.comparison
        let standings = try await comparison.standings()
        let pairs = try await comparison.pairs(feed: feed.map { FeedName($0) })
        if let out {
            try OutFolder.check(out)
            let rows = try await CompareRows(services: services).rows(of: pairs)
            try OutFolder(path: out).write(try CompareSheet().files(for: rows, standings: standings))
        }
        if global.json { return global.output.json(Report(slots: pairs.count, standings: standings.map(Row.init))) }
        if standings.isEmpty {
            global.output.say(
                pairs.isEmpty
                    ? "no slot was made by two models yet: try `--provider a,b`"
                    : "\(counted(pairs.count, "slot")) to compare, no vote yet"
            )
        } else {
            global.output.table(
                ["MODEL", "CATEGORY", "WINS", "OF", "95 % INTERVAL"],
                standings.map { standing in
                    [
                        "\(standing.provider) \(standing.model)", standing.category ?? "all", "\(standing.wins)",
                        "\(standing.of)", CompareSheet.words(standing.interval),
                    ]
                }
            )
        }
        if let out { global.output.line(out + "/index.html") }
    }

    private struct Report: Encodable {
        var slots: Int
        var standings: [Row]
    }

    private struct Row: Encodable {
        var provider: ProviderID
        var model: String
        var category: String?
        var wins: Int
        var of: Int
        var from: Double
        var to: Double

        init(_ standing: ModelStanding) {
            provider = standing.provider
            model = standing.model
            category = standing.category
            wins = standing.wins
            of = standing.of
            from = (standing.interval.lowerBound * 1000).rounded() / 1000
            to = (standing.interval.upperBound * 1000).rounded() / 1000
        }
    }
}

struct VoteForTake: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "vote",
        abstract: "Say that a take is better than the other models' of its slot.",
        discussion: ExitHelp.text
    )

    @Argument(help: "The better take.") var video: String
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        let count = try await services.comparison.vote(for: VideoID(video))
        if global.json { return global.output.json(["over": count]) }
        global.output.line("`\(video)` won over \(counted(count, "take"))")
    }
}

/// Takes with the files that a page shows.
struct CompareRows {
    let services: Services

    func rows(of pairs: [Comparison.Pair]) async throws -> [CompareSheet.Row] {
        var rows: [CompareSheet.Row] = []
        for pair in pairs {
            let title = try await services.store.entry(pair.slot.product)?.product.title ?? pair.slot.product.rawValue
            var takes: [ExportedVideo] = []
            for video in pair.takes {
                takes.append(
                    ExportedVideo(
                        video: video,
                        prompt: "",
                        skus: [],
                        variantsShown: [],
                        file: try await services.media.path(of: video.clip.file),
                        poster: try await services.media.path(of: video.clip.poster)
                    )
                )
            }
            rows.append(CompareSheet.Row(title: title, placement: pair.slot.placement, takes: takes))
        }
        return rows
    }
}

extension Services {
    /// What several models made, and what people thought of it.
    var comparison: Comparison { Comparison(catalog: store, jobs: store, time: time) }
}
