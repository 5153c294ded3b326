import Foundation
import VitrineCore

/// The Videos API of Sora 2 at `/v1/videos`, as servers that are compatible with it go on speaking it.
struct OpenAIServer: ProviderServer {
    let name = "openai"
    let desk: Desk

    private static let prices: [String: Int64] = [
        "sora-2": 100_000, "sora-2-2025-10-06": 100_000, "sora-2-2025-12-08": 100_000, "sora-2-pro": 300_000,
        "sora-2-pro-2025-10-06": 300_000,
    ]

    var routes: [Route] {
        [
            Route(.submit, "POST", "/v1/videos", answer: submit),
            Route(.list, "GET", "/v1/videos", answer: list),
            Route(.poll, "GET", "/v1/videos/{}", answer: poll),
            Route(.cancel, "DELETE", "/v1/videos/{}", answer: delete),
            Route(.download, "GET", "/v1/videos/{}/content", answer: content),
        ]
    }

    private func submit(_ call: Call, _: [String]) async throws -> Reply {
        let account = try key(of: call)
        let parts = try Multipart.parts(of: call)
        let known = ["prompt", "model", "seconds", "size", "input_reference"]
        if let other = parts.first(where: { !known.contains($0.name) }) { throw field(other.name, "unknown parameter") }
        func text(_ name: String, of choices: [String], otherwise: String) throws(Refusal) -> String {
            guard let part = parts.first(where: { $0.name == name }) else { return otherwise }
            guard choices.contains(part.text) else {
                throw field(name, "expected one of \(choices.joined(separator: ", ")) but got `\(part.text)`")
            }
            return part.text
        }
        guard let prompt = parts.first(where: { $0.name == "prompt" })?.text, !prompt.isEmpty else {
            throw field("prompt", "missing required parameter")
        }
        let model = try text("model", of: OpenAIServer.prices.keys.sorted(), otherwise: "sora-2")
        let seconds = try text("seconds", of: ["4", "8", "12"], otherwise: "4")
        let large = model.contains("pro") ? ["1024x1792", "1792x1024"] : []
        let size = try text("size", of: ["720x1280", "1280x720"] + large, otherwise: "720x1280")
        let sides = size.split(separator: "x").compactMap { Int($0) }
        var order = ClipOrder(
            model: model,
            prompt: prompt,
            seconds: Double(seconds) ?? 4,
            size: PixelSize(width: sides[0], height: sides[1]),
            price: .zero("USD")
        )
        let rate = large.contains(size) ? 500_000 : OpenAIServer.prices[model] ?? 0
        order.price = Desk.price(rate, seconds: order.seconds)
        if let file = parts.first(where: { $0.name == "input_reference" }) {
            order.pictures = [try await picture(file, size: order.size)]
        }
        let job = try desk.world.accept(
            order,
            id: "video_\(desk.world.hexadecimal())",
            call: call,
            account: account,
            moderatesAtOnce: true
        )
        ring(for: job)
        return .json(record(of: job, at: desk.world.now))
    }

    private func picture(_ file: FormPart, size: PixelSize) async throws(Refusal) -> SimulatedPicture {
        guard file.filename != nil, ["image/jpeg", "image/png", "image/webp"].contains(file.kind) else {
            throw field("input_reference", "expected a file of type image/jpeg, image/png or image/webp")
        }
        let rules = PictureRules(bytes: 50 << 20, smallestSide: 1, aspect: 0.01...100, ways: [])
        let picture = try await desk.pictures.judge(file.bytes, field: "input_reference", rules: rules)
        guard picture.size == size else {
            throw field("input_reference", "Inpaint image must match the requested width and height")
        }
        return picture
    }

    private func ring(for job: SimulatedJob) {
        let habits = desk.world.habits(of: name)
        guard let address = habits.webhook, job.fate != .neverEnds, job.fate != .vanishes else { return }
        let id = "wh_\(desk.world.hexadecimal())"
        let event: JSON = [
            "id": .text("evt_\(desk.world.hexadecimal())"), "object": "event",
            "created_at": .integer(Int(job.endsAt.milliseconds / 1000)),
            "type": job.fate == .succeeds ? "video.completed" : "video.failed", "data": ["id": .text(job.id)],
        ]
        desk.bell.add(
            Ring(provider: name, job: job.id, address: address, dueAt: job.endsAt) { now in
                let headers = WebhookSeal(secret: habits.secret).standard(event.bytes, id: id, at: now)
                return Letter(headers: headers, body: event.bytes)
            }
        )
    }

    private func poll(_ call: Call, _ names: [String]) async throws -> Reply {
        let record = record(of: try job(names[0], call), at: desk.world.now)
        guard let wait = desk.world.habits(of: name).poll else { return .json(record) }
        return .json(record, headers: ["openai-poll-after-ms": "\(wait.milliseconds)"])
    }

    private func content(_ call: Call, _ names: [String]) async throws -> Reply {
        let job = try job(names[0], call)
        let now = desk.world.now
        guard job.phase(at: now) == .succeeded else { throw Refusal(.notFound, "Video is not ready yet.") }
        guard now < expiry(of: job), !desk.takeDeadLink(of: job) else {
            throw Refusal(.notFound, "Video content has expired.")
        }
        guard ["video", nil].contains(call.query("variant")) else {
            throw field("variant", "the simulator has the video alone")
        }
        return try await desk.clip(of: job, for: call)
    }

    private func delete(_ call: Call, _ names: [String]) async throws -> Reply {
        let job = try job(names[0], call)
        let now = desk.world.now
        guard !job.isUnfinished(at: now) else {
            throw Refusal(.notCancellable, "Only completed or failed videos can be deleted.")
        }
        desk.world.change(job) { $0.deletedAt = now }
        return .json(["id": .text(job.id), "object": "video.deleted", "deleted": true])
    }

    private func list(_ call: Call, _: [String]) async throws -> Reply {
        guard let limit = Int(call.query("limit") ?? "20"), (1...100).contains(limit) else {
            throw field("limit", "expected 1 to 100")
        }
        guard ["asc", "desc", nil].contains(call.query("order")) else { throw field("order", "expected asc or desc") }
        var jobs = desk.world.jobs(of: name, account: try key(of: call))
        if call.query("order") == "asc" { jobs.reverse() }
        if let after = call.query("after") {
            jobs = Array(jobs.drop { $0.id != after }.dropFirst())
        }
        let rows = jobs.prefix(limit)
        return .json([
            "object": "list", "data": .list(rows.map { record(of: $0, at: desk.world.now) }),
            "first_id": JSON(rows.first?.id), "last_id": JSON(rows.last?.id), "has_more": .flag(jobs.count > limit),
        ])
    }

    private func job(_ id: String, _ call: Call) throws(Refusal) -> SimulatedJob {
        guard let job = desk.world.job(id, of: name, account: try key(of: call)) else {
            throw Refusal(.notFound, "Video with id '\(id)' not found.")
        }
        return job
    }

    private func expiry(of job: SimulatedJob) -> Date {
        job.endsAt.adding(min(desk.world.habits(of: name).links, .seconds(3600)))
    }

    private func record(of job: SimulatedJob, at now: Date) -> JSON {
        var status: JSON = "queued"
        var progress = 0
        var error: JSON = .null
        var completed: JSON = .null
        var expires: JSON = .null
        switch job.phase(at: now) {
        case .queued: break
        case .running(let part): (status, progress) = ("in_progress", Int(part * 100))
        case .succeeded:
            (status, progress) = ("completed", 100)
            completed = .integer(Int(job.endsAt.milliseconds / 1000))
            expires = .integer(Int(expiry(of: job).milliseconds / 1000))
        case .failed(let fate):
            status = "failed"
            let code = fate == .moderated ? "moderation_blocked" : "video_generation_failed"
            error = ["code": .text(code), "message": "Video generation failed."]
        case .cancelled, .gone: status = "failed"
        }
        return [
            "id": .text(job.id), "object": "video", "created_at": .integer(Int(job.acceptedAt.milliseconds / 1000)),
            "completed_at": completed, "expires_at": expires, "status": status, "model": .text(job.order.model),
            "progress": .integer(progress), "seconds": .text("\(Int(job.order.seconds))"),
            "size": .text("\(job.order.size.width)x\(job.order.size.height)"), "prompt": .text(job.order.prompt),
            "remixed_from_video_id": .null, "error": error,
        ]
    }

    private func field(_ name: String, _ message: String) -> Refusal {
        Refusal(.field, "Invalid value for '\(name)': \(message).", field: name)
    }

    func reply(to refusal: Refusal, call: Call) -> Reply {
        let invalid = "invalid_request_error"
        let (status, type, code) =
            switch refusal.kind {
            case .noKey, .keyRefused: (401, invalid, "invalid_api_key")
            case .outOfCredit: (429, "insufficient_quota", "insufficient_quota")
            case .field, .picture: (400, invalid, "invalid_value")
            case .unknownModel: (400, invalid, "model_not_found")
            case .notFound: (404, invalid, "not_found")
            case .moderated: (400, invalid, "moderation_blocked")
            case .rateLimited: (429, "requests", "rate_limit_exceeded")
            case .trouble(let status): (status, "server_error", "server_error")
            case .retired: (410, invalid, "api_retired")
            case .notCancellable: (400, invalid, "invalid_value")
            }
        var headers = refusal.retryAfter
        headers["x-request-id"] = "req_\(desk.world.hexadecimal())"
        if let seconds = headers["retry-after"] {
            headers["x-ratelimit-limit-requests"] = "\(desk.world.habits(of: name).submitsPerMinute ?? 60)"
            headers["x-ratelimit-remaining-requests"] = "0"
            headers["x-ratelimit-reset-requests"] = "\(seconds)s"
        }
        return .json(
            [
                "error": [
                    "message": .text(refusal.message), "type": .text(type), "param": JSON(refusal.field),
                    "code": .text(code),
                ]
            ],
            status: status,
            headers: headers
        )
    }
}
