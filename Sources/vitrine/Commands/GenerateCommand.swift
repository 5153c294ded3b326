import ArgumentParser
import Foundation
import VitrineCore
import VitrineExport
import VitrinePipeline
import VitrineVideo

/// `vitrine generate FEED --out DIR`.
struct GenerateCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "The main job in one go: a feed in, finished videos out.",
        discussion: """
            Imports the feed, plans, applies, waits for its own run, and leaves a gallery and tables in DIR.
            Run it again at any time: what is made already is not made twice.

              vitrine generate products.csv --out videos
              vitrine generate products.csv --out videos --placement 9:16 --limit 20
              vitrine generate https://shop.example/feed.xml --out videos --dry-run

            \(ExitHelp.text)
            """
    )

    @Argument(help: "The feed: a path, - or an address.")
    var feed: String

    @Option(help: ArgumentHelp("The folder for the gallery, the videos and the tables.", valueName: "dir"))
    var out: String

    @OptionGroup(title: "Feed") var feedArguments: FeedArguments
    @OptionGroup(title: "What is planned") var planArguments: PlanArguments
    @OptionGroup(title: "Applying") var applyArguments: ApplyArguments
    @Flag(help: "Say what would be made and what it costs; make nothing.") var dryRun = false
    @Option(help: ListenAddress.help) var listen: ListenAddress?
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let began = TimeSource.system.now()
        let output = global.output
        let tools = try await VideoTools.here()
        if !dryRun { try OutFolder.check(out) }
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }

        let importing = ImportStep(services: services, output: output)
        let summary = try await importing.run(feed, feedArguments, skipsImages: false)
        var diagnostics = try await services.presets.checkedLibrary().diagnostics
        diagnostics += try await importing.diagnostics(of: summary)
        if !output.isJSON { importing.say(diagnostics, feed: summary.generation.feed) }

        let planning = PlanStep(services: services, output: output)
        let options = planning.options(planArguments, feed: summary.generation.feed)
        var rows: [PlannedRequest] = []
        let plan = try await services.presets.maker().plan(options) { rows.append($0) }
        output.say(GenerateCommand.text(plan))
        if dryRun {
            if output.isJSON { output.json(PlanReport(plan, rows, diagnostics)) } else { planning.say(plan, rows) }
            if plan.totals[.blocked] > 0 || importing.isPartial(summary, diagnostics) { throw ExitCode.partly }
            return
        }
        let applied = try await ApplyStep(services: services, output: output).run(plan.id, applyArguments)
        let counts = try await work(applied, rows, services, tools)

        let export = CatalogExport(services: services, feed: summary.generation.feed)
        let exported = try await export.everything(into: out, summary: summary, plan: plan, diagnostics: diagnostics)
        let finished = services.time.now()
        if output.isJSON {
            output.json(
                GenerateReport(
                    summary: summary,
                    plan: plan,
                    jobs: counts,
                    videos: exported,
                    spend: applied.price,
                    diagnostics: diagnostics,
                    elapsed: (finished.timeIntervalSince(began) * 10).rounded() / 10
                )
            )
        } else {
            output.say("\(counted(exported.count, "video")) · \(PlanStep.text(applied.price))")
            output.line(out + "/index.html")
        }
        let refused = VideoQuery(run: applied.run, states: [.quarantined])
        let hasRefused = try await !services.store.videos(refused, offset: 0, limit: 1).isEmpty
        if hasRefused {
            output.say("some clips were refused by their checks: `vitrine videos list --state quarantined`")
        }
        let isPartial =
            hasRefused || counts[.failed] > 0 || counts[.cancelled] > 0 || counts.open > 0 || plan.totals[.blocked] > 0
            || plan.totals[.failed] > 0
        if isPartial || !applied.leftOut.isEmpty || importing.isPartial(summary, diagnostics) { throw ExitCode.partly }
    }

    /// Waits for the jobs of this run, and for those that an earlier one began for the same slots.
    private func work(
        _ applied: AppliedPlan,
        _ rows: [PlannedRequest],
        _ services: Services,
        _ tools: VideoTools
    ) async throws -> JobCounts {
        let slots = Set(rows.filter { $0.change == .inFlight }.map(\.slot))
        if !slots.isEmpty { try await services.store.moveOpenJobs(of: Array(slots), to: applied.run) }
        let query = JobQuery(run: applied.run)
        if try await services.store.counts(query).all == 0 { return JobCounts() }
        let step = WorkStep(services: services, output: global.output, tools: tools, listen: listen)
        let counts = try await step.run(
            until: .run(applied.run),
            concurrency: applyArguments.concurrency,
            query: query
        )
        try await waitForOthers(applied.jobs, services)
        return counts
    }

    /// Waits for jobs of ours that a run of another process has taken over meanwhile.
    private func waitForOthers(_ jobs: [JobID], _ services: Services) async throws {
        for id in jobs {
            while let job = try await services.store.job(id), !job.state.isFinal {
                let lanes = try await services.store.lanes()
                let now = services.time.now()
                if lanes.contains(where: { $0.id == job.lane && ($0.pausedUntil ?? now) > now }) { break }
                try await services.time.sleep(.seconds(1))
            }
        }
    }

    private static func text(_ plan: Plan) -> String {
        let counts = Change.allCases.filter { plan.totals[$0] > 0 }.map { "\(plan.totals[$0]) \($0.rawValue)" }
        return "plan: " + (counts.isEmpty ? "nothing to make" : counts.joined(separator: ", "))
            + " · " + PlanStep.text(plan.totals)
    }
}

/// What `generate --json` prints.
struct GenerateReport: Encodable {
    struct PlanCounts: Encodable {
        var id: PlanID
        var new: Int
        var changed: Int
        var refinish: Int
        var stale: Int
        var unchanged: Int
        var inFlight: Int
        var failed: Int
        var rejected: Int
        var orphaned: Int
        var blocked: Int
    }

    var feed: ImportReport.Feed
    var images: ImportReport.Images
    var plan: PlanCounts
    var jobs: JobReport
    var videos: [VideoRow]
    var spend: [Money]
    var diagnostics: [Diagnostic]
    var elapsed: Double

    init(
        summary: ImportSummary,
        plan: Plan,
        jobs: JobCounts,
        videos: [VideoRow],
        spend: [Money],
        diagnostics: [Diagnostic],
        elapsed: Double
    ) {
        let imported = ImportReport(summary, diagnostics)
        feed = imported.feed
        images = imported.images
        self.plan = PlanCounts(
            id: plan.id,
            new: plan.totals[.new],
            changed: plan.totals[.changed],
            refinish: plan.totals[.refinish],
            stale: plan.totals[.stale],
            unchanged: plan.totals[.unchanged],
            inFlight: plan.totals[.inFlight],
            failed: plan.totals[.failed],
            rejected: plan.totals[.rejected],
            orphaned: plan.totals[.orphaned],
            blocked: plan.totals[.blocked]
        )
        self.jobs = JobReport(jobs)
        self.videos = videos
        self.spend = spend
        self.diagnostics = diagnostics
        self.elapsed = elapsed
    }
}
