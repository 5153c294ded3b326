import Foundation
import HTTPTypes
import Testing
import VitrineCore
import VitrinePipeline
import VitrineStorage
import VitrineTesting

@testable import VitrineServer

@Suite("The studio")
struct StudioTests {
    @Test("what a feed says is text on every page, whatever it says")
    func escaping() async throws {
        let shop = try await ServedShop()
        let title = #"Mug <3 & <script>alert(1)</script> "\#u{301} x"#
        let feed = "id,title,image_link\nA-1,\"\(title.replacing("\"", with: "\"\""))\",a.jpg\n"
        let sent = try await shop.send(.post, "/v1/imports?feed=a", type: "text/csv", Data(feed.utf8))
        #expect(sent.status == 202)
        #expect(try await shop.home.imports.importNext())

        for path in ["/studio", "/studio/products/A-1", "/studio/presets/kitchen?product=A-1"] {
            let page = try await shop.get(path)
            #expect(page.status == 200, "\(path)")
            #expect(!page.text.contains("<script>alert") && !page.text.contains("\"\u{301}"), "\(path)")
        }
        #expect(try await shop.get("/studio").text.contains("Mug &lt;3 &amp; "))
    }

    @Test("what many products get is told with its price, and made once however often that is confirmed")
    func generating() async throws {
        let shop = try await ServedShop(price: Money("1.50", currency: "USD") ?? .zero("USD"))
        try await shop.stock()
        try await shop.store.setBudget(Money("10", currency: "USD") ?? .zero("USD"))
        let product = try #require(try await shop.store.products(named: "A-1").first)

        let asked = try await shop.send(
            .post,
            "/studio/generate",
            type: ServedShop.formType,
            Data("product=\(product)".utf8)
        )
        #expect(asked.status == 200 && asked.text.contains("1.50 USD"), "\(asked.text)")
        #expect(try await shop.store.counts(JobQuery()).all == 0)
        let once = String(try #require(asked.text.firstMatch(of: /name="once" value="([^"]+)"/)).1)
        for _ in 0..<2 {
            let made = try await shop.send(
                .post,
                "/studio/generate",
                type: ServedShop.formType,
                Data("product=\(product)&once=\(once)".utf8)
            )
            #expect(made.status == 303, "\(made.text)")
        }
        #expect(try await shop.store.counts(JobQuery()).all == 1)
    }

    @Test("the review goes from one video to the next, and what is decided is gone from it")
    func reviewing() async throws {
        let shop = try await ServedShop()
        try await shop.stock()
        let video = try await shop.finishTake()

        let page = try await shop.get("/studio/review")
        #expect(page.text.contains("Blue mug") && page.text.contains("/studio/videos/\(video)/approve"))
        let decided = try await shop.send(
            .post,
            "/studio/videos/\(video)/approve",
            type: ServedShop.formType,
            Data("to=%2Fstudio%2Freview".utf8)
        )
        #expect(decided.header("Location") == "/studio/review")
        #expect(try await shop.store.video(video)?.state == .approved)
        #expect(try await shop.get("/studio/review").text.contains("All looked at"))
    }

    @Test("two who save a preset at once overwrite nothing, and the versions tell what each one changed")
    func presets() async throws {
        let shop = try await ServedShop()
        func save(_ title: String, version: Int) async throws -> ServedShop.Answer {
            let text = ServedShop.presets.replacing("title: Kitchen", with: "title: \(title)")
                .replacing("preset: kitchen", with: "preset: mugs")
            let body = "do=save&version=\(version)&text=\(text.inAddress)"
            return try await shop.send(.post, "/studio/presets/mugs", type: ServedShop.formType, Data(body.utf8))
        }

        #expect(try await save("One", version: 0).status == 303)
        let late = try await save("Two", version: 0)
        #expect(late.status == 200 && late.text.contains("Nothing was overwritten") && late.text.contains("title: Two"))
        #expect(try await save("Three", version: 1).status == 303)
        let versions = try await shop.get("/studio/presets/mugs/versions")
        #expect(versions.text.contains("− title: One") && versions.text.contains("+ title: Three"))
    }

    @Test("a budget is set by whoever may do everything, and by nobody else")
    func budget() async throws {
        let shop = try await ServedShop()
        let maker = try await shop.key([.generate])
        let owner = try await shop.key([.admin])
        func set(_ amount: String, by cookie: String) async throws -> Int {
            let token = try ServedShop.formToken(try await shop.get("/studio/work", ["Cookie": cookie]).text)
            return try await shop.send(
                .post,
                "/studio/work/budget",
                type: ServedShop.formType,
                Data("form=\(token)&amount=\(amount)&currency=usd".utf8),
                ["Cookie": cookie]
            ).status
        }

        #expect(try await set("25", by: shop.signIn(maker.text)) == 403)
        let cookie = try await shop.signIn(owner.text)
        #expect(try await set("a+lot", by: cookie) == 400)
        #expect(try await set("25.50", by: cookie) == 303)
        #expect(try await shop.store.budgets().map(\.cap) == [Money("25.50", currency: "USD")])
        #expect(try await shop.get("/studio/work", ["Cookie": cookie]).text.contains("25.50 USD"))
    }

    @Test("the catalogue is narrowed by category and text at once, and each is taken back by itself")
    func narrowing() async throws {
        let shop = try await ServedShop()
        let feed =
            "id,title,image_link,google_product_category\nA-1,Blue mug,a.jpg,Home > Mugs\nA-2,Red mug,a.jpg,Home > Mugs\n"
            + "A-3,Blue bowl,a.jpg,Home > Bowls\n"
        _ = try await shop.send(.post, "/v1/imports?feed=a&format=google", type: "text/csv", Data(feed.utf8))
        #expect(try await shop.home.imports.importNext())

        let page = try await shop.get("/studio?category=Home%20%3E%20Mugs&q=blue").text
        #expect(page.contains("Blue mug") && !page.contains("Red mug") && !page.contains("Blue bowl"))
        #expect(page.contains("href=\"/studio?q=blue\""))
    }

    @Test("a part of a plan is shown with its own price, and exactly that is made")
    func pickingFromAPlan() async throws {
        let shop = try await ServedShop(price: Money("1.50", currency: "USD") ?? .zero("USD"))
        try await shop.stock()
        try await shop.store.setBudget(Money("10", currency: "USD") ?? .zero("USD"))
        let plan = try await shop.home.maker().plan(PlanOptions())
        let slot = try #require(
            try await shop.store.rows(of: plan.id, PlanRowQuery(), after: nil, limit: 1).items.first?.slot
        )

        let other = try await shop.get("/studio/plans/\(plan.id)?category=Elsewhere")
        #expect(other.text.contains("Nothing of this plan is picked") && !other.text.contains("1.50 USD</button>"))
        let picked = try await shop.get("/studio/plans/\(plan.id)?slot=\(slot.description.inAddress)")
        #expect(picked.text.contains("Make one video for 1.50 USD"), "\(picked.text)")
        let none = try await shop.send(
            .post,
            "/studio/plans/\(plan.id)/apply",
            type: ServedShop.formType,
            Data("reason=something+else".utf8)
        )
        #expect(none.status == 409)
        // What cannot be read never means more than it says.
        let garbage = try await shop.send(
            .post,
            "/studio/plans/\(plan.id)/apply",
            type: ServedShop.formType,
            Data("slot=garbage".utf8)
        )
        #expect(garbage.status == 400)
        #expect(try await shop.store.counts(JobQuery()).all == 0)
        #expect(try await shop.store.plan(plan.id)?.run == nil)
    }

    @Test("a style is saved under its own name, told apart from presets, and ended again")
    func styles() async throws {
        let shop = try await ServedShop()
        #expect(try await shop.get("/studio/styles").text.contains("/studio/styles/cinematic"))
        let text = "styles:\n  - {style: dusk, title: Dusk, words: the last light, tag: null, look: studio}\n"
        let saved = try await shop.send(
            .post,
            "/studio/styles/dusk",
            type: ServedShop.formType,
            Data("do=save&version=0&text=\(text.inAddress)".utf8)
        )
        #expect(saved.header("Location") == "/studio/styles/dusk?saved=true")
        #expect(try await shop.get("/studio/styles").text.contains("the last light"))
        #expect(try await shop.get("/studio/presets/dusk").status == 404)
        let ended = try await shop.send(
            .post,
            "/studio/styles/dusk/versions",
            type: ServedShop.formType,
            Data("a=b".utf8)
        )
        #expect(ended.status == 303)
        #expect(try await !shop.get("/studio/styles").text.contains("the last light"))
        #expect(try await shop.get("/studio/styles/dusk").status == 404)
        let bad = Data("version=one".utf8)
        #expect(
            try await shop.send(.post, "/studio/styles/dusk/versions", type: ServedShop.formType, bad).status == 400
        )
        #expect(try await shop.get("/studio/styles/dusk?version=1").text.contains("the last light"))
        let back = Data("version=1".utf8)
        let restored = try await shop.send(.post, "/studio/styles/dusk/versions", type: ServedShop.formType, back)
        #expect(restored.header("Location") == "/studio/styles/dusk?saved=true")
        #expect(try await shop.get("/studio/styles").text.contains("the last light"))
    }

    @Test("a new preset begins from nothing, from another one, or for products like one")
    func beginnings() async throws {
        let shop = try await ServedShop()
        try await shop.stock()
        let begun = try await shop.get("/studio/presets?new=cups&from=&like=A-1")
        #expect(begun.header("Location") == "/studio/presets/cups?new=true&like=A%2D1")
        #expect(try await shop.get("/studio/presets/cups?new=true&like=A-1").text.contains("Blue mug"))
        #expect(try await shop.get("/studio/presets/cups?new=true").text.contains("preset: cups"))
        #expect(try await shop.get("/studio/presets/kitchen?new=true").header("Location") == "/studio/presets/kitchen")
        let copy = try await shop.get("/studio/presets/cups?new=true&from=kitchen")
        #expect(copy.text.contains("preset: cups") && copy.text.contains("{{title}}, slow turn"))
    }

    @Test("why a video is not wanted is told beside it, and to whoever asks by program")
    func rejecting() async throws {
        let shop = try await ServedShop()
        try await shop.stock()
        let video = try await shop.finishTake()
        let body = Data("reason=the+handle+%3Cb%3Eis+cut".utf8)
        _ = try await shop.send(.post, "/studio/videos/\(video)/reject", type: ServedShop.formType, body)
        let page = try await shop.get("/studio/products/A-1")
        #expect(page.text.contains("The handle &lt;b&gt;is cut."), "\(page.text)")
        #expect(try await shop.get("/v1/videos/\(video)")["reason"] == "the handle <b>is cut")
        let long = String(repeating: "a", count: 501)
        #expect(try await shop.post("/v1/videos/\(video)/reject", #"{"reason":"\#(long)"}"#).status == 400)
    }

    @Test("pictures of the catalogue are small, and nothing else is given out at their address")
    func thumbnails() async throws {
        let shop = try await ServedShop()
        try await shop.stock()
        let page = try await shop.get("/studio")
        let path = String(try #require(page.text.firstMatch(of: /src="(\/studio\/pictures\/[0-9a-f]+)"/)).1)
        let picture = try await shop.get(path)
        #expect(picture.status == 200 && picture.header("Content-Type") == "image/jpeg")
        #expect(try await shop.get("/studio/pictures/" + String(repeating: "0", count: 64)).status == 404)
        let video = try await shop.finishTake()
        let clip = try #require(try await shop.store.video(video)?.clip.file.digest)
        #expect(try await shop.get("/studio/pictures/\(clip.hexadecimal)").status == 404)
    }

    @Test("an export leaves out what was left open, and an address that is none is told on a page")
    func exporting() async throws {
        let shop = try await ServedShop()
        let sent = try await shop.get("/studio/export/google?feed=&placement=&approved_only=true&media_url=")
        #expect(sent.header("Location") == "/v1/exports/google?approved_only=true")
        let nowhere = try await shop.get("/studio/nowhere/at/all")
        #expect(nowhere.status == 404 && nowhere.header("Content-Type") == "text/html; charset=utf-8")
        let none = try await shop.get("/studio/products/none")
        #expect(none.status == 404 && !none.text.contains("vitrine products list"))
    }

    @Test("a take's price is told for what is chosen, and nothing is made by asking")
    func quoting() async throws {
        let shop = try await ServedShop(price: Money("1.50", currency: "USD") ?? .zero("USD"))
        try await shop.stock()
        let product = try #require(try await shop.store.products(named: "A-1").first)
        let asked = try await shop.send(
            .post,
            "/studio/products/\(product)/takes",
            type: ServedShop.formType,
            Data("do=price&placement=1%3A1&tier=final&prompt=a+blue+mug".utf8)
        )
        #expect(asked.status == 200 && asked.text.contains("1.50 USD") && asked.text.contains("a blue mug</textarea>"))
        #expect(try await shop.store.counts(JobQuery()).all == 0)
    }

    @Test("a remark stands beside the row that it is about, as it is in the file")
    func remarks() async throws {
        let shop = try await ServedShop()
        let feed = ServedShop.feed + "A-2,\"Red <mug>\",A mug,https://shop.example/b,9.00 USD,b.jpg\n"
        let body =
            "--edge\r\nContent-Disposition: form-data; name=\"feed\"; filename=\"shop.csv\"\r\n\r\n\(feed)\r\n--edge--\r\n"
        let answer = try await shop.send(
            .post,
            "/v1/imports",
            type: "multipart/form-data; boundary=edge",
            Data(body.utf8)
        )
        let id = try #require(answer["id"])
        #expect(try await shop.home.imports.importNext())
        let page = try await shop.get("/studio/imports/\(id)")
        #expect(page.text.contains("A-2,&quot;Red &lt;mug&gt;&quot;,A mug"), "\(page.text)")
        #expect(try await shop.get("/studio?category=none").text.contains("Nothing matches"))
    }

    @Test("a take of which nobody knows whether it was paid asks for a word, and its money follows it")
    func parked() async throws {
        let price = Money("1.50", currency: "USD") ?? .zero("USD")
        let shop = try await ServedShop(price: price)
        try await shop.stock()
        try await shop.store.setBudget(Money("10", currency: "USD") ?? .zero("USD"))
        let made = try await shop.post("/v1/products/A-1/videos", "{}")
        let id = JobID(try #require(made["id"]))
        try await shop.store.register([shop.provider.lane])
        let now = shop.time.now
        let end = now.addingTimeInterval(600)
        _ = try await shop.store.claim(
            lane: shop.provider.lane.id,
            run: nil,
            token: "w",
            until: end,
            limit: 1,
            at: now
        )
        let lost = JobFailure(.unknownOutcome, "the line went dead", billed: .unknown)
        let key = SubmissionKey("k")
        for event in [JobEvent.begun(key, reserving: price), .gaveUp(lost)] {
            _ = try await shop.store.record(
                event,
                for: id,
                submission: key,
                token: "w",
                keepingLeaseUntil: end,
                at: now
            )
        }
        #expect(try await shop.store.budgets().first?.reserved == price)

        let page = try await shop.get("/studio/products/A-1")
        #expect(page.text.contains("/studio/jobs/\(id)/unbilled") && page.text.contains("/studio/jobs/\(id)/adopt"))
        #expect(try await shop.get("/studio/work").text.contains("It may have been made and paid for"))
        let freed = try await shop.send(
            .post,
            "/studio/jobs/\(id)/unbilled",
            type: ServedShop.formType,
            Data("a=b".utf8)
        )
        #expect(freed.status == 303)
        #expect(try await shop.store.budgets().first?.reserved.isZero == true)
    }
}
