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
    private static let formType = "application/x-www-form-urlencoded"

    private func key(_ shop: ServedShop, _ scopes: Set<Scope>) async throws -> (key: AccessKey, text: String) {
        let made = AccessKey.new(name: "k", scopes: scopes, at: shop.time.now, random: .system)
        try await shop.store.add(made.key)
        return made
    }

    /// Signs in and gives back the cookie.
    private func signIn(_ shop: ServedShop, _ key: String) async throws -> String {
        let answer = try await shop.send(
            .post,
            "/studio/sign-in",
            type: Self.formType,
            Data("key=\(key)&to=%2Fstudio%2Freview".utf8)
        )
        #expect(answer.status == 303)
        #expect(answer.header("Location") == "/studio/review")
        let header = try #require(answer.header("Set-Cookie"))
        #expect(header.contains("HttpOnly") && header.contains("SameSite=Lax"))
        return String(header.prefix { $0 != ";" })
    }

    private func formToken(_ page: String) throws -> String {
        String(try #require(page.firstMatch(of: /name="form" value="([0-9a-f]+)"/)).1)
    }

    @Test("whoever has no session is asked to sign in, and goes on where he wanted to be")
    func signingIn() async throws {
        let shop = try await ServedShop()
        let made = try await key(shop, [.read])

        let asked = try await shop.get("/studio/review")
        #expect(asked.status == 303)
        #expect(asked.header("Location") == "/studio/sign-in?to=%2Fstudio%2Freview")
        let wrong = try await shop.send(.post, "/studio/sign-in", type: Self.formType, Data("key=vk_a_b".utf8))
        #expect(wrong.status == 401 && wrong.text.contains("not known"))
        let elsewhere = try await shop.get("/studio/sign-in?to=%2F%2Fevil.example")
        #expect(elsewhere.text.contains(#"name="to" value="/studio""#))
        let cookie = try await signIn(shop, made.text)
        let page = try await shop.get("/studio/review", ["Cookie": cookie])
        #expect(page.status == 200 && page.text.contains("All looked at"))
        #expect(page.header("Content-Security-Policy")?.contains("script-src 'self'") == true)
    }

    @Test("a session ends by signing out, with its time, and with its key")
    func sessions() async throws {
        let shop = try await ServedShop()
        let made = try await key(shop, [.read])
        _ = try await key(shop, [.admin])
        func isSignedIn(_ cookie: String) async throws -> Bool {
            try await shop.get("/studio", ["Cookie": cookie]).status == 200
        }

        let first = try await signIn(shop, made.text)
        let token = try formToken(try await shop.get("/studio", ["Cookie": first]).text)
        _ = try await shop.send(
            .post,
            "/studio/sign-out",
            type: Self.formType,
            Data("form=\(token)".utf8),
            ["Cookie": first]
        )
        #expect(try await !isSignedIn(first))

        let second = try await signIn(shop, made.text)
        #expect(try await isSignedIn(second))
        shop.time.advance(by: .seconds(15 * 86_400))
        #expect(try await !isSignedIn(second))

        let third = try await signIn(shop, made.text)
        _ = try await shop.store.revoke(made.key.id, at: shop.time.now)
        #expect(try await !isSignedIn(third))
    }

    @Test("a cookie lets somebody look, and a form must be of its session")
    func cookies() async throws {
        let shop = try await ServedShop()
        try await shop.stock()
        let made = try await key(shop, [.generate])
        // Whether there are keys is looked up once a second.
        shop.time.advance(by: .seconds(2))
        let cookie = try await signIn(shop, made.text)

        #expect(try await shop.get("/v1/products", ["Cookie": cookie]).status == 200)
        #expect(try await shop.post("/v1/products/A-1/videos", "{}", ["Cookie": cookie]).status == 401)
        let address = try await shop.get("/studio/products/A-1", ["Cookie": cookie])
        let path = String(try #require(address.text.firstMatch(of: /action="(\/studio\/products\/[^"]+\/takes)"/)).1)
        for form in ["placement=1%3A1", "form=00&placement=1%3A1"] {
            let answer = try await shop.send(
                .post,
                path,
                type: Self.formType,
                Data(form.utf8),
                ["Cookie": cookie]
            )
            #expect(answer.status == 403)
        }
        let token = try formToken(address.text)
        let made303 = try await shop.send(
            .post,
            path,
            type: Self.formType,
            Data("form=\(token)&placement=1%3A1&prompt=a+mug".utf8),
            ["Cookie": cookie]
        )
        #expect(made303.status == 303)
        #expect(try await shop.store.counts(JobQuery()).all == 1)
    }

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

        let asked = try await shop.send(.post, "/studio/generate", type: Self.formType, Data("product=\(product)".utf8))
        #expect(asked.status == 200 && asked.text.contains("1.50 USD"), "\(asked.text)")
        #expect(try await shop.store.counts(JobQuery()).all == 0)
        let once = String(try #require(asked.text.firstMatch(of: /name="once" value="([^"]+)"/)).1)
        for _ in 0..<2 {
            let made = try await shop.send(
                .post,
                "/studio/generate",
                type: Self.formType,
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
            type: Self.formType,
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
            return try await shop.send(.post, "/studio/presets/mugs", type: Self.formType, Data(body.utf8))
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
        let maker = try await key(shop, [.generate])
        let owner = try await key(shop, [.admin])
        func set(_ amount: String, by cookie: String) async throws -> Int {
            let token = try formToken(try await shop.get("/studio/work", ["Cookie": cookie]).text)
            return try await shop.send(
                .post,
                "/studio/work/budget",
                type: Self.formType,
                Data("form=\(token)&amount=\(amount)&currency=usd".utf8),
                ["Cookie": cookie]
            ).status
        }

        #expect(try await set("25", by: signIn(shop, maker.text)) == 403)
        let cookie = try await signIn(shop, owner.text)
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
}
