import ArgumentParser
import Foundation
import VitrineCore
import VitrinePipeline
import VitrineServer
import VitrineVideo

/// `vitrine serve`.
struct ServeCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the HTTP service and workers in one process until stopped.",
        discussion: """
            Without a key it listens on this machine alone. SIGTERM or Ctrl-C ends it after the steps and requests at hand.

              vitrine serve
              vitrine keys create --scope admin && vitrine serve --host 0.0.0.0

            \(ExitHelp.text)
            """
    )

    @Option(help: ArgumentHelp("The address to listen on.", valueName: "address")) var host = "127.0.0.1"
    @Option(help: ArgumentHelp("The port to listen on; 0 for any that is free.", valueName: "n")) var port = 8080
    @Flag(help: "Answer requests only; `vitrine work` makes the videos.") var noWorkers = false
    @Option(help: ArgumentHelp("How many videos are made at once.", valueName: "n")) var concurrency: Int?
    @OptionGroup(title: "General") var global: GlobalOptions

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port: expected a whole number from 0 to 65535 but got \(port)")
        }
        if let concurrency, !(1...256).contains(concurrency) {
            throw ValidationError("--concurrency: expected a whole number from 1 to 256 but got \(concurrency)")
        }
    }

    func run() async throws {
        let services = try await Services.open(global)
        var tools = try await VideoTools.here()
        tools.share = services.share
        let options = try services.serverOptions(host: host, port: port)
        try await refuseOpenDoor(services, options)
        let pool = noWorkers ? nil : try await services.workers(tools: tools, concurrency: concurrency)
        let home = try await services.served(options: options, tools: tools, pool: pool)
        let server = Server(home: home, metrics: services.metrics, log: services.log, share: services.share)
        let output = global.output
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await server.run { port in output.say("listening on http://\(host):\(port)") }
                }
                let imports = services.imports
                group.addTask { try await imports.run() }
                let retention = services.retention
                group.addTask { try await retention.run() }
                let webhooks = services.webhooks
                group.addTask { try await webhooks.run() }
                if let pool {
                    let share = services.share
                    let width = ProcessInfo.processInfo.activeProcessorCount
                    let workers = BlockingPool(name: "workers", width: width, share: share)
                    group.addTask(executorPreference: workers) { try await pool.run(until: .forever) }
                    group.addTask { try await share.run(.system) }
                }
                // Whatever ends first, by itself or by a signal, ends the others after what they have at hand.
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch is CancellationError {}
        output.say("stopped; nothing is lost")
    }

    /// A service without a key answers this machine alone: anything else would be open to everybody.
    private func refuseOpenDoor(_ services: Services, _ options: ServerOptions) async throws {
        let hasKeys = try await services.store.keys().contains { $0.revokedAt == nil } || options.adminKey != nil
        if hasKeys { return }
        guard ["127.0.0.1", "::1", "localhost"].contains(host) else {
            throw CommandFailure(
                "without a key the service listens on this machine alone, not on `\(host)`",
                hint: "make a key with `vitrine keys create --scope admin`, or name one by `VITRINE_ADMIN_KEY_FILE`"
            )
        }
        global.output.say("no key is set: only programs of this machine are answered")
    }
}
