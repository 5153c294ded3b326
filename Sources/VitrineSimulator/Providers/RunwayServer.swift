import Foundation
import VitrineCore

/// Runway at `/v1`: create, poll, delete, and uploads.
struct RunwayServer: ProviderServer {
    let name = "runway"
    let desk: Desk

    var routes: [Route] {
        [
            Route(.submit, "POST", "/v1/image_to_video", answer: submit),
            Route(.poll, "GET", "/v1/tasks/{}", answer: poll),
            Route(.cancel, "DELETE", "/v1/tasks/{}", answer: delete),
            Route(.upload, "POST", "/v1/uploads", answer: ticket),
            Route(.upload, "POST", "/uploads/{}", isOpen: true, answer: store),
            Route(.other, "GET", "/v1/organization") { call, _ in
                _ = try key(of: call)
                return .json(["creditBalance": 100_000, "tier": ["maxMonthlyCreditSpend": 100_000, "models": [:]]])
            },
            desk.files(expiry: "exp", signature: "_jwt"),
        ]
    }

    func key(of call: Call) throws(Refusal) -> String {
        guard let key = call.credential("Bearer") else { throw Refusal(.noKey, "You did not provide an API key.") }
        guard call.headers["x-runway-version"] == "2024-11-06" else {
            throw Refusal(.field, "expected the header X-Runway-Version: 2024-11-06", field: "X-Runway-Version")
        }
        return key
    }

    private func submit(_ call: Call, _: [String]) async throws -> Reply {
        let account = try key(of: call)
        let order = try await RunwayOrders(pictures: desk.pictures).order(from: call)
        let job = try desk.world.accept(order, id: desk.world.uuid(), call: call, account: account, queues: true)
        return .json(["id": .text(job.id), "estimatedCost": ["credits": credits(of: job)]])
    }

    private func poll(_ call: Call, _ names: [String]) async throws -> Reply {
        let job = try job(names[0], call)
        let now = desk.world.now
        func state(_ status: JSON, _ more: [String: JSON]) -> Reply {
            let common: [String: JSON] = [
                "id": .text(job.id),
                "createdAt": .text(job.acceptedAt.ISO8601Format(.iso8601.time(includingFractionalSeconds: true))),
                "status": status,
            ]
            return .json(.map(common.merging(more) { $1 }))
        }
        let cost: JSON = ["credits": credits(of: job)]
        switch job.phase(at: now) {
        case .queued:
            let waited = job.acceptedAt.adding(desk.world.habits(of: name).wait)
            return state(now >= waited ? "THROTTLED" : "PENDING", ["estimatedCost": cost])
        case .running(let part): return state("RUNNING", ["progress": .number(part), "estimatedCost": cost])
        case .succeeded:
            let link = desk.link(to: job, call: call, expiry: "exp", signature: "_jwt")
            return state("SUCCEEDED", ["output": [.text(link)], "cost": cost])
        case .failed(.moderated):
            let isText = desk.world.habits(of: name).blocked.contains {
                job.order.prompt.localizedCaseInsensitiveContains($0)
            }
            return state(
                "FAILED",
                [
                    "failure": "The input did not pass our moderation.", "cost": cost,
                    "failureCode": isText ? "SAFETY.INPUT.TEXT" : "SAFETY.INPUT.IMAGE",
                ]
            )
        case .failed:
            return state(
                "FAILED",
                [
                    "failure": "An unexpected error occurred.", "failureCode": "INTERNAL.BAD_OUTPUT.CODE01",
                    "cost": ["credits": 0],
                ]
            )
        case .cancelled, .gone: throw Refusal(.notFound, "Task not found.")
        }
    }

    /// One call for two things: unfinished work is cancelled, finished work is destroyed.
    private func delete(_ call: Call, _ names: [String]) async throws -> Reply {
        let job = try job(names[0], call)
        let now = desk.world.now
        let isUnfinished = job.isUnfinished(at: now)
        desk.world.change(job) { job in
            if isUnfinished { job.cancelledAt = now } else { job.deletedAt = now }
        }
        return .empty(204)
    }

    private func job(_ id: String, _ call: Call) throws(Refusal) -> SimulatedJob {
        guard let job = desk.world.job(id, of: name, account: try key(of: call)), job.cancelledAt == nil else {
            throw Refusal(.notFound, "Task not found.")
        }
        return job
    }

    private func credits(of job: SimulatedJob) -> JSON { .integer(Int(job.order.price.micros / 10_000)) }

    // MARK: Uploads

    private func ticket(_ call: Call, _: [String]) async throws -> Reply {
        var fields = try call.fields()
        let filename = try fields.neededText("filename", upTo: 255)
        guard try fields.choice("type", of: ["ephemeral"]) != nil else {
            throw Refusal(.field, "`type`: field required", field: "type")
        }
        try fields.end()
        let id = desk.world.uuid()
        return .json([
            "uploadUrl": .text("\(call.base)/uploads/\(id)"),
            "fields": ["key": .text("ephemeral/\(id)/\(filename)"), "policy": .text(Digest(of: id).digits(32))],
            "runwayUri": .text("runway://\(id)"),
        ])
    }

    private func store(_ call: Call, _ names: [String]) async throws -> Reply {
        let parts = try Multipart.parts(of: call)
        guard parts.first(where: { $0.name == "policy" })?.text == Digest(of: names[0]).digits(32),
            let file = parts.last, file.name == "file"
        else { throw Refusal(.field, "the form does not fit its policy", field: "policy") }
        desk.world.keep(.init(bytes: file.bytes, kind: file.kind ?? ""), as: "runway://\(names[0])")
        return .empty(204)
    }

    func reply(to refusal: Refusal, call: Call) -> Reply {
        let status =
            switch refusal.kind {
            case .noKey, .keyRefused: 401
            case .outOfCredit, .field, .picture, .unknownModel, .moderated: 400
            case .notFound: 404
            case .rateLimited: 429
            case .trouble(let status): status
            case .retired: 410
            case .notCancellable: 409
            }
        var body: [String: JSON] = ["error": .text(refusal.message)]
        if case .outOfCredit = refusal.kind { body["error"] = "You do not have enough credits to run this task." }
        if let field = refusal.field {
            body["error"] = "Validation of body failed"
            body["docUrl"] = "https://docs.dev.runwayml.com/api"
            body["issues"] = [
                [
                    "code": "invalid", "path": .list(field.split(separator: ".").map { .text(String($0)) }),
                    "message": .text(refusal.message),
                ]
            ]
        }
        return .json(.map(body), status: status, headers: refusal.retryAfter)
    }
}
