import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// A service of the same library that answers one address with nothing: what is asked of ours costs at least this.
enum EmptyRoute {
    static let verb = "empty-route"

    /// Listens on a free port until it is ended, and says where as `vitrine serve` does.
    static func serve() async throws {
        let router = Router()
        router.get("/") { _, _ in HTTPResponse.Status.ok }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                FileHandle.standardError.write(Data("listening on http://127.0.0.1:\(port)\n".utf8))
            },
            logger: Logger(label: "empty") { _ in SwiftLogNoOpLogHandler() }
        )
        try await application.run()
    }
}
