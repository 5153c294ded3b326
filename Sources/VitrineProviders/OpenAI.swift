import Foundation
import VitrineCore

/// The protocol of Sora 2.
///
/// OpenAI itself ended it on 2026-09-24; other servers go on speaking it.
struct OpenAI: Adapter {
    static let id: ProviderID = "openai"
    static let home = "https://api.openai.com"

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
            credentials: ["Authorization": "Bearer \(account.key)"],
            transport: transport,
            errors: Self.errors,
            complaint: { ($0.json["error"]["code"].text, $0.json["error"]["message"].text) }
        )
    }

    static let errors = ErrorTable(lines: [
        ErrorLine(code: "moderation_blocked", .moderated),
        ErrorLine(code: "content_policy_violation", .moderated),
        ErrorLine(code: "insufficient_quota", .outOfCredit),
        ErrorLine(code: "rate_limit_exceeded", .rateLimited),
        ErrorLine(410, .retired),
        ErrorLine(401, .keyRefused),
        ErrorLine(403, .keyRefused),
        ErrorLine(404, words: "model", .retired),
        ErrorLine(429, .rateLimited),
        ErrorLine(400, .badRequest),
    ])

    func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        let size = order.request.size
        var form = Multipart(boundary: "vitrine-\(order.key)")
        form.add("model", order.request.model)
        form.add("prompt", prompt(of: order))
        form.add("seconds", String(Int(order.seconds.rounded())))
        form.add("size", "\(size.width)x\(size.height)")
        if order.beginning != .text {
            let frame = try Pictures.bytes(at: order.framePath)
            form.add("input_reference", file: frame, named: "frame.png", type: "image/png")
        }
        let reply = try await connection.begin(
            order,
            "/v1/videos",
            bytes: form.bytes,
            headers: ["Content-Type": form.contentType]
        )
        guard let id = reply.json["id"].text else { throw connection.garbled(effect: .paid) }
        return RemoteJob(id: id)
    }

    private func prompt(of order: SubmissionOrder) -> String {
        let limit = offers.first(for: order)?.prompt
        let words = Words.all(of: order, limit: limit)
        return Words.marked(words, by: order.key, limit: limit) ?? words
    }

    func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        let path = "/v1/videos/\(remote.id.inPath)"
        let reply = try await connection.look(path)
        let json = reply.json
        switch json["status"].text {
        case "queued", "in_progress":
            let advice = reply.headers["openai-poll-after-ms"].flatMap(Double.init)
            let progress = json["progress"].double.map { $0 / 100 }
            guard let advice else { return rendering(progress) }
            return .rendering(progress: progress, lookAgainAfter: .milliseconds(Int64(max(250, advice))))
        case "completed":
            return .rendered(
                RemoteVideo(
                    job: remote,
                    location: connection.base + path + "/content",
                    expiresAt: json["expires_at"].double.map { Date(milliseconds: Int64($0 * 1000)) },
                    cost: json["seconds"].double.flatMap { offers.first(for: order)?.price(seconds: $0) }
                )
            )
        case "failed":
            let error = json["error"]
            return connection.failed(code: error["code"].text, message: error["message"].text)
        default: throw connection.garbled()
        }
    }

    /// Looks through the account's videos, newest first, for one whose prompt is spaced as ours was.
    func find(_ order: SubmissionOrder, _ search: LostSubmission) async throws(ProviderError) -> RemoteJob? {
        let prompt = prompt(of: order)
        guard Words.marked(prompt.singleSpaced, by: order.key, limit: nil) == prompt else { return nil }
        var after: String?
        for _ in 0..<20 {
            let query = "limit=100&order=desc" + (after.map { "&after=\($0.inQuery)" } ?? "")
            let json = try await connection.send("GET", "/v1/videos?\(query)").json
            for row in json["data"].items where row["prompt"].text == prompt {
                if let id = row["id"].text, !search.known.contains(id) { return RemoteJob(id: id) }
            }
            let oldest = json["data"].items.last?["created_at"].double ?? 0
            let isOlder = oldest < search.begunAt.timeIntervalSince1970 - 300
            guard json["has_more"] == true, !isOlder, let last = json["last_id"].text else { return nil }
            after = last
        }
        return nil
    }

    /// Fetches the clip with the key: there is no public address.
    func download(_ video: RemoteVideo, to path: String) async throws(ProviderError) {
        try await Download(connection: connection, sendsKey: true).file(at: video.location, to: path)
    }

    func prove() async throws(ProviderError) { _ = try await connection.send("GET", "/v1/videos?limit=1") }

    /// Events are set up once for a project and name the video alone.
    func job(ofCallback callback: ProviderCallback) -> String? { JSON(callback.body)?["data"]["id"].text }

    func verify(_ callback: ProviderCallback, now: Date) async -> CallbackVerdict {
        guard let secret else { return .unsigned }
        return WebhookSignature.judge(callback, secret: secret, form: .standard, now: now)
    }
}
