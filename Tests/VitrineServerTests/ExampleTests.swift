import Foundation
import HTTPTypes
import NIOCore
import Testing
import VitrineCore
import Yams

@testable import VitrineServer

@Suite("The examples of openapi.yaml")
struct ExampleTests {
    /// A body that the document shows for an operation.
    private struct Example {
        var method: String
        var path: String
        var type: String
        var body: Data
    }

    @Test("each is taken as it stands")
    func bodies() async throws {
        let shop = try await ServedShop()
        try await shop.stock()
        let examples = try Self.examples()
        var lacking = Set(examples.map { $0.method + " " + $0.path })

        for example in examples {
            let path = try await Self.address(example.path, in: shop)
            let method = try #require(HTTPRequest.Method(example.method.uppercased()))
            let answer = try await shop.send(method, path, type: example.type, example.body)
            // The one job that there is waits for no answer of its provider, so there is nothing to adopt.
            let expected = example.path.hasSuffix("/adopt") ? 409...409 : 200...299
            #expect(expected.contains(answer.status), "\(example.method) \(path) \(example.type): \(answer.text)")
            lacking.remove(example.method + " " + example.path)
        }

        #expect(examples.count >= 15)
        #expect(lacking.isEmpty)
    }

    /// Every example of a request's body, by way of the components that operations share.
    private static func examples() throws -> [Example] {
        let document = try #require(try Yams.load(yaml: String(buffer: APIDocument.bytes)) as? [String: Any])
        let components = document["components"] as? [String: Any]
        let shared = components?["requestBodies"] as? [String: Any] ?? [:]
        var found: [Example] = []
        for (path, item) in try #require(document["paths"] as? [String: [String: Any]]).sorted(by: { $0.key < $1.key })
        {
            for (method, operation) in item.sorted(by: { $0.key < $1.key }) {
                var body = (operation as? [String: Any])?["requestBody"] as? [String: Any]
                if let name = (body?["$ref"] as? String)?.split(separator: "/").last {
                    body = shared[String(name)] as? [String: Any]
                }
                for (type, content) in (body?["content"] as? [String: Any] ?? [:]).sorted(by: { $0.key < $1.key }) {
                    guard let example = (content as? [String: Any])?["example"] else { continue }
                    let bytes =
                        try (example as? String).map { Data($0.utf8) }
                        ?? JSONSerialization.data(withJSONObject: example)
                    found.append(Example(method: method, path: path, type: type, body: bytes))
                }
            }
        }
        return found
    }

    /// A path with the names of things that the shop has, made for this request where they must be new.
    private static func address(_ path: String, in shop: ServedShop) async throws -> String {
        var path = path.replacing("{product}", with: "A-1").replacing("{preset}", with: "my-mugs")
        if path.contains("{job}") {
            let made = try await shop.post("/v1/products/A-1/videos", "{}")
            let job = try #require(made["id"])
            if path.hasSuffix("/retry") { _ = try await shop.post("/v1/jobs/\(job)/cancel", "{}") }
            path = path.replacing("{job}", with: job)
        }
        if path.contains("{video}") { path = path.replacing("{video}", with: try await shop.finishTake().rawValue) }
        if path.contains("{plan}") {
            let plan = try #require(try await shop.post("/v1/plans", "{}")["id"])
            let work = Task { await shop.home.background.run() }
            while shop.home.background.has(plan) { await Task.yield() }
            work.cancel()
            path = path.replacing("{plan}", with: plan)
        }
        return path
    }
}
