import Foundation
import VitrineCore
import VitrinePipeline
import VitrineSimulator
import VitrineStorage

/// How long many jobs take with a provider that has room for some of them: over real sockets, in real time, with the pool as it is in life.
struct ProviderSpeed {
    let folder: String

    /// 2,000 jobs of 10 s, 200 in flight, from the first submission to the last clip fetched, against the time that nobody can beat; told by
    /// webhooks and by a provider that advises a look every 0.3 s.
    func makespan() async throws {
        for (way, provider) in [("polling", ProviderID("openai")), ("webhooks", "fal")] {
            let day = "jobs: {wait: 0, render: 10, poll: 0.3}"
            let run = try await work(provider, day, count: 2000, limit: 200, isRung: way == "webhooks")
            let ideal = 2000.0 / 200 * 10
            Benchmarks.report(
                "makespan",
                run.seconds / ideal,
                goal: "<=1.05",
                against: "2,000 jobs of 10 s, 200 at once, by \(way)",
                String(
                    format: "%.1f s of %.0f s, %d connections, at most 8; %.2f of a core for both sides",
                    run.seconds,
                    ideal,
                    run.connections,
                    run.processor / run.seconds
                )
            )
        }
    }

    /// 500 jobs with a provider that refuses what is beyond its limit and does not say where that is, nor when to come back.
    func laneLimit() async throws {
        let cases = [
            ("50 in flight, 20 s each, no hints", "limits: {in_flight: 50, hints: false}", 20.0, 200.0),
            ("50 in flight, 20 s each, with hints", "limits: {in_flight: 50}", 20.0, 200.0),
            ("150 a minute, 2 s each, no hints", "limits: {submits_per_minute: 150, hints: false}", 2.0, 182.0),
        ]
        for (name, limits, render, ideal) in cases {
            let day = "jobs: {wait: 0, render: \(render), poll: 0.3}\n\(limits)"
            let run = try await work("openai", day, count: 500, limit: 200, isRung: false)
            Benchmarks.report(
                "lane-limit",
                ideal / run.seconds,
                goal: ">=0.98",
                against: name,
                String(
                    format: "%.1f s of %.0f s; %d of %d requests refused, %.2f %%, of submissions %.1f %%",
                    run.seconds,
                    ideal,
                    run.refused,
                    run.requests,
                    100 * Double(run.refused) / Double(max(1, run.requests)),
                    100 * Double(run.refused) / Double(500 + run.refused)
                )
            )
        }
    }

    private struct Outcome: Sendable {
        var seconds: Double
        var connections: Int
        var requests: Int
        var refused: Int
        var processor: Double
    }

    private func work(
        _ provider: ProviderID,
        _ day: String,
        count: Int,
        limit: Int,
        isRung: Bool
    ) async throws -> Outcome {
        let home = folder + "/shop"
        defer { FaultRun.discard(home) }
        return try await RunningSimulator.whileRunning(folder: folder, time: .system) { world in
            try await warm(provider, world)
            world.simulator.play(try Scenario(yaml: day))
            world.simulator.reset()
            var place = world.place
            if !isRung { place.doorbell = nil }
            let shop = try SimulatedShop(
                folder: home,
                place: place,
                time: .system,
                providers: [provider],
                limit: limit
            )
            if isRung { world.doorbell.open(shop) }
            defer { world.doorbell.open(nil) }
            try await shop.enqueue(each: count)
            let before = Spawned.processorSeconds()
            try await shop.pool().run(until: .idle)
            let processor = Spawned.processorSeconds() - before
            let counts = try await shop.store.counts(JobQuery())
            guard counts[.finished] == count else { throw Unfinished(counts: counts) }
            let orders = world.simulator.ledger.entries
            let videos = try await shop.store.videos(VideoQuery(), offset: 0, limit: count)
            let first = orders.map(\.acceptedAt).min() ?? .distantPast
            let last = videos.map(\.createdAt).max() ?? .distantFuture
            return Outcome(
                seconds: last.timeIntervalSince(first),
                connections: world.simulator.connections[provider.rawValue] ?? 0,
                requests: world.simulator.requests(to: provider),
                refused: world.simulator.refusals(by: provider),
                processor: processor
            )
        }
    }

    /// Lets the simulator make its clip, so that no run waits for ffmpeg.
    private func warm(_ provider: ProviderID, _ world: RunningSimulator) async throws {
        let home = folder + "/warm"
        defer { FaultRun.discard(home) }
        world.simulator.play(try Scenario(yaml: FaultTable.quickDay))
        let shop = try SimulatedShop(folder: home, place: world.place, time: .system, providers: [provider])
        try await shop.enqueue(each: 1)
        try await shop.pool().run(until: .idle)
    }

    private struct Unfinished: Error {
        var counts: JobCounts
    }
}
