import Testing
import VitrineCore

@testable import VitrinePipeline

@Suite("When a lane is paused although nobody says for how long")
struct LaneHealthTests {
    @Test("a circuit opens after five troubles in a row, longer each time, and one success closes it")
    func circuit() {
        let health = LaneHealth()

        let first = (1...7).map { _ in health.troubled("a") }
        health.accepted("a")

        #expect(first == [nil, nil, nil, nil, .seconds(30), .seconds(60), .seconds(120)])
        #expect(health.troubled("a") == nil)
    }

    @Test("being asked to send less pauses for half a second, doubled to a minute, each lane on its own")
    func refusals() {
        let health = LaneHealth()

        let waits = (1...9).map { _ in health.refused("a") }

        #expect(waits.first == .milliseconds(500))
        #expect(waits[1] == .seconds(1))
        #expect(waits.last == .seconds(60))
        #expect(health.refused("b") == .milliseconds(500))
    }
}
