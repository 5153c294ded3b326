import Foundation
import VitrineCore

/// The contract of the launch article, at `/v1/happyhorse`.
///
/// What it leaves open is our choice: see docs/simulator.md.
struct HappyHorseServer: ProviderServer {
    let name = "happyhorse"
    let desk: Desk

    private static let rules = PictureRules(bytes: 10 << 20, ways: [.address])
    private static let shapes = [
        "16:9": PixelSize(width: 1280, height: 720), "9:16": PixelSize(width: 720, height: 1280),
        "1:1": PixelSize(width: 720, height: 720),
    ]

    var routes: [Route] {
        [
            Route(.submit, "POST", "/v1/happyhorse/generate", answer: submit),
            Route(.poll, "GET", "/v1/happyhorse/status/{}", answer: poll),
            desk.files(),
        ]
    }

    private func submit(_ call: Call, _: [String]) async throws -> Reply {
        let account = try key(of: call)
        var fields = try call.fields()
        let model = try fields.neededText("model")
        let prompt = try fields.neededText("prompt", upTo: 2500)
        let mode = try fields.choice("mode", of: ["std", "pro"]) ?? "std"
        let seconds = try fields.integer("duration", in: 3...15) ?? 5
        let hasSound = try fields.flag("with_audio") ?? false
        let address = try fields.text("image_url")
        let style = try fields.text("style", upTo: 64)
        let shape = try fields.choice("aspect_ratio", of: ["16:9", "9:16", "1:1"])
        let seed = try fields.integer("seed", in: 0...2_147_483_647)
        let webhook = try fields.text("webhook_url")
        try fields.end()
        var order = ClipOrder(
            model: model,
            prompt: prompt,
            seconds: Double(seconds),
            size: HappyHorseServer.shapes[shape ?? "16:9"] ?? PixelSize(width: 1280, height: 720),
            hasSound: hasSound,
            seed: seed,
            price: Desk.price(mode == "pro" ? 224_000 : 126_000, seconds: Double(seconds)),
            webhook: webhook,
            echo: ["style": JSON(style), "mode": .text(mode)]
        )
        if let address {
            do throws(Refusal) {
                let picture = try await desk.pictures.picture(at: address, field: "image_url", rules: Self.rules)
                order.pictures = [picture]
                order.size = Desk.size(following: picture.size, shortSide: mode == "pro" ? 1080 : 720)
            } catch {
                order.pictureTrouble = error.message
            }
        }
        let job = try desk.world.accept(order, id: "hh-\(desk.world.hexadecimal())", call: call, account: account)
        if let webhook {
            desk.bell.add(
                Ring(provider: name, job: job.id, address: webhook, dueAt: job.endsAt) { now in
                    Letter(
                        headers: ["content-type": "application/json"],
                        body: self.state(of: job, at: now, call: call).bytes
                    )
                }
            )
        }
        return .json(["task_id": .text(job.id), "status": "queued"])
    }

    private func poll(_ call: Call, _ names: [String]) async throws -> Reply {
        guard let job = desk.world.job(names[0], of: name, account: try key(of: call)) else {
            throw Refusal(.notFound, "task `\(names[0])` not found")
        }
        return .json(state(of: job, at: desk.world.now, call: call))
    }

    private func state(of job: SimulatedJob, at now: Date, call: Call) -> JSON {
        func state(_ status: JSON, _ more: [String: JSON] = [:]) -> JSON {
            .map(["task_id": .text(job.id), "status": status].merging(more) { $1 })
        }
        return switch job.phase(at: now) {
        case .queued: state("queued")
        case .running(let part): state("processing", ["progress": .integer(Int(part * 100))])
        case .succeeded: state("succeeded", ["output": ["video_url": .text(desk.link(to: job, call: call))]])
        case .failed(.moderated):
            state("failed", ["error": ["code": "content_moderated", "message": "content was refused by moderation"]])
        case .failed(.pictureRefused):
            state(
                "failed",
                ["error": ["code": "invalid_image", "message": .text(job.order.pictureTrouble ?? "invalid image")]]
            )
        case .failed: state("failed", ["error": ["code": "internal_error", "message": "generation failed"]])
        case .cancelled, .gone: state("failed", ["error": ["code": "cancelled", "message": "cancelled"]])
        }
    }

    func reply(to refusal: Refusal, call: Call) -> Reply {
        let (status, code) =
            switch refusal.kind {
            case .noKey, .keyRefused: (401, "invalid_api_key")
            case .outOfCredit: (402, "insufficient_balance")
            case .field, .picture: (400, "invalid_request")
            case .unknownModel: (400, "invalid_model")
            case .notFound: (404, "not_found")
            case .moderated: (400, "content_moderated")
            case .rateLimited: (429, "rate_limit_exceeded")
            case .trouble(let status): (status, "internal_error")
            case .retired: (410, "retired")
            case .notCancellable: (409, "not_cancellable")
            }
        return .json(
            ["error": ["code": .text(code), "message": .text(refusal.message), "type": "error"]],
            status: status,
            headers: refusal.retryAfter
        )
    }
}
