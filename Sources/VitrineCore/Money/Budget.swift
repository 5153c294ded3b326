/// How much of one currency may be spent, and how much is.
public struct Budget: Hashable, Sendable, Codable {
    /// The most that may be spent.
    public var cap: Money
    /// What has been spent.
    public var spent: Money
    /// What is promised to submissions that have not been settled.
    public var reserved: Money

    /// A budget and its state.
    public init(cap: Money, spent: Money, reserved: Money) {
        self.cap = cap
        self.spent = spent
        self.reserved = reserved
    }

    /// What is left, never below zero.
    public var left: Money {
        Money(micros: max(0, cap.micros - spent.micros - reserved.micros), currency: cap.currency)
    }
}
