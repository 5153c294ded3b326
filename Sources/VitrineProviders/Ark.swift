import Foundation
import VitrineCore

/// ByteDance's Seedance on Volcengine Ark; BytePlus speaks the same at another address.
struct Ark: Adapter {
    static let id: ProviderID = "ark"
    static let home = "https://ark.cn-beijing.volces.com"
    private static let tasks = "/api/v3/contents/generations/tasks"

    let connection: Connection
    let offers: [Offer]
    let lane: Lane
    let look = Duration.seconds(10)
    /// Ark ends a task by itself 48 hours after it was created.
    let longestRendering = Duration.seconds(49 * 3600)

    init(_ account: ProviderAccount, offers: [Offer], transport: any HTTPTransport) {
        self.offers = offers
        lane = account.lane(Self.id, limit: 10)
        connection = account.connection(
            to: Self.id,
            at: Self.home,
            credentials: ["Authorization": "Bearer \(account.key)"],
            transport: transport,
            errors: Self.errors,
            complaint: { ($0.json["error"]["code"].text, $0.json["error"]["message"].text) }
        )
    }

    static let errors = ErrorTable(lines: [
        ErrorLine(code: "InputTextSensitiveContentDetected", .moderated),
        ErrorLine(code: "InputImageSensitiveContentDetected", .moderated),
        ErrorLine(code: "OutputVideoSensitiveContentDetected", .moderated),
        ErrorLine(code: "OutputAudioSensitiveContentDetected", .moderated),
        ErrorLine(code: "InvalidImageURL", .pictureNotRead),
        ErrorLine(code: "InvalidParameter", .badRequest),
        ErrorLine(code: "MissingParameter", .badRequest),
        ErrorLine(code: "AuthenticationError", .keyRefused),
        ErrorLine(code: "AccountOverdueError", .outOfCredit),
        ErrorLine(code: "AccessDenied", .keyRefused),
        ErrorLine(code: "InvalidEndpointOrModel.NotFound", .retired),
        ErrorLine(code: "ModelNotOpen", .keyRefused),
        ErrorLine(code: "QuotaExceeded", .quotaSpent),
        ErrorLine(code: "RateLimitExceeded", .rateLimited),
        ErrorLine(code: "AccountRateLimitExceeded", .rateLimited),
        ErrorLine(code: "RequestBurstTooFast", .rateLimited),
        ErrorLine(code: "ServerOverloaded", .rateLimited),
        ErrorLine(code: "InternalServiceError", .unknown),
    ])

    func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        let request = order.request
        let limit = offers.first(for: order)?.prompt
        var content: [JSON] = [["type": "text", "text": .text(Words.all(of: order, limit: limit))]]
        if order.beginning != .text {
            let role = order.references.isEmpty ? "first_frame" : "reference_image"
            for address in try Pictures.addresses(of: order) {
                content.append(
                    ["type": "image_url", "image_url": ["url": .text(address)], "role": .text(role)]
                )
            }
        }
        let followsPicture = order.beginning != .text && order.references.isEmpty
        var body: [String: JSON] = [
            "model": .text(request.model),
            "content": .list(content),
            "resolution": .text("\(request.frame.shortSide)p"),
            "ratio": .text(followsPicture ? "adaptive" : request.slot.placement.rawValue),
            "duration": .integer(Int64(order.seconds.rounded())),
            "generate_audio": .bool(request.sound.isOn),
            "watermark": false,
            "safety_identifier": .text(order.key.rawValue),
        ]
        // Documented for Seedance 1 alone; an endpoint (`ep-…`) does not say what stands behind it.
        if request.model.contains("seedance-1") { body["seed"] = .integer(Int64(request.seed)) }
        if let callback = order.callback { body["callback_url"] = .text(callback) }
        let reply = try await connection.begin(order, Self.tasks, .object(body))
        guard let id = reply.json["id"].text else { throw connection.garbled(effect: .paid) }
        return RemoteJob(id: id)
    }

    func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        let json = try await connection.look("\(Self.tasks)/\(remote.id.inPath)").json
        switch json["status"].text {
        case "queued": return rendering(0)
        case "running": return rendering()
        case "succeeded":
            guard let url = json["content"]["video_url"].text else { throw connection.garbled() }
            let tokens = json["usage"]["completion_tokens"].double ?? json["usage"]["total_tokens"].double
            return .rendered(RemoteVideo(job: remote, location: url, cost: cost(tokens, order)))
        case "failed":
            let error = json["error"]
            return connection.failed(code: error["code"].text, message: error["message"].text)
        case "cancelled": return .failed(Meaning.stopped.failure(of: id, saying: nil))
        case "expired": return .failed(Meaning.stopped.failure(of: id, saying: "it waited too long"))
        default: throw connection.garbled()
        }
    }

    private func cost(_ tokens: Double?, _ order: SubmissionOrder) -> Money? {
        guard let tokens, let million = offers.first(for: order)?.metered else { return nil }
        return Money(
            micros: Int64((tokens * Double(million.micros) / 1_000_000).rounded(.up)),
            currency: million.currency
        )
    }

    /// Our key comes back in the list of the last seven days.
    func find(_ order: SubmissionOrder, _ search: LostSubmission) async throws(ProviderError) -> RemoteJob? {
        for page in 1...20 {
            let query = "page_num=\(page)&page_size=100&filter.model=\(order.request.model.inQuery)"
            let json = try await connection.send("GET", "\(Self.tasks)?\(query)").json
            let items = json["items"].items
            for item in items where item["safety_identifier"].text == order.key.rawValue {
                if let id = item["id"].text { return RemoteJob(id: id) }
            }
            // The newest stand first: what is older than the intent cannot be it.
            let isOlder = items.last?["created_at"].double.map { $0 < search.begunAt.timeIntervalSince1970 - 300 }
            if items.count < 100 || isOlder == true { return nil }
        }
        return nil
    }

    /// Stops a waiting job.
    ///
    /// The same call destroys a finished one, so its state is looked at first.
    func cancel(_ remote: RemoteJob) async {
        let path = "\(Self.tasks)/\(remote.id.inPath)"
        // Losing this is no harm: the job goes on, and is paid.
        guard let reply = try? await connection.look(path), reply.json["status"].text == "queued" else { return }
        // Losing this is no harm: the job is cancelled here, and what is made all the same is only not fetched.
        _ = try? await connection.send("DELETE", path)
    }

    func prove() async throws(ProviderError) {
        _ = try await connection.send("GET", "\(Self.tasks)?page_num=1&page_size=1")
    }
}
