import Foundation
import VitrineCore

/// fal's queue, its storage and its keys, which have hosts of their own in truth and one address here.
///
/// The queue takes whatever it is given; what is wrong with it shows in the result.
struct FalServer: ProviderServer {
    let name = "fal"
    let desk: Desk

    var routes: [Route] {
        [
            Route(.upload, "POST", "/storage/auth/token", answer: token),
            Route(.upload, "POST", "/storage/upload/initiate", answer: initiate),
            Route(.upload, "POST", "/files/upload", isOpen: true, answer: store),
            Route(.upload, "PUT", "/files/put/{}", isOpen: true, answer: put),
            Route(.download, "GET", "/files/kept/{}", isOpen: true, answer: kept),
            Route(.other, "GET", "/.well-known/jwks.json", isOpen: true) { _, _ in
                .json(try WebhookSeal(secret: desk.world.habits(of: name).secret).edwardsKeys)
            },
            desk.files(),
            Route(.poll, "GET", "/{}/{}/requests/{}/status", answer: status),
            Route(.cancel, "PUT", "/{}/{}/requests/{}/cancel", answer: cancel),
            Route(.result, "GET", "/{}/{}/requests/{}", answer: result),
            Route(.result, "GET", "/{}/{}/requests/{}/response", answer: result),
            Route(.submit, "POST", "/{}/{*}", answer: submit),
        ]
    }

    func key(of call: Call) throws(Refusal) -> String {
        guard let key = call.credential("Key") else {
            throw Refusal(.noKey, "Authentication is required to access this application")
        }
        return key
    }

    // MARK: Jobs

    private func submit(_ call: Call, _ names: [String]) async throws -> Reply {
        let account = try key(of: call)
        let endpoint = names[0] + "/" + names[1]
        let order = try await FalOrders(pictures: desk.pictures).order(from: call, endpoint: endpoint)
        let job = try desk.world.accept(order, id: desk.world.uuid(), call: call, account: account, queues: true)
        if let address = call.query("fal_webhook"), job.fate != .neverEnds, job.fate != .vanishes {
            ring(job, at: address, call: call)
        }
        let urls = urls(of: job, call)
        return .json([
            "status": "IN_QUEUE", "request_id": .text(job.id), "queue_position": 0, "response_url": .text(urls),
            "status_url": .text(urls + "/status"), "cancel_url": .text(urls + "/cancel"),
        ])
    }

    private func urls(of job: SimulatedJob, _ call: Call) -> String {
        let application = job.order.model.split(separator: "/").prefix(2).joined(separator: "/")
        return "\(call.base)/\(application)/requests/\(job.id)"
    }

    private func status(_ call: Call, _ names: [String]) async throws -> Reply {
        let job = try job(names, call)
        var state: [String: JSON] = ["request_id": .text(job.id), "response_url": .text(urls(of: job, call))]
        switch job.phase(at: desk.world.now) {
        case .queued:
            state["status"] = "IN_QUEUE"
            state["queue_position"] = 1
            return .json(.map(state), status: 202)
        case .running:
            state["status"] = "IN_PROGRESS"
            state["logs"] = .null
            return .json(.map(state), status: 202)
        case .succeeded: break
        case .failed(let fate):
            state["error"] = fate == .fails ? "Internal server error" : "Invalid status code: 422"
            state["error_type"] = fate == .fails ? "internal_server_error" : .text(failure(of: job, fate).type)
        case .cancelled, .gone:
            state["error"] = "Request was cancelled"
            state["error_type"] = "client_cancelled"
        }
        state["status"] = "COMPLETED"
        state["logs"] = .null
        state["metrics"] = ["inference_time": .number(job.endsAt.timeIntervalSince(job.beginsAt))]
        return .json(.map(state))
    }

    private func result(_ call: Call, _ names: [String]) async throws -> Reply {
        let job = try job(names, call)
        switch job.phase(at: desk.world.now) {
        case .queued, .running: return .json(["detail": "Request is still in progress"], status: 400)
        case .succeeded: return .json(output(of: job, call))
        case .cancelled, .gone:
            return .json(["detail": "Request was cancelled", "error_type": "client_cancelled"], status: 499)
        case .failed(let fate):
            let failure = failure(of: job, fate)
            return .json(
                failure.body,
                status: failure.status,
                headers: ["x-fal-retryable": failure.status >= 500 ? "true" : "false"]
            )
        }
    }

    private func output(of job: SimulatedJob, _ call: Call) -> JSON {
        [
            "video": [
                "url": .text(desk.link(to: job, call: call)), "content_type": "video/mp4", "file_name": "output.mp4",
            ], "seed": .integer(job.order.seed ?? 7),
        ]
    }

    private func failure(of job: SimulatedJob, _ fate: SimulatedJob.Fate) -> (status: Int, type: String, body: JSON) {
        func detail(_ type: JSON, _ message: String, _ place: String) -> JSON {
            let item: JSON = [
                "loc": ["body", .text(place)], "msg": .text(message), "type": type,
                "url": "https://docs.fal.ai/errors", "ctx": [:], "input": .null,
            ]
            return ["detail": [item]]
        }
        switch fate {
        case .moderated:
            let text = "The content could not be processed because it was flagged by a content checker."
            return (422, "content_policy_violation", detail("content_policy_violation", text, "prompt"))
        case .pictureRefused:
            let trouble = job.order.pictureTrouble ?? ""
            if let endpoint = job.order.echo["missing"]?.text {
                return (404, "not_found", ["detail": .text("Path /\(endpoint) not found")])
            }
            let field = job.order.echo["field"]?.text ?? "image_url"
            let type =
                trouble.contains("downloaded")
                ? "file_download_error" : field == "image_url" ? "image_load_error" : "value_error"
            return (422, type, detail(.text(type), trouble, field))
        case .fails, .succeeds, .neverEnds, .vanishes:
            return (500, "internal_server_error", detail("internal_server_error", "Internal server error", "body"))
        }
    }

    private func cancel(_ call: Call, _ names: [String]) async throws -> Reply {
        guard let job = desk.world.job(names[2], of: name, account: try key(of: call)) else {
            return .json(["status": "NOT_FOUND"], status: 404)
        }
        let now = desk.world.now
        switch job.phase(at: now) {
        case .queued: desk.world.change(job) { $0.cancelledAt = now }
        // What runs may finish all the same.
        case .running: break
        case .succeeded, .failed, .cancelled, .gone: return .json(["status": "ALREADY_COMPLETED"], status: 400)
        }
        return .json(["status": "CANCELLATION_REQUESTED"], status: 202)
    }

    /// A path that is not the job's own application knows no such job.
    private func job(_ names: [String], _ call: Call) throws(Refusal) -> SimulatedJob {
        guard let job = desk.world.job(names[2], of: name, account: try key(of: call)),
            job.order.model.hasPrefix("\(names[0])/\(names[1])/")
        else { throw Refusal(.notFound, "Request \(names[2]) not found") }
        return job
    }

    private func ring(_ job: SimulatedJob, at address: String, call: Call) {
        let secret = desk.world.habits(of: name).secret
        desk.bell.add(
            Ring(provider: name, job: job.id, address: address, dueAt: job.endsAt) { now in
                var body: [String: JSON] = ["request_id": .text(job.id), "gateway_request_id": .text(job.id)]
                if job.fate == .succeeds {
                    body["status"] = "OK"
                    body["payload"] = self.output(of: job, call)
                } else {
                    let failure = self.failure(of: job, job.fate)
                    body["status"] = "ERROR"
                    body["error"] = .text("Invalid status code: \(failure.status)")
                    body["payload"] = failure.body
                }
                let bytes = JSON.map(body).bytes
                let headers = try WebhookSeal(secret: secret).lines(bytes, request: job.id, at: now)
                return Letter(headers: headers, body: bytes)
            }
        )
    }

    // MARK: Storage

    private func token(_ call: Call, _: [String]) async throws -> Reply {
        guard call.query("storage_type") == "fal-cdn-v3" else {
            throw Refusal(.field, "expected `storage_type=fal-cdn-v3`", field: "storage_type")
        }
        let expiry = desk.world.now.adding(.seconds(3600))
        return .json([
            "token": .text("cdn-\(try key(of: call))"), "token_type": "Bearer", "base_url": .text(call.base),
            "expires_at": .text(expiry.ISO8601Format()),
        ])
    }

    private func store(_ call: Call, _: [String]) async throws -> Reply {
        guard call.credential("Bearer")?.hasPrefix("cdn-") == true else { throw Refusal(.noKey, "Unauthorized") }
        return .json(["access_url": .text(keep(call, id: desk.world.hexadecimal()))])
    }

    private func initiate(_ call: Call, _: [String]) async throws -> Reply {
        var fields = try call.fields()
        _ = try fields.neededText("file_name")
        _ = try fields.neededText("content_type")
        try fields.end()
        let id = desk.world.hexadecimal()
        return .json([
            "upload_url": .text("\(call.base)/files/put/\(id)"), "file_url": .text("\(call.base)/files/kept/\(id)"),
        ])
    }

    private func put(_ call: Call, _ names: [String]) async throws -> Reply {
        _ = keep(call, id: names[0])
        return .empty(200)
    }

    private func kept(_ call: Call, _ names: [String]) async throws -> Reply {
        guard let upload = desk.world.upload(at: "\(call.base)/files/kept/\(names[0])") else {
            throw Refusal(.notFound, "not found")
        }
        return .file(upload.bytes, kind: upload.kind, for: call)
    }

    private func keep(_ call: Call, id: String) -> String {
        let address = "\(call.base)/files/kept/\(id)"
        desk.world.keep(.init(bytes: call.body, kind: call.headers["content-type"] ?? ""), as: address)
        return address
    }

    func reply(to refusal: Refusal, call: Call) -> Reply {
        let (status, type): (Int, String?) =
            switch refusal.kind {
            case .noKey, .keyRefused: (401, nil)
            case .outOfCredit: (403, nil)
            case .field, .picture, .unknownModel, .notCancellable, .moderated: (400, "bad_request")
            case .notFound: (404, nil)
            case .rateLimited: (429, "rate_limited")
            case .trouble(503): (503, "runner_connection_error")
            case .trouble(504): (504, "request_timeout")
            case .trouble(let status): (status, "internal_error")
            case .retired: (404, nil)
            }
        var headers = refusal.retryAfter
        var body: [String: JSON] = ["detail": .text(refusal.message)]
        if case .outOfCredit = refusal.kind {
            body["detail"] =
                "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
        }
        if let type {
            body["error_type"] = .text(type)
            headers["x-fal-error-type"] = type
        }
        return .json(.map(body), status: status, headers: headers)
    }
}
