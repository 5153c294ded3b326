import Foundation
import VitrineCore

/// Models of many makers at WaveSpeedAI.
struct WaveSpeed: Adapter {
    static let id: ProviderID = "wavespeed"
    static let home = "https://api.wavespeed.ai"

    let connection: Connection
    let offers: [Offer]
    let lane: Lane
    let look = Duration.seconds(5)
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
            complaint: { reply in
                let code = reply.json["code"].double.flatMap { $0 == 200 ? nil : String(Int($0)) }
                return (code, reply.json["message"].text)
            }
        )
    }

    static let errors = ErrorTable(lines: [
        ErrorLine(code: "1200", .moderated),
        ErrorLine(code: "1400", .badRequest),
        ErrorLine(code: "1401", .badRequest),
        ErrorLine(code: "1402", .pictureNotRead),
        ErrorLine(code: "1403", .broke),
        ErrorLine(code: "1405", .broke),
        ErrorLine(code: "5000", .broke),
        ErrorLine(code: "5003", .broke),
        ErrorLine(code: "5004", .broke),
        ErrorLine(401, .keyRefused),
        ErrorLine(402, .outOfCredit),
        ErrorLine(403, words: "balance", .outOfCredit),
        ErrorLine(403, words: "credit", .outOfCredit),
        ErrorLine(403, .keyRefused),
        ErrorLine(404, .retired),
        ErrorLine(410, .retired),
        ErrorLine(429, .rateLimited),
        ErrorLine(words: "http 429", .broke),
        ErrorLine(words: "http 5", .broke),
        ErrorLine(400, .badRequest),
    ])

    func route(for order: SubmissionOrder) -> PictureRoute { .upload }

    func stage(_ order: SubmissionOrder) async throws(ProviderError) -> StagedPictures {
        var addresses: [String] = []
        for path in [order.framePath] + order.references {
            let bytes = try Pictures.bytes(at: path)
            let ask: JSON = [
                "filename": "frame.png", "size": .integer(Int64(bytes.count)), "content_type": "image/png",
            ]
            let data = try await envelope(connection.send("POST", "/api/v3/media/uploads", ask))
            let upload = data["upload"]
            guard let url = upload["url"].text, let address = data["download_url"].text else {
                throw connection.garbled()
            }
            var headers: [String: String] = [:]
            if case .object(let fields) = upload["headers"] { headers = fields.compactMapValues(\.text) }
            if !headers.keys.contains(where: { $0.lowercased() == "content-type" }) {
                headers["Content-Type"] = "image/png"
            }
            try await connection.upload(
                HTTPRequest(
                    upload["method"].text ?? "PUT",
                    url,
                    headers: headers,
                    body: bytes,
                    deadline: .seconds(120),
                    followsRedirects: false,
                    isOperators: connection.isOperators && connection.sharesOrigin(url)
                )
            )
            addresses.append(address)
        }
        return StagedPictures(addresses)
    }

    func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        let request = order.request
        guard let picture = order.addresses.first else {
            throw ProviderError(JobFailure(.fault, "the picture was not uploaded"))
        }
        var body: [String: JSON] = [
            "image": .text(picture),
            "prompt": .text(Words.all(of: order, limit: offers.first(for: order)?.prompt)),
            "resolution": .text("\(request.frame.shortSide)p"),
            "duration": .integer(Int64(order.seconds.rounded())),
        ]
        if request.model.contains("seedance") {
            body["generate_audio"] = .bool(request.sound.isOn)
        } else {
            body["seed"] = .integer(Int64(request.seed))
        }
        var path = "/api/v3/" + request.model.asPath
        if let callback = order.callback { path += "?webhook=\(callback.inQuery)" }
        let reply = try await connection.begin(order, path, .object(body))
        let data = try envelope(reply, effect: .paid)
        guard let id = data["id"].text else { throw connection.garbled(effect: .paid) }
        return RemoteJob(id: id)
    }

    /// What stands in the envelope; a status of 200 may hold a code that is none.
    private func envelope(_ reply: Reply, effect: Connection.Effect = .none) throws(ProviderError) -> JSON {
        if let code = reply.json["code"].double, code != 200 {
            var refused = reply
            if (400..<600).contains(code) { refused.status = Int(code) }
            throw connection.error(of: refused, effect: effect)
        }
        return reply.json["data"]
    }

    func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        let data = try envelope(await connection.look("/api/v3/predictions/\(remote.id.inPath)/result"))
        switch data["status"].text {
        case "created", "pending": return rendering(0)
        case "processing": return rendering()
        case "completed":
            guard let url = data["outputs"][0].text else { throw connection.garbled() }
            return .rendered(RemoteVideo(job: remote, location: url))
        case "failed":
            let code = data["code"].double.map { String(Int($0)) }
            return connection.failed(code: code, message: data["error"].text)
        case "cancelled", "timeout", "deleted":
            return .failed(Meaning.stopped.failure(of: id, saying: data["error"].text, billed: .unknown))
        default: throw connection.garbled()
        }
    }

    /// Rows name neither prompt nor picture, so one that nobody else holds is taken only where it can be nobody else's.
    func find(_ order: SubmissionOrder, _ search: LostSubmission) async throws(ProviderError) -> RemoteJob? {
        guard search.isAlone else { return nil }
        let body: JSON = [
            "page": 1, "page_size": 100, "model": .text(order.request.model),
            "created_after": .text(search.begunAt.adding(.seconds(-5)).formatted(.iso8601)),
            "created_before": .text(search.begunAt.adding(.seconds(180)).formatted(.iso8601)),
        ]
        let data = try await envelope(connection.send("POST", "/api/v3/predictions", body))
        let unknown = data["items"].items.compactMap { $0["id"].text }.filter { !search.known.contains($0) }
        return unknown.count == 1 ? RemoteJob(id: unknown[0]) : nil
    }

    func prove() async throws(ProviderError) {
        _ = try await envelope(connection.send("POST", "/api/v3/predictions", ["page": 1, "page_size": 1]))
    }

    func verify(_ callback: ProviderCallback, now: Date) async -> CallbackVerdict {
        guard let secret else { return .unsigned }
        return WebhookSignature.judge(callback, secret: secret, form: .rawKeyHexadecimal, now: now)
    }
}
