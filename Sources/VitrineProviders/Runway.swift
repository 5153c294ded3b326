import Foundation
import VitrineCore

/// Runway's own models, and others that it hosts.
struct Runway: Adapter {
    static let id: ProviderID = "runway"
    static let home = "https://api.dev.runwayml.com"
    /// The longest `data:` address that it takes, in bytes.
    static let largestInline = 5_000_000

    let connection: Connection
    let offers: [Offer]
    let lane: Lane
    let look = Duration.seconds(5)

    init(_ account: ProviderAccount, offers: [Offer], transport: any HTTPTransport) {
        self.offers = offers
        lane = account.lane(Self.id, limit: 3)
        connection = account.connection(
            to: Self.id,
            at: Self.home,
            credentials: ["Authorization": "Bearer \(account.key)", "X-Runway-Version": "2024-11-06"],
            transport: transport,
            errors: Self.errors,
            complaint: { reply in
                let issues = reply.json["issues"].items.compactMap { issue in
                    issue["message"].text.map { message in
                        issue["path"].items.compactMap(\.text).joined(separator: ".") + " " + message
                    }
                }
                return (nil, ([reply.json["error"].text].compactMap(\.self) + issues).joined(separator: "; "))
            }
        )
    }

    static let errors = ErrorTable(lines: [
        ErrorLine(400, words: "credit", .outOfCredit),
        ErrorLine(402, .outOfCredit),
        ErrorLine(401, .keyRefused),
        ErrorLine(403, .keyRefused),
        ErrorLine(410, .retired),
        ErrorLine(429, .quotaSpent),
        ErrorLine(400, .badRequest),
        ErrorLine(code: "SAFETY.", .moderated),
        ErrorLine(code: "INPUT_PREPROCESSING.SAFETY", .moderated),
        ErrorLine(code: "INPUT_PREPROCESSING.INTERNAL", .broke),
        ErrorLine(code: "INTERNAL.BAD_OUTPUT", .broke),
        ErrorLine(code: "ASSET.INVALID", .pictureNotRead),
        ErrorLine(code: "THIRD_PARTY.UNAVAILABLE", .broke),
        ErrorLine(code: "INTERNAL", .broke),
    ])

    func route(for order: SubmissionOrder) -> PictureRoute {
        let size = ([order.framePath] + order.references).map { FileSize.of($0) }.max() ?? 0
        return (size + 2) / 3 * 4 + 32 > Self.largestInline ? .upload : .inline
    }

    /// Uploads the pictures for a day.
    func stage(_ order: SubmissionOrder) async throws(ProviderError) -> StagedPictures {
        var addresses: [String] = []
        for path in [order.framePath] + order.references {
            let ticket = try await connection.send(
                "POST",
                "/v1/uploads",
                ["filename": "frame.png", "type": "ephemeral"]
            ).json
            guard let url = ticket["uploadUrl"].text, let uri = ticket["runwayUri"].text,
                case .object(let fields) = ticket["fields"]
            else { throw connection.garbled() }
            var form = Multipart(boundary: "vitrine-\(order.frame.digest.short)")
            for (name, value) in fields.sorted(by: { $0.key < $1.key }) { form.add(name, value.text ?? "") }
            form.add("file", file: try Pictures.bytes(at: path), named: "frame.png", type: "image/png")
            try await connection.upload(form, to: url)
            addresses.append(uri)
        }
        return StagedPictures(addresses)
    }

    func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        let request = order.request
        let model = request.model
        let offer = offers.first(for: order)
        let hasAvoid = model.hasPrefix("veo")
        let prompt = hasAvoid ? order.prompt : Words.all(of: order, limit: offer?.prompt)
        var body: [String: JSON] = [
            "model": .text(model),
            "promptText": .text(prompt),
            "promptImage": .text(try Pictures.address(of: order)),
            "duration": .integer(Int64(order.seconds.rounded())),
        ]
        if model == "happyhorse_1_0" {
            body["resolution"] = .text("\(request.frame.shortSide)p")
        } else {
            body["ratio"] = .text(Self.ratio(model, request.slot.placement, shortSide: request.frame.shortSide))
        }
        if hasAvoid, !request.avoid.isEmpty { body["negativePrompt"] = .text(request.avoid) }
        if hasAvoid || model.hasPrefix("seedance") { body["audio"] = .bool(request.sound.isOn) }
        if model.hasPrefix("gen4") || model.hasPrefix("seedance") { body["seed"] = .integer(Int64(request.seed)) }
        let reply = try await connection.begin(order, "/v1/image_to_video", .object(body))
        guard let id = reply.json["id"].text else { throw connection.garbled(effect: .paid) }
        return RemoteJob(id: id)
    }

    /// The size by which Runway knows a shape.
    static func ratio(_ model: String, _ placement: Placement, shortSide: Int) -> String {
        let isSeedance = model.hasPrefix("seedance")
        switch placement {
        case .wide: return shortSide >= 1080 ? "1920:1080" : "1280:720"
        case .story: return shortSide >= 1080 ? "1080:1920" : "720:1280"
        case .square: return "960:960"
        case .tall: return isSeedance ? "834:1112" : "832:1104"
        case .portrait: return isSeedance ? "834:1112" : "832:1104"
        }
    }

    func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        let json = try await connection.look("/v1/tasks/\(remote.id.inPath)").json
        switch json["status"].text {
        case "PENDING", "THROTTLED": return rendering(0)
        case "RUNNING": return rendering(json["progress"].double)
        case "SUCCEEDED":
            guard let url = json["output"][0].text else { throw connection.garbled() }
            return .rendered(RemoteVideo(job: remote, location: url, cost: cost(json, order)))
        case "FAILED":
            let code = json["failureCode"].text
            // Credits of what the safety of the input refused are not given back.
            let isKept = code?.hasPrefix("SAFETY.INPUT") ?? false
            return connection.failed(code: code, message: json["failure"].text, billed: isKept ? .yes : .no)
        case "CANCELLED": return .failed(Meaning.stopped.failure(of: id, saying: nil, billed: .unknown))
        default: throw connection.garbled()
        }
    }

    private func cost(_ json: JSON, _ order: SubmissionOrder) -> Money? {
        guard let credits = json["cost"]["credits"].double, let credit = offers.first(for: order)?.metered else {
            return nil
        }
        return Money(micros: Int64((credits * Double(credit.micros)).rounded(.up)), currency: credit.currency)
    }

    /// Stops a job that is not done.
    ///
    /// The same call destroys a finished one, so its state is looked at first.
    func cancel(_ remote: RemoteJob) async {
        let path = "/v1/tasks/\(remote.id.inPath)"
        // Losing this is no harm: the job goes on, and is paid.
        guard let status = try? await connection.look(path).json["status"].text,
            ["PENDING", "THROTTLED", "RUNNING"].contains(status)
        else { return }
        // Losing this is no harm: the job is cancelled here, and what is made all the same is only not fetched.
        _ = try? await connection.send("DELETE", path)
    }

    func prove() async throws(ProviderError) { _ = try await connection.send("GET", "/v1/organization") }
}
