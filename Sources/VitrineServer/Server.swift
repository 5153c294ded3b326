// VitrineServer: the HTTP API over the pipeline's verbs.
// It knows no SQL, no provider and no ffmpeg.
// `vitrine serve` makes and runs it.

import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import ServiceLifecycle
public import VitrineCore
import VitrinePipeline

/// The HTTP service of one home.
public struct Server: Sendable {
    /// How much of the service there is.
    public enum Part: Sendable {
        /// All of it.
        case whole
        /// What providers and operators of workers need: signed files, lasting links, the door for callbacks, health and metrics.
        case door
    }

    let home: ServedHome
    let access: AccessControl
    let feed: EventFeed
    let metrics: PrometheusText
    let part: Part
    let log: Logger
    let share: ProcessorShare?

    /// A service over a home; nothing listens yet.
    public init(
        home: ServedHome,
        part: Part = .whole,
        metrics: PrometheusText,
        log: Logger,
        share: ProcessorShare? = nil
    ) {
        self.share = share
        self.home = home
        self.part = part
        self.metrics = metrics
        self.log = log
        feed = EventFeed(log: home.store, time: home.time)
        access = AccessControl(
            store: home.store,
            sessions: Sessions(
                store: home.store,
                adminKey: home.options.adminKey,
                isSecure: home.options.publicURL?.hasPrefix("https://") ?? false,
                time: home.time,
                random: home.random
            ),
            time: home.time,
            limiter: RateLimiter(limit: home.options.requestsAMinute)
        )
    }

    /// Every address that the service answers: the table of contents.
    var routes: [Route] {
        let products = ProductsAPI(home: home)
        let videos = VideosAPI(home: home)
        let jobs = JobsAPI(home: home)
        let plans = PlansAPI(home: home)
        let imports = ImportsAPI(home: home)
        let presets = PresetsAPI(home: home)
        let money = MoneyAPI(home: home)
        let exports = ExportsAPI(home: home)
        let links = LinksAPI(home: home)
        let events = EventsAPI(home: home, feed: feed)
        return door + [
            .post("/v1/imports", .generate, imports.create),
            .get("/v1/imports", .read, imports.list),
            .get("/v1/imports/{import}", .read, imports.show),
            .get("/v1/imports/{import}/diagnostics", .read, imports.diagnostics),

            .get("/v1/products", .read, products.list),
            .get("/v1/products/{product}", .read, products.show),
            .post("/v1/products/{product}/videos", .generate, products.regenerate),
            .post("/v1/products/{product}/links", .generate, links.create),
            .delete("/v1/products/{product}/links", .generate, links.revoke),

            .get("/v1/videos", .read, videos.list),
            .get("/v1/videos/{video}", .read, videos.show),
            .post("/v1/videos/{video}/approve", .generate, videos.approve),
            .post("/v1/videos/{video}/reject", .generate, videos.reject),
            .post("/v1/videos/{video}/choose", .generate, videos.choose),
            .post("/v1/videos/{video}/promote", .generate, videos.promote),

            .get("/v1/jobs", .read, jobs.list),
            .get("/v1/jobs/{job}", .read, jobs.show),
            .post("/v1/jobs/{job}/cancel", .generate, jobs.cancel),
            .post("/v1/jobs/{job}/retry", .generate, jobs.retry),
            .post("/v1/jobs/{job}/adopt", .generate, jobs.adopt),

            .post("/v1/plans", .generate, plans.create),
            .get("/v1/plans/{plan}", .read, plans.show),
            .get("/v1/plans/{plan}/requests", .read, plans.rows),
            .post("/v1/plans/{plan}/apply", .generate, plans.apply),

            .get("/v1/presets", .read, presets.list),
            .get("/v1/presets/schema", .read, presets.schema),
            .post("/v1/presets/check", .read, presets.check),
            .post("/v1/presets/preview", .read, presets.preview),
            .get("/v1/presets/{preset}", .read, presets.show),
            .put("/v1/presets/{preset}", .author, presets.save),
            .delete("/v1/presets/{preset}", .author, presets.delete),
            .get("/v1/presets/{preset}/versions", .read, presets.versions),

            .get("/v1/exports/{format}", .read, exports.export),
            .get("/v1/spend", .read, money.spend),
            .get("/v1/budget", .read, money.budget),
            .put("/v1/budget", .admin, money.setBudget),
            .get("/v1/providers", .read, money.providers),

            .get("/v1/events", .read, events.stream),
            .get("/openapi.yaml", nil, APIDocument.show),
        ]
    }

    /// What a process answers that only works: nothing here takes a key but the metrics.
    private var door: [Route] {
        let webhooks = WebhooksAPI(home: home)
        let media = MediaAPI(home: home)
        let health = HealthAPI(home: home, metrics: metrics)
        return [
            .post("/v1/webhooks/{provider}/{token}", nil, webhooks.ring),

            .get("/media/{name}", nil, media.media),
            .get("/v/{token}/{name}", nil, media.lasting),

            .get("/healthz", nil, health.healthy),
            .get("/readyz", nil, health.ready),
            .get("/metrics", .read, health.scrape),
        ]
    }

    /// What answers requests, with all guards before it.
    var router: Router<ServerContext> {
        let router = Router(context: ServerContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestLog(metrics: metrics, time: home.time, random: home.random, share: share))
        router.add(middleware: ErrorResponses())
        router.add(middleware: BrowserGuard(publicHost: home.options.publicHost))
        router.add(part == .whole ? routes : door, access: access)
        if part == .whole { router.add(Studio(home: home, access: access).routes, access: access) }
        return router
    }

    /// Listens and serves until its task is cancelled; then takes no more, ends the streams, and answers what it has for as long as
    /// `ServerOptions.grace`: a download that takes longer is cut, and goes on by a range later.
    ///
    /// Throws at once when the address cannot be had. `onListening` is told the port.
    public func run(onListening: @escaping @Sendable (Int) -> Void) async throws {
        let connections = OpenConnections()
        let application = application(connections, onListening: onListening)
        let grace = home.options.grace
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [application], logger: log))
        // Race: a server that is cancelled drops the connection that it takes in just then, and NIO ends the process for that; so it is
        // told to stop, and what is left when its grace is over loses its connection.
        let running = Task { try await group.run() }
        let feed = feed
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await feed.run() }
            tasks.addTask { await home.background.run() }
            tasks.addTask {
                try await withTaskCancellationHandler {
                    try await running.value
                } onCancel: {
                    feed.stop()
                    Task {
                        await group.triggerGracefulShutdown()
                        // Nobody cancels this task: it ends with the process at the latest.
                        try? await TimeSource.system.sleep(grace)
                        connections.cut()
                    }
                }
            }
            defer { tasks.cancelAll() }
            try await tasks.next()
        }
    }

    private func application(
        _ connections: OpenConnections,
        onListening: @escaping @Sendable (Int) -> Void
    ) -> Application<RouterResponder<ServerContext>> {
        let options = home.options
        let limits = ConnectionGuard.Limits(largestBody: options.largestUpload)
        return Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionGuard(limits: limits, connections: connections)],
                    idleTimeout: .seconds(30),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16 << 10,
                        maxHeaderListSize: 32 << 10,
                        maxHeaderFieldCount: 100
                    )
                )
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port),
                availableConnectionsDelegate: .maximum(options.connections, logger: log)
            ),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? options.port) },
            logger: log
        )
    }
}
