import Foundation
import Testing
import VitrineCore
import VitrinePipeline
import VitrinePresets
import VitrineStorage
import VitrineTesting

@Suite("What a plan says")
struct PlanTests {
    @Test("a product without a video is new, with its preset, picture, price and reason")
    func new() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])

        let row = try #require(try await shop.rows().first)

        #expect(row.change == .new)
        #expect(row.preset?.name == "kitchen")
        #expect(row.because.contains("title"))
        #expect(row.skus == ["SKU-mug"])
        #expect(row.picture?.source == "mug.jpg")
        #expect(row.price == Money("1", currency: "USD"))
        #expect(row.request?.prompt.hasPrefix("Blue mug, slow turn") == true)
    }

    @Test("what is made already is unchanged, and a second run makes nothing")
    func unchanged() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.make()

        #expect(try await shop.rows().map(\.change) == [.unchanged])
        try await shop.make()
        try await shop.make()
        #expect(shop.provider.billed == 1)
    }

    @Test("settled products are counted without being planned again")
    func settled() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug"), Shop.product("bowl", title: "Bowl")])
        try await shop.make()

        let first = try await shop.maker.plan(PlanOptions())
        var seen: [PlannedRequest] = []
        let second = try await shop.maker.plan(PlanOptions()) { seen.append($0) }

        #expect(first.totals[.unchanged] == 2)
        #expect(second.totals[.unchanged] == 2)
        #expect(seen.isEmpty)
        let key = shop.maker.planner.key(for: PlanOptions())
        #expect(try await shop.store.settledSlots(feed: nil, key: key) == 2)
        #expect(try await shop.store.unsettled(feed: nil, key: key, offset: 0, limit: 10).isEmpty)
    }

    @Test("a changed title makes exactly the product that has it")
    func changedTitle() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug"), Shop.product("bowl", title: "Bowl")])
        try await shop.make()
        _ = try await shop.maker.plan(PlanOptions())

        try await shop.import([Shop.product("mug", title: "Red mug"), Shop.product("bowl", title: "Bowl")])

        let rows = try await shop.rows()
        #expect(rows.map(\.change) == [.changed, .unchanged])
        #expect(rows[0].why.contains("prompt"))
        #expect(rows[0].take == 2)
        try await shop.make()
        #expect(shop.provider.billed == 3)
    }

    @Test("a changed photo makes the product again")
    func changedPhoto() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.make()

        try await shop.import([Shop.product("mug")], pictures: ["mug.jpg": Shop.picture("new", value: 30)])

        let row = try #require(try await shop.rows().first)
        #expect(row.change == .changed)
        #expect(row.why.contains("picture"))
    }

    @Test("a blurred first picture gives way to a good one, and the plan says so; what was made from it stays")
    func remarkedPhoto() async throws {
        let shop = try Shop()
        let product = Shop.product("mug") { product in
            product.images.append(ImageSource(reference: "side.jpg", line: 2, field: "Image Src"))
        }
        var blurred = Shop.picture("mug")
        let pictures = ["mug.jpg": blurred, "side.jpg": Shop.picture("side", value: 30)]
        try await shop.import([product], pictures: pictures)
        try await shop.make()

        blurred.remarks = [.blurred]
        let remarked = pictures.merging(["mug.jpg": blurred]) { $1 }
        try await shop.import([product], pictures: remarked)
        #expect(try await shop.rows().map(\.change) == [.unchanged])

        let other = try Shop()
        try await other.import([product], pictures: remarked)
        let row = try #require(try await other.rows().first)
        #expect(row.picture?.source == "side.jpg")
        #expect(row.why.hasSuffix("picture `side.jpg` instead of `mug.jpg`, which is blurred"))
    }

    @Test("a picture of several products gives way where the preset wants one alone, and nowhere else")
    func severalInOnePicture() async throws {
        var shop = try Shop()
        let product = Shop.product("mug") { product in
            product.images.append(ImageSource(reference: "alone.jpg", line: 2, field: "Image Src"))
        }
        var several = Shop.picture("mug")
        several.remarks = [.several]
        try await shop.import([product], pictures: ["mug.jpg": several, "alone.jpg": Shop.picture("alone", value: 30)])
        #expect(try await shop.rows().first?.picture?.source == "mug.jpg")

        shop.library = try Shop.library(Shop.presets.replacing("fit: pad,", with: "fit: pad, alone: true,"))
        let row = try #require(try await shop.rows().first)
        #expect(row.picture?.source == "alone.jpg")
        #expect(row.why.hasSuffix("picture `alone.jpg` instead of `mug.jpg`, which shows several products"))
    }

    @Test("the same photo encoded anew makes nothing, even under another name")
    func reencodedPhoto() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.make()

        let again = Shop.picture("re-encoded", value: 102)
        try await shop.import([Shop.product("mug", picture: "new-name.jpg")], pictures: ["new-name.jpg": again])

        #expect(try await shop.rows().map(\.change) == [.unchanged])
    }

    @Test("a changed preset makes what it matches; a renamed one makes nothing")
    func presets() async throws {
        var shop = try Shop()
        try await shop.import([Shop.product("mug"), Shop.product("lamp", title: "Lamp")])
        try await shop.make()

        shop.library = try Shop.library(Shop.presets.replacing("preset: kitchen", with: "preset: cups"))
        #expect(try await shop.rows().map(\.change) == [.unchanged, .unchanged])
        shop.library = try Shop.library(Shop.presets.replacing("motion: orbit", with: "motion: float"))
        let rows = try await shop.rows()
        #expect(rows.map(\.change) == [.changed, .unchanged])
        #expect(rows[0].why.contains("motion"))
    }

    @Test(
        "what no model sees makes nothing",
        arguments: ["price", "doubled SKU", "reordered file", "more lines", "tags"]
    )
    func nothing(what: String) async throws {
        let shop = try Shop()
        let mug = Shop.product("mug")
        let bowl = Shop.product("bowl", title: "Bowl", line: 3)
        try await shop.import([mug, bowl])
        try await shop.make()

        var products = [mug, bowl]
        switch what {
        case "price": products[0].price = Money("9.99", currency: "EUR")
        case "doubled SKU": products[0].variants[0].sku = bowl.variants[0].sku
        case "reordered file": products.reverse()
        case "more lines": products[0].line = 40
        default: products[0].tags = ["sale"]
        }
        try await shop.import(products)

        #expect(try await shop.rows().map(\.change) == [.unchanged, .unchanged])
        try await shop.make()
        #expect(shop.provider.billed == 2)
    }

    @Test("a new finish is a refinish: free, from the clip that is held")
    func refinish() async throws {
        var shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.make()

        shop.library = try Shop.library(
            Shop.presets.replacing("avoid: warped handle", with: "avoid: warped handle\nfinish: {text: [\"Handmade\"]}")
        )
        let row = try #require(try await shop.rows().first)
        #expect(row.change == .refinish)
        #expect(row.price?.isZero == true)

        try await shop.make()
        #expect(shop.provider.billed == 1)
        #expect(try await shop.videos().count == 1)
        #expect(try await shop.rows().map(\.change) == [.unchanged])
    }

    @Test("what is being made is in flight, and is not queued again")
    func inFlight() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        let plan = try await shop.maker.plan(PlanOptions())
        let applied = try await shop.maker.apply(plan.id)

        #expect(applied.jobs.count == 1)
        #expect(try await shop.rows().map(\.change) == [.inFlight])
        let again = try await shop.maker.apply(plan.id)
        #expect(again.jobs.isEmpty)
        #expect(again.leftOut.count == 1)
    }

    @Test("what failed waits for a person")
    func failed() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        try await shop.store.setBudget(Money(micros: 9_000_000, currency: "USD"))
        let plan = try await shop.maker.plan(PlanOptions())
        _ = try await shop.maker.apply(plan.id)
        let broken = ReadyFinisher(error: ProviderError(JobFailure(.finishFailed, "it broke")))
        try await shop.workshop.runToIdle(shop.provider, finisher: broken)

        let row = try #require(try await shop.rows().first)
        #expect(row.change == .failed)
        #expect(row.why.contains("retry"))
    }

    @Test("a product that left its feed is orphaned, and keeps its videos")
    func orphaned() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug"), Shop.product("bowl", title: "Bowl")])
        try await shop.make()

        try await shop.import([Shop.product("bowl", title: "Bowl")])

        #expect(Set(try await shop.rows().map(\.change)) == [.unchanged, .orphaned])
        #expect(try await shop.videos().count == 2)
    }

    @Test("a renamed handle keeps its videos by the overlap of its SKUs")
    func renamedHandle() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug", sku: "S1")])
        try await shop.make()

        try await shop.import([Shop.product("blue-mug", sku: "S1")])

        let rows = try await shop.rows()
        #expect(rows.map(\.change) == [.unchanged], "\(rows.map(\.why))")
    }

    @Test("without a usable picture a product is blocked, and the others are not")
    func blocked() async throws {
        let shop = try Shop()
        try await shop.import([
            Shop.product("none", picture: nil), Shop.product("bad", picture: "bad.jpg"), Shop.product("mug"),
        ])

        let rows = try await shop.rows()

        #expect(rows.map(\.change) == [.blocked, .blocked, .new])
        #expect(rows[0].why.contains("names no picture"))
        #expect(rows[1].why.contains("bad.jpg"))
    }

    @Test("the product's next good picture is taken")
    func nextPicture() async throws {
        let shop = try Shop()
        let product = Shop.product("mug", picture: "bad.jpg") { product in
            product.images.append(ImageSource(reference: "mug.jpg", line: 3, field: "Image Src"))
        }
        try await shop.import([product])

        #expect(try await shop.rows().first?.picture?.source == "mug.jpg")
    }

    @Test("a provider that is not at hand, and a length it does not make, are blocked with advice")
    func advice() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        var options = PlanOptions()
        options.providers = ["veo"]
        #expect(try await shop.rows(options).first?.why.contains("`veo`") == true)

        options.providers = []
        options.model = "m9"
        #expect(try await shop.rows(options).first?.why.contains("it has `m1`") == true)
    }

    @Test("applying leaves out what would be asked differently by now, and spends no more than the plan said")
    func applyLater() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug"), Shop.product("bowl", title: "Bowl")])
        let plan = try await shop.maker.plan(PlanOptions())

        try await shop.import([Shop.product("mug", title: "Red mug"), Shop.product("bowl", title: "Bowl")])
        let applied = try await shop.maker.apply(plan.id)

        #expect(applied.jobs.count == 1)
        #expect(applied.leftOut.map(\.slot.product) == [Shop.product("mug").id])
        #expect(applied.price == [try #require(Money("1", currency: "USD"))])
    }

    @Test("a plan above the budget that was named is refused before anything is queued")
    func budget() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug"), Shop.product("bowl", title: "Bowl")])
        let plan = try await shop.maker.plan(PlanOptions())

        await #expect(throws: PipelineError.self) {
            try await shop.maker.apply(plan.id, atMost: Money("1.50", currency: "USD"))
        }
        #expect(try await shop.store.counts(JobQuery()).all == 0)
    }

    @Test("a variant gets its own slot only when asked, and only where its picture differs")
    func variants() async throws {
        let shop = try Shop()
        let product = Shop.product("mug") { product in
            product.variants = [
                Variant(
                    key: "blue",
                    line: 2,
                    sku: "B",
                    image: .init(reference: "mug.jpg", line: 2, field: "Variant Image")
                ),
                Variant(
                    key: "red",
                    line: 3,
                    sku: "R",
                    image: .init(reference: "red.jpg", line: 3, field: "Variant Image")
                ),
            ]
        }
        try await shop.import(
            [product],
            pictures: ["mug.jpg": Shop.picture("mug"), "red.jpg": Shop.picture("red", value: 9)]
        )

        let plain = try await shop.rows()
        #expect(plain.map(\.skus) == [["B"]])
        var options = PlanOptions()
        options.isPerVariant = true
        let split = try await shop.rows(options)
        #expect(split.map(\.slot.variant) == [nil, "red"])
        #expect(split.map(\.skus) == [["B"], ["R"]])
    }

    @Test("several providers make one take each")
    func severalProviders() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        var options = PlanOptions()
        options.providers = ["scripted", "veo"]

        let rows = try await shop.rows(options)

        #expect(rows.map(\.change) == [.new, .blocked])
    }

    @Test("a limit takes the first products in feed order, made or not")
    func limit() async throws {
        let shop = try Shop()
        try await shop.import([
            Shop.product("mug"), Shop.product("bowl", title: "Bowl"), Shop.product("cup", title: "Cup mug"),
        ])
        var options = PlanOptions()
        options.limit = 2
        try await shop.make(options)

        #expect(try await shop.rows(options).map(\.change) == [.unchanged, .unchanged])
        #expect(try await shop.rows().map(\.change) == [.unchanged, .unchanged, .new])
    }

    @Test("a product or preset that is not there is named before anything is planned")
    func unknownNames() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        var options = PlanOptions()
        options.products = ["nobody"]
        await #expect(throws: PipelineError.self) { try await shop.rows(options) }
        options.products = []
        options.preset = "nothing"
        await #expect(throws: PipelineError.self) { try await shop.rows(options) }
    }
}
