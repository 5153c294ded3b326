import Foundation
import Testing
import VitrineCore
import VitrineStorage
import VitrineTesting

@testable import VitrinePipeline

@Suite("How many clips are finished at once")
struct FinishingGateTests {
    @Test("eight places, and one that is given back can be taken again")
    func places() {
        let gate = FinishingGate()

        let taken = (1...9).map { _ in gate.enter() }
        gate.leave()

        #expect(taken == Array(repeating: true, count: 8) + [false])
        #expect(gate.enter())
        #expect(!gate.enter())
    }

    @Test("a clip that finds no place is left to the finishing lane with its lease given back, and finished from there")
    func left() async throws {
        let workshop = try Workshop()
        let provider = ScriptedProvider()
        let id = try await workshop.enqueue(provider)
        let runner = workshop.runner(provider)
        for _ in 0..<FinishingGate.most { _ = runner.finishing.enter() }
        try await workshop.store.register([provider.lane, Lane(id: .finishing, limit: 1)])
        let until = workshop.time.now.adding(.seconds(180))
        let claimed = try #require(
            try await workshop.store.claim(
                lane: provider.lane.id,
                run: nil,
                token: "w",
                until: until,
                limit: 1,
                at: workshop.time.now
            ).first
        )

        await runner.work(on: claimed, token: "w")
        let waiting = try #require(try await workshop.store.job(id))
        try await workshop.pool(runner, provider).drain()

        #expect(waiting.state.name == .fetched)
        #expect(waiting.lease == nil)
        #expect(try await workshop.store.job(id)?.state.name == .finished)
    }
}
