import Foundation
import Testing
import VitrineCore

@Suite("A limit is learned from refusals alone")
struct LearnedPaceTests {
    /// A provider with a limit that nobody is told, and a lane that sends to it; time passes in tenths of a second.
    private struct World {
        var inFlight = Int.max
        var perMinute = Int.max
        var seconds: Int
        /// What we believe to be allowed at first.
        var ours: Int
        var submitsAtOnce = 8

        struct Outcome {
            var refused = 0
            var taken = 0
            var ended: Double = 0
        }

        /// Has so many jobs made, each tick as many begun as the pace has room for.
        func run(_ jobs: Int) -> Outcome {
            var outcome = Outcome()
            var pace: LearnedPace?
            var ends: [Int] = []
            var sent: [Int] = []
            var tick = 0
            while outcome.taken < jobs || !ends.isEmpty {
                ends.removeAll { $0 <= tick }
                let minute = { (length: Int) in sent.count { $0 > tick - length } }
                let now = Date(milliseconds: Int64(tick) * 100)
                let room = min(
                    ours - ends.count,
                    pace?.room(inFlight: ends.count, lastMinute: minute(610), onTheWay: 0, at: now) ?? .max
                )
                for _ in 0..<max(0, min(room, submitsAtOnce, jobs - outcome.taken)) {
                    if ends.count < inFlight, minute(600) < perMinute {
                        ends.append(tick + seconds * 10)
                        sent.append(tick)
                        outcome.taken += 1
                        pace?.accepted(inFlight: ends.count, lastMinute: minute(610))
                    } else {
                        outcome.refused += 1
                        if pace == nil {
                            pace = LearnedPace(refusedWith: ends.count, lastMinute: minute(610), at: now)
                        } else {
                            _ = pace?.refused(inFlight: ends.count, lastMinute: minute(610), at: now)
                        }
                    }
                }
                tick += 1
            }
            outcome.ended = Double(tick) / 10
            return outcome
        }
    }

    @Test(
        "of a limit in flight at least 98 % is used, and few submissions are refused",
        arguments: [(50, 10), (20, 30), (10, 90), (5, 60), (100, 20)]
    )
    func inFlight(limit: Int, seconds: Int) {
        let outcome = World(inFlight: limit, seconds: seconds, ours: limit * 4).run(500)

        let ideal = Double((500 + limit - 1) / limit * seconds)
        #expect(outcome.ended <= ideal / 0.98)
        #expect(outcome.refused <= 10)
    }

    @Test(
        "of a limit a minute at least 95 % is used over the whole run",
        arguments: [(60, 10), (30, 20), (120, 5), (300, 10)]
    )
    func perMinute(limit: Int, seconds: Int) {
        let outcome = World(perMinute: limit, seconds: seconds, ours: 200).run(500)

        let ideal = Double((500 - 1) / limit * 60 + seconds)
        #expect(outcome.ended <= ideal / 0.95)
        #expect(outcome.refused <= 13)
    }

    @Test("one refusal has two readings; what was taken beyond one of them disproves it")
    func readings() throws {
        let now = Date(milliseconds: 0)
        var flight = try #require(LearnedPace(refusedWith: 10, lastMinute: 12, at: now))
        var rate = flight

        for count in 13...15 { flight.accepted(inFlight: 10, lastMinute: count) }
        _ = rate.refused(inFlight: 9, lastMinute: 12, at: now.adding(.seconds(10)))

        #expect(flight.inFlight == 10)
        #expect(flight.perMinute == nil)
        #expect(rate.inFlight == nil)
        #expect(rate.perMinute == 12)
    }

    @Test("while both readings stand, one submission at a time tries what one of them allows")
    func oneAtATime() throws {
        let began = Date(milliseconds: 0)
        let pace = try #require(LearnedPace(refusedWith: 10, lastMinute: 12, at: began))
        let later = began.adding(.seconds(3))

        #expect(pace.room(inFlight: 10, lastMinute: 12, onTheWay: 0, at: later) == 0)
        #expect(pace.room(inFlight: 5, lastMinute: 12, onTheWay: 0, at: later) == 1)
        #expect(pace.room(inFlight: 5, lastMinute: 12, onTheWay: 0, at: began) == 0)
        #expect(pace.room(inFlight: 5, lastMinute: 12, onTheWay: 1, at: later) == 0)
        #expect(pace.room(inFlight: 10, lastMinute: 0, onTheWay: 0, at: later) == 1)
    }

    @Test("a limit that has become lower is met by quarters, one that has become higher by little steps")
    func changes() throws {
        let now = Date(milliseconds: 0)
        var pace = try #require(LearnedPace(refusedWith: 100, lastMinute: 100, at: now))
        for count in 101...103 { pace.accepted(inFlight: 100, lastMinute: count) }
        var lower = pace

        #expect(lower.refused(inFlight: 99, lastMinute: 99, at: now.adding(.seconds(30))) == .limit)
        for _ in 0..<50 { pace.accepted(inFlight: 100, lastMinute: 200) }

        #expect(lower.inFlight == 74)
        #expect(pace.inFlight == 102)
    }

    @Test("one more that was taken by chance and refused later costs only itself")
    func chance() throws {
        let now = Date(milliseconds: 0)
        var pace = try #require(LearnedPace(refusedWith: 100, lastMinute: 100, at: now))
        for count in 101...103 { pace.accepted(inFlight: 100, lastMinute: count) }
        for _ in 0..<50 { pace.accepted(inFlight: 100, lastMinute: 200) }
        // A job had ended that nobody had looked at.
        pace.accepted(inFlight: 102, lastMinute: 200)

        let first = pace.refused(inFlight: 101, lastMinute: 200, at: now.adding(.seconds(30)))
        let limit = pace.inFlight
        let second = pace.refused(inFlight: 100, lastMinute: 200, at: now.adding(.seconds(40)))

        #expect(first == .trial)
        #expect(limit == 100)
        #expect(second == .limit)
        #expect(pace.inFlight == 75)
    }

    @Test("refusals that were on their way already teach nothing more")
    func burst() throws {
        let now = Date(milliseconds: 0)
        var pace = try #require(LearnedPace(refusedWith: 10, lastMinute: 10, at: now))

        for _ in 0..<7 { _ = pace.refused(inFlight: 9, lastMinute: 10, at: now.adding(.milliseconds(300))) }

        #expect(pace.inFlight == 10)
        #expect(pace.perMinute == 10)
    }

    @Test("a refusal with nothing in flight and nothing sent teaches nothing")
    func nothing() {
        #expect(LearnedPace(refusedWith: 0, lastMinute: 0, at: Date(milliseconds: 0)) == nil)
    }
}
