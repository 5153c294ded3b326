import ArgumentParser
import Foundation
import Logging
import VitrineCore
import VitrineImaging
import VitrinePipeline
import VitrinePresets
import VitrineProviders
import VitrineServer
import VitrineStorage
import VitrineTransport
import VitrineVideo

/// The composition root: the one place where live things meet.
///
/// Each is made when it is first needed, so that `--help` touches nothing.
struct Services {
    let home: Home
    let settings: Settings
    let store: any CatalogStore & JobStore & ServiceStore & CallbackStore
    let media: any MediaStore
    let transport: any HTTPTransport
    let pictures: BlockingPool
    let share: ProcessorShare
    let limits: ImageLimits
    let presets: PresetDesk
    let remote: ProviderSettings
    let prices: PriceList
    let time = TimeSource.system
    let random = RandomSource.system
    let metrics = PrometheusText()
    let log: Logger
    let output: Output

    /// Opens a home, making it where it is not there.
    ///
    /// A dry run gets a copy of its database that is thrown away by `close`.
    static func open(_ global: GlobalOptions, isDryRun: Bool = false) async throws -> Services {
        let settings = Settings()
        _ = try settings.timezone()
        let path = global.home ?? settings.text(Settings.home)
        var limits = ImageLimits()
        limits.smallestSide = try settings.number(Settings.smallestSide, within: 16...4096)
        limits.pictureMemory = try settings.number(Settings.pictureMemory, within: 16...65_536) << 20
        let folder = global.presets ?? settings.text(Settings.presets)
        let files = folder.isEmpty ? Checked([]) : try PresetFolder.files(in: folder)
        let hosts = try settings.hosts()
        let remote = try ProviderSettings(settings)
        let prices = try PriceList.here(settings)
        let home = isDryRun ? try await Home.temporaryCopy(of: path) : try Home(at: path)
        let media = try MediaDirectory(path: home.media)
        if !isDryRun { home.sweepWork(before: TimeSource.system.now().adding(.seconds(-86_400))) }
        let store = try SQLStore.open(path: home.database)
        let share = ProcessorShare()
        let pictures = BlockingPool(
            name: "pictures",
            width: ProcessInfo.processInfo.activeProcessorCount,
            share: share
        )
        return Services(
            home: home,
            settings: settings,
            store: store,
            media: media,
            transport: CurlTransport(allowing: hosts),
            pictures: pictures,
            share: share,
            limits: limits,
            presets: PresetDesk(
                store: store,
                files: files,
                dressing: { library in
                    folder.isEmpty
                        ? Checked(library) : try await FinishFiles.taken(library, from: folder, into: media)
                },
                offers: offers(remote, prices),
                table: LocalProvider.offers + prices.offers,
                absent: remote.absent,
                frames: FirstFrames(media: media, pool: pictures, limits: limits),
                time: .system,
                random: .system
            ),
            remote: remote,
            prices: prices,
            log: Services.log(global),
            output: global.output
        )
    }

    /// The media that the database of a home needs.
    static func neededMedia(of home: Home) async throws -> Set<Digest> {
        try await SQLStore.open(path: home.database).neededMedia(keepingSupersededSince: Date(milliseconds: 0))
    }

    /// Drops what a dry run made.
    func close() {
        if home.discardIfTemporary() { output.say("dry run: nothing was kept") }
    }

    var importer: CatalogImporter {
        CatalogImporter(
            catalog: store,
            media: media,
            transport: transport,
            pool: pictures,
            limits: limits,
            time: time,
            work: home.work
        )
    }

    /// What can be made here: by the local renderer, and by every provider that has an account.
    var offers: [Offer] { Services.offers(remote, prices) }

    private static func offers(_ remote: ProviderSettings, _ prices: PriceList) -> [Offer] {
        LocalProvider.offers + remote.offers(of: prices)
    }

    var desk: ReviewDesk { presets.reviewDesk }

    var retention: HomeRetention { HomeRetention(store: store, time: time, log: log) }

    /// What tells the shop's own systems.
    var webhooks: WebhookSender {
        WebhookSender(
            store: store,
            bell: store.eventSignal,
            transport: transport,
            time: time,
            random: random,
            metrics: PipelineMetrics(factory: metrics),
            log: log
        )
    }

    var frames: FirstFrames { FirstFrames(media: media, pool: pictures, limits: limits) }

    func providers(tools: VideoTools, concurrency: Int) -> [any VideoProvider] {
        [localProvider(tools: tools, concurrency: concurrency)] + remoteProviders
    }

    /// The renderer of this machine, which gives way to everything else on it.
    func localProvider(tools: VideoTools, concurrency: Int) -> LocalProvider {
        LocalProvider(
            work: home.work,
            tools: tools,
            time: time,
            pool: BlockingPool(name: "renders", width: concurrency, niceness: 10, share: share),
            concurrency: concurrency
        )
    }

    /// Every provider over the network that has an account.
    var remoteProviders: [any VideoProvider] {
        let offers = offers
        return remote.accounts.compactMap { provider, account in
            Providers.provider(provider, account, offers: offers, transport: transport)
        }
    }

    func workers(tools: VideoTools, concurrency: Int?) async throws -> WorkerPool {
        let width = try concurrency ?? settings.concurrency()
        let providers = providers(tools: tools, concurrency: width)
        for case let local as LocalProvider in providers {
            local.sweep(madeBefore: time.now().adding(.seconds(-86_400)))
        }
        let runner = JobRunner(
            jobs: store,
            media: media,
            providers: providers,
            finisher: FFmpegFinisher(tools: tools, media: media, work: home.work),
            frames: frames,
            work: home.work,
            time: time,
            random: random,
            log: log,
            reach: try await publicAddresses(),
            metrics: PipelineMetrics(factory: metrics)
        )
        return WorkerPool(
            runner: runner,
            jobs: store,
            providers: providers,
            concurrency: width,
            name: WorkerProcess.name,
            time: time,
            random: random,
            log: log
        )
    }

    private static func log(_ global: GlobalOptions) -> Logger {
        let isJSON = Settings().text(Settings.log) == "json"
        var log = Logger(label: "vitrine") { label -> any LogHandler in
            if isJSON { JSONLog() } else { StreamLogHandler.standardError(label: label) }
        }
        log.logLevel = global.verbose ? .info : .error
        return log
    }
}

extension VideoTools {
    /// The programs of this machine; throws `VideoToolsProblem` with the command that mends it.
    static func here() async throws -> VideoTools {
        try await find(environment: ProcessInfo.processInfo.environment)
    }
}
