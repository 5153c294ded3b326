import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineProviders

/// One documented answer to a submit, and what it must mean.
struct Refusal: Sendable, CustomTestStringConvertible {
    var provider: ProviderID
    var status: Int
    var body: String
    var kind: JobFailure.Kind
    /// Whether the work may be there all the same: then it is never sent again.
    var isDoubtful = false
    var headers: [String: String] = [:]

    init(
        _ provider: ProviderID,
        _ status: Int,
        _ body: String,
        _ kind: JobFailure.Kind,
        isDoubtful: Bool = false,
        headers: [String: String] = [:]
    ) {
        self.provider = provider
        self.status = status
        self.body = body
        self.kind = kind
        self.isDoubtful = isDoubtful
        self.headers = headers
    }

    var testDescription: String { "\(provider) \(status) \(body.prefix(60))" }

    static let models: [ProviderID: String] = [
        "happyhorse": "happyhorse-1.0/video", "apiyi": "happyhorse-1.1-i2v", "dashscope": "happyhorse-1.1-i2v",
        "ark": "doubao-seedance-2-0-260128", "openai": "sora-2", "gemini": "veo-3.1-generate-preview",
        "runway": "gen4.5", "fal": "alibaba/happy-horse/v1.1/image-to-video",
        "wavespeed": "alibaba/happyhorse-1.1/image-to-video",
    ]

    private static func code(_ provider: ProviderID, _ code: String) -> String {
        switch provider {
        case "dashscope": #"{"code":"\#(code)","message":"m","request_id":"r"}"#
        case "fal": #"{"detail":[{"loc":["body"],"msg":"m","type":"\#(code)"}]}"#
        case "gemini": #"{"error":{"code":400,"message":"m","status":"\#(code)"}}"#
        default: #"{"error":{"code":"\#(code)","message":"m"}}"#
        }
    }

    static let all: [Refusal] = [
        // DashScope
        .init("dashscope", 401, code("dashscope", "InvalidApiKey"), .badKey),
        .init("dashscope", 403, code("dashscope", "AccessDenied"), .badKey),
        .init("dashscope", 403, code("dashscope", "AccessDenied.Unpurchased"), .badKey),
        .init("dashscope", 400, code("dashscope", "Workspace.AccessDenied"), .badKey),
        .init("dashscope", 403, code("dashscope", "Model.AccessDenied"), .badKey),
        .init("dashscope", 400, code("dashscope", "Arrearage"), .outOfCredit),
        .init("dashscope", 400, code("dashscope", "InvalidParameter"), .refused),
        .init("dashscope", 400, code("dashscope", "InvalidParameter.DataInspection"), .refused),
        .init("dashscope", 400, code("dashscope", "InvalidURL"), .refused),
        .init("dashscope", 400, code("dashscope", "InvalidImage.Resolution"), .refused),
        .init("dashscope", 400, code("dashscope", "InvalidImageUrl"), .refused),
        .init("dashscope", 404, code("dashscope", "Model.NotExist"), .retired),
        .init("dashscope", 404, code("dashscope", "ModelNotFound"), .retired),
        .init("dashscope", 400, #"{"code":"X","message":"Model not exist"}"#, .retired),
        .init("dashscope", 400, code("dashscope", "DataInspectionFailed"), .moderated),
        .init("dashscope", 400, code("dashscope", "IPInfringementSuspect"), .moderated),
        .init("dashscope", 429, code("dashscope", "Throttling"), .tooMany),
        .init("dashscope", 429, code("dashscope", "Throttling.RateQuota"), .tooMany),
        .init("dashscope", 429, code("dashscope", "Throttling.BurstRate"), .tooMany),
        .init("dashscope", 429, code("dashscope", "Throttling.AllocationQuota"), .tooMany),
        .init("dashscope", 500, code("dashscope", "InternalError"), .busy),
        .init("dashscope", 500, code("dashscope", "InternalError.Algo"), .busy),
        .init("dashscope", 503, code("dashscope", "ServiceUnavailable"), .busy),
        .init("dashscope", 504, code("dashscope", "GatewayTimeout"), .unreachable, isDoubtful: true),
        .init("dashscope", 504, code("dashscope", "RequestTimeOut"), .unreachable, isDoubtful: true),
        .init("dashscope", 502, "<html>", .unreachable, isDoubtful: true),
        // APIYI
        .init("apiyi", 400, #"{"error":{"message":"duration","type":"parse_request_failed"}}"#, .refused),
        .init("apiyi", 400, #"{"error":{"message":"x","type":"build_request_failed"}}"#, .refused),
        .init("apiyi", 500, #"{"error":{"message":"x","type":"task_error"}}"#, .refused),
        .init("apiyi", 401, #"{"error":{"message":"bad token"}}"#, .badKey),
        .init("apiyi", 403, #"{"error":{"message":"content blocked"}}"#, .moderated),
        .init("apiyi", 403, #"{"error":{"message":"no right in this group"}}"#, .badKey),
        .init("apiyi", 429, #"{"error":{"message":"insufficient balance"}}"#, .outOfCredit),
        .init("apiyi", 429, #"{"error":{"message":"too many requests"}}"#, .tooMany),
        .init("apiyi", 500, #"{"error":{"message":"upstream"}}"#, .unreachable, isDoubtful: true),
        // Ark
        .init("ark", 400, code("ark", "InvalidParameter.Duration"), .refused),
        .init("ark", 400, code("ark", "InvalidParameter.TaskTypeConstraint"), .refused),
        .init("ark", 400, code("ark", "MissingParameter"), .refused),
        .init("ark", 400, code("ark", "InvalidImageURL.Format"), .refused),
        .init("ark", 400, code("ark", "InputTextSensitiveContentDetected"), .moderated),
        .init("ark", 400, code("ark", "InputImageSensitiveContentDetected.PrivacyInformation"), .moderated),
        .init("ark", 401, code("ark", "AuthenticationError"), .badKey),
        .init("ark", 403, code("ark", "AccessDenied"), .badKey),
        .init("ark", 403, code("ark", "AccountOverdueError"), .outOfCredit),
        .init("ark", 404, code("ark", "InvalidEndpointOrModel.NotFound"), .retired),
        .init("ark", 404, code("ark", "ModelNotOpen"), .badKey),
        .init("ark", 429, code("ark", "RateLimitExceeded.EndpointRPMExceeded"), .tooMany),
        .init("ark", 429, code("ark", "AccountRateLimitExceeded"), .tooMany),
        .init("ark", 429, code("ark", "QuotaExceeded"), .tooMany),
        .init("ark", 429, code("ark", "ServerOverloaded"), .tooMany),
        .init("ark", 429, code("ark", "RequestBurstTooFast"), .tooMany),
        .init("ark", 500, code("ark", "InternalServiceError"), .unreachable, isDoubtful: true),
        .init("ark", 503, "", .unreachable, isDoubtful: true),
        .init("ark", 504, "", .unreachable, isDoubtful: true),
        // OpenAI
        .init("openai", 400, code("openai", "invalid_value"), .refused),
        .init("openai", 400, code("openai", "moderation_blocked"), .moderated),
        .init("openai", 400, code("openai", "content_policy_violation"), .moderated),
        .init("openai", 401, code("openai", "invalid_api_key"), .badKey),
        .init("openai", 403, code("openai", "not_verified"), .badKey),
        .init("openai", 404, #"{"error":{"code":"model_not_found","message":"The model does not exist"}}"#, .retired),
        .init("openai", 410, "", .retired),
        .init("openai", 429, code("openai", "rate_limit_exceeded"), .tooMany),
        .init("openai", 429, code("openai", "insufficient_quota"), .outOfCredit),
        .init("openai", 500, code("openai", "server_error"), .unreachable, isDoubtful: true),
        .init("openai", 503, "", .unreachable, isDoubtful: true),
        // Gemini
        .init("gemini", 400, code("gemini", "INVALID_ARGUMENT"), .refused),
        .init("gemini", 400, #"{"error":{"message":"violates our policy","status":"INVALID_ARGUMENT"}}"#, .moderated),
        .init("gemini", 400, code("gemini", "FAILED_PRECONDITION"), .badKey),
        .init("gemini", 401, code("gemini", "UNAUTHENTICATED"), .badKey),
        .init("gemini", 403, code("gemini", "PERMISSION_DENIED"), .badKey),
        .init("gemini", 404, #"{"error":{"message":"it is no longer available","status":"NOT_FOUND"}}"#, .retired),
        .init("gemini", 429, code("gemini", "RESOURCE_EXHAUSTED"), .tooMany),
        .init("gemini", 500, code("gemini", "INTERNAL"), .unreachable, isDoubtful: true),
        .init("gemini", 503, code("gemini", "UNAVAILABLE"), .unreachable, isDoubtful: true),
        .init("gemini", 504, code("gemini", "DEADLINE_EXCEEDED"), .unreachable, isDoubtful: true),
        // Runway
        .init("runway", 400, #"{"error":"Validation of body failed","issues":[]}"#, .refused),
        .init("runway", 400, #"{"error":"You do not have enough credits"}"#, .outOfCredit),
        .init("runway", 401, #"{"error":"x"}"#, .badKey),
        .init("runway", 402, #"{"error":"x"}"#, .outOfCredit),
        .init("runway", 403, #"{"error":"x"}"#, .badKey),
        .init("runway", 404, #"{"error":"x"}"#, .refused),
        .init("runway", 405, #"{"error":"x"}"#, .refused),
        .init("runway", 422, #"{"error":"x"}"#, .refused),
        .init("runway", 429, #"{"error":"daily limit"}"#, .tooMany),
        .init("runway", 500, "", .unreachable, isDoubtful: true),
        .init("runway", 502, "", .unreachable, isDoubtful: true),
        // fal
        .init("fal", 422, code("fal", "content_policy_violation"), .moderated),
        .init("fal", 422, code("fal", "image_too_small"), .refused),
        .init("fal", 422, code("fal", "image_too_large"), .refused),
        .init("fal", 422, code("fal", "image_load_error"), .refused),
        .init("fal", 422, code("fal", "file_download_error"), .refused),
        .init("fal", 422, code("fal", "unsupported_image_format"), .refused),
        .init("fal", 422, code("fal", "file_too_large"), .refused),
        .init("fal", 422, code("fal", "feature_not_supported"), .refused),
        .init("fal", 422, code("fal", "missing"), .refused),
        .init("fal", 401, #"{"detail":"no"}"#, .badKey),
        .init("fal", 403, #"{"detail":"Exhausted balance"}"#, .outOfCredit),
        .init("fal", 403, #"{"detail":"no"}"#, .badKey),
        .init("fal", 429, #"{"detail":"slow"}"#, .tooMany),
        .init("fal", 502, "", .unreachable, isDoubtful: true),
        // WaveSpeed
        .init("wavespeed", 400, #"{"code":400,"message":"x"}"#, .refused),
        .init("wavespeed", 401, #"{"code":401,"message":"x"}"#, .badKey),
        .init("wavespeed", 402, #"{"code":402,"message":"x"}"#, .outOfCredit),
        .init("wavespeed", 403, #"{"code":403,"message":"insufficient balance"}"#, .outOfCredit),
        .init("wavespeed", 403, #"{"code":403,"message":"x"}"#, .badKey),
        .init("wavespeed", 404, #"{"code":404,"message":"x"}"#, .retired),
        .init("wavespeed", 429, #"{"code":429,"message":"x"}"#, .tooMany),
        .init("wavespeed", 200, #"{"code":401,"message":"x"}"#, .badKey),
        .init("wavespeed", 500, #"{"message":"x"}"#, .unreachable, isDoubtful: true),
        .init("wavespeed", 504, "", .unreachable, isDoubtful: true),
        // HappyHorse: what the contract leaves open goes by the status.
        .init("happyhorse", 400, #"{"error":{"message":"x"}}"#, .refused),
        .init("happyhorse", 401, #"{"message":"x"}"#, .badKey),
        .init("happyhorse", 402, "", .outOfCredit),
        .init("happyhorse", 429, #"{"error":"balance too low"}"#, .outOfCredit),
        .init("happyhorse", 429, "", .tooMany),
        .init("happyhorse", 500, "", .unreachable, isDoubtful: true),
    ]
}

@Suite("What a provider's refusals mean")
struct RefusalTests {
    @Test("every documented refusal of a submit has one meaning, in plain words", arguments: Refusal.all)
    func submits(_ refusal: Refusal) async throws {
        let exchange = try Exchange(
            refusal.provider,
            [.init(status: refusal.status, headers: refusal.headers, body: refusal.body)]
        )

        let error = try #require(await exchange.refusal(Refusal.models[refusal.provider, default: ""]))

        #expect(error.failure.kind == refusal.kind)
        #expect(error.mayHaveBeenSent == refusal.isDoubtful)
        #expect(error.failure.message.contains("`\(refusal.provider)`"))
        #expect(!error.failure.message.contains("k-1"))
    }

    @Test("an answer that is no answer leaves a submit doubtful", arguments: Providers.all)
    func garbage(_ provider: ProviderID) async throws {
        for body in ["", "{\"id\":", "<html>", "{}", "[]", "null"] {
            let exchange = try Exchange(provider, [.init(body: body)])

            let error = try #require(await exchange.refusal(Refusal.models[provider, default: ""]))

            #expect(error.mayHaveBeenSent, "\(body)")
        }
    }

    @Test("a submit that broke is doubtful exactly if it may have been sent", arguments: Providers.all, [true, false])
    func broken(_ provider: ProviderID, mayHaveBeenSent: Bool) async throws {
        let trouble = TransportError(.broken, "the connection broke", mayHaveBeenSent: mayHaveBeenSent)
        let exchange = try Exchange(provider, [], failing: trouble)

        let error = try #require(await exchange.refusal(Refusal.models[provider, default: ""]))

        #expect(error.mayHaveBeenSent == mayHaveBeenSent)
        #expect(error.isPassing)
        #expect(exchange.transport.requests.count == 1)
        #expect(exchange.transport.requests.allSatisfy { !$0.followsRedirects })
    }

    @Test(
        "once more may help where a picture was not read or a job broke, and nowhere else",
        arguments: Meaning.allCases
    )
    func onceMore(_ meaning: Meaning) {
        let error = meaning.error(of: "fal", saying: nil)

        #expect(error.mayHelpOnce == (meaning == .pictureNotRead || meaning == .broke))
        #expect(!error.mayHelpOnce || !error.isPassing && !error.mayHaveBeenSent)
        let doubtful = meaning.failure(of: "fal", saying: nil, billed: .unknown)
        #expect(doubtful.kind == .unknownOutcome && doubtful.hint?.contains("may have been billed") == true)
    }

    @Test("how long to wait is taken from every hint there is")
    func hints() {
        func wait(_ headers: [String: String], _ body: String = "{}") -> Duration? {
            RetryHint.wait(Reply(status: 429, headers: headers, json: JSON(Data(body.utf8)) ?? .null, isJSON: true))
        }

        #expect(wait(["retry-after": "7"]) == .seconds(7))
        #expect(wait(["retry-after-ms": "250", "retry-after": "7"]) == .milliseconds(250))
        #expect(
            wait(["x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s"]) == .seconds(360)
        )
        #expect(wait(["x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "6m0s"]) == nil)
        #expect(wait([:], #"{"error":{"details":[{"retryDelay":"30s"}]}}"#) == .seconds(30))
        #expect(wait(["retry-after": "9999999"]) == .seconds(86_400))
        #expect(wait([:]) == nil)
    }

    @Test("a refused key and an empty account hold the lane, not the jobs")
    func held() async throws {
        let refused = try Exchange("fal", [.init(status: 401, body: "{}")])
        let empty = try Exchange("ark", [.init(status: 403, body: #"{"error":{"code":"AccountOverdueError"}}"#)])

        let key = try #require(await refused.refusal("alibaba/happy-horse/v1.1/image-to-video"))
        let credit = try #require(await empty.refusal("doubao-seedance-2-0-260128"))

        #expect(key.pausesLane && credit.pausesLane)
        #expect(key.failure.message == "`fal` refused the key in `VITRINE_FAL_KEY`: status 401")
        #expect(key.failure.hint == "jobs wait in the queue; run `vitrine providers check fal` after changing the key")
    }
}
