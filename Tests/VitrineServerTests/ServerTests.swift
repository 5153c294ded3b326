import Foundation
import HTTPTypes
import NIOCore
import Testing
import VitrineCore
import VitrineStorage
import VitrineTesting

@testable import VitrineServer

@Suite struct ServerTests {
    @Test("a feed with its picture becomes products, a take and an answer that is repeated, not made again")
    func wholeWay() async throws {
        let shop = try await ServedShop()
        try await shop.stock()

        let imports = try await shop.get("/v1/imports")
        #expect(imports["items", "0", "state"] == "finished")
        #expect(imports["items", "0", "counts", "accepted"] == "1")
        #expect(try await shop.get("/v1/products?q=mug")["items", "0", "skus", "0"] == "A-1")

        let first = try await shop.post("/v1/products/A-1/videos", "{}", ["Idempotency-Key": "one"])
        #expect(first.status == 202)
        #expect(first["state"] == "queued")
        let again = try await shop.post("/v1/products/A-1/videos", "{}", ["Idempotency-Key": "one"])
        #expect(again.status == 202)
        #expect(again.text == first.text)
        #expect(again.header("Idempotent-Replayed") == "true")
        let other = try await shop.post(
            "/v1/products/A-1/videos",
            #"{"prompt":"other"}"#,
            ["Idempotency-Key": "one"]
        )
        #expect(other.status == 422)
        #expect(other["error", "kind"] == "reused-key")
        #expect(try await shop.store.counts(JobQuery()).all == 1)

        let id = try #require(first["id"])
        #expect(try await shop.get("/v1/jobs/\(id)")["placement"] == "1:1")
        #expect(try await shop.post("/v1/jobs/\(id)/cancel", "{}")["state"] == "cancelled")
    }

    @Test("the request's id is the job's")
    func requestID() async throws {
        let shop = try await ServedShop()
        try await shop.stock()

        let answer = try await shop.post("/v1/products/A-1/videos", "{}", ["X-Request-Id": "erp-17"])

        #expect(answer.header("X-Request-Id") == "erp-17")
        let id = try #require(answer["id"])
        let job = try #require(try await shop.store.job(JobID(id)))
        #expect(job.requestID == "erp-17")
    }

    @Test("a take that no budget covers is 402, and nothing is queued")
    func overBudget() async throws {
        let shop = try await ServedShop(price: Money(micros: 1_000_000, currency: "USD"))
        try await shop.stock()

        let answer = try await shop.post("/v1/products/A-1/videos", "{}")

        #expect(answer.status == 402)
        #expect(answer["error", "kind"] == "over-budget")
        #expect(try await shop.store.counts(JobQuery()).all == 0)
        #expect(
            try await shop.send(
                .put,
                "/v1/budget",
                type: "application/json",
                Data(#"{"amount":"5.00","currency":"USD"}"#.utf8)
            ).status == 200
        )
        #expect(try await shop.post("/v1/products/A-1/videos", "{}").status == 202)
    }

    @Test("a preset is saved in versions, and only by whoever has read the last one")
    func presets() async throws {
        let shop = try await ServedShop()
        let text = Data(
            "preset: mine\ntitle: Mine\nextends: kitchen\nmatch: {title: [cup]}\nprompt: \"{{title}}\"\n".utf8
        )

        let first = try await shop.send(.put, "/v1/presets/mine", type: "application/yaml", text)
        #expect(first.status == 201, "\(first.text)")
        #expect(first.header("ETag") == "\"v1\"")
        #expect(try await shop.send(.put, "/v1/presets/mine", type: "application/yaml", text).status == 428)
        #expect(
            try await shop.send(.put, "/v1/presets/mine", type: "application/yaml", text, ["If-Match": "\"v9\""]).status
                == 412
        )
        #expect(
            try await shop.send(.put, "/v1/presets/mine", type: "application/yaml", text, ["If-Match": "\"v1\""]).status
                == 200
        )
        #expect(try await shop.get("/v1/presets/mine")["saved_version"] == "2")
        let broken = try await shop.send(.put, "/v1/presets/broken", type: "application/yaml", Data("preset: [".utf8))
        #expect(broken.status == 422)
        #expect(broken["error", "diagnostics", "0", "severity"] == "error")
        #expect(try await shop.send(.delete, "/v1/presets/mine", nil, ["If-Match": "\"v2\""]).status == 204)
        #expect(try await shop.get("/v1/presets/mine").status == 404)
    }

    @Test("a plan is made behind its answer, and its rows are a list of their own")
    func plans() async throws {
        let shop = try await ServedShop()
        try await shop.stock()
        let begun = try await shop.post("/v1/plans", "{}")
        #expect(begun.status == 202)
        #expect(begun["state"] == "running")
        let id = try #require(begun["id"])

        let work = Task { await shop.home.background.run() }
        while shop.home.background.has(id) { await Task.yield() }
        work.cancel()

        #expect(try await shop.get("/v1/plans/\(id)")["totals", "new"] == "1")
        #expect(try await shop.get("/v1/plans/\(id)/requests")["items", "0", "preset"] == "kitchen")
        let applied = try await shop.post("/v1/plans/\(id)/apply", "{}")
        #expect(applied.status == 202)
        #expect(applied["jobs", "0"] != nil)
    }

    @Test("every route is in openapi.yaml, and nothing else is")
    func document() async throws {
        let shop = try await ServedShop()
        let text = String(buffer: APIDocument.bytes)
        var documented = Set<String>()
        var path = ""
        for line in text.split(separator: "\n") {
            if let match = line.wholeMatch(of: /\ {2}(\/\S*):/) { path = String(match.1) }
            if line == "components:" { break }
            if let match = line.wholeMatch(of: /\ {4}(get|put|post|delete):/) {
                documented.insert(match.1.uppercased() + " " + path)
            }
        }

        #expect(documented == Set(shop.server.routes.map { "\($0.method.rawValue) \($0.path)" }))
        #expect(try await shop.get("/openapi.yaml").text == text)
    }
}
