import VitrineCore

/// How the simulated providers behave: how long jobs take, what is limited, what goes wrong.
public struct Scenario: Hashable, Sendable {
    /// How one provider behaves.
    struct Habits: Hashable, Sendable {
        /// How long a job waits before it is worked on.
        var wait: Duration = .milliseconds(500)
        /// How long it is worked on.
        var render: Duration = .seconds(2)
        /// How long a provider whose protocol can say so asks to wait before the next look.
        var poll: Duration?
        /// How long a link to a clip lives.
        var links: Duration = .seconds(86_400)
        /// The one key that is taken; nil takes any.
        var key: String?
        /// Words of a prompt that its moderation refuses.
        var blocked: [String] = []
        /// The most jobs that an account may have unfinished.
        var inFlight: Int?
        /// The most submissions a minute.
        var submitsPerMinute: Int?
        /// The most requests a second.
        var requestsPerSecond: Int?
        /// Whether a 429 says how long to wait.
        var hints = true
        /// What an account may spend before it is refused; nil for no end.
        var credit: Money?
        /// Whether its owner has switched it off.
        var isRetired = false
        /// Whether links are written with https although the server speaks http; one vendor's client takes no other.
        var hasSecureLinks = false
        /// The secret that webhooks are signed with.
        var secret = Scenario.secret
        /// Where webhooks ring that a project has set up once, rather than each request.
        var webhook: String?
    }

    /// What all providers do, where they do nothing of their own.
    var common = Habits()
    /// Providers that differ.
    var own: [String: Habits] = [:]
    /// What goes wrong.
    var faults: [Fault] = []
    /// What chances are drawn from.
    var seed: UInt64 = 1

    /// A day on which nothing goes wrong.
    public init() {}

    /// The secret of webhooks where a scenario names none: `whsec_` and the base64 of 24 bytes.
    public static let secret = "whsec_c2ltdWxhdGVkLXNlY3JldC1vZi0yNA=="

    func habits(of provider: String) -> Habits { own[provider] ?? common }
}

/// Why a scenario cannot be read.
public struct ScenarioProblem: Error, Hashable, Sendable {
    /// The line, counted from 1.
    public var line: Int
    /// What is wrong.
    public var message: String
}
