/// The work of a plan that shares a category and a reason.
public struct PlanPart: Hashable, Sendable, Codable {
    /// The category by the words of the feed; empty where a product has none.
    public var category: String
    /// What would be made of these rows.
    public var change: Change
    /// Why, as far as they share it.
    public var reason: String
    /// How many rows.
    public var count: Int
    /// What they cost, one amount a currency.
    public var price: [Money]

    /// Some rows of a kind.
    public init(category: String, change: Change, reason: String, count: Int, price: [Money]) {
        self.category = category
        self.change = change
        self.reason = reason
        self.count = count
        self.price = price
    }
}

/// Sums the work of a plan by category and reason while its rows are made.
public struct PlanParts: Sendable {
    private struct Key: Hashable {
        var category: String
        var change: Change
        var reason: String
    }

    private static let most = 2000

    private var sums: [Key: (count: Int, price: MoneySum)] = [:]
    private var isTooLong = false

    /// No rows.
    public init() {}

    /// Counts a row, unless nothing is to be made of it.
    public mutating func count(_ row: PlannedRequest) {
        guard row.change.isWork else { return }
        let key = Key(category: row.category ?? "", change: row.change, reason: row.reason)
        guard !isTooLong else { return }
        var sum = sums[key] ?? (0, MoneySum())
        sum.count += 1
        if let price = row.price { sum.price.add(price) }
        sums[key] = sum
        if sums.count > Self.most {
            isTooLong = true
            sums = [:]
        }
    }

    /// The largest first; none where there are thousands, which nobody would pick among.
    public var all: [PlanPart] {
        sums.map { key, sum in
            PlanPart(
                category: key.category,
                change: key.change,
                reason: key.reason,
                count: sum.count,
                price: sum.price.amounts
            )
        }.sorted {
            ($1.count, $0.category, $0.reason, $0.change.rawValue) < (
                $0.count, $1.category, $1.reason, $1.change.rawValue
            )
        }
    }
}
