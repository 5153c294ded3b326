/// How long to wait after a failure, and when to stop trying.
public struct RetryPolicy: Hashable, Sendable {
    /// The wait after the first failure.
    public var first: Duration
    /// The longest wait.
    public var longest: Duration
    /// How many failures in a row are borne.
    public var limit: Int

    /// A policy.
    public init(first: Duration = .seconds(2), longest: Duration = .seconds(600), limit: Int = 8) {
        self.first = first
        self.longest = longest
        self.limit = limit
    }

    /// The wait before the next try after `failures` in a row, doubled each time, with up to a quarter of jitter by `unit` in 0..<1;
    /// nil when it is time to give up.
    public func wait(after failures: Int, unit: Double) -> Duration? {
        guard failures < limit else { return nil }
        var wait = first
        for _ in 1..<max(2, failures) where wait < longest { wait = wait * 2 }
        if failures <= 1 { wait = first }
        let bounded = min(wait, longest)
        return .milliseconds(Int64(Double(bounded.milliseconds) * (1 + unit / 4)))
    }

    /// When to look in the provider's list for a submission that was not answered, counted from the looks already taken; nil when all are taken.
    public static func nextLook(after looks: Int) -> Duration? {
        let waits: [Duration] = [.seconds(10), .seconds(60), .seconds(300)]
        return looks < waits.count ? waits[looks] : nil
    }
}
