import Foundation
import HTTPTypes
import Synchronization
import Testing
import VitrineCore
import VitrineStorage
import VitrineTesting

@testable import VitrineServer

@Suite("The doors that take no key")
struct DoorTests {
    /// A job that its provider renders, due in an hour; gives back its id.
    private func rendering(_ shop: ServedShop) async throws -> JobID {
        try await shop.stock()
        let answer = try await shop.post("/v1/products/A-1/videos", "{}")
        let id = JobID(try #require(answer["id"]))
        let now = shop.time.now
        try await shop.store.register([shop.provider.lane])
        _ = try await shop.store.claim(
            lane: shop.provider.lane.id,
            run: nil,
            token: "t",
            until: now.adding(.seconds(9)),
            limit: 1,
            at: now
        )
        let later = now.adding(.seconds(3600))
        for event: JobEvent in [
            .begun("s_1", reserving: .zero("USD")), .accepted(RemoteJob(id: "r_1"), pollAt: later),
        ] {
            _ = try await shop.store.record(
                event,
                for: id,
                submission: "s_1",
                token: "t",
                keepingLeaseUntil: nil,
                at: now
            )
        }
        return id
    }

    private func ring(_ shop: ServedShop, _ job: JobID, _ provider: ProviderID = "scripted") async throws -> Int {
        let path = shop.home.secret.callbackPath(provider: provider, job: job)
        return try await shop.send(.post, path, Data("{}".utf8), ["X-Signature": "abc"]).status
    }

    @Test("a provider's own callback wakes its job, and it is judged with the address that it was given")
    func genuine() async throws {
        let shop = try await ServedShop(callback: .signed) { $0.publicURL = "https://video.shop.example" }
        let job = try await rendering(shop)

        #expect(try await ring(shop, job) == 204)

        #expect(try await shop.store.job(job)?.dueAt == shop.time.now)
        let callback = try #require(shop.provider.callbacks.first)
        #expect(
            callback.address
                == "https://video.shop.example" + shop.home.secret.callbackPath(provider: "scripted", job: job)
        )
        #expect(callback.headers["x-signature"] == "abc" && callback.body == Data("{}".utf8))
    }

    @Test("a forged callback is refused, and wakes nobody")
    func forged() async throws {
        let shop = try await ServedShop(callback: .forged("its signature is another's"))
        let job = try await rendering(shop)

        #expect(try await ring(shop, job) == 403)
        #expect(try await shop.store.job(job)?.dueAt != shop.time.now)
    }

    @Test(
        "a provider that rings for all jobs at one address wakes the one that its signed callback names, and needs a signature",
        arguments: [
            (CallbackVerdict.signed, "r_1", 204, true), (.signed, "r_9", 204, false), (.unsigned, "r_1", 403, false),
            (.forged("it is old"), "r_1", 403, false),
        ]
    )
    func forAllJobs(verdict: CallbackVerdict, remote: String, status: Int, wakes: Bool) async throws {
        let shop = try await ServedShop(callback: verdict, ringsFor: remote)
        let job = try await rendering(shop)
        let path = shop.home.secret.callbackPath(provider: "scripted")

        #expect(try await shop.send(.post, path, Data("{}".utf8), [:]).status == status)

        #expect((try await shop.store.job(job)?.dueAt == shop.time.now) == wakes)
        let other = shop.home.secret.callbackPath(provider: "other").replacing("other", with: "scripted")
        #expect(try await shop.send(.post, other, Data("{}".utf8), [:]).status == 404)
    }

    @Test("an address of another provider, or one that was made elsewhere, is not there")
    func foreign() async throws {
        let shop = try await ServedShop()
        let job = try await rendering(shop)

        #expect(try await ring(shop, job, "unknown") == 404)
        #expect(try await shop.send(.post, "/v1/webhooks/scripted/\(job).AAAA", Data(), [:]).status == 404)
        #expect(shop.provider.callbacks.isEmpty)
    }

    @Test("a worker answers files, callbacks and health, and nothing else")
    func worker() async throws {
        let shop = try await ServedShop(part: .door)

        #expect(try await shop.get("/healthz").status == 200)
        #expect(try await shop.get("/readyz").status == 200)
        #expect(try await shop.get("/metrics").status == 200)
        #expect(try await shop.get("/media/x.mp4").status == 403)
        #expect(try await shop.get("/v1/products").status == 404)
        #expect(try await shop.post("/v1/plans", "{}").status == 404)
    }

    @Test("a link is made once, shows the shown take by ranges, and ends when it is revoked")
    func links() async throws {
        let shop = try await ServedShop { $0.publicURL = "https://video.shop.example" }
        try await shop.stock()
        #expect(try await shop.post("/v1/products/A-1/links", "").json("items")?.isEmpty == true)
        try await shop.finishTake()

        let made = try await shop.post("/v1/products/A-1/links?placement=1:1", "")
        let path = try #require(made["items", "0", "path"])
        #expect(made["items", "0", "url"] == "https://video.shop.example" + path)
        #expect(try await shop.post("/v1/products/A-1/links", "").text == made.text)
        let whole = try await shop.get(path)
        #expect(whole.status == 200 && whole.text == "0123456789" && whole.header("Content-Type") == "video/mp4")
        let part = try await shop.get(path, ["Range": "bytes=2-4"])
        #expect(part.status == 206 && part.text == "234" && part.header("Content-Range") == "bytes 2-4/10")
        #expect(try await shop.get(path, ["Range": "bytes=10-"]).status == 416)
        #expect(try await shop.get(path, ["Host": "video.shop.example"]).status == 200)

        #expect(try await shop.send(.delete, "/v1/products/A-1/links", nil, [:])["revoked"] == "1")
        #expect(try await shop.get(path).status == 404)
        #expect(try await shop.post("/v1/products/A-1/links", "").text != made.text)
    }

    @Test(
        "a cursor that is none of a list is 400",
        arguments: ["/v1/jobs", "/v1/videos", "/v1/products", "/v1/imports"]
    )
    func cursors(path: String) async throws {
        let shop = try await ServedShop()

        let answer = try await shop.get(path + "?cursor=nonsense")

        #expect(answer.status == 400)
        #expect(answer["error", "kind"] == "invalid")
    }
}

extension ServedShop.Answer {
    /// A list of the body.
    fileprivate func json(_ key: String) -> [Any]? {
        ((try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any])?[key] as? [Any]
    }
}
