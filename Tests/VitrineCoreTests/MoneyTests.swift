import Foundation
import Testing
import VitrineCore

@Suite("Money")
struct MoneyTests {
    @Test(
        "amounts are read and written without losing a micro-unit",
        arguments: [("12.50", "12.50"), ("0", "0.00"), ("-3.1", "-3.10"), ("0.000001", "0.000001"), ("7.125", "7.125")]
    )
    func amounts(text: String, written: String) throws {
        let money = try #require(Money(text, currency: "usd"))

        #expect(money.amount == written)
        #expect(money.currency == "USD")
        let copy: Money = try StoredJSON.value(StoredJSON.text(money))
        #expect(copy == money)
    }

    @Test("what is no amount is nil", arguments: ["", "abc", "99999999999999999999"])
    func refused(text: String) {
        #expect(Money(text, currency: "USD") == nil)
    }

    @Test("currencies are never summed into each other")
    func sums() {
        var sum = MoneySum()
        sum.add(Money(micros: 1_000_000, currency: "USD"))
        sum.add(Money(micros: 2_000_000, currency: "EUR"))
        sum.add(Money(micros: 500_000, currency: "USD"))

        #expect(sum.amounts.map(\.description) == ["2.00 EUR", "1.50 USD"])
    }

    @Test("a price by the second is rounded up, never down")
    func prices() {
        let offer = Offer(
            provider: "x",
            model: "m",
            shortSide: 720,
            seconds: [5],
            fps: [24],
            sound: false,
            price: Money(micros: 33_333, currency: "USD"),
            unit: .second,
            source: "test",
            date: "2026-11-23"
        )

        #expect(offer.price(seconds: 2.5).micros == 83_333)
    }
}
