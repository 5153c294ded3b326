import Foundation
import Testing
import VitrineCore

@testable import VitrineProviders

@Suite("What the models cost")
struct PriceListTests {
    @Test("every provider is in the shipped table, each row with its source and day")
    func shipped() {
        let offers = PriceList.shipped.offers

        #expect(Set(offers.map(\.provider)) == Set(Providers.all))
        for offer in offers {
            #expect(!offer.source.isEmpty && offer.date.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil)
            #expect(offer.price.micros > 0 && !offer.seconds.isEmpty && !offer.fps.isEmpty)
        }
        #expect(Set(Refusal.models.values).isSubset(of: Set(offers.map(\.model))))
    }

    @Test("tokens and credits become a price a second, and stay known for what the provider counts")
    func units() throws {
        let offers = PriceList.shipped.offers
        let ark = try #require(offers.first { $0.model == "doubao-seedance-2-0-260128" && $0.shortSide == 720 })
        let runway = try #require(offers.first { $0.model == "gen4.5" })

        #expect(ark.price(seconds: 5) == Money("0.756", currency: "USD"))
        #expect(ark.metered == Money("7", currency: "USD"))
        #expect(runway.price(seconds: 5) == Money("0.60", currency: "USD"))
        #expect(runway.metered == Money("0.01", currency: "USD"))
    }

    @Test("a bonus of $10 on $100 divides the list price by 1.10, and a merchant's file replaces what it names")
    func topUp() throws {
        let yaml = """
            - provider: fal
              source: my contract
              date: 2026-11-25
              currency: USD
              top_up: {pay: "100", get: "110"}
              models:
                - model: m
                  shapes: ["9:16"]
                  seconds: [4, 8]
                  fps: 24
                  sound: chosen
                  prices: [{resolution: 4k, second: "0.11"}]
            """

        let list = try PriceList(yaml: yaml, over: .shipped)
        let own = list.offers.filter { $0.provider == "fal" }

        #expect(own.map(\.sound) == [false, true])
        #expect(own.allSatisfy { $0.price == Money("0.10", currency: "USD") && $0.shortSide == 2160 })
        #expect(list.offers.contains { $0.provider == "ark" })
    }

    @Test(
        "a price list that cannot be used says where and why",
        arguments: [
            ("x: 1", "expected"), ("- {provider: a}", "has no `source`"),
            (
                "- {provider: a, source: s, date: d, currency: USD, models: [{model: m, shapes: picture, seconds: 9..3, fps: 24, prices: []}]}",
                "expected a range"
            ),
            (
                "- {provider: a, source: s, date: d, currency: USD, models: [{model: m, shapes: picture, seconds: 3..9, fps: 24, prices: [{resolution: 720P}]}]}",
                "has no price"
            ),
        ]
    )
    func problems(yaml: String, words: String) {
        let problem = #expect(throws: PriceList.Problem.self) { try PriceList(yaml: yaml) }

        #expect(problem?.message.lowercased().contains(words.lowercased()) == true, "\(problem?.message ?? "")")
    }

    @Test("prompts are counted as each provider counts")
    func counting() {
        let characters = Offer.PromptLimit(most: 1, measure: .characters)
        let utf16 = Offer.PromptLimit(most: 1, measure: .utf16)
        let chinese = Offer.PromptLimit(most: 1, measure: .chinese)

        #expect(characters.length(of: "a👟红") == 3)
        #expect(utf16.length(of: "a👟红") == 4)
        #expect(chinese.length(of: "a红鞋") == 5)
    }
}
