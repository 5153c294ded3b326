import Foundation
import VitrineCore
import VitrinePipeline
import VitrineSimulator
import VitrineStorage

/// Throws faults at every exchange with every provider over real sockets, kills workers, and lets the simulator's ledger judge.
///
/// Workers do what they do in life, but for the clock, which jumps over the waits.
struct FaultRun {
    let folder: String
    /// How many faults at least; fewer than the table holds means a part of each.
    let goal: Int
    private let judge = FaultJudge()

    /// Runs all of it, prints what came of it, and gives back whether nothing was doubled, lost or wrong.
    func run() async throws -> Bool {
        let began = ContinuousClock.now
        let isWhole = goal >= 2000
        let time = ShiftedTime()
        let tally = try await RunningSimulator.whileRunning(folder: folder, time: time.source) { world in
            var tally = FaultTally()
            func add(_ other: FaultTally) {
                tally = tally + other
                other.wrongs.forEach { print("wrong: \($0)") }
            }
            // The clean day first: its clips are what all others are compared with.
            add(try await trial(.init(kind: "none", name: "clean", scenario: FaultTable.plainDay), world, time))
            let table = FaultTable.exchangeTrials
            for trial in isWhole ? table : table.enumerated().filter({ $0.offset % 4 == 0 }).map(\.element) {
                add(try await self.trial(trial, world, time))
            }
            for trial in FaultTable.jobTrials + FaultTable.callbackTrials {
                add(try await self.trial(trial, world, time))
            }
            let kills = WorkerKills(folder: folder, world: world, time: time, judge: judge)
            add(try await kills.atEveryCall(each: isWhole ? 1 : 6))
            add(try await kills.inTheMiddle(each: isWhole ? 1 : 4))
            add(try await kills.ofBusyWorkers(homes: isWhole ? 40 : 3))
            var seed = 0
            while tally.faults < goal {
                add(try await trial(FaultTable.soak(seed), world, time))
                seed += 1
            }
            return tally
        }
        let seconds = (ContinuousClock.now - began).seconds
        print(tally.text)
        print(String(format: "in %.0f s, with %.0f processor seconds", seconds, Spawned.processorSeconds()))
        return tally.doubled == 0 && tally.lost == 0 && tally.wrongs.isEmpty
    }

    private func trial(_ trial: FaultTable.Trial, _ world: RunningSimulator, _ time: ShiftedTime) async throws
        -> FaultTally
    {
        let home = folder + "/home"
        defer { FaultRun.discard(home) }
        world.simulator.play(try Scenario(yaml: trial.scenario))
        world.simulator.reset()
        let shop = try SimulatedShop(folder: home, place: world.place, time: time.source)
        world.doorbell.open(shop)
        defer { world.doorbell.open(nil) }
        try await shop.enqueue(each: trial.jobs)
        try await FaultRun.workToEnd(shop, time, pause: trial.waitsForCallbacks ? .milliseconds(120) : .zero)
        var tally = try await judge.verdict(on: shop, world.simulator.ledger, trial.name)
        tally.struck[trial.kind] = world.simulator.struck
        return tally
    }

    /// Lets two workers at a time do what is due, and jumps to what is due next, until every job is final.
    static func workToEnd(_ shop: SimulatedShop, _ time: ShiftedTime, pause: Duration = .zero) async throws {
        let pool = shop.pool()
        for _ in 0..<2000 {
            async let one = pool.drain()
            async let other = pool.drain()
            let worked = try await one + other
            let counts = try await shop.store.counts(JobQuery())
            guard counts.open > 0 else { return }
            if pause > .zero { try await TimeSource.system.sleep(pause) }
            let now = time.now
            var next = counts.nextDueAt ?? now
            if worked == 0, next <= now {
                // What is due waits for its lane.
                let pauses = try await shop.store.lanes().compactMap(\.pausedUntil).filter { $0 > now }
                next = pauses.min() ?? now.adding(.seconds(1))
            }
            time.jump(to: max(next, now.adding(.milliseconds(1))))
        }
    }

    static func discard(_ folder: String) {
        // What a trial leaves is of no use to the next one, which makes its own.
        try? FileManager.default.removeItem(atPath: folder)
    }
}
