public import ArgumentParser
import Foundation
public import VitrineCore
import VitrinePipeline

/// `vitrine videos list|show|approve|reject|choose|promote`.
struct VideosCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "videos",
        abstract: "Look at videos, and decide.",
        discussion: ExitHelp.text,
        subcommands: [
            ListVideos.self, ShowVideo.self, ApproveVideos.self, RejectVideos.self, ChooseVideos.self,
            PromoteVideos.self,
        ]
    )
}

struct ListVideos: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List videos.",
        discussion: "  vitrine videos list --state new\n\n" + ExitHelp.text
    )

    @Option(help: ArgumentHelp("Only of this feed.", valueName: "name")) var feed: String?
    @Option(help: ArgumentHelp("Only of this product, by `p_…` or SKU.", valueName: "id-or-sku")) var product: String?
    @Option(help: "Only in this state: new, approved, rejected or quarantined.") var state: Video.State?
    @Option(help: ArgumentHelp("At most so many.", valueName: "n")) var limit = 100
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        var query = VideoQuery(feed: feed.map { FeedName($0) }, states: state.map { [$0] } ?? [])
        if let product { query.product = try await services.desk.product(named: product).product.id }
        let videos = try await services.store.videos(query, offset: 0, limit: limit)
        if global.json { return global.output.json(videos.map(VideoReport.init)) }
        global.output.table(
            ["VIDEO", "STATE", "SHAPE", "TAKE", "PRESET", "PRODUCT"],
            videos.map { video in
                [
                    video.id.rawValue, video.state.rawValue + (video.isChosen ? ", chosen" : ""),
                    video.slot.placement.rawValue, "\(video.take)", video.preset.name, video.slot.product.rawValue,
                ]
            }
        )
    }
}

struct ShowVideo: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one video with what its checks found.",
        discussion: ExitHelp.text
    )

    @Argument(help: "The video, `v_…`.") var video: String
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        guard let found = try await services.store.video(VideoID(video)) else {
            throw CommandFailure("no video `\(video)`", hint: "see what is there with `vitrine videos list`")
        }
        if global.json { return global.output.json(VideoReport(found)) }
        let path = try await services.media.path(of: found.clip.file)
        let output = global.output
        output.line("\(found.id): \(found.state.rawValue)\(found.isChosen ? ", chosen" : "")")
        output.line("  product: \(found.slot.product), \(found.slot.placement.rawValue), take \(found.take)")
        output.line("  made by: \(found.provider) \(found.model), \(found.tier.rawValue), preset \(found.preset.name)")
        output.line("  file: \(path)")
        for verdict in found.clip.verdicts {
            output.line("  \(verdict.passed ? "passed" : "FAILED") \(verdict.check): \(verdict.message)")
        }
    }
}

/// Deciding about several videos at once.
struct Decisions {
    let global: GlobalOptions
    let isDryRun: Bool

    func record(_ decision: ReviewDecision, _ videos: [String], because reason: String? = nil) async throws {
        let services = try await Services.open(global, isDryRun: isDryRun)
        defer { services.close() }
        var decided: [VideoReport] = []
        for id in videos {
            let video = try await services.desk.decide(decision, about: VideoID(id), because: reason)
            decided.append(VideoReport(video))
            if !global.json {
                global.output.line("\(video.id): \(video.state.rawValue)\(video.isChosen ? ", chosen" : "")")
            }
        }
        if global.json { global.output.json(decided) }
    }
}

struct ApproveVideos: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Say that videos are good: they are never replaced behind anybody's back.",
        discussion: ExitHelp.text
    )

    @Argument(help: "The videos, `v_…`.") var videos: [String]
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        try await Decisions(global: global, isDryRun: dryRun).record(.approve, videos)
    }
}

struct RejectVideos: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Say that videos are not wanted: never exported, never made again.",
        discussion: ExitHelp.text
    )

    @Argument(help: "The videos, `v_…`.") var videos: [String]
    @Option(help: ArgumentHelp("Why, for those who look at it later.", valueName: "text")) var reason: String?
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        try await Decisions(global: global, isDryRun: dryRun).record(.reject, videos, because: reason)
    }
}

struct ChooseVideos: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "choose",
        abstract: "Make a take the one that its slot shows.",
        discussion: ExitHelp.text
    )

    @Argument(help: "The videos, `v_…`.") var videos: [String]
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        try await Decisions(global: global, isDryRun: dryRun).record(.choose, videos)
    }
}

struct PromoteVideos: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "promote",
        abstract: "Queue drafts again, as the final tier of their presets asks for them.",
        discussion: ExitHelp.text
    )

    @Argument(help: "The videos, `v_…`.") var videos: [String]
    @Flag(help: "Queue nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        var queued: [QueuedReport] = []
        for id in videos {
            let job = try await services.desk.promote(VideoID(id))
            queued.append(QueuedReport(job))
            if !global.json { global.output.line("queued \(job.id): take \(job.take), \(job.price)") }
        }
        if global.json { global.output.json(queued) }
    }
}

extension Video.State: ExpressibleByArgument {}
