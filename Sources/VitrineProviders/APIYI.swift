import Foundation
import VitrineCore

/// HappyHorse through APIYI, by its launched contract: created as at Alibaba, looked at in a shape of its own.
///
/// It takes pictures by public address only, and cannot be asked for lost work.
struct APIYI: Adapter {
    static let id: ProviderID = "apiyi"
    static let home = "https://api.apiyi.com"

    let connection: Connection
    let offers: [Offer]
    let lane: Lane
    /// Five to ten seconds, never under three.
    let look = Duration.seconds(7)

    init(_ account: ProviderAccount, offers: [Offer], transport: any HTTPTransport) {
        self.offers = offers
        lane = account.lane(Self.id, limit: 10)
        connection = account.connection(
            to: Self.id,
            at: Self.home,
            credentials: ["Authorization": "Bearer \(account.key)"],
            transport: transport,
            errors: Self.errors,
            complaint: { reply in
                let error = reply.json["error"]
                return (
                    error["code"].text ?? reply.json["code"].text ?? error["type"].text ?? reply.json["type"].text,
                    error["message"].text ?? reply.json["message"].text
                )
            }
        )
    }

    static let errors = ErrorTable(lines: [
        ErrorLine(code: "InvalidImageUrl", .pictureNotRead),
        ErrorLine(code: "DataInspectionFailed", .moderated),
        ErrorLine(code: "IPInfringementSuspect", .moderated),
        ErrorLine(words: "sensitive", .moderated),
        ErrorLine(403, words: "moderation", .moderated),
        ErrorLine(403, words: "content", .moderated),
        ErrorLine(code: "InvalidParameter", .badRequest),
        ErrorLine(500, code: "task_error", .badRequest),
        ErrorLine(code: "task_error", .badRequest),
        ErrorLine(code: "parse_request_failed", .badRequest),
        ErrorLine(code: "build_request_failed", .badRequest),
        ErrorLine(429, words: "balance", .outOfCredit),
        ErrorLine(429, words: "quota", .outOfCredit),
        ErrorLine(429, .rateLimited),
        ErrorLine(401, .keyRefused),
        ErrorLine(403, .keyRefused),
        ErrorLine(410, .retired),
        ErrorLine(400, .badRequest),
    ])

    func route(for order: SubmissionOrder) -> PictureRoute { .address }

    func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        let body: JSON = [
            "model": .text(order.request.model),
            "input": [
                "prompt": .text(Words.all(of: order, limit: offers.first(for: order)?.prompt)),
                "media": [["type": "first_frame", "url": .text(try Pictures.address(of: order))]],
            ],
            "parameters": [
                "resolution": .text("\(order.request.frame.shortSide)P"),
                "duration": .integer(Int64(order.seconds.rounded())),
                "watermark": false,
                "prompt_extend": false,
                "seed": .integer(Int64(order.request.seed)),
            ],
        ]
        let reply = try await connection.begin(
            order,
            "/wan/api/v1/services/aigc/video-generation/video-synthesis",
            body,
            headers: ["X-DashScope-Async": "enable"]
        )
        guard let id = reply.json["output"]["task_id"].text else { throw connection.garbled(effect: .paid) }
        return RemoteJob(id: id)
    }

    func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        let json = try await connection.look("/v1/tasks/\(remote.id.inPath)").json
        switch json["status"].text {
        case "submitted": return rendering(0)
        case "in_progress": return rendering(json["progress"].double.map { $0 / 100 })
        case "completed":
            guard let url = json["result_url"].text else { throw connection.garbled() }
            return .rendered(RemoteVideo(job: remote, location: url))
        case "failed":
            let (code, message) = Self.parts(of: json["error"]["message"].text ?? json["fail_reason"].text)
            return connection.failed(code: code, message: message)
        case "UNKNOWN": return .failed(Meaning.vanished.failure(of: id, saying: nil, billed: .unknown))
        default: throw connection.garbled()
        }
    }

    func prove() async throws(ProviderError) {
        try await connection.prove("/v1/tasks/none") {
            !$0["error"].isNull || !$0["message"].isNull || !$0["code"].isNull || !$0["status"].isNull
        }
    }

    /// The code and the words of a text such as `[InvalidImageUrl] it is not there`.
    static func parts(of text: String?) -> (code: String?, message: String?) {
        guard let text, text.hasPrefix("["), let end = text.firstIndex(of: "]") else { return (nil, text) }
        let code = text[text.index(after: text.startIndex)..<end]
        return (String(code), String(text[text.index(after: end)...]).trimmingSpaces)
    }
}
