import Foundation
import VitrineCore

/// Veo 3.1 of the Gemini API at `/v1beta`.
struct GeminiServer: ProviderServer {
    let name = "gemini"
    let desk: Desk
    private let tokens = TokenSeal()

    init(desk: Desk) {
        self.desk = desk
    }

    /// Millionths of a dollar a second at 720p, 1080p and 4k.
    private static let prices: [String: [String: Int64]] = [
        "": ["720p": 400_000, "1080p": 400_000, "4k": 600_000],
        "fast-": ["720p": 100_000, "1080p": 120_000, "4k": 300_000],
        "lite-": ["720p": 50_000, "1080p": 80_000],
    ]

    var routes: [Route] {
        [
            Route(.submit, "POST", "/v1beta/models/{}:predictLongRunning", answer: submit),
            Route(.poll, "GET", "/v1beta/models/{}/operations/{}", answer: poll),
            Route(.download, "GET", "/v1beta/files/{}:download", answer: download),
            Route(.other, "GET", "/v1beta/models") { _, _ in
                .json(["models": .list(GeminiServer.models.map { ["name": .text("models/\($0)")] })])
            },
            Route(.other, "GET", "/.well-known/jwks.json", isOpen: true) { _, _ in .json(try tokens.keys()) },
        ]
    }

    private static let models = prices.keys.sorted().flatMap { kind in
        ["veo-3.1-\(kind)generate-preview", "veo-3.1-\(kind)generate-001"]
    }

    func key(of call: Call) throws(Refusal) -> String {
        guard let key = call.headers["x-goog-api-key"], !key.isEmpty else {
            throw Refusal(.noKey, "Method doesn't allow unregistered callers.")
        }
        return key
    }

    private func submit(_ call: Call, _ names: [String]) async throws -> Reply {
        let account = try key(of: call)
        let model = names[0]
        guard GeminiServer.models.contains(model) else {
            throw Refusal(.unknownModel, "models/\(model) is not found for API version v1beta.")
        }
        let kind = model.replacing("veo-3.1-", with: "").components(separatedBy: "generate-")[0]
        let prices = GeminiServer.prices[kind] ?? [:]
        var fields = try call.fields()
        let instances = try fields.objects("instances")
        guard instances.count == 1, var instance = instances.first else {
            throw Refusal(.field, "`instances`: expected one", field: "instances")
        }
        var parameters = try fields.object("parameters")
        var webhooks = try fields.object("webhookConfig")
        try fields.end()

        let prompt = try instance.text("prompt") ?? ""
        let first = try await picture("image", of: &instance)
        let last = try await picture("lastFrame", of: &instance)
        if last != nil, first == nil { throw Refusal(.field, "`lastFrame`: needs `image`", field: "lastFrame") }
        let references = try await references(&instance)
        try instance.end()
        guard !prompt.isEmpty || first != nil else {
            throw Refusal(.field, "`prompt`: field required", field: "prompt")
        }

        let shape = try parameters.choice("aspectRatio", of: ["16:9", "9:16"]) ?? "16:9"
        let resolution = try parameters.choice("resolution", of: prices.keys.sorted()) ?? "720p"
        let seconds = try seconds(&parameters)
        if seconds != 8, resolution != "720p" || !references.isEmpty {
            throw Refusal(
                .field,
                "`durationSeconds`: must be 8 for \(resolution) or references",
                field: "durationSeconds"
            )
        }
        _ = try parameters.text("negativePrompt")
        _ = try parameters.choice("personGeneration", of: ["allow_all", "allow_adult", "dont_allow"])
        _ = try parameters.flag("enhancePrompt")
        _ = try parameters.integer("sampleCount", in: 1...1)
        let seed = try parameters.integer("seed", in: 0...4_294_967_295)
        try parameters.end()
        let addresses = try addresses(&webhooks)

        let side = ["720p": 720, "1080p": 1080, "4k": 2160][resolution] ?? 720
        let frame = shape == "16:9" ? PixelSize(width: 16, height: 9) : PixelSize(width: 9, height: 16)
        let order = ClipOrder(
            model: model,
            prompt: prompt,
            seconds: Double(seconds),
            size: Desk.size(following: frame, shortSide: side),
            seed: seed,
            pictures: [first].compactMap(\.self) + references,
            price: Desk.price(prices[resolution] ?? 0, seconds: Double(seconds))
        )
        let job = try desk.world.accept(order, id: desk.world.hexadecimal(), call: call, account: account)
        ring(for: job, at: addresses)
        return .json(["name": .text(operation(job))])
    }

    private func seconds(_ parameters: inout Fields) throws(Refusal) -> Int {
        let value = parameters.any("durationSeconds") ?? 8
        let seconds: Int? =
            switch value {
            case .integer(let number): number
            // The REST pages write it as a string.
            case .text(let text): Int(text)
            default: nil
            }
        guard let seconds, [4, 6, 8].contains(seconds) else {
            throw Refusal(.field, "`durationSeconds`: expected 4, 6 or 8", field: "durationSeconds")
        }
        return seconds
    }

    private func picture(_ name: String, of instance: inout Fields) async throws(Refusal) -> SimulatedPicture? {
        guard instance.names.contains(name) else { return nil }
        var image = try instance.object(name)
        let text = try image.neededText("bytesBase64Encoded")
        let kind = try image.choice("mimeType", of: ["image/png", "image/jpeg", "image/webp"])
        try image.end()
        guard let bytes = Data(base64Encoded: text), kind != nil else {
            throw Refusal(.field, "`\(name)`: expected base64 and a `mimeType`", field: name)
        }
        let rules = PictureRules(bytes: 20 << 20, smallestSide: 1, aspect: 0.01...100, ways: [])
        return try await desk.pictures.judge(bytes, field: name, rules: rules)
    }

    private func references(_ instance: inout Fields) async throws(Refusal) -> [SimulatedPicture] {
        var pictures: [SimulatedPicture] = []
        for var item in try instance.objects("referenceImages") {
            _ = try item.choice("referenceType", of: ["asset"])
            if let picture = try await picture("image", of: &item) { pictures.append(picture) }
            try item.end()
        }
        guard pictures.count <= 3 else {
            throw Refusal(.field, "`referenceImages`: at most 3", field: "referenceImages")
        }
        return pictures
    }

    private func addresses(_ fields: inout Fields) throws(Refusal) -> [String] {
        let uris = fields.any("uris")?.list ?? []
        _ = fields.any("user_metadata")
        _ = fields.any("userMetadata")
        try fields.end()
        return uris.compactMap(\.text)
    }

    /// Addresses of the request are rung with a token, the project's own by Standard Webhooks.
    private func ring(for job: SimulatedJob, at addresses: [String]) {
        guard job.fate != .neverEnds, job.fate != .vanishes else { return }
        let habits = desk.world.habits(of: name)
        let id = "wh_\(desk.world.hexadecimal())"
        let event: JSON = ["type": "video.generated", "data": ["name": .text(operation(job))]]
        for address in addresses {
            desk.bell.add(
                Ring(provider: name, job: job.id, address: address, dueAt: job.endsAt) { [tokens] now in
                    let headers = try tokens.token(for: address, id: id, at: now)
                    return Letter(headers: headers, body: event.bytes)
                }
            )
        }
        if let address = habits.webhook {
            desk.bell.add(
                Ring(provider: name, job: job.id, address: address, dueAt: job.endsAt) { now in
                    let headers = WebhookSeal(secret: habits.secret).standard(event.bytes, id: id, at: now)
                    return Letter(headers: headers, body: event.bytes)
                }
            )
        }
    }

    private func operation(_ job: SimulatedJob) -> String { "models/\(job.order.model)/operations/\(job.id)" }

    private func poll(_ call: Call, _ names: [String]) async throws -> Reply {
        guard let job = desk.world.job(names[1], of: name, account: try key(of: call)), job.order.model == names[0]
        else { throw Refusal(.notFound, "Requested entity was not found.") }
        let operation = JSON.text(operation(job))
        func done(_ key: String, _ value: JSON) -> Reply {
            .json(.map(["name": operation, "done": true, key: value]))
        }
        func answer(_ value: JSON) -> Reply {
            done(
                "response",
                [
                    "@type":
                        "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse",
                    "generateVideoResponse": value,
                ]
            )
        }
        switch job.phase(at: desk.world.now) {
        case .queued, .running, .cancelled, .gone: return .json(["name": operation])
        case .succeeded:
            let isSecure = desk.world.habits(of: name).hasSecureLinks
            let base = isSecure ? call.base.replacing("http://", with: "https://") : call.base
            let uri = "\(base)/v1beta/files/\(job.id):download?alt=media"
            return answer(["generatedSamples": [["video": ["uri": .text(uri)]]]])
        case .failed(.moderated):
            return answer([
                "raiMediaFilteredCount": 1,
                "raiMediaFilteredReasons": ["The video was filtered out because it may violate usage guidelines."],
            ])
        case .failed: return done("error", ["code": 13, "message": "Internal error encountered."])
        }
    }

    private func download(_ call: Call, _ names: [String]) async throws -> Reply {
        let now = desk.world.now
        let life = min(desk.world.habits(of: name).links, .seconds(2 * 86_400))
        guard let job = desk.world.job(names[0], of: name, account: try key(of: call)),
            job.phase(at: now) == .succeeded, now < job.endsAt.adding(life), !desk.takeDeadLink(of: job)
        else { throw Refusal(.notFound, "Requested entity was not found.") }
        guard call.query("alt") == "media" else { throw Refusal(.field, "`alt`: expected media", field: "alt") }
        return try await desk.clip(of: job, for: call)
    }

    func reply(to refusal: Refusal, call: Call) -> Reply {
        let (status, word) =
            switch refusal.kind {
            case .noKey: (403, "PERMISSION_DENIED")
            case .keyRefused: (400, "INVALID_ARGUMENT")
            case .outOfCredit: (400, "FAILED_PRECONDITION")
            case .field, .picture, .moderated: (400, "INVALID_ARGUMENT")
            case .unknownModel, .notFound, .retired: (404, "NOT_FOUND")
            case .rateLimited: (429, "RESOURCE_EXHAUSTED")
            case .trouble(503): (503, "UNAVAILABLE")
            case .trouble(504): (504, "DEADLINE_EXCEEDED")
            case .trouble(let status): (status, "INTERNAL")
            case .notCancellable: (400, "FAILED_PRECONDITION")
            }
        var error: [String: JSON] = [
            "code": .integer(status), "message": .text(refusal.message), "status": .text(word),
        ]
        if case .keyRefused = refusal.kind {
            error["message"] = "API key not valid. Please pass a valid API key."
            error["details"] = [["@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"]]
        }
        if case .rateLimited(let wait?) = refusal.kind {
            let delay = JSON.text("\(max(1, Int(wait.seconds.rounded(.up))))s")
            error["details"] = [["@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay]]
        }
        return .json(["error": .map(error)], status: status)
    }
}
