import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineSimulator

@Suite("The simulated providers")
struct SimulatorTests {
    @Test("each provider refuses a call without a key", arguments: Simulator.providers)
    func noKey(of provider: String) async throws {
        let stage = try await Stage()
        var call = Stage.order(for: provider)
        call.headers["authorization"] = nil
        call.headers["x-goog-api-key"] = nil

        let answer = await stage.send(call)

        #expect([401, 403].contains(answer.status))
        #expect(stage.simulator.ledger.entries.isEmpty)
    }

    @Test("each provider takes an order once, and bills it when it is made", arguments: Simulator.providers)
    func order(at provider: String) async throws {
        let stage = try await Stage()

        let answer = await stage.send(Stage.order(for: provider))

        #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        #expect(stage.simulator.ledger.entries.map(\.state) == [.pending])
        stage.time.advance(by: .seconds(60))
        #expect(stage.simulator.ledger.entries.map(\.state) == [.billed])
        #expect(stage.simulator.ledger.billed.allSatisfy { $0.micros > 0 })
        #expect(stage.simulator.ledger.doubled.isEmpty)
    }

    @Test("the same order sent twice is seen as doubled", arguments: Simulator.providers)
    func doubled(at provider: String) async throws {
        let stage = try await Stage()

        _ = await stage.send(Stage.order(for: provider))
        _ = await stage.send(Stage.order(for: provider))

        #expect(stage.simulator.ledger.doubled.count == 1)
    }

    @Test("a field that nobody knows is refused, in the answer or in fal's result", arguments: Simulator.providers)
    func unknownField(at provider: String) async throws {
        let stage = try await Stage()
        var call = Stage.order(for: provider)
        if provider == "openai" {
            call.body = Stage.form(["prompt": "a mug", "ratio": "1:1"])
        } else {
            var body = try #require(JSON(call.body)?.map)
            body["no_such_field"] = true
            call.body = JSON.map(body).bytes
        }

        let answer = await stage.send(call)

        if provider == "fal" {
            #expect(stage.simulator.ledger.entries.map(\.fate) == ["picture-refused"])
        } else {
            #expect(answer.status == 400)
            #expect(stage.simulator.ledger.entries.isEmpty)
        }
    }

    @Test("past its limit each provider answers 429 with a hint, or makes the job wait", arguments: Simulator.providers)
    func limits(of provider: String) async throws {
        var scenario = Scenario()
        scenario.common.submitsPerMinute = 1
        let stage = try await Stage(scenario)

        _ = await stage.send(Stage.order(for: provider))
        let second = await stage.send(Stage.order(for: provider))

        #expect(second.status == 429)
        let isHinted =
            second.headers["retry-after"] != nil || String(decoding: second.body, as: UTF8.self).contains("retryDelay")
        #expect(isHinted)
        stage.time.advance(by: .seconds(61))
        #expect(await stage.send(Stage.order(for: provider)).status == 200)
    }

    @Test(
        "a connection dropped before leaves nothing; one dropped after leaves the order",
        arguments: Simulator.providers
    )
    func drops(at provider: String) async throws {
        let stage = try await Stage(
            try Scenario(
                yaml: """
                    faults:
                      - {on: submit, do: drop-before, nth: 1}
                      - {on: submit, do: drop-after, nth: 2}
                    """
            )
        )

        #expect(await stage.outcome(Stage.order(for: provider)).way == .dropped)
        #expect(stage.simulator.ledger.entries.isEmpty)
        #expect(await stage.outcome(Stage.order(for: provider)).way == .dropped)
        #expect(stage.simulator.ledger.entries.count == 1)
    }

    @Test("a retired provider takes no orders", arguments: Simulator.providers)
    func retired(_ provider: String) async throws {
        var scenario = Scenario()
        scenario.common.isRetired = true
        let stage = try await Stage(scenario)

        #expect([404, 410].contains(await stage.send(Stage.order(for: provider)).status))
        #expect(stage.simulator.ledger.entries.isEmpty)
    }

    @Test("an account without credit is refused in words", arguments: Simulator.providers)
    func credit(at provider: String) async throws {
        var scenario = Scenario()
        scenario.common.credit = Money(micros: 1, currency: "USD")
        let stage = try await Stage(scenario)

        #expect([400, 402, 403, 429].contains(await stage.send(Stage.order(for: provider)).status))
        #expect(stage.simulator.ledger.entries.isEmpty)
    }

    @Test("a failed job is free")
    func failed() async throws {
        let stage = try await Stage(try Scenario(yaml: "faults: [{do: fail}]"))

        _ = await stage.send(Stage.order(for: "dashscope"))
        stage.time.advance(by: .seconds(60))

        #expect(stage.simulator.ledger.entries.map(\.state) == [.free])
    }

    @Test("a scenario that cannot be read says the line and the key")
    func brokenScenario() throws {
        let problem = #expect(throws: ScenarioProblem.self) {
            try Scenario(yaml: "seed: 1\nfaults:\n  - {on: submit, do: drop-before, evry: 5}\n")
        }
        #expect(problem?.line == 3)
        #expect(problem?.message.contains("evry") == true)
    }
}
