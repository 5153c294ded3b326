import Foundation
import VitrineCore
import VitrinePipeline
import VitrineSimulator

/// What it costs one worker process to have 5,000 jobs with a provider, each looked at every 10 s.
struct ManyInFlight {
    static let verb = "in-flight-worker"
    static let count = 5000

    let folder: String

    func run() async throws {
        let home = folder + "/in-flight"
        defer { FaultRun.discard(home) }
        try await RunningSimulator.whileRunning(folder: folder, time: .system) { world in
            world.simulator.play(try Scenario(yaml: "jobs: {wait: 0, render: 86400, poll: 10}"))
            let shop = try Self.shop(home, world.place.simulator)
            try await shop.enqueue(each: Self.count)
            let process = try Spawned.start(Benchmarks.itself, [Self.verb, home, "\(world.place.simulator)"])
            defer { kill(process, SIGKILL) }
            while world.simulator.ledger.entries.count < Self.count { try await TimeSource.system.sleep(.seconds(1)) }
            // Until all have been looked at once.
            try await TimeSource.system.sleep(.seconds(15))
            let (before, looks) = (try ProcessUse(of: process), world.simulator.requests(to: "openai"))
            try await TimeSource.system.sleep(.seconds(60))
            let after = try ProcessUse(of: process)
            let looked = world.simulator.requests(to: "openai") - looks
            let cores = (after.processor - before.processor) / 60
            Benchmarks.report(
                "in-flight",
                cores,
                goal: "<=0.5",
                against: "one core, 5,000 jobs looked at every 10 s",
                String(
                    format: "%.0f MB at most, goal 200; %.0f looks a second; %d connections, at most 8",
                    Double(after.peak) / 1e6,
                    Double(looked) / 60,
                    world.simulator.connections["openai"] ?? 0
                )
            )
        }
    }

    /// What the worker process does until it is killed.
    static func work(_ arguments: [String]) async throws {
        guard arguments.count == 2, let port = Int(arguments[1]) else { return }
        try await shop(arguments[0], port).pool().run(until: .forever)
    }

    private static func shop(_ home: String, _ port: Int) throws -> SimulatedShop {
        try SimulatedShop(
            folder: home,
            place: SimulatedShop.Place(simulator: port),
            time: .system,
            providers: ["openai"],
            limit: count
        )
    }
}
