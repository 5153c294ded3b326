import Foundation
import Synchronization
import VitrineCore

/// Models of many makers behind fal's queue.
struct Fal: Adapter {
    static let id: ProviderID = "fal"
    static let home = "https://queue.fal.run"
    /// Where its keys for callbacks stand.
    static let keyHome = "https://rest.fal.ai"

    let connection: Connection
    let offers: [Offer]
    let lane: Lane
    let look = Duration.seconds(5)
    private let keyHome: String
    private let keys = KeptKeys()

    init(_ account: ProviderAccount, offers: [Offer], transport: any HTTPTransport) {
        self.offers = offers
        lane = account.lane(Self.id, limit: 10)
        connection = account.connection(
            to: Self.id,
            at: Self.home,
            credentials: ["Authorization": "Key \(account.key)"],
            transport: transport,
            errors: Self.errors,
            complaint: { reply in
                let first = reply.json["detail"][0]
                let type = first["type"].text ?? reply.json["error_type"].text ?? reply.headers["x-fal-error-type"]
                return (type, first["msg"].text ?? reply.json["detail"].text ?? reply.json["error"].text)
            }
        )
        keyHome = account.address == nil ? Self.keyHome : connection.base
    }

    static let errors = ErrorTable(lines: [
        ErrorLine(code: "content_policy_violation", .moderated),
        ErrorLine(code: "file_download_error", .pictureNotRead),
        ErrorLine(code: "image_too_small", .badRequest),
        ErrorLine(code: "image_too_large", .badRequest),
        ErrorLine(code: "image_load_error", .pictureNotRead),
        ErrorLine(code: "unsupported_image_format", .badRequest),
        ErrorLine(code: "file_too_large", .badRequest),
        ErrorLine(code: "feature_not_supported", .badRequest),
        ErrorLine(code: "invalid_archive", .badRequest),
        ErrorLine(code: "generation_timeout", .broke),
        ErrorLine(code: "downstream_service", .broke),
        ErrorLine(code: "internal_server_error", .broke),
        ErrorLine(code: "request_timeout", .broke),
        ErrorLine(code: "startup_timeout", .broke),
        ErrorLine(code: "runner_", .broke),
        ErrorLine(code: "internal_error", .broke),
        ErrorLine(code: "client_cancelled", .stopped),
        ErrorLine(code: "client_disconnected", .stopped),
        ErrorLine(code: "bad_request", .badRequest),
        ErrorLine(403, words: "balance", .outOfCredit),
        ErrorLine(401, .keyRefused),
        ErrorLine(403, .keyRefused),
        ErrorLine(404, .retired),
        ErrorLine(410, .retired),
        ErrorLine(422, .badRequest),
        ErrorLine(429, .rateLimited),
        ErrorLine(499, .stopped),
        ErrorLine(400, .badRequest),
    ])

    func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        var path = "/" + order.request.model.asPath
        if let callback = order.callback { path += "?fal_webhook=\(callback.inQuery)" }
        // Without this fal itself would begin a broken job again, up to ten times.
        let reply = try await connection.begin(order, path, try input(of: order), headers: ["x-fal-no-retry": "1"])
        guard let id = reply.json["request_id"].text, let status = reply.json["status_url"].text else {
            throw connection.garbled(effect: .paid)
        }
        return RemoteJob(id: id, address: status)
    }

    /// The fields of a model: each names them its own way.
    private func input(of order: SubmissionOrder) throws(ProviderError) -> JSON {
        let request = order.request
        let model = request.model
        let limit = offers.first(for: order)?.prompt
        let whole = Int64(order.seconds.rounded())
        let picture = JSON.text(try Pictures.address(of: order))
        let seed = JSON.integer(Int64(request.seed))
        let resolution = JSON.text("\(request.frame.shortSide)p")
        let words = JSON.text(Words.all(of: order, limit: limit))
        if model.contains("seedance") {
            return [
                "prompt": words, "image_url": picture, "resolution": resolution, "duration": .text("\(whole)"),
                "aspect_ratio": "auto", "generate_audio": .bool(request.sound.isOn), "seed": seed,
            ]
        }
        if model.contains("veo") {
            return [
                "prompt": words, "image_url": picture, "resolution": resolution, "duration": .text("\(whole)s"),
                "aspect_ratio": .text(request.slot.placement.rawValue), "generate_audio": .bool(request.sound.isOn),
                "seed": seed,
            ]
        }
        if model.contains("kling") {
            return [
                "prompt": .text(order.prompt), "start_image_url": picture, "duration": .text("\(whole)"),
                "generate_audio": .bool(request.sound.isOn), "negative_prompt": .text(request.avoid),
            ]
        }
        return [
            "prompt": words, "image_url": picture, "resolution": resolution, "duration": .integer(whole), "seed": seed,
        ]
    }

    /// The address by which fal would have answered: only owner and name of the application stand in it.
    func located(_ remote: RemoteJob, for request: VideoRequest) -> RemoteJob {
        guard remote.address == nil else { return remote }
        let parts = request.model.split(separator: "/").map(String.init)
        let application = parts.prefix(["workflows", "comfy"].contains(parts.first) ? 3 : 2).joined(separator: "/")
        return RemoteJob(
            id: remote.id,
            address: "\(connection.base)/\(application.asPath)/requests/\(remote.id.inPath)/status"
        )
    }

    func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        guard let address = remote.address else { throw connection.garbled() }
        let status = try await connection.look(address).json
        switch status["status"].text {
        case "IN_QUEUE": return rendering(0)
        case "IN_PROGRESS": return rendering()
        case "COMPLETED": return try await result(remote, status, order)
        default: throw connection.garbled()
        }
    }

    /// What came of a completed request: success and failure are told apart only here.
    private func result(_ remote: RemoteJob, _ status: JSON, _ order: SubmissionOrder) async throws(ProviderError)
        -> RemoteStatus
    {
        if status["error"].text != nil || status["error_type"].text != nil {
            return connection.failed(code: status["error_type"].text, message: status["error"].text)
        }
        let reply = try await connection.exchange("GET", status["response_url"].text ?? Self.response(of: remote))
        guard reply.isGood else {
            let error = connection.error(of: reply)
            // The model failed, and says whether more tries may help; or the way to its answer is blocked for now.
            if let mayHelp = reply.headers["x-fal-retryable"] {
                let (code, message) = connection.complaint(reply)
                let status = connection.failed(code: code, message: message)
                if mayHelp == "false", case .broke(let failure) = status { return .failed(failure) }
                return status
            }
            if reply.status == 401 || reply.status == 403 || reply.status == 429 || error.failure.kind == .busy {
                throw error
            }
            return error.mayHelpOnce ? .broke(error.failure) : .failed(error.failure)
        }
        guard let url = reply.json["video"]["url"].text else { throw connection.garbled() }
        return .rendered(RemoteVideo(job: remote, location: url))
    }

    private static func response(of remote: RemoteJob) -> String {
        let address = remote.address ?? ""
        return address.hasSuffix("/status") ? String(address.dropLast(7)) : address
    }

    func cancel(_ remote: RemoteJob) async {
        // What runs already may still finish, and is paid.
        _ = try? await connection.send("PUT", Self.response(of: remote) + "/cancel")
    }

    func prove() async throws(ProviderError) {
        let path = (offers.first?.model ?? "fal-ai/none").split(separator: "/").prefix(2).joined(separator: "/")
        try await connection.prove("/\(path)/requests/none/status") { !$0["detail"].isNull || !$0["status"].isNull }
    }

    func verify(_ callback: ProviderCallback, now: Date) async -> CallbackVerdict {
        var open = keys.kept(at: now)
        if open.isEmpty {
            do throws(ProviderError) {
                open = WebhookSignature.ed25519Keys(
                    try await connection.send("GET", keyHome + "/.well-known/jwks.json").json
                )
                keys.keep(open, at: now)
            } catch {
                return .forged("the keys of its signature cannot be fetched")
            }
        }
        return WebhookSignature.judgeFal(callback, keys: open, now: now)
    }
}

/// Keys that were fetched, for a day at most.
private final class KeptKeys: Sendable {
    private let kept = Mutex<(keys: [Data], at: Date)>(([], .distantPast))

    func kept(at now: Date) -> [Data] {
        kept.withLock { now.timeIntervalSince($0.at) < 86_000 ? $0.keys : [] }
    }

    func keep(_ keys: [Data], at now: Date) {
        kept.withLock { $0 = (keys, now) }
    }
}
