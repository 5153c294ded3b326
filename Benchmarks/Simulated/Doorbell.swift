import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Synchronization
import VitrineCore
import VitrineSimulator
import VitrineStorage

/// Where simulated providers ring: judges as the service does, and wakes the job of whichever shop is open.
final class Doorbell: Sendable {
    private let shop = Mutex<SimulatedShop?>(nil)

    /// Opens a shop's door, and closes the one before.
    func open(_ shop: SimulatedShop?) { self.shop.withLock { $0 = shop } }

    /// Listens on a free port of 127.0.0.1 until its task is cancelled.
    func run(onReady: @escaping @Sendable (Int) async -> Void) async throws {
        let log = Logger(label: "doorbell") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await self.answer(to: request) },
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { await onReady($0.localAddress?.port ?? 0) },
            logger: log
        )
        try await application.serve(log: log)
    }

    private func answer(to request: Request) async throws -> Response {
        let parts = request.uri.path.split(separator: "/").map(String.init)
        let body = Data(try await request.body.collect(upTo: 1 << 20).readableBytesView)
        guard parts.count == 2, let shop = shop.withLock({ $0 }),
            let provider = shop.providers.first(where: { $0.id == ProviderID(parts[0]) })
        else { return Response(status: .notFound) }
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let address = "http://\(request.head.authority ?? "")\(request.uri.path)"
        let callback = ProviderCallback(to: address, headers: headers, body: body)
        if case .forged = await provider.verify(callback, now: shop.time.now()) {
            return Response(status: .forbidden)
        }
        _ = try await shop.store.wake(JobID(parts[1]), at: shop.time.now())
        return Response(status: .noContent)
    }
}
