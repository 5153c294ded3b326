public import Foundation

/// For how long a budget is.
public enum BudgetPeriod: String, Hashable, Sendable, Codable, CaseIterable {
    /// For ever.
    case total
    /// Each day of a time zone.
    case day
    /// Each month of a time zone.
    case month

    /// When the period began that a moment lies in; nil for ever.
    public func start(of moment: Date, in zone: TimeZone) -> Date? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return switch self {
        case .total: nil
        case .day: calendar.dateInterval(of: .day, for: moment)?.start
        case .month: calendar.dateInterval(of: .month, for: moment)?.start
        }
    }
}

/// How much of one currency may be spent, and how much is.
public struct Budget: Hashable, Sendable, Codable {
    /// For how long.
    public var period: BudgetPeriod
    /// The most that may be spent.
    public var cap: Money
    /// What has been spent.
    public var spent: Money
    /// What is promised to submissions that have not been settled.
    public var reserved: Money

    /// A budget and its state.
    public init(cap: Money, spent: Money, reserved: Money, period: BudgetPeriod = .total) {
        self.period = period
        self.cap = cap
        self.spent = spent
        self.reserved = reserved
    }

    /// What is left, never below zero.
    public var left: Money {
        Money(micros: max(0, cap.micros - spent.micros - reserved.micros), currency: cap.currency)
    }
}
