package import Hummingbird
package import Logging
import ServiceLifecycle

extension Application {
    /// Listens and serves until its task is cancelled; what is not answered 5 s later is cut.
    package func serve(log: Logger) async throws {
        var configuration = ServiceGroupConfiguration(services: [self], logger: log)
        configuration.maximumGracefulShutdownDuration = .seconds(5)
        let service = ServiceGroup(configuration: configuration)
        // Race: a server that is cancelled drops the connection that it takes in just then, and NIO ends the process for that.
        let running = Task { try await service.run() }
        try await withTaskCancellationHandler {
            try await running.value
        } onCancel: {
            Task { await service.triggerGracefulShutdown() }
        }
    }
}
