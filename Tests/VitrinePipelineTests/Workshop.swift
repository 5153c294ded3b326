import Foundation
import Logging
import Synchronization
import Testing
import VitrineCore
import VitrineImaging
import VitrinePipeline
import VitrineStorage
import VitrineTesting

/// A home in memory with one worker's tools, for tests of jobs.
struct Workshop {
    let store: SQLStore
    let media: MediaDirectory
    let work: TemporaryFolder
    let time = ManualTime()
    let random = CountedRandom()

    init() throws {
        store = try SQLStore.inMemory()
        work = try TemporaryFolder()
        media = try MediaDirectory(path: work.path + "/media")
    }

    func runner(
        _ providers: any VideoProvider...,
        jobs: (any JobStore)? = nil,
        finisher: any ClipFinisher = ReadyFinisher(),
        options: JobRunner.Options = JobRunner.Options()
    ) -> JobRunner {
        runner(of: providers, jobs: jobs, finisher: finisher, options: options)
    }

    private func runner(
        of providers: [any VideoProvider],
        jobs: (any JobStore)? = nil,
        finisher: any ClipFinisher,
        options: JobRunner.Options = JobRunner.Options()
    ) -> JobRunner {
        JobRunner(
            jobs: jobs ?? store,
            media: media,
            providers: providers,
            finisher: finisher,
            frames: ReadyFrames(),
            work: work.path,
            time: time.source,
            random: random.source,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            options: options
        )
    }

    func pool(_ runner: JobRunner, _ providers: any VideoProvider..., jobs: (any JobStore)? = nil) -> WorkerPool {
        pool(of: providers, runner, jobs: jobs)
    }

    private func pool(of providers: [any VideoProvider], _ runner: JobRunner, jobs: (any JobStore)? = nil) -> WorkerPool
    {
        WorkerPool(
            runner: runner,
            jobs: jobs ?? store,
            providers: providers,
            concurrency: 2,
            time: time.source,
            random: random.source,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// Enqueues one job of that provider, which others may make instead.
    func enqueue(
        _ provider: any VideoProvider,
        price: Money = Money(micros: 1_000_000, currency: "USD"),
        product: ProductID = "p_1",
        instead: [Alternative] = [],
        budget: Money = Money(micros: 100_000_000, currency: "USD")
    ) async throws -> JobID {
        try await store.setBudget(budget)
        let run = Run(id: RunID(random.source.identifier("r")), plan: nil, createdAt: time.now)
        try await store.begin(run)
        let request = Workshop.request(provider.id, product: product)
        let job = Job(
            id: JobID(random.source.identifier("j")),
            run: run.id,
            slot: request.slot,
            take: 1,
            request: request,
            preset: PresetUse(name: "kitchen", version: "1"),
            price: price,
            providerLane: provider.lane.id,
            alternatives: instead,
            createdAt: time.now
        )
        return try #require(try await store.enqueue([NewJob(job: job)]).first)
    }

    /// Lets workers without faults run, pushing time on, until every job is final.
    func runToIdle(_ providers: any VideoProvider..., finisher: any ClipFinisher = ReadyFinisher()) async throws {
        let runner = runner(of: providers, finisher: finisher)
        let pool = pool(of: providers, runner)
        for _ in 0..<200 {
            try await pool.drain()
            let counts = try await store.counts(JobQuery())
            guard counts.open > 0 else { return }
            time.advance(to: counts.nextDueAt ?? time.now.adding(.seconds(1)))
            time.advance(by: .milliseconds(1))
        }
        Issue.record("jobs are still open after two hundred rounds")
    }

    /// That provider's part of a job's list.
    static func alternative(
        _ provider: ProviderID,
        price: Money = Money(micros: 1_000_000, currency: "USD"),
        product: ProductID = "p_1"
    ) -> Alternative {
        Alternative(request: request(provider, product: product), price: price, lane: LaneID(provider.rawValue))
    }

    static func request(_ provider: ProviderID, product: ProductID = "p_1") -> VideoRequest {
        VideoRequest(
            slot: Slot(product: product, placement: .square),
            pictures: [Digest(of: "picture")],
            frame: FrameRecipe(placement: .square, fit: .pad, background: .auto, productSize: 0.8),
            prompt: "a mug",
            avoid: "",
            style: .init(words: "", tag: nil, look: .studio),
            motion: .orbit,
            seconds: 6,
            fps: 24,
            seed: 7,
            provider: provider,
            model: "m1",
            tier: .draft
        )
    }
}

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/vitrine-test-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// First frames that are always there.
struct ReadyFrames: FirstFrameSource {
    func firstFrame(for request: VideoRequest) async throws(JobFailure) -> (frame: FirstFrame, path: String) {
        (FirstFrame(digest: Digest(of: "frame"), size: request.size, scale: 1), "/dev/null")
    }
}
