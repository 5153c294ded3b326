import Foundation
import Testing
import VitrineCore
import VitrinePipeline
import VitrineStorage
import VitrineTesting

@Suite("Several shots make one take")
struct ShotTests {
    @Test("each shot is a submission of its own for its part of the price, and the take is all of them joined")
    func sequence() async throws {
        let workshop = try Workshop()
        let provider = ScriptedProvider("shots", .init())
        try await workshop.store.setBudget(Money(micros: 100_000_000, currency: "USD"))
        try await workshop.store.begin(Run(id: "r", plan: nil, createdAt: workshop.time.now))
        var request = Workshop.request(provider.id)
        request.shots = [
            .init(from: .picture, prompt: "one", motion: .still, seconds: 2),
            .init(from: .previous, prompt: "two", motion: .orbit, seconds: 4),
            .init(from: .picture, prompt: "three", motion: .still, seconds: 1),
        ]
        let price = try #require(Money("1", currency: "USD"))
        let job = Job(
            id: "j_1",
            run: "r",
            slot: request.slot,
            take: 1,
            request: request,
            preset: PresetUse(name: "p", version: "1"),
            price: price,
            providerLane: provider.lane.id,
            createdAt: workshop.time.now
        )
        _ = try await workshop.store.enqueue([NewJob(job: job)])

        try await workshop.runToIdle(provider)

        let reserved = try await workshop.store.submissions(of: "j_1").map(\.reserved.micros)
        #expect(reserved == [285_714, 571_428, 142_858])
        #expect(reserved.reduce(0, +) == price.micros)
        let done = try #require(try await workshop.store.job("j_1"))
        #expect(done.state.name == .finished)
        #expect(done.shots.count == 2)
        let video = try #require(try await workshop.store.videos(VideoQuery(), offset: 0, limit: 10).first)
        #expect(video.clip.file.bytes == 18)
        #expect(provider.sent.count == 3)
    }
}
