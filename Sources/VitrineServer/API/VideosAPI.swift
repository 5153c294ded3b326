import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// `/v1/videos`: finished takes, and what people decide about them.
struct VideosAPI {
    let home: ServedHome

    func list(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let query = try Query(request, knows: ["product", "feed", "state", "limit", "cursor"])
        var meant = VideoQuery(feed: try query.text("feed").map { FeedName($0) })
        if let name = try query.text("product") {
            meant.product = try await home.desk.product(named: name).product.id
        }
        if let state = try query.word("state", Video.State.self) { meant.states = [state] }
        let page = try await home.store.videos(meant, after: try query.cursor, limit: try query.limit)
        return JSONAnswer(ListAnswer(page) { answer($0) })
    }

    func show(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        return JSONAnswer(answer(try await video(context)))
    }

    func approve(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        try await decide(.approve, request, context)
    }

    func reject(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let words = try await request.json(Rejection.self, isOptional: true).value
        let video = try await video(context)
        return JSONAnswer(answer(try await home.desk.decide(.reject, about: video.id, because: words.reason)))
    }

    func choose(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        try await decide(.choose, request, context)
    }

    func promote(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try await request.json(NoBody.self, isOptional: true)
        let video = try await video(context)
        let job = try await home.desk.promote(video.id)
        return JSONAnswer(try await home.detail(of: job), status: .accepted)
    }

    private func decide(
        _ decision: ReviewDecision,
        _ request: Request,
        _ context: ServerContext
    ) async throws -> JSONAnswer {
        _ = try await request.json(NoBody.self, isOptional: true)
        let video = try await video(context)
        return JSONAnswer(answer(try await home.desk.decide(decision, about: video.id)))
    }

    private func video(_ context: ServerContext) async throws -> Video {
        let id = VideoID(try context.path("video"))
        guard let video = try await home.store.video(id) else {
            throw RequestError(.notFound, "no video `\(id)`", hint: "see what is there with `GET /v1/videos`")
        }
        return video
    }

    private func answer(_ video: Video) -> VideoAnswer {
        let end = home.time.now().adding(.seconds(3600))
        let base = home.options.publicURL ?? ""
        return VideoAnswer(
            report: VideoReport(video),
            file: base + home.secret.path(to: video.clip.file, until: end),
            poster: base + home.secret.path(to: video.clip.poster, until: end)
        )
    }

    /// A video and, for an hour, where its files can be read.
    private struct VideoAnswer: Encodable {
        var report: VideoReport
        var file: String
        var poster: String

        enum CodingKeys: String, CodingKey { case file, poster }

        func encode(to encoder: any Encoder) throws {
            try report.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(file, forKey: .file)
            try container.encode(poster, forKey: .poster)
        }
    }
}

/// Why a video is not wanted.
private struct Rejection: Decodable {
    var reason: String?

    enum CodingKeys: String, CodingKey, CaseIterable { case reason }

    init(from decoder: any Decoder) throws {
        try StrictKeys.check(decoder, CodingKeys.allCases)
        reason = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .reason)
        guard reason?.utf8.count ?? 0 <= 500, !(reason?.utf8.contains(0) ?? false) else {
            throw RequestError(.invalid, "`reason`: expected a text of at most 500 bytes")
        }
    }
}

/// A body that says nothing: `{}` or none at all.
struct NoBody: Decodable {
    init(from decoder: any Decoder) throws {
        try StrictKeys.check(decoder, [])
    }
}
