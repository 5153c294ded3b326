import Foundation
import Logging
import VitrineCore
import VitrinePipeline
import VitrineStorage
import VitrineTesting

/// Jobs a second from queued to finished, against bare `sqlite3` transactions a second under FULL: the middle one of five rounds,
/// because a second of either is at the mercy of the disk.
struct JobThroughput {
    let folder: String
    private let count = 2000
    private let rounds = 5

    func run() async throws {
        var seen: [(ratio: Double, jobs: Double, bare: Double)] = []
        for round in 0..<rounds {
            let place = folder + "/jobs-\(round)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            let bare = try transactionsPerSecond(in: place)
            let jobs = try await jobsPerSecond(in: place)
            seen.append((jobs / bare, jobs, bare))
        }
        let middle = seen.sorted { $0.ratio < $1.ratio }[rounds / 2]
        Benchmarks.report(
            "jobs",
            middle.ratio,
            goal: ">=0.25",
            against: "sqlite3 transactions under FULL",
            String(format: "%.0f jobs a second and %.0f transactions a second", middle.jobs, middle.bare)
        )
    }

    private func jobsPerSecond(in folder: String) async throws -> Double {
        let store = try SQLStore.open(path: folder + "/jobs.db")
        let shop = BenchShop(store: store, folder: folder)
        try await shop.enqueue(count)
        let began = ContinuousClock.now
        try await shop.work(concurrency: 128)
        return Double(count) / (ContinuousClock.now - began).seconds
    }

    private func transactionsPerSecond(in folder: String) throws -> Double {
        let script = folder + "/bare.sql"
        let number = 3000
        var text =
            "PRAGMA journal_mode=WAL;\nPRAGMA synchronous=FULL;\nCREATE TABLE t(id TEXT PRIMARY KEY, state TEXT, body TEXT);\n"
        for row in 0..<number {
            text +=
                "BEGIN IMMEDIATE;INSERT INTO t VALUES('j_\(row)','queued','\(String(repeating: "x", count: 200))');COMMIT;\n"
        }
        try Data(text.utf8).write(to: URL(filePath: script))
        let run = try Spawned.run(Spawned.find("sqlite3"), [folder + "/bare.db"], input: script)
        return Double(number) / run.seconds
    }
}

/// A home whose provider answers at once and whose clip is ready-made.
struct BenchShop {
    let store: SQLStore
    let folder: String
    let provider: ScriptedProvider

    init(store: SQLStore, folder: String, provider name: ProviderID = "local") {
        self.store = store
        self.folder = folder
        var script = ScriptedProvider.Script()
        script.limit = 128
        script.price = .zero("USD")
        provider = ScriptedProvider(name, script)
    }

    func enqueue(_ count: Int) async throws {
        let random = RandomSource.system
        let now = TimeSource.system.now()
        let run = Run(id: RunID(random.identifier("r")), plan: nil, createdAt: now)
        try await store.begin(run)
        for start in stride(from: 0, to: count, by: 500) {
            let jobs = (start..<min(start + 500, count)).map { number in
                var request = BenchShop.request
                request.slot.product = ProductID("p_\(number)")
                return NewJob(
                    job: Job(
                        id: JobID(random.identifier("j")),
                        run: run.id,
                        slot: request.slot,
                        take: 1,
                        request: request,
                        preset: PresetUse(name: "bench", version: "1"),
                        price: .zero("USD"),
                        providerLane: provider.lane.id,
                        createdAt: now
                    )
                )
            }
            _ = try await store.enqueue(jobs)
        }
    }

    func work(concurrency: Int) async throws {
        let log = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let work = folder + "/work"
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        let runner = JobRunner(
            jobs: store,
            media: try MediaDirectory(path: folder + "/media"),
            providers: [provider],
            finisher: ReadyMade(),
            frames: ReadyMade(),
            work: work,
            time: .system,
            random: .system,
            log: log
        )
        let pool = WorkerPool(
            runner: runner,
            jobs: store,
            providers: [provider],
            concurrency: concurrency,
            time: .system,
            random: .system,
            log: log
        )
        try await pool.run(until: .idle)
    }

    static let request = VideoRequest(
        slot: Slot(product: "p_0", placement: .square),
        pictures: [Digest(of: "picture")],
        frame: FrameRecipe(placement: .square, fit: .pad, background: .auto, productSize: 0.8),
        prompt: "a mug, slow turn on a seamless backdrop, soft light from one side, the glaze stays as it is",
        avoid: "warped handle, changing colour",
        style: .init(words: "soft light", tag: nil, look: .studio),
        motion: .orbit,
        seconds: 6,
        fps: 24,
        seed: 7,
        provider: "scripted",
        model: "m1",
        tier: .draft
    )
}

/// Frames and finished clips that are there already.
struct ReadyMade: FirstFrameSource, ClipFinisher {
    func firstFrame(for request: VideoRequest) async throws(JobFailure) -> (frame: FirstFrame, path: String) {
        (FirstFrame(digest: Digest(of: "frame"), size: request.size, scale: 1), "/dev/null")
    }

    func finish(_ clip: Clip, for request: VideoRequest, made: Date) async throws(ProviderError) -> FinishedClip {
        FinishedClip(
            file: clip.file,
            poster: clip.file,
            size: request.size,
            seconds: request.seconds,
            fps: Double(request.fps),
            verdicts: []
        )
    }

    func lastFrame(of clip: Clip, for request: VideoRequest) async throws(ProviderError) -> (
        frame: FirstFrame, path: String
    ) {
        (FirstFrame(digest: Digest(of: "frame"), size: request.size, scale: 1), "/dev/null")
    }

    func join(_ clips: [Clip], for request: VideoRequest) async throws(ProviderError) -> Clip {
        clips[0]
    }
}
