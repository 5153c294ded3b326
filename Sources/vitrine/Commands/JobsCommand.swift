public import ArgumentParser
import Foundation
public import VitrineCore
import VitrinePipeline

/// `vitrine jobs list|show|cancel|retry|adopt`.
struct JobsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "Look at jobs, cancel and retry them.",
        discussion: ExitHelp.text,
        subcommands: [ListJobs.self, ShowJob.self, CancelJobs.self, RetryJobs.self, AdoptJob.self]
    )
}

struct ListJobs: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List jobs, newest first.",
        discussion: "  vitrine jobs list --state failed\n\n" + ExitHelp.text
    )

    @Option(help: "Only in this state; repeatable.") var state: [JobState.Name] = []
    @Option(help: ArgumentHelp("Only of this product, by `p_…` or SKU.", valueName: "id-or-sku")) var product: String?
    @Option(help: ArgumentHelp("At most so many.", valueName: "n")) var limit = 100
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        var query = JobQuery(states: state)
        if let product { query.product = try await services.desk.product(named: product).product.id }
        let jobs = try await services.store.jobs(query, offset: 0, limit: limit)
        if global.json {
            return global.output.json(try await services.details(of: jobs))
        }
        global.output.table(
            ["JOB", "STATE", "SHAPE", "TAKE", "PROVIDER", "PRODUCT", "LAST FAILURE"],
            jobs.map { job in
                [
                    job.id.rawValue, job.state.name.rawValue, job.slot.placement.rawValue, "\(job.take)",
                    job.request.provider.rawValue, job.slot.product.rawValue, job.lastFailure?.message ?? "",
                ]
            }
        )
    }
}

struct ShowJob: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one job with its history.",
        discussion: ExitHelp.text
    )

    @Argument(help: "The job, `j_…`.") var job: String
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        guard let found = try await services.store.job(JobID(job)) else {
            throw CommandFailure("no job `\(job)`", hint: "see what is there with `vitrine jobs list`")
        }
        let events = try await services.store.events(of: found.id)
        if global.json {
            return global.output.json(try await services.details(of: [found], events: events).first)
        }
        let output = global.output
        output.line("\(found.id): \(found.state.name.rawValue)")
        output.line("  product: \(found.slot.product), \(found.slot.placement.rawValue), take \(found.take)")
        output.line("  asked of: \(found.request.provider) \(found.request.model), at most \(found.price)")
        for passed in found.passed { output.line("  passed over: \(passed.failure.message)") }
        if let failure = found.lastFailure {
            output.line("  failure: \(failure.message)")
            if let hint = failure.hint { output.line("  hint: \(hint)") }
        }
        for record in events {
            output.line("  \(ReportJSON.text(record.at)) \(record.event.name.rawValue) (\(record.actor.rawValue))")
        }
    }
}

extension Services {
    /// Jobs as `--json` prints them, with the SKUs of their products and the reason why they are held.
    func details(of jobs: [Job], events: [JobEventRecord]? = nil) async throws -> [JobDetail] {
        let lanes = try await store.lanes()
        var skus: [ProductID: [SKU]] = [:]
        for id in Set(jobs.map(\.slot.product)) { skus[id] = try await store.entry(id)?.product.skus }
        let now = time.now()
        return jobs.map {
            JobDetail($0, skus: skus[$0.slot.product] ?? [], lanes: lanes, now: now, events: events)
        }
    }
}

/// Deciding about several jobs at once.
struct JobDecisions {
    let global: GlobalOptions
    let isDryRun: Bool

    func record(_ event: JobEvent, _ jobs: [String]) async throws {
        try await decide(jobs) { store, job, now in try await store.decide(event, for: job, at: now) }
    }

    func decide(_ jobs: [String], _ decide: (any JobStore, JobID, Date) async throws -> Job) async throws {
        let services = try await Services.open(global, isDryRun: isDryRun)
        defer { services.close() }
        var decided: [Job] = []
        for id in jobs {
            let job = try await decide(services.store, JobID(id), services.time.now())
            decided.append(job)
            if !global.json {
                global.output.line(
                    "\(job.id): \(job.state.name.rawValue)\(job.isCancelWanted ? ", to be cancelled" : "")"
                )
            }
        }
        if global.json {
            global.output.json(try await services.details(of: decided))
        }
    }
}

struct CancelJobs: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract:
            "Cancel jobs; one that its provider has is cancelled by the next worker, which asks the provider to stop.",
        discussion: """
            A job that its provider has counts as paid, and so does one that failed although it may have been billed. \
            Once you have seen at the provider that it was not billed, `--unbilled` gives the money back.

            \(ExitHelp.text)
            """
    )

    @Argument(help: "The jobs, `j_…`.") var jobs: [String]
    @Flag(help: "You have seen that the provider did not bill them: for jobs that failed or were cancelled.")
    var unbilled =
        false
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let decisions = JobDecisions(global: global, isDryRun: dryRun)
        guard unbilled else { return try await decisions.record(.cancelled, jobs) }
        try await decisions.decide(jobs) { store, job, now in try await store.release(job, at: now) }
    }
}

struct RetryJobs: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Queue failed or cancelled jobs again.",
        discussion: """
            A job that failed with `unknown-outcome` may have been billed: look at the provider's own list first.

            \(ExitHelp.text)
            """
    )

    @Argument(help: "The jobs, `j_…`.") var jobs: [String]
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        try await JobDecisions(global: global, isDryRun: dryRun).record(.retried, jobs)
    }
}

struct AdoptJob: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Go on with work that a person found at the provider.",
        discussion: "  vitrine jobs adopt j_3f9a task_123\n\n" + ExitHelp.text
    )

    @Argument(help: "The job, `j_…`.") var job: String
    @Argument(help: "The provider's identifier.") var remote: String
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let event = JobEvent.adopted(RemoteJob(id: remote), pollAt: TimeSource.system.now())
        try await JobDecisions(global: global, isDryRun: dryRun).record(event, [job])
    }
}

extension JobState.Name: ExpressibleByArgument {}
