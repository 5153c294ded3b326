import ArgumentParser
import Foundation
import Logging
import VitrineCore
import VitrineImaging
import VitrinePipeline
import VitrinePresets
import VitrineStorage
import VitrineTransport
import VitrineVideo

/// The composition root: the one place where live things meet.
///
/// Each is made when it is first needed, so that `--help` touches nothing.
struct Services {
    let home: Home
    let settings: Settings
    let store: any CatalogStore & JobStore
    let media: any MediaStore
    let transport: any HTTPTransport
    let pictures: BlockingPool
    let limits: ImageLimits
    let library: PresetLibrary
    let libraryDiagnostics: [Diagnostic]
    let time = TimeSource.system
    let random = RandomSource.system
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
        let library = try PresetFolder.library(adding: folder.isEmpty ? nil : folder)
        let hosts = try settings.hosts()
        let home = isDryRun ? try await Home.temporaryCopy(of: path) : try Home(at: path)
        let media = try MediaDirectory(path: home.media)
        let dressed =
            folder.isEmpty
            ? Checked(library.value) : try await FinishFiles.taken(library.value, from: folder, into: media)
        if !isDryRun { home.sweepWork(before: TimeSource.system.now().adding(.seconds(-86_400))) }
        return Services(
            home: home,
            settings: settings,
            store: try SQLStore.open(path: home.database),
            media: media,
            transport: CurlTransport(allowing: hosts),
            pictures: BlockingPool(name: "pictures", width: ProcessInfo.processInfo.activeProcessorCount),
            limits: limits,
            library: dressed.value,
            libraryDiagnostics: library.diagnostics + dressed.diagnostics,
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

    var offers: [Offer] { LocalProvider.offers }

    var maker: PlanMaker {
        PlanMaker(
            catalog: store,
            jobs: store,
            planner: Planner(library: library, offers: offers),
            time: time,
            random: random
        )
    }

    var desk: ReviewDesk {
        ReviewDesk(catalog: store, jobs: store, maker: maker, time: time, random: random)
    }

    var frames: FirstFrames { FirstFrames(media: media, pool: pictures, limits: limits) }

    func providers(tools: VideoTools, concurrency: Int) -> [any VideoProvider] {
        [
            LocalProvider(
                work: home.work,
                tools: tools,
                time: time,
                pool: BlockingPool(name: "renders", width: concurrency),
                concurrency: concurrency
            )
        ]
    }

    func workers(tools: VideoTools, concurrency: Int?) throws -> WorkerPool {
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
            log: log
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
        var log = Logger(label: "vitrine") { StreamLogHandler.standardError(label: $0) }
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
