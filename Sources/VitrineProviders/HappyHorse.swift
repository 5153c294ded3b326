import Foundation
import VitrineCore

/// HappyHorse by the contract that was told before its launch, `POST /v1/happyhorse/generate`.
///
/// Address and model are settings, since gateways differ.
/// What the contract does not say is taken as any gateway does it: refusals by status, a text in `error` or `message`.
struct HappyHorse: Adapter {
    static let id: ProviderID = "happyhorse"
    static let home = "https://vip.apiyi.com"

    let connection: Connection
    let offers: [Offer]
    let lane: Lane
    let look = Duration.seconds(5)

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
                    error["code"].text ?? reply.json["code"].text,
                    error["message"].text ?? error.text ?? reply.json["message"].text
                )
            }
        )
    }

    static let errors = ErrorTable(lines: [
        ErrorLine(402, .outOfCredit),
        ErrorLine(429, words: "balance", .outOfCredit),
        ErrorLine(429, words: "quota", .outOfCredit),
        ErrorLine(429, .rateLimited),
        ErrorLine(410, .retired),
        ErrorLine(words: "sensitive", .moderated),
        ErrorLine(words: "moderation", .moderated),
        ErrorLine(401, .keyRefused),
        ErrorLine(403, .keyRefused),
        ErrorLine(400, .badRequest),
    ])

    func route(for order: SubmissionOrder) -> PictureRoute { .address }

    func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        let request = order.request
        let limit = offers.first(for: order)?.prompt
        var body: [String: JSON] = [
            "model": .text(request.model),
            "prompt": .text(Words.all(Words.withoutStyle(order.prompt, request.style), of: order, limit: limit)),
            "mode": .text(request.mode ?? "std"),
            "duration": .seconds(order.seconds),
            "with_audio": .bool(request.sound.isOn),
            "aspect_ratio": .text(request.slot.placement.rawValue),
            "seed": .integer(Int64(request.seed)),
        ]
        if order.beginning != .text { body["image_url"] = .text(try Pictures.address(of: order)) }
        if let tag = request.style.tag { body["style"] = .text(tag) }
        if let callback = order.callback { body["webhook_url"] = .text(callback) }
        let reply = try await connection.begin(order, "/v1/happyhorse/generate", .object(body))
        guard let id = reply.json["task_id"].text else { throw connection.garbled(effect: .paid) }
        return RemoteJob(id: id)
    }

    func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        let json = try await connection.look("/v1/happyhorse/status/\(remote.id.inPath)").json
        switch json["status"].text {
        case "succeeded":
            guard let url = json["output"]["video_url"].text else { throw connection.garbled() }
            return .rendered(RemoteVideo(job: remote, location: url))
        case "failed":
            let error = json["error"]
            return connection.failed(
                code: error["code"].text,
                message: error["message"].text ?? error.text ?? json["message"].text
            )
        case .some: return rendering(json["progress"].double.map { $0 / 100 })
        case nil: throw connection.garbled()
        }
    }

    func prove() async throws(ProviderError) {
        try await connection.prove("/v1/happyhorse/status/none") {
            !$0["error"].isNull || !$0["message"].isNull || !$0["code"].isNull || !$0["status"].isNull
        }
    }
}
