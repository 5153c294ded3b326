import Foundation
import HTTPTypes
import Testing
import VitrineCore
import VitrinePipeline
import VitrineStorage
import VitrineTesting

@testable import VitrineServer

@Suite("Who is signed in to the studio")
struct StudioSessionTests {
    @Test("whoever has no session is asked to sign in, and goes on where he wanted to be")
    func signingIn() async throws {
        let shop = try await ServedShop()
        let made = try await shop.key([.read])

        let asked = try await shop.get("/studio/review")
        #expect(asked.status == 303)
        #expect(asked.header("Location") == "/studio/sign-in?to=%2Fstudio%2Freview")
        let wrong = try await shop.send(.post, "/studio/sign-in", type: ServedShop.formType, Data("key=vk_a_b".utf8))
        #expect(wrong.status == 401 && wrong.text.contains("not known"))
        let elsewhere = try await shop.get("/studio/sign-in?to=%2F%2Fevil.example")
        #expect(elsewhere.text.contains(#"name="to" value="/studio""#))
        let cookie = try await shop.signIn(made.text)
        let page = try await shop.get("/studio/review", ["Cookie": cookie])
        #expect(page.status == 200 && page.text.contains("All looked at"))
        #expect(page.header("Content-Security-Policy")?.contains("script-src 'self'") == true)
    }

    @Test("a session ends by signing out, with its time, and with its key")
    func sessions() async throws {
        let shop = try await ServedShop()
        let made = try await shop.key([.read])
        _ = try await shop.key([.admin])
        func isSignedIn(_ cookie: String) async throws -> Bool {
            try await shop.get("/studio", ["Cookie": cookie]).status == 200
        }

        let first = try await shop.signIn(made.text)
        let token = try ServedShop.formToken(try await shop.get("/studio", ["Cookie": first]).text)
        _ = try await shop.send(
            .post,
            "/studio/sign-out",
            type: ServedShop.formType,
            Data("form=\(token)".utf8),
            ["Cookie": first]
        )
        #expect(try await !isSignedIn(first))

        let second = try await shop.signIn(made.text)
        #expect(try await isSignedIn(second))
        shop.time.advance(by: .seconds(15 * 86_400))
        #expect(try await !isSignedIn(second))

        let third = try await shop.signIn(made.text)
        _ = try await shop.store.revoke(made.key.id, at: shop.time.now)
        #expect(try await !isSignedIn(third))
    }

    @Test("a cookie lets somebody look, and a form must be of its session")
    func cookies() async throws {
        let shop = try await ServedShop()
        try await shop.stock()
        let made = try await shop.key([.generate])
        // Whether there are keys is looked up once a second.
        shop.time.advance(by: .seconds(2))
        let cookie = try await shop.signIn(made.text)

        #expect(try await shop.get("/v1/products", ["Cookie": cookie]).status == 200)
        #expect(try await shop.post("/v1/products/A-1/videos", "{}", ["Cookie": cookie]).status == 401)
        let address = try await shop.get("/studio/products/A-1", ["Cookie": cookie])
        let path = String(try #require(address.text.firstMatch(of: /action="(\/studio\/products\/[^"]+\/takes)"/)).1)
        for form in ["placement=1%3A1", "form=00&placement=1%3A1"] {
            let answer = try await shop.send(
                .post,
                path,
                type: ServedShop.formType,
                Data(form.utf8),
                ["Cookie": cookie]
            )
            #expect(answer.status == 403)
        }
        let token = try ServedShop.formToken(address.text)
        let made303 = try await shop.send(
            .post,
            path,
            type: ServedShop.formType,
            Data("form=\(token)&placement=1%3A1&prompt=a+mug".utf8),
            ["Cookie": cookie]
        )
        #expect(made303.status == 303)
        #expect(try await shop.store.counts(JobQuery()).all == 1)
    }
}
