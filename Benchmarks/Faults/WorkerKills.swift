import Foundation
import VitrineCore
import VitrineSimulator

/// Kills whole worker processes by SIGKILL, and lets another worker take up what they left.
struct WorkerKills {
    let folder: String
    let world: RunningSimulator
    let time: ShiftedTime
    let judge: FaultJudge

    /// At every n-th call of the store and of the network, before it and after it took effect.
    func atEveryCall(each step: Int) async throws -> FaultTally {
        var tally = FaultTally()
        for provider in SimulatedShop.names {
            for moment in [WorkerOrder.Death.before, .after] {
                var number = 1
                while true {
                    let outcome = try await trial(provider, FaultTable.quickDay, moment, number, "kill")
                    guard let outcome else { break }
                    tally = tally + outcome
                    number += step
                }
            }
        }
        return tally
    }

    /// While a request is on its way, an answer is awaited or a clip is being read.
    func inTheMiddle(each step: Int) async throws -> FaultTally {
        var tally = FaultTally()
        for provider in SimulatedShop.names {
            var number = 1
            while let outcome = try await trial(provider, FaultTable.slowDay, .during, number, "kill within") {
                tally = tally + outcome
                number += step
            }
        }
        return tally
    }

    /// At any moment, of workers that have jobs of all providers in hand; four times in a row.
    func ofBusyWorkers(homes: Int) async throws -> FaultTally {
        var tally = FaultTally()
        for number in 0..<homes {
            let home = folder + "/home"
            defer { FaultRun.discard(home) }
            world.simulator.play(try Scenario(yaml: FaultTable.plainDay))
            world.simulator.reset()
            let shop = try SimulatedShop(folder: home, place: world.place, time: time.source)
            try await shop.enqueue(each: 3)
            var killed = 0
            for round in 0..<4 {
                let order = WorkerOrder(home: home, place: world.place, ahead: time.ahead, death: .byOthers)
                let process = try Spawned.start(Benchmarks.itself, order.arguments)
                // Spread over what such a worker takes to begin and to work, the same in every run.
                let wait = 20 + (number * 97 + round * 61) % 400
                try await TimeSource.system.sleep(.milliseconds(wait))
                kill(process, SIGKILL)
                if try await Spawned.end(of: process).isKilled { killed += 1 }
                time.jump(to: time.now.adding(.seconds(20)))
            }
            try await TimeSource.system.sleep(.milliseconds(120))
            try await FaultRun.workToEnd(shop, time)
            var outcome = try await judge.verdict(on: shop, world.simulator.ledger, "busy worker \(number)")
            outcome.struck["kill busy"] = killed
            tally = tally + outcome
        }
        return tally
    }

    /// One job, one death, one heir; nil when the worker was done before the moment came.
    private func trial(
        _ provider: ProviderID,
        _ scenario: String,
        _ death: WorkerOrder.Death,
        _ number: Int,
        _ kind: String
    ) async throws -> FaultTally? {
        let home = folder + "/home"
        defer { FaultRun.discard(home) }
        world.simulator.play(try Scenario(yaml: scenario))
        world.simulator.reset()
        let shop = try SimulatedShop(folder: home, place: world.place, time: time.source, providers: [provider])
        try await shop.enqueue(each: 1)
        let order = WorkerOrder(
            home: home,
            place: world.place,
            ahead: time.ahead,
            provider: provider,
            death: death,
            number: number
        )
        let process = try Spawned.start(Benchmarks.itself, order.arguments)
        guard try await Spawned.end(of: process).isKilled else { return nil }
        // What was on its way when the worker died still reaches the provider.
        if death == .during { try await TimeSource.system.sleep(.milliseconds(120)) }
        try await FaultRun.workToEnd(shop, time)
        let place = "\(provider) killed \(death.rawValue) call \(number)"
        var tally = try await judge.verdict(on: shop, world.simulator.ledger, place)
        tally.struck[kind] = 1
        return tally
    }
}
