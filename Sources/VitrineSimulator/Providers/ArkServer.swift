import Foundation
import VitrineCore

/// ByteDance's Seedance at `/api/v3`, as Volcengine and BytePlus serve it.
struct ArkServer: ProviderServer {
    let name = "ark"
    let desk: Desk

    var routes: [Route] {
        let tasks = "/api/v3/contents/generations/tasks"
        return [
            Route(.submit, "POST", tasks, answer: submit),
            Route(.list, "GET", tasks, answer: list),
            Route(.poll, "GET", tasks + "/{}", answer: poll),
            Route(.cancel, "DELETE", tasks + "/{}", answer: delete),
            desk.files(expiry: "X-Tos-Expires", signature: "X-Tos-Signature"),
        ]
    }

    private func submit(_ call: Call, _: [String]) async throws -> Reply {
        let account = try key(of: call)
        let order = try await ArkOrders(pictures: desk.pictures).order(from: call)
        let id = "cgt-\(ArkServer.stamp(desk.world.now))-\(desk.world.hexadecimal().suffix(5))"
        let job = try desk.world.accept(order, id: id, call: call, account: account, moderatesAtOnce: true)
        if let address = order.webhook {
            for moment in [job.acceptedAt, job.beginsAt, job.endsAt] {
                desk.bell.add(
                    Ring(provider: name, job: id, address: address, dueAt: moment) { _ in
                        Letter(
                            headers: ["content-type": "application/json"],
                            body: self.record(of: job, at: moment, call: call).bytes
                        )
                    }
                )
            }
        }
        var answer: [String: JSON] = ["id": .text(id)]
        answer["safety_identifier"] = order.echo["safety_identifier"]
        return .json(.map(answer))
    }

    private func poll(_ call: Call, _ names: [String]) async throws -> Reply {
        .json(record(of: try job(names[0], call), at: desk.world.now, call: call))
    }

    /// One call for two things: a queued job is cancelled, a finished one is destroyed, a running one stays.
    private func delete(_ call: Call, _ names: [String]) async throws -> Reply {
        let job = try job(names[0], call)
        let now = desk.world.now
        switch job.phase(at: now) {
        case .queued: desk.world.change(job) { $0.cancelledAt = now }
        case .running: throw Refusal(.notCancellable, "a running task cannot be deleted")
        case .succeeded, .failed, .cancelled, .gone: desk.world.change(job) { $0.deletedAt = now }
        }
        return .json([:])
    }

    private func list(_ call: Call, _: [String]) async throws -> Reply {
        let now = desk.world.now
        let page = max(1, Int(call.query("page_num") ?? "1") ?? 1)
        let count = min(500, max(1, Int(call.query("page_size") ?? "20") ?? 20))
        let ids = call.queries("filter.task_ids")
        let jobs = desk.world.jobs(of: name, account: try key(of: call)).filter { job in
            job.acceptedAt > now.adding(.seconds(-7 * 86_400)) && (ids.isEmpty || ids.contains(job.id))
                && call.query("filter.status").map { $0 == ArkServer.word(for: job.phase(at: now)) } ?? true
                && call.query("filter.model").map { $0 == job.order.model } ?? true
                && call.query("filter.service_tier").map { .text($0) == job.order.echo["service_tier"] } ?? true
        }
        let items = jobs.dropFirst((page - 1) * count).prefix(count).map { record(of: $0, at: now, call: call) }
        return .json(["total": .integer(jobs.count), "items": .list(Array(items))])
    }

    private func job(_ id: String, _ call: Call) throws(Refusal) -> SimulatedJob {
        guard let job = desk.world.job(id, of: name, account: try key(of: call)) else {
            throw Refusal(.notFound, "The specified task `\(id)` is not found.")
        }
        return job
    }

    private func record(of job: SimulatedJob, at now: Date, call: Call) -> JSON {
        let phase = job.phase(at: now)
        var record = job.order.echo
        record["id"] = .text(job.id)
        record["model"] = .text(job.order.model)
        record["status"] = .text(ArkServer.word(for: phase))
        record["created_at"] = .integer(Int(job.acceptedAt.milliseconds / 1000))
        record["updated_at"] = .integer(Int(min(now, job.endsAt).milliseconds / 1000))
        record["duration"] = .integer(Int(job.order.seconds))
        record["framespersecond"] = 24
        record["seed"] = .integer(job.order.seed ?? 10)
        switch phase {
        case .queued, .running, .cancelled, .gone: break
        case .succeeded:
            let link = desk.link(to: job, call: call, expiry: "X-Tos-Expires", signature: "X-Tos-Signature")
            let tokens = JSON.integer(ArkOrders.tokens(job.order))
            record["content"] = ["video_url": .text(link)]
            record["usage"] = ["completion_tokens": tokens, "total_tokens": tokens]
            record["error"] = .null
        case .failed(.moderated):
            record["error"] = [
                "code": "OutputVideoSensitiveContentDetected",
                "message": "The request failed because the output video may contain sensitive information.",
            ]
        case .failed:
            record["error"] = ["code": "InternalServiceError", "message": "The service encountered an error."]
        }
        return .map(record)
    }

    private static func word(for phase: SimulatedJob.Phase) -> String {
        switch phase {
        case .queued: "queued"
        case .running: "running"
        case .succeeded: "succeeded"
        case .failed: "failed"
        case .cancelled: "cancelled"
        case .gone: "expired"
        }
    }

    private static func stamp(_ date: Date) -> String {
        String(DashScopeServer.clock(date).filter(\.isNumber).prefix(14))
    }

    func reply(to refusal: Refusal, call: Call) -> Reply {
        let (status, code, type) =
            switch refusal.kind {
            case .noKey, .keyRefused: (401, "AuthenticationError", "Unauthorized")
            case .outOfCredit: (403, "AccountOverdueError", "Forbidden")
            case .field:
                (
                    400, refusal.message.contains("field required") ? "MissingParameter" : "InvalidParameter",
                    "BadRequest"
                )
            case .picture: (400, "InvalidImageURL.Unusable", "BadRequest")
            case .unknownModel: (404, "InvalidEndpointOrModel.NotFound", "NotFound")
            case .notFound: (404, "ResourceNotFound", "NotFound")
            case .moderated: (400, "InputTextSensitiveContentDetected", "BadRequest")
            case .rateLimited: (429, "RateLimitExceeded.EndpointRPMExceeded", "TooManyRequests")
            case .trouble(let status): (status, "InternalServiceError", "InternalServerError")
            case .retired: (404, "ModelNotOpen", "NotFound")
            case .notCancellable: (409, "InvalidAction", "Conflict")
            }
        let message = "\(refusal.message) Request id: \(desk.world.hexadecimal())"
        return .json(
            [
                "error": [
                    "code": .text(code), "message": .text(message), "param": JSON(refusal.field ?? ""),
                    "type": .text(type),
                ]
            ],
            status: status,
            headers: refusal.retryAfter
        )
    }
}
