import Hummingbird
import VitrineCore
import VitrinePipeline

/// `/v1/jobs`: what is being made, and what people do about it.
struct JobsAPI {
    let home: ServedHome

    func list(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let query = try Query(request, knows: ["run", "product", "state", "limit", "cursor"])
        var meant = JobQuery(run: try query.text("run").map { RunID($0) })
        if let name = try query.text("product") {
            meant.product = try await home.desk.product(named: name).product.id
        }
        if let state = try query.word("state", JobState.Name.self) { meant.states = [state] }
        let page = try await home.store.jobs(meant, after: try query.cursor, limit: try query.limit)
        return JSONAnswer(ListAnswer(try await home.details(of: page.items), next: page.next))
    }

    func show(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        let job = try await job(context)
        return JSONAnswer(try await home.detail(of: job, events: try await home.store.events(of: job.id)))
    }

    func cancel(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let isUnbilled = try await request.json(Cancellation.self, isOptional: true).value.unbilled
        guard isUnbilled else { return try await decide(.cancelled, context) }
        let job = try await job(context)
        return JSONAnswer(try await home.detail(of: try await home.store.release(job.id, at: home.time.now())))
    }

    func retry(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try await request.json(NoBody.self, isOptional: true)
        return try await decide(.retried, context)
    }

    func adopt(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let body = try await request.json(Adoption.self).value
        return try await decide(.adopted(RemoteJob(id: body.remote), pollAt: home.time.now()), context)
    }

    private func decide(_ event: JobEvent, _ context: ServerContext) async throws -> JSONAnswer {
        let job = try await job(context)
        return JSONAnswer(
            try await home.detail(of: try await home.store.decide(event, for: job.id, at: home.time.now()))
        )
    }

    private func job(_ context: ServerContext) async throws -> Job {
        let id = JobID(try context.path("job"))
        guard let job = try await home.store.job(id) else {
            throw RequestError(.notFound, "no job `\(id)`", hint: "see what is there with `GET /v1/jobs`")
        }
        return job
    }

    /// What a person knows of the bill of what is cancelled.
    private struct Cancellation: Decodable {
        var unbilled: Bool

        enum CodingKeys: String, CodingKey, CaseIterable { case unbilled }

        init(from decoder: any Decoder) throws {
            try StrictKeys.check(decoder, CodingKeys.allCases)
            unbilled =
                try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(Bool.self, forKey: .unbilled) ?? false
        }
    }

    /// The work that a person found at the provider.
    private struct Adoption: Decodable {
        var remote: String

        enum CodingKeys: String, CodingKey, CaseIterable { case remote }

        init(from decoder: any Decoder) throws {
            try StrictKeys.check(decoder, CodingKeys.allCases)
            remote = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .remote)
            guard (1...300).contains(remote.utf8.count) else {
                throw RequestError(.invalid, "`remote`: expected the provider's identifier")
            }
        }
    }
}
