import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineProviders

/// One recorded look at a job, and what it must mean.
struct Look: Sendable, CustomTestStringConvertible {
    enum Meaning: Hashable, Sendable {
        case waiting(Double?)
        case ready(String)
        case failed(JobFailure.Kind, JobFailure.Billed)
        /// It cost nothing, and once more may help.
        case broke(JobFailure.Kind)
    }

    var provider: ProviderID
    var bodies: [String]
    var meaning: Meaning

    init(_ provider: ProviderID, _ bodies: String..., meaning: Meaning) {
        self.provider = provider
        self.bodies = bodies
        self.meaning = meaning
    }

    var testDescription: String { "\(provider) \(bodies.last?.prefix(80) ?? "")" }

    private static func output(_ text: String) -> String { #"{"request_id":"r","output":{"task_id":"t",\#(text)}}"# }

    static let all: [Look] = [
        .init("happyhorse", #"{"status":"processing"}"#, meaning: .waiting(nil)),
        .init(
            "happyhorse",
            #"{"status":"succeeded","output":{"video_url":"https://c/v.mp4"}}"#,
            meaning: .ready("https://c/v.mp4")
        ),
        .init("happyhorse", #"{"status":"failed","error":"sensitive words"}"#, meaning: .failed(.moderated, .no)),
        .init("happyhorse", #"{"status":"failed","error":"it broke"}"#, meaning: .broke(.renderFailed)),
        .init("apiyi", #"{"status":"submitted"}"#, meaning: .waiting(0)),
        .init("apiyi", #"{"status":"in_progress","progress":30}"#, meaning: .waiting(0.3)),
        .init("apiyi", #"{"status":"completed","result_url":"https://c/v.mp4"}"#, meaning: .ready("https://c/v.mp4")),
        .init(
            "apiyi",
            #"{"status":"failed","error":{"message":"[InvalidImageUrl] gone"}}"#,
            meaning: .broke(.refused)
        ),
        .init(
            "apiyi",
            #"{"status":"failed","fail_reason":"[DataInspectionFailed] x"}"#,
            meaning: .failed(.moderated, .no)
        ),
        .init("apiyi", #"{"status":"UNKNOWN"}"#, meaning: .failed(.unknownOutcome, .unknown)),
        .init("dashscope", output(#""task_status":"PENDING""#), meaning: .waiting(0)),
        .init("dashscope", output(#""task_status":"SUSPENDED""#), meaning: .waiting(0)),
        .init("dashscope", output(#""task_status":"RUNNING""#), meaning: .waiting(nil)),
        .init(
            "dashscope",
            output(#""task_status":"SUCCEEDED","video_url":"https://c/v.mp4""#),
            meaning: .ready("https://c/v.mp4")
        ),
        .init(
            "dashscope",
            output(#""task_status":"FAILED","code":"DataInspectionFailed","message":"m""#),
            meaning: .failed(.moderated, .no)
        ),
        .init(
            "dashscope",
            output(#""task_status":"FAILED","code":"InternalError.Algo","message":"m""#),
            meaning: .broke(.renderFailed)
        ),
        .init(
            "dashscope",
            output(#""task_status":"FAILED","code":"Throttling","message":"m""#),
            meaning: .broke(.renderFailed)
        ),
        .init("dashscope", output(#""task_status":"CANCELED""#), meaning: .failed(.renderFailed, .no)),
        .init("dashscope", output(#""task_status":"UNKNOWN""#), meaning: .failed(.unknownOutcome, .unknown)),
        .init("ark", #"{"status":"queued"}"#, meaning: .waiting(0)),
        .init("ark", #"{"status":"running"}"#, meaning: .waiting(nil)),
        .init(
            "ark",
            #"{"status":"succeeded","content":{"video_url":"https://c/v.mp4"},"error":null}"#,
            meaning: .ready("https://c/v.mp4")
        ),
        .init(
            "ark",
            #"{"status":"failed","error":{"code":"OutputVideoSensitiveContentDetected.PolicyViolation"}}"#,
            meaning: .failed(.moderated, .no)
        ),
        .init("ark", #"{"status":"failed","error":{"code":"Other"}}"#, meaning: .broke(.renderFailed)),
        .init("ark", #"{"status":"cancelled"}"#, meaning: .failed(.renderFailed, .no)),
        .init("ark", #"{"status":"expired"}"#, meaning: .failed(.renderFailed, .no)),
        .init("openai", #"{"status":"queued","progress":0}"#, meaning: .waiting(0)),
        .init("openai", #"{"status":"in_progress","progress":50}"#, meaning: .waiting(0.5)),
        .init(
            "openai",
            #"{"status":"completed","seconds":"4"}"#,
            meaning: .ready("https://api.openai.com/v1/videos/t-1/content")
        ),
        .init(
            "openai",
            #"{"status":"failed","error":{"code":"moderation_blocked"}}"#,
            meaning: .failed(.moderated, .no)
        ),
        .init("gemini", #"{"name":"n"}"#, meaning: .waiting(nil)),
        .init("gemini", #"{"name":"n","done":false}"#, meaning: .waiting(nil)),
        .init(
            "gemini",
            #"{"done":true,"response":{"generateVideoResponse":{"generatedSamples":[{"video":{"uri":"https://evil.example/v1beta/files/abc123:download?alt=media"}}]}}}"#,
            meaning: .ready("https://generativelanguage.googleapis.com/v1beta/files/abc123:download?alt=media")
        ),
        .init(
            "gemini",
            #"{"done":true,"response":{"generateVideoResponse":{"raiMediaFilteredCount":1,"raiMediaFilteredReasons":["people"]}}}"#,
            meaning: .failed(.moderated, .no)
        ),
        .init("gemini", #"{"done":true,"error":{"code":13,"message":"m"}}"#, meaning: .broke(.renderFailed)),
        .init("gemini", #"{"done":true,"error":{"code":3,"message":"m"}}"#, meaning: .failed(.refused, .no)),
        .init("runway", #"{"status":"PENDING"}"#, meaning: .waiting(0)),
        .init("runway", #"{"status":"THROTTLED"}"#, meaning: .waiting(0)),
        .init("runway", #"{"status":"RUNNING","progress":0.4}"#, meaning: .waiting(0.4)),
        .init("runway", #"{"status":"SUCCEEDED","output":["https://c/v.mp4"]}"#, meaning: .ready("https://c/v.mp4")),
        .init(
            "runway",
            #"{"status":"FAILED","failure":"f","failureCode":"SAFETY.INPUT.IMAGE"}"#,
            meaning: .failed(.moderated, .yes)
        ),
        .init("runway", #"{"status":"FAILED","failureCode":"SAFETY.OUTPUT.VIDEO"}"#, meaning: .failed(.moderated, .no)),
        .init(
            "runway",
            #"{"status":"FAILED","failureCode":"INPUT_PREPROCESSING.SAFETY.TEXT"}"#,
            meaning: .failed(.moderated, .no)
        ),
        .init("runway", #"{"status":"FAILED","failureCode":"ASSET.INVALID"}"#, meaning: .broke(.refused)),
        .init(
            "runway",
            #"{"status":"FAILED","failureCode":"INTERNAL.BAD_OUTPUT.CODE01"}"#,
            meaning: .broke(.renderFailed)
        ),
        .init(
            "runway",
            #"{"status":"FAILED","failureCode":"THIRD_PARTY.UNAVAILABLE"}"#,
            meaning: .broke(.renderFailed)
        ),
        .init("runway", #"{"status":"FAILED","failureCode":null}"#, meaning: .broke(.renderFailed)),
        .init("runway", #"{"status":"CANCELLED"}"#, meaning: .failed(.unknownOutcome, .unknown)),
        .init("fal", #"{"status":"IN_QUEUE","queue_position":2}"#, meaning: .waiting(0)),
        .init("fal", #"{"status":"IN_PROGRESS","logs":null}"#, meaning: .waiting(nil)),
        .init(
            "fal",
            #"{"status":"COMPLETED"}"#,
            #"{"video":{"url":"https://c/v.mp4"}}"#,
            meaning: .ready("https://c/v.mp4")
        ),
        .init(
            "fal",
            #"{"status":"COMPLETED","error":"x","error_type":"generation_timeout"}"#,
            meaning: .broke(.renderFailed)
        ),
        .init(
            "fal",
            #"{"status":"COMPLETED","error":"x","error_type":"client_cancelled"}"#,
            meaning: .failed(.renderFailed, .no)
        ),
        .init("wavespeed", #"{"code":200,"data":{"status":"created"}}"#, meaning: .waiting(0)),
        .init("wavespeed", #"{"code":200,"data":{"status":"processing"}}"#, meaning: .waiting(nil)),
        .init(
            "wavespeed",
            #"{"code":200,"data":{"status":"completed","outputs":["https://c/v.mp4"]}}"#,
            meaning: .ready("https://c/v.mp4")
        ),
        .init("wavespeed", #"{"code":200,"data":{"status":"failed","code":1200}}"#, meaning: .failed(.moderated, .no)),
        .init("wavespeed", #"{"code":200,"data":{"status":"failed","code":1400}}"#, meaning: .failed(.refused, .no)),
        .init("wavespeed", #"{"code":200,"data":{"status":"failed","code":1402}}"#, meaning: .broke(.refused)),
        .init(
            "wavespeed",
            #"{"code":200,"data":{"status":"failed","code":5000}}"#,
            meaning: .broke(.renderFailed)
        ),
        .init("wavespeed", #"{"code":200,"data":{"status":"timeout"}}"#, meaning: .failed(.unknownOutcome, .unknown)),
    ]
}

@Suite("What a look at a job finds")
struct StatusTests {
    @Test("every documented state has one meaning", arguments: Look.all)
    func states(_ look: Look) async throws {
        let exchange = try Exchange(look.provider, look.bodies.map { .init(body: $0) })
        let remote = RemoteJob(id: "t-1", address: "https://queue.fal.run/a/b/requests/t-1/status")

        let status = try await exchange.status(Refusal.models[look.provider, default: ""], remote)

        switch status {
        case .rendering(let progress, let wait):
            #expect(look.meaning == .waiting(progress))
            #expect((wait ?? .zero) >= .seconds(5))
        case .rendered(let video): #expect(look.meaning == .ready(video.location))
        case .failed(let failure): #expect(look.meaning == .failed(failure.kind, failure.billed))
        case .broke(let failure):
            #expect(look.meaning == .broke(failure.kind))
            #expect(failure.billed == .no)
        }
    }

    @Test("a job that is not there any more may have been billed", arguments: Providers.all)
    func vanished(_ provider: ProviderID) async throws {
        let exchange = try Exchange(provider, [.init(status: 404, body: "{}")])
        let remote = RemoteJob(id: "t-1", address: "https://queue.fal.run/a/b/requests/t-1/status")

        let error = await #expect(throws: ProviderError.self) {
            try await exchange.status(Refusal.models[provider, default: ""], remote)
        }

        #expect(error?.failure.billed == .unknown)
        #expect(error?.failure.kind == .unknownOutcome)
        #expect(error?.isPassing == false)
    }

    /// Words that would mean a failed job, if they stood in a good answer.
    private static let troubles: [Exchange.Answer] = [
        .init(status: 500, body: #"{"detail":"x","error_type":"internal_error"}"#),
        .init(status: 502, body: #"{"code":"InternalError","message":"x"}"#),
        .init(status: 500, body: #"{"error":{"message":"x","type":"task_error"}}"#),
    ]

    @Test("a look that meets trouble on the way is taken again, and garbage is no state", arguments: Providers.all)
    func trouble(_ provider: ProviderID) async throws {
        let remote = RemoteJob(id: "t-1", address: "https://queue.fal.run/a/b/requests/t-1/status")
        let answers: [Exchange.Answer] =
            [
                .init(status: 500, body: ""), .init(status: 503, body: "{}"), .init(status: 429, body: "{}"),
                .init(body: "{\"sta"), .init(body: #"{"status":7}"#),
            ] + Self.troubles
        for answer in answers where !(provider == "gemini" && answer.body == #"{"status":7}"#) {
            let exchange = try Exchange(provider, [answer])

            let error = await #expect(throws: ProviderError.self) {
                _ = try await exchange.status(Refusal.models[provider, default: ""], remote)
                // HappyHorse's contract names no waiting states, so any text is one; a number is none.
            }

            #expect(error?.isPassing == true, "\(answer.status) \(answer.body)")
        }
    }

    @Test("what the provider's own usage says is what it cost")
    func usage() async throws {
        let dash = try Exchange(
            "dashscope",
            [.init(body: #"{"output":{"task_status":"SUCCEEDED","video_url":"u"},"usage":{"duration":4,"SR":720}}"#)]
        )
        let ark = try Exchange(
            "ark",
            [
                .init(
                    body:
                        #"{"status":"succeeded","content":{"video_url":"u"},"usage":{"completion_tokens":108000,"total_tokens":108000}}"#
                )
            ]
        )
        let runway = try Exchange(
            "runway",
            [.init(body: #"{"status":"SUCCEEDED","output":["u"],"cost":{"credits":60}}"#)]
        )

        #expect(try await cost(dash, "happyhorse-1.1-i2v") == Money("0.56", currency: "USD"))
        #expect(try await cost(ark, "doubao-seedance-2-0-260128") == Money("0.756", currency: "USD"))
        #expect(try await cost(runway, "gen4.5") == Money("0.60", currency: "USD"))
    }

    private func cost(_ exchange: Exchange, _ model: String) async throws -> Money? {
        guard case .rendered(let video) = try await exchange.status(model) else { return nil }
        return video.cost
    }

    @Test("cancelling looks first where the same call destroys finished work")
    func cancelling() async throws {
        let done = try Exchange("ark", [.init(body: #"{"status":"succeeded"}"#)])
        let waiting = try Exchange("ark", [.init(body: #"{"status":"queued"}"#), .init(body: "{}")])
        let finished = try Exchange("runway", [.init(body: #"{"status":"SUCCEEDED"}"#)])
        let running = try Exchange("runway", [.init(body: #"{"status":"RUNNING"}"#), .init(status: 204, body: "")])

        for exchange in [done, waiting, finished, running] { await exchange.provider.cancel(RemoteJob(id: "t-1")) }

        #expect(done.transport.requests.map(\.method) == ["GET"])
        #expect(waiting.transport.requests.map(\.method) == ["GET", "DELETE"])
        #expect(finished.transport.requests.map(\.method) == ["GET"])
        #expect(running.transport.requests.map(\.method) == ["GET", "DELETE"])
    }

    @Test("fal says of a broken job whether once more may help", arguments: ["true", "false"])
    func falRetryable(_ header: String) async throws {
        let exchange = try Exchange(
            "fal",
            [
                .init(body: #"{"status":"COMPLETED"}"#),
                .init(
                    status: 500,
                    headers: ["x-fal-retryable": header],
                    body: #"{"detail":[{"type":"internal_server_error","msg":"m"}]}"#
                ),
            ]
        )
        let remote = RemoteJob(id: "t", address: "https://queue.fal.run/a/b/requests/t/status")

        let status = try await exchange.status("alibaba/happy-horse/v1.1/image-to-video", remote)

        switch status {
        case .broke(let failure): #expect(header == "true" && failure.kind == .renderFailed)
        case .failed(let failure): #expect(header == "false" && failure.kind == .renderFailed)
        default: Issue.record("expected a failure but got \(status)")
        }
    }

    @Test(
        "fal's address of a job that a person names by its id alone comes from its model, and is asked and stopped there"
    )
    func falAdopted() async throws {
        let exchange = try Exchange("fal", [.init(body: #"{"status":"IN_QUEUE"}"#), .init(status: 202, body: "{}")])
        let order = exchange.order("alibaba/happy-horse/v1.1/image-to-video")

        let remote = exchange.provider.located(RemoteJob(id: "764c"), for: order.request)
        _ = try await exchange.provider.check(remote, order: order)
        await exchange.provider.cancel(remote)

        let known = RemoteJob(id: "x", address: "https://queue.fal.run/told")
        #expect(exchange.provider.located(known, for: order.request) == known)
        #expect(
            exchange.transport.requests.map { $0.method + " " + $0.url } == [
                "GET https://queue.fal.run/alibaba/happy-horse/requests/764c/status",
                "PUT https://queue.fal.run/alibaba/happy-horse/requests/764c/cancel",
            ]
        )
    }

    @Test(
        "a key is proved by an answer that is the provider's own, not by whatever a wrong address answers",
        arguments: ["happyhorse", "apiyi", "fal"] as [ProviderID]
    )
    func proofs(_ provider: ProviderID) async throws {
        let own: [ProviderID: String] = [
            "happyhorse": #"{"error":{"code":"not_found","message":"task `none` not found"}}"#,
            "apiyi": #"{"code":"task_not_exist","message":"task_not_exist","data":null}"#,
            "fal": #"{"detail":"Request none not found"}"#,
        ]
        let foreign: [Exchange.Answer] = [
            .init(status: 404, body: "<html>404 Not Found</html>"), .init(status: 404, body: ""),
            .init(status: 404, body: "[]"), .init(status: 200, body: "<html>welcome</html>"),
            .init(status: 404, body: #"{"error":{"message":"Invalid URL (GET /v1/x)"},"detail":"Invalid URL"}"#),
        ]

        try await Exchange(provider, [.init(status: 404, body: own[provider, default: ""])]).provider.prove()
        for answer in foreign {
            let exchange = try Exchange(provider, [answer])
            let error = await #expect(throws: ProviderError.self, "\(answer.body)") {
                try await exchange.provider.prove()
            }
            #expect(error?.failure.hint?.contains("_URL`") == true, "\(answer.body)")
        }
        let refused = try Exchange(provider, [.init(status: 401, body: "{}")])
        let error = await #expect(throws: ProviderError.self) { try await refused.provider.prove() }
        #expect(error?.failure.kind == .badKey)
    }

    @Test(
        "a callback that OpenAI sends for a whole project names its video; a provider that rings per job need not say"
    )
    func callbacks() throws {
        let body = #"{"id":"evt_1","object":"event","type":"video.completed","data":{"id":"video_68d7"}}"#
        let callback = ProviderCallback(to: "", headers: [:], body: Data(body.utf8))

        #expect(try Exchange("openai", []).provider.job(ofCallback: callback) == "video_68d7")
        #expect(try Exchange("ark", []).provider.job(ofCallback: callback) == nil)
    }

    @Test("fal is asked where its answer said, and its key goes to no other host")
    func falAddresses() async throws {
        let exchange = try Exchange(
            "fal",
            [.init(body: #"{"status":"COMPLETED","response_url":"https://evil.example/r"}"#), .init(body: "{}")]
        )
        let remote = RemoteJob(id: "t", address: "https://queue.fal.run/a/b/requests/t/status")

        _ = try? await exchange.status("alibaba/happy-horse/v1.1/image-to-video", remote)

        let requests = exchange.transport.requests
        #expect(requests.map(\.url) == ["https://queue.fal.run/a/b/requests/t/status", "https://evil.example/r"])
        #expect(requests[0].headers["Authorization"] == "Key k-1")
        #expect(requests[1].headers["Authorization"] == nil)
    }
}
