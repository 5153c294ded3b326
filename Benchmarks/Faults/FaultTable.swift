import VitrineCore

/// Scenarios: what goes wrong in a trial, by rules for each provider, so that a fault strikes all of them.
struct FaultTable {
    /// One trial.
    struct Trial: Sendable {
        var kind: String
        var name: String
        var scenario: String
        /// Jobs of each provider.
        var jobs = 2
        /// Whether callbacks are given time to arrive.
        var waitsForCallbacks = false
    }

    static let providers = SimulatedShop.names.map(\.rawValue)

    private static let exchanges = ["submit", "poll", "result", "download", "upload", "list"]
    private static let deeds = [
        "do: drop-before", "do: drop-after", "do: truncate", "do: garbage", "do: error, status: 500",
        "do: error, status: 503", "do: error-after, status: 502", "do: rate-limit, seconds: 2", "do: rate-limit",
        "do: slow, bytes_per_second: 200000",
    ]

    /// Every deed at every exchange, at the first one of each provider and at the third.
    static var exchangeTrials: [Trial] {
        exchanges.flatMap { exchange in
            deeds.flatMap { deed in
                [1, 3].map { number in
                    // A list is only read when an answer was lost.
                    let lost = exchange == "list" ? rules("on: submit, do: drop-after, first: 2") : []
                    return Trial(
                        kind: exchange,
                        name: "\(exchange) \(number): \(deed)",
                        scenario: scenario(lost + rules("on: \(exchange), \(deed), nth: \(number)")),
                        jobs: 3
                    )
                }
            }
        }
    }

    /// What can become of a job at its provider.
    static var jobTrials: [Trial] {
        ["fail", "moderate", "vanish", "expire-link"].map { deed in
            Trial(kind: "job", name: "job: \(deed)", scenario: scenario(rules("do: \(deed), nth: 2")))
        }
    }

    /// What can happen to callbacks.
    static var callbackTrials: [Trial] {
        ["double", "late, seconds: 30", "forge", "reorder", "lose"].map { deed in
            Trial(
                kind: "callback",
                name: "callback: \(deed)",
                scenario: scenario(rules("do: \(deed), first: 2")),
                waitsForCallbacks: true
            )
        }
    }

    /// A bad day: at each exchange one kind of fault, one time in four, drawn from a seed.
    static func soak(_ seed: Int) -> Trial {
        var lines: [String] = []
        for (place, exchange) in exchanges.enumerated() {
            let deed = deeds[(seed * 7 + place * 3 + seed / deeds.count) % deeds.count]
            lines.append("  - {on: \(exchange), \(deed), chance: 0.25}")
        }
        let fate = ["expire-link", "fail", "vanish", "moderate"][seed % 4]
        lines.append("  - {do: \(fate), chance: 0.1}")
        return Trial(kind: "bad day", name: "seed \(seed)", scenario: scenario(lines, seed: seed), jobs: 3)
    }

    /// A day on which answers take their time, so that a worker can be killed in the middle of them.
    static let slowDay = scenario(
        [
            "  - {on: [submit, poll, result, upload, list], do: delay, seconds: 0.03}",
            "  - {on: download, do: slow, bytes_per_second: 300000}",
        ],
        render: 0
    )

    /// A day on which jobs take a moment.
    static let plainDay = scenario([], render: 0.1)

    /// A day on which jobs are done as soon as they are taken.
    static let quickDay = scenario([], render: 0)

    private static func rules(_ rule: String) -> [String] {
        providers.map { "  - {\(rule), providers: [\($0)]}" }
    }

    private static func scenario(_ rules: [String], seed: Int = 1, render: Double = 2) -> String {
        let faults = rules.isEmpty ? "" : "faults:\n" + rules.joined(separator: "\n")
        return "seed: \(seed)\njobs: {wait: 0, render: \(render)}\n" + faults
    }
}
