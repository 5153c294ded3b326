import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import VitrineCore

/// `/v1/webhooks`: where providers ring.
///
/// A callback is a doorbell, not a letter: its words are never believed.
struct WebhooksAPI {
    let home: ServedHome

    private static let limit = 1 << 20

    func ring(_ request: Request, _ context: ServerContext) async throws -> Response {
        _ = try Query(request)
        let provider = ProviderID(try context.path("provider"))
        let token = try context.path("token")
        let named = home.secret.job(ofCallback: token, provider: provider)
        guard let ringing = home.providers[provider],
            named != nil || home.secret.isForAllJobs(token, provider: provider)
        else {
            throw RequestError(.notFound, "nothing is at this address")
        }
        let body = Data(try await request.bytes(atMost: Self.limit).readableBytesView)
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName.lowercased()] = field.value }
        let path =
            named.map { home.secret.callbackPath(provider: provider, job: $0) }
            ?? home.secret.callbackPath(provider: provider)
        let callback = ProviderCallback(to: (home.options.publicURL ?? "") + path, headers: headers, body: body)
        let about: Logger.Metadata = ["job.id": "\(named?.rawValue ?? "-")", "provider.id": "\(provider)"]
        var reason: String?
        switch await ringing.verify(callback, now: home.time.now()) {
        case .signed: break
        // Whoever knows one job's address wakes that job alone; only a signature speaks of any.
        case .unsigned: reason = named == nil ? "it must be signed, and no secret is set" : nil
        case .forged(let why): reason = why
        }
        if let reason {
            let metadata = about.merging(["reason": "\(reason)"]) { $1 }
            context.logger.warning("a callback was refused", metadata: metadata)
            throw RequestError(.forbidden, "the signature is not the provider's")
        }
        guard let job = try await job(named, callback, ringing) else {
            context.logger.info("a provider rang for none of our jobs", metadata: about)
            return Response(status: .noContent)
        }
        let isAwake = try await home.store.wake(job, at: home.time.now())
        context.logger.info(
            "a provider rang",
            metadata: ["job.id": "\(job)", "provider.id": "\(provider)", "woke": "\(isAwake)"]
        )
        return Response(status: .noContent)
    }

    /// The job of the address, or the one that a genuine callback names by the provider's id; providers forget theirs after a week.
    private func job(_ named: JobID?, _ callback: ProviderCallback, _ provider: any VideoProvider) async throws
        -> JobID?
    {
        if let named { return named }
        guard let remote = provider.job(ofCallback: callback) else { return nil }
        let since = home.time.now().adding(.seconds(-7 * 86_400))
        return try await home.store.job(of: remote, at: provider.id, since: since)
    }
}
