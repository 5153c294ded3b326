import Crypto
import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineProviders

@Suite("Submissions that were not answered, and calls that providers make")
struct LostAndFoundTests {
    static let prompt = String(repeating: "a red mug turns on a plate ", count: 4) + "slowly"
    static let begun = Date(milliseconds: 1_795_000_000_000)

    @Test("a prompt spaced by its key reads the same, and belongs to that key alone")
    func marks() throws {
        let one = try #require(Words.marked(Self.prompt, by: "s_1", limit: nil))
        let other = try #require(Words.marked(Self.prompt, by: "s_2", limit: nil))

        #expect(one != other)
        #expect(one.singleSpaced == Self.prompt)
        #expect(Words.marked(Self.prompt, by: "s_1", limit: nil) == one)
        #expect(Words.marked("a red mug", by: "s_1", limit: nil) == nil)
        #expect(
            Words.marked(Self.prompt, by: "s_1", limit: .init(most: Self.prompt.count, measure: .characters)) == nil
        )
    }

    @Test("Ark: our key in the list is our job")
    func ark() async throws {
        let list = #"{"total":2,"items":[{"id":"a","safety_identifier":"s_9"},{"id":"b","safety_identifier":"s_1"}]}"#
        let exchange = try Exchange("ark", [.init(body: list), .init(body: #"{"items":[]}"#)])
        let order = exchange.order("doubao-seedance-2-0-260128")

        #expect(try await exchange.provider.find(order, LostSubmission(begunAt: Self.begun)) == RemoteJob(id: "b"))
        #expect(try await exchange.provider.find(order, LostSubmission(begunAt: Self.begun)) == nil)
    }

    @Test("OpenAI and DashScope: the job whose prompt is spaced as ours was, and no other's")
    func spacing() async throws {
        let mine = try #require(Words.marked(Self.prompt + ". Avoid: blur.", by: "s_1", limit: nil))
        let theirs = try #require(Words.marked(Self.prompt + ". Avoid: blur.", by: "s_2", limit: nil))
        let list = #"{"data":[{"id":"v1","prompt":"\#(theirs)"},{"id":"v2","prompt":"\#(mine)"}],"has_more":false}"#
        let openAI = try Exchange("openai", [.init(body: list)])
        let dash = try Exchange(
            "dashscope",
            [
                .init(body: #"{"total_page":1,"data":[{"task_id":"t0"},{"task_id":"t1"},{"task_id":"t2"}]}"#),
                .init(body: #"{"output":{"orig_prompt":"\#(theirs)"}}"#),
                .init(body: #"{"output":{"orig_prompt":"\#(mine)"}}"#),
            ]
        )

        let video = try await openAI.provider.find(
            openAI.order("sora-2", prompt: Self.prompt),
            LostSubmission(begunAt: Self.begun)
        )
        let task = try await dash.provider.find(
            dash.order("happyhorse-1.1-i2v", prompt: Self.prompt),
            LostSubmission(begunAt: Self.begun, known: ["t0"])
        )

        #expect(video == RemoteJob(id: "v2"))
        #expect(task == RemoteJob(id: "t2"))
        #expect(
            dash.transport.requests[0].url.contains(
                "start_time=20261118190540&end_time=20261118192140&model_name=happyhorse-1.1-i2v"
            ),
            "\(dash.transport.requests[0].url)"
        )
    }

    @Test("WaveSpeed: an unknown job of those minutes is ours only if nobody else's can be unanswered")
    func waveSpeed() async throws {
        let one = #"{"code":200,"data":{"items":[{"id":"a"},{"id":"b"}]}}"#
        let exchange = try Exchange("wavespeed", [.init(body: one), .init(body: one)])
        let order = exchange.order("alibaba/happyhorse-1.1/image-to-video")
        func find(_ known: Set<String>, isAlone: Bool) async throws -> RemoteJob? {
            let search = LostSubmission(begunAt: Self.begun, known: known, isAlone: isAlone)
            return try await exchange.provider.find(order, search)
        }

        #expect(try await find(["a"], isAlone: false) == nil)
        #expect(try await find(["a"], isAlone: true) == RemoteJob(id: "b"))
        #expect(try await find([], isAlone: true) == nil)
    }

    @Test("a Standard Webhooks signature holds for its body, its time and its secret alone")
    func standard() async throws {
        let secret = "whsec_" + Data("a secret of mine".utf8).base64EncodedString()
        let exchange = try Exchange("openai", [], secret: secret)
        let body = Data(#"{"type":"video.completed"}"#.utf8)
        let stamp = String(Int(Self.begun.timeIntervalSince1970))
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("evt_1.\(stamp).".utf8) + body,
            using: SymmetricKey(data: Data("a secret of mine".utf8))
        )
        let headers = [
            "webhook-id": "evt_1", "webhook-timestamp": stamp,
            "webhook-signature": "v1,AAAA v1,\(Data(code).base64EncodedString())",
        ]
        func verdict(_ headers: [String: String], _ body: Data, _ now: Date) async -> CallbackVerdict {
            await exchange.provider.verify(ProviderCallback(to: "", headers: headers, body: body), now: now)
        }

        #expect(await verdict(headers, body, Self.begun) == .signed)
        #expect(await verdict(headers, body + Data(" ".utf8), Self.begun) != .signed)
        #expect(await verdict(headers, body, Self.begun.addingTimeInterval(301)) != .signed)
        #expect(await verdict([:], body, Self.begun) == .forged("it has no signature"))
        let open = try Exchange("openai", [])
        #expect(
            await open.provider.verify(ProviderCallback(to: "", headers: headers, body: body), now: Self.begun)
                == .unsigned
        )
    }

    @Test("WaveSpeed's signature is hexadecimal under v3, its key the raw text")
    func rawKey() async throws {
        let exchange = try Exchange("wavespeed", [], secret: "whsec_abc=")
        let body = Data("{}".utf8)
        let stamp = String(Int(Self.begun.timeIntervalSince1970))
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("w1.\(stamp).".utf8) + body,
            using: SymmetricKey(data: Data("abc=".utf8))
        )
        let text = code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        var headers = ["webhook-id": "w1", "webhook-timestamp": stamp, "webhook-signature": "v3,\(text)"]

        #expect(
            await exchange.provider.verify(ProviderCallback(to: "", headers: headers, body: body), now: Self.begun)
                == .signed
        )
        headers["webhook-signature"] = "v1,\(Data(code).base64EncodedString())"
        #expect(
            await exchange.provider.verify(ProviderCallback(to: "", headers: headers, body: body), now: Self.begun)
                != .signed
        )
    }

    @Test("fal's signature is Ed25519 by a key that it publishes, fetched once")
    func ed25519() async throws {
        let key = Curve25519.Signing.PrivateKey()
        let open = key.publicKey.rawRepresentation.base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        let exchange = try Exchange(
            "fal",
            [.init(body: #"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"\#(open)"}]}"#)]
        )
        let body = Data(#"{"request_id":"r","status":"OK"}"#.utf8)
        let stamp = String(Int(Self.begun.timeIntervalSince1970))
        let digest = SHA256.hash(data: body).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let signature = try key.signature(for: Data("r\nu\n\(stamp)\n\(digest)".utf8))
        let headers = [
            "x-fal-webhook-request-id": "r", "x-fal-webhook-user-id": "u", "x-fal-webhook-timestamp": stamp,
            "x-fal-webhook-signature": signature.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
                .joined(),
        ]

        #expect(
            await exchange.provider.verify(ProviderCallback(to: "", headers: headers, body: body), now: Self.begun)
                == .signed
        )
        #expect(
            await exchange.provider.verify(
                ProviderCallback(to: "", headers: headers, body: Data("{}".utf8)),
                now: Self.begun
            ) != .signed
        )
        #expect(
            await exchange.provider.verify(
                ProviderCallback(to: "", headers: headers, body: body),
                now: Self.begun.addingTimeInterval(-301)
            )
                != .signed
        )
        #expect(exchange.transport.requests.map(\.url) == ["https://rest.fal.ai/.well-known/jwks.json"])
    }
}
