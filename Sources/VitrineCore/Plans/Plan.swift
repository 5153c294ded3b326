public import Foundation

/// The identity of a plan.
public struct PlanID: Named {
    /// The identity as it is written, `plan_…`.
    public let rawValue: String
    /// An identity as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// How many rows of each kind a plan has, and what they cost.
public struct PlanTotals: Hashable, Sendable, Codable {
    /// Rows by what would be made of them.
    public private(set) var counts: [String: Int] = [:]
    /// What its work costs, one amount a currency.
    public private(set) var price: [Money] = [.zero("USD")]
    /// Nil in plans that know of no alternatives.
    private var most: [Money]?

    /// No rows.
    public init() {}

    /// What its work costs at most, one amount a currency, whoever of each row's list makes it in the end.
    public var atMost: [Money] { most ?? price }

    /// How many rows are of that kind.
    public subscript(change: Change) -> Int { counts[change.rawValue] ?? 0 }

    /// Counts one row.
    public mutating func count(_ row: PlannedRequest) {
        count(row.change)
        guard row.change.isWork, let cost = row.price else { return }
        if most != nil || row.alternatives != nil {
            var ceiling = MoneySum()
            for amount in atMost + row.dearest where !amount.isZero { ceiling.add(amount) }
            most = ceiling.amounts
        }
        var sum = MoneySum()
        for amount in price where !amount.isZero { sum.add(amount) }
        sum.add(cost)
        price = sum.amounts
    }

    /// Counts rows of a kind that cost nothing.
    public mutating func count(_ change: Change, times: Int = 1) {
        counts[change.rawValue, default: 0] += times
    }
}

/// What would be made, kept under an id, so that exactly that can be applied.
public struct Plan: Hashable, Sendable, Codable {
    /// Its identity.
    public var id: PlanID
    /// When it was made.
    public var createdAt: Date
    /// The feed it is about; nil for all.
    public var feed: FeedName?
    /// How it was asked for, as JSON that the planner reads back when it is applied.
    public var options: String
    /// Its sums.
    public var totals: PlanTotals
    /// Its work by category and reason.
    public var parts: [PlanPart]
    /// The run that applied it, if one did.
    public var run: RunID?

    /// Whether it was made to its end.
    public var isWhole: Bool { !totals.counts.isEmpty }

    /// A plan.
    public init(
        id: PlanID,
        createdAt: Date,
        feed: FeedName?,
        options: String = "{}",
        totals: PlanTotals = PlanTotals(),
        parts: [PlanPart] = [],
        run: RunID? = nil
    ) {
        self.id = id
        self.createdAt = createdAt
        self.feed = feed
        self.options = options
        self.totals = totals
        self.parts = parts
        self.run = run
    }
}
