import Testing
import VitrineCore

@Suite("How sure a count of wins is")
struct ModelStandingTests {
    @Test(
        "Wilson's interval is wide for few comparisons, narrow for many, and never leaves 0 to 1",
        arguments: [
            (0, 0, 0.0, 1.0), (1, 1, 0.207, 1.0), (0, 1, 0.0, 0.793), (8, 10, 0.490, 0.943), (80, 100, 0.711, 0.867),
        ]
    )
    func interval(wins: Int, of count: Int, from: Double, to: Double) {
        let interval = ModelStanding(provider: "a", model: "m", wins: wins, of: count).interval

        #expect(abs(interval.lowerBound - from) < 0.001)
        #expect(abs(interval.upperBound - to) < 0.001)
    }
}
