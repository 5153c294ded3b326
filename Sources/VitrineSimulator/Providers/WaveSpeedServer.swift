import Foundation
import VitrineCore

/// WaveSpeedAI at `/api/v3`.
struct WaveSpeedServer: ProviderServer {
    let name = "wavespeed"
    let desk: Desk

    var routes: [Route] {
        [
            Route(.list, "POST", "/api/v3/predictions", answer: list),
            Route(.poll, "GET", "/api/v3/predictions/{}/result", answer: poll),
            Route(.poll, "GET", "/api/v3/predictions/{}", answer: poll),
            Route(.upload, "POST", "/api/v3/media/uploads", answer: ticket),
            Route(.upload, "PUT", "/media/{}", isOpen: true, answer: store),
            Route(.download, "GET", "/media/{}", isOpen: true, answer: kept),
            Route(.other, "GET", "/api/v3/webhook/secret") { call, _ in
                _ = try key(of: call)
                return envelope(["secret": .text(desk.world.habits(of: name).secret)])
            },
            desk.files(),
            Route(.submit, "POST", "/api/v3/{*}", answer: submit),
        ]
    }

    private func submit(_ call: Call, _ names: [String]) async throws -> Reply {
        let account = try key(of: call)
        let order = try await order(call, model: names[0])
        let job = try desk.world.accept(order, id: desk.world.hexadecimal(), call: call, account: account)
        if let address = order.webhook, job.fate != .neverEnds, job.fate != .vanishes {
            let secret = desk.world.habits(of: name).secret
            let id = "wh_\(desk.world.hexadecimal())"
            desk.bell.add(
                Ring(provider: name, job: job.id, address: address, dueAt: job.endsAt) { now in
                    let body = self.prediction(of: job, at: max(now, job.endsAt), call: call).bytes
                    return Letter(headers: WebhookSeal(secret: secret).hexadecimal(body, id: id, at: now), body: body)
                }
            )
        }
        return envelope(prediction(of: job, at: desk.world.now, call: call))
    }

    private func order(_ call: Call, model: String) async throws -> ClipOrder {
        let isNewer = model == "alibaba/happyhorse-1.1/image-to-video"
        let isSeedance = model == "bytedance/seedance-2.0/image-to-video"
        guard isNewer || isSeedance || model == "alibaba/happyhorse-1.0/image-to-video" else {
            throw Refusal(.unknownModel, "model `\(model)` not found")
        }
        var fields = try call.fields()
        let address = try fields.neededText("image")
        let prompt = try fields.neededText("prompt", upTo: 2500)
        let resolutions = ["720p", "1080p"] + (isNewer || isSeedance ? ["480p"] : [])
        let resolution = try fields.choice("resolution", of: resolutions) ?? "720p"
        let seconds = try fields.integer("duration", in: (isSeedance ? 4 : 3)...15) ?? 5
        let seed = try fields.integer("seed", in: 0...2_147_483_647)
        var hasSound = true
        var ratio: String?
        if isSeedance {
            ratio = try fields.choice("aspect_ratio", of: ["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"])
            hasSound = try fields.flag("generate_audio") ?? true
            _ = try fields.text("last_image")
        }
        try fields.end()
        let prices: [String: Int64] = ["480p": 70_000, "720p": 140_000, "1080p": 280_000]
        let side = Int(resolution.dropLast()) ?? 720
        var order = ClipOrder(
            model: model,
            prompt: prompt,
            seconds: Double(seconds),
            size: PixelSize(width: 1280, height: 720),
            hasSound: hasSound,
            seed: seed,
            price: Desk.price(prices[resolution] ?? 0, seconds: Double(seconds)),
            webhook: call.query("webhook")
        )
        do throws(Refusal) {
            let rules = PictureRules(bytes: 10 << 20, ways: [.address, .upload])
            let picture = try await desk.pictures.picture(at: address, field: "image", rules: rules)
            order.pictures = [picture]
            order.size =
                isSeedance
                ? ArkOrders.size(resolution, ratio, following: picture.size)
                : Desk.size(following: picture.size, shortSide: side)
        } catch {
            if address.hasPrefix("data:") { throw error }
            order.pictureTrouble = error.message
        }
        return order
    }

    private func poll(_ call: Call, _ names: [String]) async throws -> Reply {
        let now = desk.world.now
        guard let job = desk.world.job(names[0], of: name, account: try key(of: call)),
            now < job.acceptedAt.adding(.seconds(7 * 86_400))
        else { throw Refusal(.notFound, "prediction `\(names[0])` not found") }
        return envelope(prediction(of: job, at: now, call: call))
    }

    private func list(_ call: Call, _: [String]) async throws -> Reply {
        let now = desk.world.now
        var fields = try call.fields()
        let page = try fields.integer("page", in: 1...100_000) ?? 1
        let count = try fields.integer("page_size", in: 1...100) ?? 20
        let model = try fields.text("model")
        let status = try fields.choice("status", of: ["completed", "failed", "processing", "created"])
        let after = try moment("created_after", &fields)
        let before = try moment("created_before", &fields)
        try fields.end()
        let jobs = desk.world.jobs(of: name, account: try key(of: call)).filter { job in
            job.acceptedAt > now.adding(.seconds(-7 * 86_400)) && (model.map { $0 == job.order.model } ?? true)
                && (status.map { $0 == WaveSpeedServer.word(for: job.phase(at: now)) } ?? true)
                && (after.map { job.acceptedAt >= $0 } ?? true) && (before.map { job.acceptedAt <= $0 } ?? true)
        }
        let items = jobs.dropFirst((page - 1) * count).prefix(count).map { prediction(of: $0, at: now, call: call) }
        return envelope(["page": .integer(page), "total": .integer(jobs.count), "items": .list(Array(items))])
    }

    private func moment(_ name: String, _ fields: inout Fields) throws(Refusal) -> Date? {
        guard let text = try fields.text(name) else { return nil }
        let styles = [Date.ISO8601FormatStyle(), Date.ISO8601FormatStyle(includingFractionalSeconds: true)]
        // One of two spellings of the same standard.
        guard let date = styles.lazy.compactMap({ try? $0.parse(text) }).first else {
            throw Refusal(.field, "`\(name)`: expected an ISO 8601 time but got `\(text)`", field: name)
        }
        return date
    }

    private func prediction(of job: SimulatedJob, at now: Date, call: Call) -> JSON {
        let phase = job.phase(at: now)
        var prediction: [String: JSON] = [
            "id": .text(job.id), "model": .text(job.order.model), "outputs": [], "has_nsfw_contents": [], "error": "",
            "urls": ["get": .text("\(call.base)/api/v3/predictions/\(job.id)/result")],
            "status": .text(WaveSpeedServer.word(for: phase)),
            "created_at": .text(job.acceptedAt.ISO8601Format(.iso8601.time(includingFractionalSeconds: true))),
            "timings": ["inference": 0],
        ]
        switch phase {
        case .queued, .running, .cancelled, .gone: break
        case .succeeded:
            prediction["outputs"] = [.text(desk.link(to: job, call: call))]
            prediction["timings"] = ["inference": .integer(Int(job.endsAt.timeIntervalSince(job.beginsAt) * 1000))]
        case .failed(let fate):
            let (code, message) =
                switch fate {
                case .moderated: (1200, "content flagged as potentially sensitive")
                case .pictureRefused:
                    (
                        job.order.pictureTrouble?.contains("downloaded") == true ? 1402 : 1400,
                        job.order.pictureTrouble ?? "invalid input"
                    )
                case .fails, .succeeds, .neverEnds, .vanishes: (5000, "internal error")
                }
            prediction["code"] = .integer(code)
            prediction["error"] = .text(message)
        }
        return .map(prediction)
    }

    private static func word(for phase: SimulatedJob.Phase) -> String {
        switch phase {
        case .queued: "created"
        case .running: "processing"
        case .succeeded: "completed"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .gone: "deleted"
        }
    }

    // MARK: Uploads

    private func ticket(_ call: Call, _: [String]) async throws -> Reply {
        var fields = try call.fields()
        let filename = try fields.neededText("filename", upTo: 255)
        let size = try fields.integer("size", in: 1...(200 << 20))
        let kind = try fields.neededText("content_type")
        try fields.end()
        guard let size else { throw Refusal(.field, "`size`: field required", field: "size") }
        let id = "\(desk.world.hexadecimal())-\(size)-\(filename.filter { $0.isLetter || $0.isNumber || $0 == "." })"
        let url = JSON.text("\(call.base)/media/\(id)")
        return envelope([
            "upload": ["method": "PUT", "url": url, "headers": ["Content-Type": .text(kind)]], "download_url": url,
        ])
    }

    private func store(_ call: Call, _ names: [String]) async throws -> Reply {
        let parts = names[0].split(separator: "-")
        guard parts.count >= 3, Int(parts[1]) == call.body.count else {
            throw Refusal(.field, "the upload has another size than its ticket", field: "size")
        }
        let kind = call.headers["content-type"] ?? ""
        desk.world.keep(.init(bytes: call.body, kind: kind), as: "\(call.base)/media/\(names[0])")
        return .empty(200)
    }

    private func kept(_ call: Call, _ names: [String]) async throws -> Reply {
        guard let upload = desk.world.upload(at: "\(call.base)/media/\(names[0])") else {
            throw Refusal(.notFound, "not found")
        }
        return .file(upload.bytes, kind: upload.kind, for: call)
    }

    private func envelope(_ value: JSON) -> Reply { .json(["code": 200, "message": "success", "data": value]) }

    func reply(to refusal: Refusal, call: Call) -> Reply {
        let status =
            switch refusal.kind {
            case .noKey, .keyRefused: 401
            case .outOfCredit: 402
            case .field, .picture, .moderated, .notCancellable: 400
            case .unknownModel, .notFound, .retired: 404
            case .rateLimited: 429
            case .trouble(let status): status
            }
        return .json(
            ["code": .integer(status), "message": .text(refusal.message)],
            status: status,
            headers: refusal.retryAfter
        )
    }
}
