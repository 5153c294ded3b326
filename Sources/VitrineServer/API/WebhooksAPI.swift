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
        guard let ringing = home.providers[provider],
            let job = home.secret.job(ofCallback: try context.path("token"), provider: provider)
        else {
            throw RequestError(.notFound, "nothing is at this address")
        }
        let body = Data(try await request.bytes(atMost: Self.limit).readableBytesView)
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName.lowercased()] = field.value }
        let address = (home.options.publicURL ?? "") + home.secret.callbackPath(provider: provider, job: job)
        let callback = ProviderCallback(to: address, headers: headers, body: body)
        if case .forged(let reason) = await ringing.verify(callback, now: home.time.now()) {
            context.logger.warning(
                "a callback was refused",
                metadata: ["job.id": "\(job)", "provider.id": "\(provider)", "reason": "\(reason)"]
            )
            throw RequestError(.forbidden, "the signature is not the provider's")
        }
        let isAwake = try await home.store.wake(job, at: home.time.now())
        context.logger.info(
            "a provider rang",
            metadata: ["job.id": "\(job)", "provider.id": "\(provider)", "woke": "\(isAwake)"]
        )
        return Response(status: .noContent)
    }
}
