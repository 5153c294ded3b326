import Hummingbird
import VitrineCore
import VitrinePipeline

/// `/v1/spend`, `/v1/budget` and `/v1/providers`: what was spent, what may be spent, and on whom.
struct MoneyAPI {
    let home: ServedHome

    func spend(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        return JSONAnswer(ListAnswer(try await home.store.spend(in: home.options.timezone), next: nil))
    }

    func budget(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        return JSONAnswer(ListAnswer(try await home.store.budgets(), next: nil))
    }

    func setBudget(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        try await setBudget(try await request.json(Cap.self).value.money)
        return JSONAnswer(ListAnswer(try await home.store.budgets(), next: nil))
    }

    /// Sets the most that may be spent in all.
    func setBudget(_ cap: Money) async throws {
        try await home.store.setBudget(cap)
        // What waited for money is looked at again.
        for lane in try await home.store.lanes() where lane.pauseReason != nil {
            try await home.store.pause(lane.id, until: nil, reason: nil)
        }
    }

    func providers(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        return JSONAnswer(ListAnswer(home.offers, next: nil))
    }

    /// The most that may be spent.
    private struct Cap: Decodable {
        var money: Money

        enum CodingKeys: String, CodingKey, CaseIterable { case amount, currency }

        init(from decoder: any Decoder) throws {
            try StrictKeys.check(decoder, CodingKeys.allCases)
            money = try MoneyText.money(from: decoder)
        }
    }
}

/// Amounts as callers write them.
enum MoneyText {
    private enum CodingKeys: String, CodingKey { case amount, currency }

    /// An amount of zero or more in a currency of three letters.
    static func money(from decoder: any Decoder) throws -> Money {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let amount = try container.decode(String.self, forKey: .amount)
        let currency = try container.decode(String.self, forKey: .currency)
        return try money(amount, currency)
    }

    /// The same of two texts.
    static func money(_ amount: String, _ currency: String) throws(RequestError) -> Money {
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw RequestError(.invalid, "`currency`: expected three capital letters such as `USD`")
        }
        guard amount.utf8.count <= 20, amount.wholeMatch(of: /[0-9]+(\.[0-9]{1,6})?/) != nil,
            let money = Money(amount, currency: currency)
        else { throw RequestError(.invalid, "`amount`: expected text such as `25.00`") }
        return money
    }
}
