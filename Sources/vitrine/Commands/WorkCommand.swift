import ArgumentParser
import Foundation
import VitrineCore
import VitrinePipeline
import VitrineServer
import VitrineVideo

/// `vitrine work`.
struct WorkCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "work",
        abstract: "Run workers until stopped, or until everything is made.",
        discussion: """
            Several may run on one home at once. Ctrl-C ends it after the steps at hand; nothing is lost.

              vitrine work --until-idle
              vitrine work --concurrency 4
              vitrine work --listen 127.0.0.1:8081

            \(ExitHelp.text)
            """
    )

    @Flag(help: "End when every job is final or held.") var untilIdle = false
    @Flag(help: "Say what there is to work on, do nothing.") var dryRun = false
    @Option(help: ArgumentHelp("How many videos are made at once.", valueName: "n")) var concurrency: Int?
    @Option(help: ListenAddress.help) var listen: ListenAddress?
    @OptionGroup(title: "General") var global: GlobalOptions

    func validate() throws {
        if let concurrency, !(1...256).contains(concurrency) {
            throw ValidationError("--concurrency: expected a whole number from 1 to 256 but got \(concurrency)")
        }
    }

    func run() async throws {
        let tools = try await VideoTools.here()
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        let before = try await services.store.counts(JobQuery())
        if dryRun {
            if global.json { return global.output.json(JobReport(before)) }
            return global.output.line("\(counted(before.open, "job")) to work on")
        }
        let step = WorkStep(services: services, output: global.output, tools: tools, listen: listen)
        let counts = try await step.run(
            until: untilIdle ? .idle : .forever,
            concurrency: concurrency,
            query: JobQuery()
        )
        if global.json { global.output.json(JobReport(counts, since: before)) }
        if counts[.failed] > before[.failed] || counts.open > 0 { throw ExitCode.partly }
    }
}

/// How many jobs came how far.
struct JobReport: Encodable {
    var finished: Int
    var failed: Int
    var held: Int

    /// What was done since earlier counts, and what is held.
    init(_ counts: JobCounts, since earlier: JobCounts = JobCounts()) {
        finished = counts[.finished] - earlier[.finished]
        failed = max(0, counts[.failed] - earlier[.failed])
        held = counts.open
    }
}

/// Working with progress, as `work` and `generate` share it.
struct WorkStep {
    let services: Services
    let output: Output
    let tools: VideoTools
    let listen: ListenAddress?

    func run(until goal: WorkerPool.Goal, concurrency: Int?, query: JobQuery) async throws -> JobCounts {
        let pool = try await services.workers(tools: tools, concurrency: concurrency)
        let progress = Progress(output: output, time: services.time)
        let store = services.store
        let time = services.time
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await pool.run(until: goal)
                return true
            }
            let webhooks = services.webhooks
            group.addTask {
                try await webhooks.run()
                return false
            }
            if let door = try await door(pool) {
                group.addTask {
                    try await door()
                    return false
                }
            }
            group.addTask {
                while !Task.isCancelled {
                    let counts = try await store.counts(query)
                    let done = counts.all - counts.open
                    let note = counts[.failed] > 0 ? "\(counts[.failed]) failed" : ""
                    progress.show("jobs", done: done, of: counts.all, note: note)
                    do { try await time.sleep(.milliseconds(500)) } catch { break }
                }
                return false
            }
            while let isPool = try await group.next() {
                if isPool { group.cancelAll() }
            }
        }
        let counts = try await store.counts(query)
        let parts =
            ["\(counts[.finished]) finished"]
            + (counts[.failed] > 0 ? ["\(counts[.failed]) failed"] : [])
            + (counts[.cancelled] > 0 ? ["\(counts[.cancelled]) cancelled"] : [])
            + (counts.open > 0 ? ["\(counts.open) left"] : [])
        progress.end("jobs: " + parts.joined(separator: ", "))
        try Task.checkCancellation()
        try await services.webhooks.drain()
        return counts
    }

    /// What answers providers and those who watch the workers, where that is wanted.
    private func door(_ pool: WorkerPool) async throws -> (@Sendable () async throws -> Void)? {
        guard let listen else { return nil }
        let options = try services.serverOptions(host: listen.host, port: listen.port)
        let home = try await services.served(options: options, tools: tools, pool: pool)
        let server = Server(home: home, part: .door, metrics: services.metrics, log: services.log)
        let output = output
        return {
            do {
                try await server.run { port in output.say("listening on http://\(listen.host):\(port)") }
            } catch is CancellationError {
                // The work is done.
            }
        }
    }
}
