import Foundation
import VitrineCore

/// APIYI's launched HappyHorse contract: create in Alibaba's form below `/wan`, poll in its own form below `/v1/tasks`.
struct APIYIServer: ProviderServer {
    let name = "apiyi"
    let desk: Desk

    private static let rules = PictureRules(bytes: 10 << 20, ways: [.address])

    var routes: [Route] {
        [
            Route(.submit, "POST", "/wan/api/v1" + DashScopeServer.createPath, answer: submit),
            Route(.poll, "GET", "/v1/tasks/{}", answer: poll),
            desk.files(),
        ]
    }

    private func submit(_ call: Call, _: [String]) async throws -> Reply {
        let account = try key(of: call)
        guard call.headers["x-dashscope-async"] == "enable" else {
            throw Refusal(.field, "current user api does not support synchronous calls", field: "async")
        }
        let orders = DashScopeOrders(pictures: desk.pictures)
        let order = try await orders.order(
            from: call,
            rules: APIYIServer.rules,
            defaultResolution: "720P",
            takesExtension: true
        )
        guard !order.prompt.isEmpty else {
            throw Refusal(.field, "`input.prompt`: field required", field: "input.prompt")
        }
        let list: Int64 = order.echo["resolution"] == "1080P" ? 224_000 : 126_000
        var priced = order
        priced.price = Desk.price(list, seconds: order.seconds)
        let job = try desk.world.accept(
            priced,
            id: desk.world.uuid(),
            call: call,
            account: account,
            moderatesAtOnce: true
        )
        return .json([
            "output": ["task_id": .text(job.id), "task_status": "PENDING"], "request_id": .text(desk.world.uuid()),
        ])
    }

    private func poll(_ call: Call, _ names: [String]) async throws -> Reply {
        let now = desk.world.now
        guard let job = desk.world.job(names[0], of: name, account: try key(of: call)),
            now < job.acceptedAt.adding(.seconds(86_400))
        else { return .json(["task_id": .text(names[0]), "status": "UNKNOWN"]) }
        func state(_ status: JSON, _ progress: Int, _ more: [String: JSON] = [:]) -> Reply {
            let all: [String: JSON] = ["task_id": .text(job.id), "status": status, "progress": .integer(progress)]
            return .json(.map(all.merging(more) { $1 }))
        }
        switch job.phase(at: now) {
        case .queued: return state("submitted", 0)
        case .running(let part): return state("in_progress", part < 0.1 ? 10 : 30)
        case .succeeded: return state("completed", 100, ["result_url": .text(desk.link(to: job, call: call))])
        case .failed(let fate):
            var (code, message) = DashScopeServer.complaint(fate, of: job)
            if code == "InvalidParameter.DataInspection" { code = "InvalidImageUrl" }
            let text = JSON.text("[\(code)] \(message)")
            return state("failed", 100, ["error": ["message": text], "fail_reason": text])
        case .cancelled, .gone: return state("UNKNOWN", 0)
        }
    }

    func reply(to refusal: Refusal, call: Call) -> Reply {
        let (status, type) =
            switch refusal.kind {
            case .noKey, .keyRefused: (401, "new_api_error")
            case .outOfCredit: (429, "insufficient_user_quota")
            case .field where refusal.message.contains("input.media") && !refusal.message.contains("expected"):
                (500, "task_error")
            case .field, .picture: (400, "parse_request_failed")
            case .unknownModel: (400, "build_request_failed")
            case .notFound: (404, "task_error")
            case .moderated: (403, "task_error")
            case .rateLimited: (429, "rate_limit")
            case .trouble(let status): (status, "task_error")
            case .retired: (410, "task_error")
            case .notCancellable: (400, "task_error")
            }
        return .json(
            ["error": ["message": .text(refusal.message), "type": .text(type), "code": .text(type)]],
            status: status,
            headers: refusal.retryAfter
        )
    }
}
