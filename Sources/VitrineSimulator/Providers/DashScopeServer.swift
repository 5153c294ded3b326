import Foundation
import VitrineCore

/// Alibaba Cloud Bailian at `/api/v1`: create, poll, cancel, list, and the temporary store for pictures.
struct DashScopeServer: ProviderServer {
    let name = "dashscope"
    let desk: Desk

    static let createPath = "/services/aigc/video-generation/video-synthesis"

    var routes: [Route] {
        [
            Route(.submit, "POST", "/api/v1" + DashScopeServer.createPath, answer: submit),
            Route(.list, "GET", "/api/v1/tasks", answer: list),
            Route(.poll, "GET", "/api/v1/tasks/{}", answer: poll),
            Route(.cancel, "POST", "/api/v1/tasks/{}/cancel", answer: cancel),
            Route(.upload, "GET", "/api/v1/uploads", answer: policy),
            Route(.upload, "POST", "/oss", isOpen: true, answer: store),
            desk.files(),
        ]
    }

    // MARK: Jobs

    private func submit(_ call: Call, _: [String]) async throws -> Reply {
        let account = try key(of: call)
        guard call.headers["x-dashscope-async"] == "enable" else {
            throw Refusal(.keyRefused, "current user api does not support synchronous calls.", field: "async")
        }
        let orders = DashScopeOrders(pictures: desk.pictures)
        let order = try await orders.order(from: call, rules: DashScopeOrders.rules, defaultResolution: "1080P")
        let job = try desk.world.accept(order, id: desk.world.uuid(), call: call, account: account)
        return answer(["output": ["task_id": .text(job.id), "task_status": "PENDING"]])
    }

    private func poll(_ call: Call, _ names: [String]) async throws -> Reply {
        let now = desk.world.now
        guard let job = desk.world.job(names[0], of: name, account: try key(of: call)),
            now < job.acceptedAt.adding(.seconds(86_400))
        else { return answer(["output": ["task_id": .text(names[0]), "task_status": "UNKNOWN"]]) }
        var output: [String: JSON] = [
            "task_id": .text(job.id), "submit_time": .text(DashScopeServer.clock(job.acceptedAt)),
            "scheduled_time": .text(DashScopeServer.clock(job.beginsAt)),
        ]
        var more: [String: JSON] = [:]
        let phase = job.phase(at: now)
        output["task_status"] = .text(DashScopeServer.word(for: phase))
        switch phase {
        case .queued, .running, .cancelled, .gone: break
        case .succeeded:
            output["end_time"] = .text(DashScopeServer.clock(job.endsAt))
            output["orig_prompt"] = .text(job.order.prompt)
            output["video_url"] = .text(desk.link(to: job, call: call))
            let seconds = JSON.integer(Int(job.order.seconds))
            let side = Int(job.order.echo["resolution"]?.text?.dropLast() ?? "") ?? 720
            more["usage"] = [
                "duration": seconds, "input_video_duration": 0, "output_video_duration": seconds, "video_count": 1,
                "SR": .integer(side),
            ]
        case .failed(let fate):
            output["end_time"] = .text(DashScopeServer.clock(job.endsAt))
            let (code, message) = DashScopeServer.complaint(fate, of: job)
            output["code"] = .text(code)
            output["message"] = .text(message)
        }
        more["output"] = .map(output)
        return answer(.map(more))
    }

    private func cancel(_ call: Call, _ names: [String]) async throws -> Reply {
        let now = desk.world.now
        guard let job = desk.world.job(names[0], of: name, account: try key(of: call)), job.phase(at: now) == .queued
        else {
            throw Refusal(
                .notCancellable,
                "Failed to cancel the task, please confirm if the task is in PENDING status."
            )
        }
        desk.world.change(job) { $0.cancelledAt = now }
        return answer([:])
    }

    private func list(_ call: Call, _: [String]) async throws -> Reply {
        let now = desk.world.now
        let from = try moment("start_time", of: call) ?? now.adding(.seconds(-86_400))
        let until = try moment("end_time", of: call) ?? now
        guard until.timeIntervalSince(from) <= 86_400 else {
            throw Refusal(.field, "the window between start_time and end_time is at most 24 hours", field: "start_time")
        }
        let page = max(1, Int(call.query("page_no") ?? "1") ?? 1)
        let count = min(100, max(1, Int(call.query("page_size") ?? "10") ?? 10))
        let jobs = desk.world.jobs(of: name, account: try key(of: call)).filter { job in
            // The list's clock counts whole seconds.
            job.acceptedAt >= from.adding(.seconds(-1)) && job.acceptedAt <= until.adding(.seconds(1))
                && call.query("model_name").map { $0.isEmpty || $0 == job.order.model } ?? true
                && call.query("status").map { $0.isEmpty || $0 == DashScopeServer.word(for: job.phase(at: now)) }
                    ?? true
                && call.query("task_id").map { $0.isEmpty || $0 == job.id } ?? true
        }
        let rows = jobs.dropFirst((page - 1) * count).prefix(count).map { job -> JSON in
            var row: [String: JSON] = [
                "api_key_id": "1", "caller_parent_id": "1", "caller_uid": "1", "model_name": .text(job.order.model),
                "gmt_create": .integer(Int(job.acceptedAt.milliseconds)), "region": "cn-beijing",
                "request_id": .text(job.id), "start_time": .integer(Int(job.acceptedAt.milliseconds)),
                "status": .text(DashScopeServer.word(for: job.phase(at: now))), "task_id": .text(job.id),
                "user_api_unique_key": "apikey:v1:aigc:simulated",
            ]
            if !job.isUnfinished(at: now) { row["end_time"] = .integer(Int(job.endsAt.milliseconds)) }
            return .map(row)
        }
        return answer([
            "total": .integer(jobs.count), "total_page": .integer((jobs.count + count - 1) / count),
            "page_no": .integer(page), "page_size": .integer(count), "data": .list(rows),
        ])
    }

    // MARK: Uploads

    private func policy(_ call: Call, _: [String]) async throws -> Reply {
        guard call.query("action") == "getPolicy", let model = call.query("model"), !model.isEmpty else {
            throw Refusal(.field, "expected `action=getPolicy` and `model`", field: "action")
        }
        let folder = "dashscope-instant/simulated/\(desk.world.uuid())"
        let policy = Data("{\"folder\":\"\(folder)\",\"model\":\"\(model)\"}".utf8).base64EncodedString()
        return answer([
            "data": [
                "policy": .text(policy), "signature": .text(Digest(of: policy).digits(28)), "upload_dir": .text(folder),
                "upload_host": .text(call.base + "/oss"), "expire_in_seconds": 300, "max_file_size_mb": 100,
                "capacity_limit_mb": 999_999_999, "oss_access_key_id": "simulated", "x_oss_object_acl": "private",
                "x_oss_forbid_overwrite": "true",
            ]
        ])
    }

    private func store(_ call: Call, _: [String]) async throws -> Reply {
        let parts = try Multipart.parts(of: call)
        func text(_ name: String) throws(Refusal) -> String {
            guard let part = parts.first(where: { $0.name == name }) else {
                throw Refusal(.field, "the form has no `\(name)`", field: name)
            }
            return part.text
        }
        let policy = try text("policy")
        let key = try text("key")
        guard try text("OSSAccessKeyId") == "simulated", try text("Signature") == Digest(of: policy).digits(28),
            let grant = Data(base64Encoded: policy).flatMap(JSON.init), let folder = grant["folder"]?.text,
            key.hasPrefix(folder + "/"), parts.last?.name == "file", let file = parts.last
        else { throw Refusal(.field, "the form does not fit its policy", field: "policy") }
        let upload = SimulatedWorld.Upload(
            bytes: file.bytes,
            kind: file.kind ?? "",
            bond: grant["model"]?.text ?? ""
        )
        desk.world.keep(upload, as: "oss://\(key)")
        return .empty(200)
    }

    // MARK: Words

    private func answer(_ value: JSON) -> Reply {
        .json(.map((value.map ?? [:]).merging(["request_id": .text(desk.world.uuid())]) { $1 }))
    }

    private func moment(_ name: String, of call: Call) throws(Refusal) -> Date? {
        guard let text = call.query(name), !text.isEmpty else { return nil }
        guard text.count == 14, let date = DashScopeServer.date(text) else {
            throw Refusal(.field, "`\(name)`: expected YYYYMMDDhhmmss but got `\(text)`", field: name)
        }
        return date
    }

    /// Beijing's wall clock, without a zone.
    private static let beijing: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt
        return calendar
    }()

    static func clock(_ date: Date) -> String {
        let style = Date.VerbatimFormatStyle(
            format:
                "\(year: .defaultDigits)-\(month: .twoDigits)-\(day: .twoDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits).\(secondFraction: .fractional(3))",
            timeZone: beijing.timeZone,
            calendar: beijing
        )
        return date.formatted(style)
    }

    private static func date(_ digits: String) -> Date? {
        var rest = Substring(digits)
        var numbers: [Int] = []
        for count in [4, 2, 2, 2, 2, 2] {
            guard let number = Int(rest.prefix(count)) else { return nil }
            numbers.append(number)
            rest = rest.dropFirst(count)
        }
        return beijing.date(
            from: DateComponents(
                year: numbers[0],
                month: numbers[1],
                day: numbers[2],
                hour: numbers[3],
                minute: numbers[4],
                second: numbers[5]
            )
        )
    }

    static func word(for phase: SimulatedJob.Phase) -> String {
        switch phase {
        case .queued: "PENDING"
        case .running: "RUNNING"
        case .succeeded: "SUCCEEDED"
        case .failed: "FAILED"
        case .cancelled: "CANCELED"
        case .gone: "UNKNOWN"
        }
    }

    static func complaint(_ fate: SimulatedJob.Fate, of job: SimulatedJob) -> (code: String, message: String) {
        switch fate {
        case .moderated: ("DataInspectionFailed", "Output data may contain inappropriate content.")
        case .pictureRefused:
            (
                job.order.pictureTrouble?.contains("downloaded") == true
                    ? "InvalidParameter.DataInspection" : "InvalidParameter", job.order.pictureTrouble ?? ""
            )
        case .fails, .succeeds, .neverEnds, .vanishes: ("InternalError.Algo", "An internal error has occurred.")
        }
    }

    func reply(to refusal: Refusal, call: Call) -> Reply {
        let (status, code) =
            switch refusal.kind {
            case .noKey: (401, "InvalidApiKey")
            case .keyRefused: refusal.field == "async" ? (403, "AccessDenied") : (401, "InvalidApiKey")
            case .outOfCredit: (400, "Arrearage")
            case .field, .picture: (400, "InvalidParameter")
            case .unknownModel: (404, "Model.NotExist")
            case .notFound: (404, "NotFound")
            case .moderated: (400, "DataInspectionFailed")
            case .rateLimited: (429, "Throttling.RateQuota")
            case .trouble(503): (503, "ServiceUnavailable")
            case .trouble(504): (504, "RequestTimeOut")
            case .trouble(let status): (status, "InternalError")
            case .retired: (404, "Model.NotExist")
            case .notCancellable: (400, "UnsupportedOperation")
            }
        return .json(
            ["code": .text(code), "message": .text(refusal.message), "request_id": .text(desk.world.uuid())],
            status: status,
            headers: refusal.retryAfter
        )
    }
}
