import Foundation

/// An amount of one currency in whole micro-units, never summed across currencies.
public struct Money: Hashable, Sendable {
    /// Millionths of the currency's unit.
    public var micros: Int64
    /// ISO 4217, upper case, such as `USD`.
    public var currency: String

    /// An amount in micro-units.
    public init(micros: Int64, currency: String) {
        self.micros = micros
        self.currency = currency.uppercased()
    }

    /// An amount as people write it, such as `12.50`; nil if it is no number or does not fit.
    public init?(_ amount: String, currency: String) {
        guard let value = Decimal(string: amount, locale: Locale(identifier: "en_US_POSIX")), !value.isNaN else {
            return nil
        }
        let micros = value * 1_000_000
        guard abs(micros) < Decimal(Int64.max / 2) else { return nil }
        self.init(micros: Int64(truncating: micros as NSDecimalNumber), currency: currency)
    }

    /// Nothing, in a currency.
    public static func zero(_ currency: String) -> Money { Money(micros: 0, currency: currency) }

    /// Whether it is nothing.
    public var isZero: Bool { micros == 0 }

    /// The amount with two decimals, or as many as it needs up to six.
    public var amount: String {
        let magnitude = micros.magnitude
        var fraction = String(magnitude % 1_000_000)
        fraction = String(repeating: "0", count: 6 - fraction.count) + fraction
        while fraction.count > 2, fraction.hasSuffix("0") { fraction.removeLast() }
        return (micros < 0 ? "-" : "") + "\(magnitude / 1_000_000).\(fraction)"
    }

    /// The amount that many times.
    public func times(_ count: Int64) -> Money { Money(micros: micros * count, currency: currency) }
}

extension Money: Codable, CustomStringConvertible {
    private enum CodingKeys: String, CodingKey { case amount, currency }

    /// Reads `{"amount":"12.50","currency":"USD"}`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let amount = try container.decode(String.self, forKey: .amount)
        let currency = try container.decode(String.self, forKey: .currency)
        guard let money = Money(amount, currency: currency) else {
            throw DecodingError.dataCorruptedError(
                forKey: .amount,
                in: container,
                debugDescription: "expected a decimal number"
            )
        }
        self = money
    }

    /// Writes `{"amount":"12.50","currency":"USD"}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(amount, forKey: .amount)
        try container.encode(currency, forKey: .currency)
    }

    /// Such as `12.50 USD`.
    public var description: String { "\(amount) \(currency)" }
}

/// Amounts of several currencies side by side.
public struct MoneySum: Hashable, Sendable {
    private var micros: [String: Int64] = [:]

    /// Nothing at all.
    public init() {}

    /// Adds an amount to the sum of its currency.
    public mutating func add(_ money: Money) {
        micros[money.currency, default: 0] += money.micros
    }

    /// Whether no currency's sum is above its amount in `limits`; a currency that is not there may not have any.
    public func isWithin(_ limits: [Money]) -> Bool {
        micros.allSatisfy { currency, amount in
            amount <= (limits.first { $0.currency == currency }?.micros ?? 0)
        }
    }

    /// One amount a currency, ordered by currency; zero in dollars when nothing was added.
    public var amounts: [Money] {
        let amounts = micros.sorted { $0.key < $1.key }.map { Money(micros: $0.value, currency: $0.key) }
        return amounts.isEmpty ? [.zero("USD")] : amounts
    }
}
