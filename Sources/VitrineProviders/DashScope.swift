import Foundation
import VitrineCore

/// HappyHorse and Wan at Alibaba Cloud Bailian, natively.
struct DashScope: Adapter {
    static let id: ProviderID = "dashscope"
    static let home = "https://dashscope-intl.aliyuncs.com"
    /// An inline picture larger than this is uploaded first: requests have a limit of their own.
    static let largestInline = 6 << 20

    let connection: Connection
    let offers: [Offer]
    let lane: Lane
    let look = Duration.seconds(15)

    init(_ account: ProviderAccount, offers: [Offer], transport: any HTTPTransport) {
        self.offers = offers
        lane = account.lane(Self.id, limit: 5)
        connection = account.connection(
            to: Self.id,
            at: Self.home,
            credentials: ["Authorization": "Bearer \(account.key)"],
            transport: transport,
            errors: Self.errors,
            complaint: { ($0.json["code"].text, $0.json["message"].text) }
        )
    }

    static let errors = ErrorTable(lines: [
        ErrorLine(code: "InvalidApiKey", .keyRefused),
        ErrorLine(code: "AccessDenied", .keyRefused),
        ErrorLine(code: "Workspace.AccessDenied", .keyRefused),
        ErrorLine(code: "Model.AccessDenied", .keyRefused),
        ErrorLine(code: "Arrearage", .outOfCredit),
        ErrorLine(code: "InvalidParameter.DataInspection", .pictureNotRead),
        ErrorLine(code: "InvalidParameter", .badRequest),
        ErrorLine(code: "InvalidURL", .pictureNotRead),
        ErrorLine(code: "InvalidImage", .pictureNotRead),
        ErrorLine(code: "Model.NotExist", .retired),
        ErrorLine(code: "ModelNotFound", .retired),
        ErrorLine(code: "DataInspectionFailed", .moderated),
        ErrorLine(code: "IPInfringementSuspect", .moderated),
        ErrorLine(code: "Throttling.AllocationQuota", .quotaSpent),
        ErrorLine(code: "Throttling", .rateLimited),
        ErrorLine(500, code: "InternalError", .busy),
        ErrorLine(code: "InternalError", .broke),
        ErrorLine(503, code: "ServiceUnavailable", .busy),
        ErrorLine(code: "GatewayTimeout", .unknown),
        ErrorLine(code: "RequestTimeOut", .unknown),
        ErrorLine(400, words: "model not exist", .retired),
        ErrorLine(code: "UnsupportedOperation", .badRequest),
    ])

    func route(for order: SubmissionOrder) -> PictureRoute {
        let size = ([order.framePath] + order.references).reduce(0) { $0 + FileSize.of($1) }
        return size * 4 / 3 > Self.largestInline ? .upload : .inline
    }

    /// Puts the pictures into the account's temporary store, where they stay for 48 hours.
    func stage(_ order: SubmissionOrder) async throws(ProviderError) -> StagedPictures {
        let query = "action=getPolicy&model=\(model(for: order).inQuery)"
        let policy = try await connection.send("GET", "/api/v1/uploads?\(query)").json["data"]
        guard let host = policy["upload_host"].text, let folder = policy["upload_dir"].text else {
            throw connection.garbled()
        }
        var addresses: [String] = []
        for (number, path) in ([order.framePath] + order.references).enumerated() {
            let key = "\(folder)/\(order.frame.digest.short)-\(number).png"
            var form = Multipart(boundary: "vitrine-\(order.frame.digest.short)")
            form.add("OSSAccessKeyId", policy["oss_access_key_id"].text ?? "")
            form.add("Signature", policy["signature"].text ?? "")
            form.add("policy", policy["policy"].text ?? "")
            form.add("key", key)
            form.add("x-oss-object-acl", policy["x_oss_object_acl"].text ?? "private")
            form.add("x-oss-forbid-overwrite", policy["x_oss_forbid_overwrite"].text ?? "true")
            form.add("success_action_status", "200")
            form.add("file", file: try Pictures.bytes(at: path), named: "\(number).png", type: "image/png")
            try await connection.upload(form, to: host)
            addresses.append("oss://\(key)")
        }
        return StagedPictures(addresses)
    }

    func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        var headers = ["X-DashScope-Async": "enable"]
        if order.addresses.contains(where: { $0.hasPrefix("oss://") }) {
            headers["X-DashScope-OssResourceResolve"] = "enable"
        }
        let reply = try await connection.begin(
            order,
            "/api/v1/services/aigc/video-generation/video-synthesis",
            try body(of: order),
            headers: headers
        )
        if reply.json["code"].text != nil { throw connection.error(of: reply, effect: .paid) }
        guard let id = reply.json["output"]["task_id"].text else { throw connection.garbled(effect: .paid) }
        return RemoteJob(id: id)
    }

    private func body(of order: SubmissionOrder) throws(ProviderError) -> JSON {
        let request = order.request
        let isHappyHorse = request.model.hasPrefix("happyhorse")
        let isWan3 = request.model.hasPrefix("wan3")
        var input: [String: JSON] = ["prompt": .text(prompt(of: order))]
        var parameters: [String: JSON] = [
            "resolution": .text("\(request.frame.shortSide)P"),
            "duration": .integer(Int64(order.seconds.rounded())),
            "watermark": false,
            "seed": .integer(Int64(request.seed)),
        ]
        if order.beginning == .text {
            parameters["ratio"] = .text(request.slot.placement.rawValue)
        } else if order.references.isEmpty {
            input["media"] = [["type": "first_frame", "url": .text(try Pictures.address(of: order))]]
            if isWan3 { parameters["ratio"] = "adaptive" }
        } else {
            let addresses = try Pictures.addresses(of: order)
            input["media"] = .list(addresses.map { ["type": "reference_image", "url": .text($0)] })
            parameters["ratio"] = .text(request.slot.placement.rawValue)
        }
        if !isHappyHorse {
            parameters["prompt_extend"] = false
            if !isWan3, !request.avoid.isEmpty { input["negative_prompt"] = .text(String(request.avoid.prefix(500))) }
        }
        if isWan3 { parameters["audio"] = .bool(request.sound.isOn) }
        return ["model": .text(model(for: order)), "input": .object(input), "parameters": .object(parameters)]
    }

    /// Words alone and references are models of their own beside HappyHorse's and Wan 2.7's `-i2v`.
    private func model(for order: SubmissionOrder) -> String {
        let model = order.request.model
        if order.beginning == .text { return model.replacing("-i2v", with: "-t2v") }
        return order.references.isEmpty ? model : model.replacing("-i2v", with: "-r2v")
    }

    private func prompt(of order: SubmissionOrder) -> String {
        let limit = offers.first(for: order)?.prompt
        let hasField = order.request.model.hasPrefix("wan2")
        let words = hasField ? order.prompt : Words.all(of: order, limit: limit)
        return Words.marked(words, by: order.key, limit: limit) ?? words
    }

    func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        let json = try await connection.look("/api/v1/tasks/\(remote.id.inPath)").json
        let output = json["output"]
        switch output["task_status"].text {
        case "PENDING", "SUSPENDED": return rendering(0)
        case "RUNNING": return rendering()
        case "SUCCEEDED":
            guard let url = output["video_url"].text ?? output["results"]["video_url"].text else {
                throw connection.garbled()
            }
            let seconds = json["usage"]["output_video_duration"].double ?? json["usage"]["duration"].double
            let cost = seconds.flatMap { offers.first(for: order)?.price(seconds: $0) }
            return .rendered(RemoteVideo(job: remote, location: url, cost: cost))
        case "FAILED":
            return connection.failed(code: output["code"].text, message: output["message"].text)
        case "CANCELED": return .failed(Meaning.stopped.failure(of: id, saying: nil))
        case "UNKNOWN": return .failed(Meaning.vanished.failure(of: id, saying: nil, billed: .unknown))
        default: throw connection.garbled()
        }
    }

    /// Looks through the account's tasks of those minutes for one whose prompt is spaced as ours was.
    func find(_ order: SubmissionOrder, _ search: LostSubmission) async throws(ProviderError) -> RemoteJob? {
        let prompt = prompt(of: order)
        guard Words.marked(prompt.singleSpaced, by: order.key, limit: nil) == prompt else { return nil }
        let from = Self.beijing(search.begunAt.adding(.seconds(-60)))
        let to = Self.beijing(search.begunAt.adding(.seconds(900)))
        var page = 1
        while page <= 20 {
            let query =
                "start_time=\(from)&end_time=\(to)&model_name=\(model(for: order).inQuery)&page_no=\(page)&page_size=50"
            let json = try await connection.send("GET", "/api/v1/tasks/?\(query)").json
            for row in json["data"].items {
                guard let id = row["task_id"].text, !search.known.contains(id) else { continue }
                let task = try await connection.send("GET", "/api/v1/tasks/\(id.inPath)").json
                if task["output"]["orig_prompt"].text == prompt { return RemoteJob(id: id) }
            }
            guard Double(page) < json["total_page"].double ?? 1 else { return nil }
            page += 1
        }
        return nil
    }

    func cancel(_ remote: RemoteJob) async {
        // Only waiting tasks can be stopped; a refusal says that it is too late.
        _ = try? await connection.send("POST", "/api/v1/tasks/\(remote.id.inPath)/cancel")
    }

    func prove() async throws(ProviderError) {
        _ = try await connection.send("GET", "/api/v1/tasks/?page_no=1&page_size=1")
    }

    /// A moment as Alibaba writes it: `YYYYMMDDhhmmss` on Beijing's clocks.
    private static func beijing(_ date: Date) -> String {
        let zone = TimeZone(secondsFromGMT: 8 * 3600) ?? .gmt
        let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted, timeZone: zone)
            .year().month().day().time(includingFractionalSeconds: false)
        return date.formatted(style).filter(\.isNumber)
    }
}
