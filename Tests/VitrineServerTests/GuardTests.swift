import Foundation
import HTTPTypes
import Testing
import VitrineCore
import VitrineStorage
import VitrineTesting

@testable import VitrineServer

@Suite struct GuardTests {
    @Test(
        "an address that is not there, a method that is not known, a word that is not known: each is told",
        arguments: [
            ("GET", "/nowhere", 404, "not-found"), ("GET", "/v1/%2e%2e/%2e%2e/etc/passwd", 404, "not-found"),
            ("GET", "/media/..%2f..%2fvitrine.db", 403, "forbidden"),
            ("PATCH", "/v1/products", 405, "method-not-allowed"),
            ("GET", "/v1/products?limt=1", 400, "invalid"), ("GET", "/v1/products?limit=0", 400, "invalid"),
            ("GET", "/v1/products?limit=5&limit=6", 400, "invalid"), ("GET", "/v1/jobs/j_none", 404, "not-found"),
            ("GET", "/v1/products/none", 404, "not-found"), ("GET", "/v1/exports/pdf", 404, "not-found"),
            ("POST", "/v1/plans", 415, "unsupported-type"),
        ]
    )
    func refusals(method: String, path: String, status: Int, kind: String) async throws {
        let shop = try await ServedShop()

        let answer = try await shop.send(
            try #require(.init(rawValue: method)),
            path,
            type: method == "POST" ? "text/plain" : nil,
            method == "POST" ? Data("x".utf8) : nil
        )

        #expect(answer.status == status)
        #expect(answer["error", "kind"] == kind)
        #expect(answer["error", "request_id"] == answer.header("X-Request-Id"))
        #expect(answer.header("X-Content-Type-Options") == "nosniff")
    }

    @Test(
        "a page of another site changes nothing",
        arguments: [["Origin": "http://evil.example"], ["Sec-Fetch-Site": "cross-site"]]
    )
    func foreign(headers: [String: String]) async throws {
        let shop = try await ServedShop()

        #expect(try await shop.post("/v1/plans", "{}", headers).status == 403)
        #expect(try await shop.post("/v1/plans", "{}", ["Origin": "http://localhost"]).status == 202)
    }

    @Test(
        "hosts that are this machine",
        arguments: [
            ("localhost", true), ("127.0.0.1:8080", true), ("[::1]:80", true), ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false), ("evil.example", false), ("", false), ("localhost:80:90", false),
        ]
    )
    func hosts(host: String, isLocal: Bool) {
        #expect(AccessControl.isLocal(host) == isLocal)
    }

    @Test("a key opens what its scopes say, until it is revoked; its secret is stored nowhere")
    func keys() async throws {
        let shop = try await ServedShop()
        let (reader, text) = AccessKey.new(name: "erp", scopes: [.read], at: shop.time.source.now(), random: .system)
        try await shop.store.add(reader)
        let bearer = ["Authorization": "Bearer \(text)"]

        #expect(try await shop.get("/v1/products").status == 401)
        #expect(try await shop.get("/v1/products").header("WWW-Authenticate") != nil)
        #expect(try await shop.get("/v1/products", ["Authorization": "Bearer \(text)x"]).status == 401)
        #expect(try await shop.get("/v1/products", bearer).status == 200)
        #expect(try await shop.post("/v1/plans", "{}", bearer).status == 403)
        #expect(try await shop.store.key(reader.id)?.lastUsedAt == shop.time.source.now())
        #expect(try await shop.get("/healthz").status == 200)
        #expect(try await shop.get("/metrics").status == 401)
        _ = try await shop.store.revoke(reader.id, at: shop.time.source.now())
        let other = AccessKey.new(name: "b", scopes: [.admin], at: shop.time.source.now(), random: .system)
        try await shop.store.add(other.key)
        #expect(try await shop.get("/v1/products", bearer).status == 401)
        #expect(try await shop.post("/v1/plans", "{}", ["Authorization": "Bearer \(other.text)"]).status == 202)
    }

    @Test("more requests than a key may send in a minute wait")
    func rate() async throws {
        let limiter = RateLimiter(limit: 2)
        let now = Date(milliseconds: 0)

        try limiter.count("a", at: now)
        try limiter.count("a", at: now)
        #expect(throws: RequestError.self) { try limiter.count("a", at: now) }
        try limiter.count("b", at: now)
        try limiter.count("a", at: now.adding(.seconds(31)))
    }

    @Test("an upload that says or shows that it is too large is refused, and leaves nothing")
    func tooLarge() async throws {
        let shop = try await ServedShop { $0.largestUpload = 100 }

        let answer = try await shop.send(.post, "/v1/imports", type: "text/csv", Data(repeating: 65, count: 101))

        #expect(answer.status == 413)
        #expect(answer.header("Connection") == "close")
        #expect(try FileManager.default.contentsOfDirectory(atPath: shop.folder + "/work").isEmpty)
    }

    @Test("a picture's name is never a path")
    func names() async throws {
        #expect(UploadReceiver.name("../../etc/passwd") == "passwd")
        #expect(UploadReceiver.name("C:\\pictures\\mug.jpg") == "mug.jpg")
        #expect(UploadReceiver.name("..") == "feed")
        #expect(UploadReceiver.name("") == "feed")
        #expect(UploadReceiver.name("a\u{0}b\n.jpg") == "ab.jpg")
    }

    @Test("a link to a file opens exactly that file until it ends, also in part")
    func media() async throws {
        let shop = try await ServedShop()
        let file = try await shop.home.media.put(Data("0123456789".utf8), kind: "mp4")
        let other = try await shop.home.media.put(Data("secret".utf8), kind: "mp4")
        let link = shop.home.secret.path(to: file, until: shop.time.source.now().adding(.seconds(60)))

        #expect(try await shop.get(link).text == "0123456789")
        let part = try await shop.get(link, ["Range": "bytes=2-4"])
        #expect(part.status == 206)
        #expect(part.text == "234")
        #expect(part.header("Content-Range") == "bytes 2-4/10")
        #expect(try await shop.get(link, ["Range": "bytes=-3"]).text == "789")
        #expect(try await shop.get(link, ["Range": "bytes=10-"]).status == 416)
        #expect(try await shop.get(link, ["Range": "bytes=0-1,3-4"]).status == 200)
        #expect(
            try await shop.get(link.replacing(file.digest.hexadecimal, with: other.digest.hexadecimal)).status == 403
        )
        shop.time.advance(by: .seconds(61))
        #expect(try await shop.get(link).status == 403)
    }

    @Test("a provider's callback wakes its job and nothing else; without the token there is no door")
    func callbacks() async throws {
        let shop = try await ServedShop()
        let path = shop.home.secret.callbackPath(provider: "scripted", job: "j_1")

        #expect(try await shop.post(path, "{}").status == 204)
        #expect(try await shop.post(path.replacing("scripted", with: "fal"), "{}").status == 404)
        #expect(try await shop.post("/v1/webhooks/scripted/j_1.AAAA", "{}").status == 404)
    }
}
