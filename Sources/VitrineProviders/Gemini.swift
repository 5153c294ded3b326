import CryptoExtras
import Foundation
import VitrineCore

/// Veo 3.1 by the protocol of the Gemini API.
///
/// Google ended its previews there on 2026-10-22; other servers go on speaking it.
struct Gemini: Adapter {
    static let id: ProviderID = "gemini"
    static let home = "https://generativelanguage.googleapis.com"

    let connection: Connection
    let offers: [Offer]
    let lane: Lane
    let look = Duration.seconds(10)
    private let secret: String?

    init(_ account: ProviderAccount, offers: [Offer], transport: any HTTPTransport) {
        self.offers = offers
        lane = account.lane(Self.id, limit: 10)
        secret = account.webhookSecret
        connection = account.connection(
            to: Self.id,
            at: Self.home,
            credentials: ["x-goog-api-key": account.key],
            transport: transport,
            errors: Self.errors,
            complaint: { ($0.json["error"]["status"].text, $0.json["error"]["message"].text) }
        )
    }

    static let errors = ErrorTable(lines: [
        ErrorLine(404, words: "no longer available", .retired),
        ErrorLine(404, code: "NOT_FOUND", .retired),
        ErrorLine(410, .retired),
        ErrorLine(code: "INVALID_ARGUMENT", words: "policy", .moderated),
        ErrorLine(code: "INVALID_ARGUMENT", words: "safety", .moderated),
        ErrorLine(code: "INVALID_ARGUMENT", words: "api key", .keyRefused),
        ErrorLine(code: "INVALID_ARGUMENT", .badRequest),
        ErrorLine(code: "FAILED_PRECONDITION", .keyRefused),
        ErrorLine(code: "PERMISSION_DENIED", .keyRefused),
        ErrorLine(code: "UNAUTHENTICATED", .keyRefused),
        ErrorLine(code: "RESOURCE_EXHAUSTED", .rateLimited),
        ErrorLine(code: "INTERNAL", .unknown),
        ErrorLine(code: "UNAVAILABLE", .unknown),
        ErrorLine(code: "DEADLINE_EXCEEDED", .unknown),
        ErrorLine(code: "rpc 3", words: "policy", .moderated),
        ErrorLine(code: "rpc 3", .badRequest),
        ErrorLine(code: "rpc ", .broke),
    ])

    func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        let request = order.request
        var instance: [String: JSON] = ["prompt": .text(order.prompt)]
        var parameters: [String: JSON] = [
            "sampleCount": 1,
            "durationSeconds": .integer(Int64(order.seconds.rounded())),
            "aspectRatio": .text(request.slot.placement.rawValue),
            "resolution": .text(request.frame.shortSide == 2160 ? "4k" : "\(request.frame.shortSide)p"),
            "personGeneration": .text(order.beginning == .text ? "allow_all" : "allow_adult"),
        ]
        if !request.avoid.isEmpty { parameters["negativePrompt"] = .text(request.avoid) }
        if order.beginning != .text { instance["image"] = try picture(order.framePath) }
        var body: [String: JSON] = ["instances": [.object(instance)], "parameters": .object(parameters)]
        if let callback = order.callback { body["webhookConfig"] = ["uris": [.text(callback)]] }
        let reply = try await connection.begin(
            order,
            "/v1beta/models/\(request.model.inPath):predictLongRunning",
            .object(body)
        )
        guard let name = reply.json["name"].text else { throw connection.garbled(effect: .paid) }
        return RemoteJob(id: name)
    }

    private func picture(_ path: String) throws(ProviderError) -> JSON {
        [
            "bytesBase64Encoded": .text(try Pictures.bytes(at: path).base64EncodedString()),
            "mimeType": "image/png",
        ]
    }

    func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        let json = try await connection.look("/v1beta/\(remote.id.asPath)").json
        guard json["done"] == true else { return rendering() }
        let error = json["error"]
        if !error.isNull {
            let code = error["code"].double.map { "rpc \(Int($0))" }
            return connection.failed(code: code, message: error["message"].text)
        }
        let response = json["response"]["generateVideoResponse"]
        // Done is not success: a clip that was filtered is simply not there.
        guard let uri = response["generatedSamples"][0]["video"]["uri"].text else {
            let reasons = response["raiMediaFilteredReasons"].items.compactMap(\.text).joined(separator: "; ")
            return .failed(Meaning.moderated.failure(of: id, saying: reasons.isEmpty ? nil : reasons))
        }
        return .rendered(RemoteVideo(job: remote, location: address(of: uri)))
    }

    /// The file by its name at our own base: the key goes nowhere else, whatever host an answer names.
    private func address(of uri: String) -> String {
        guard let range = uri.range(of: "/files/") else { return uri }
        let name = uri[range.upperBound...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        return "\(connection.base)/v1beta/files/\(name):download?alt=media"
    }

    /// Fetches the clip with the key.
    func download(_ video: RemoteVideo, to path: String) async throws(ProviderError) {
        try await Download(connection: connection, sendsKey: true).file(at: video.location, to: path)
    }

    func prove() async throws(ProviderError) { _ = try await connection.send("GET", "/v1beta/models?pageSize=1") }

    /// A subscribed webhook is signed with its secret; one that a request named bears a token of Google's.
    func verify(_ callback: ProviderCallback, now: Date) async -> CallbackVerdict {
        if let token = callback.headers["webhook-signature"], token.split(separator: ".").count == 3 {
            return await judge(token: token, to: callback.address, now: now)
        }
        guard let secret else { return .unsigned }
        return WebhookSignature.judge(callback, secret: secret, form: .standard, now: now)
    }

    private func judge(token: String, to address: String, now: Date) async -> CallbackVerdict {
        let reply: Reply
        do {
            reply = try await connection.send("GET", "/.well-known/jwks.json")
        } catch {
            return .forged("the keys of its signature cannot be fetched")
        }
        return WebhookToken.judge(token, to: address, keys: reply.json, now: now)
    }
}
