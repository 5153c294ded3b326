/// Which rows of a plan are meant.
///
/// Everything given must hold.
public struct PlanRowQuery: Hashable, Sendable {
    /// Only of these kinds.
    public var changes: [Change]
    /// Only of products in these categories, by the words of the feed; an empty one is that of products without a category.
    public var categories: [String]
    /// Only for these reasons.
    public var reasons: [String]
    /// Only these slots.
    public var slots: [Slot]

    /// All rows, or fewer.
    public init(changes: [Change] = [], categories: [String] = [], reasons: [String] = [], slots: [Slot] = []) {
        self.changes = changes
        self.categories = categories
        self.reasons = reasons
        self.slots = slots
    }

    /// Whether the row is meant.
    public func holds(_ row: PlannedRequest) -> Bool {
        (changes.isEmpty || changes.contains(row.change))
            && (categories.isEmpty || categories.contains(row.category ?? ""))
            && (reasons.isEmpty || reasons.contains(row.reason)) && (slots.isEmpty || slots.contains(row.slot))
    }

    /// Whether the rows of a part are meant, as far as no slot is named.
    public func holds(_ part: PlanPart) -> Bool {
        (changes.isEmpty || changes.contains(part.change)) && (categories.isEmpty || categories.contains(part.category))
            && (reasons.isEmpty || reasons.contains(part.reason))
    }
}
