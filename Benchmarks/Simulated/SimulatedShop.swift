import Foundation
import Logging
import VitrineCore
import VitrinePipeline
import VitrineProviders
import VitrineStorage
import VitrineTesting
import VitrineTransport

/// A home on disk whose providers are the simulator's servers, reached as real ones are: adapters, libcurl, sockets.
struct SimulatedShop {
    /// Where the world is.
    struct Place: Sendable {
        /// The simulator's port on 127.0.0.1.
        var simulator: Int
        /// Where providers ring, if anybody listens.
        var doorbell: Int?
    }

    static let names = Providers.all

    let folder: String
    let place: Place
    let store: SQLStore
    let time: TimeSource
    let providers: [any VideoProvider]
    let runner: JobRunner

    /// A home in a folder.
    ///
    /// `wrap` puts something between the workers and what they use.
    init(
        folder: String,
        place: Place,
        time: TimeSource,
        providers names: [ProviderID] = names,
        limit: Int? = nil,
        store wrapStore: (any JobStore) -> any JobStore = { $0 },
        transport wrapTransport: (any HTTPTransport) -> any HTTPTransport = { $0 }
    ) throws {
        try FileManager.default.createDirectory(atPath: folder + "/work", withIntermediateDirectories: true)
        let frame = folder + "/frame.png"
        if !FileManager.default.fileExists(atPath: frame) {
            try SimulatedShop.picture.write(to: URL(filePath: frame))
        }
        let transport = wrapTransport(CurlTransport())
        let providers = names.compactMap { name in
            Providers.provider(
                name,
                ProviderAccount(
                    key: "simulated",
                    address: "http://127.0.0.1:\(place.simulator)/\(name)",
                    webhookSecret: "whsec_c2ltdWxhdGVkLXNlY3JldC1vZi0yNA==",
                    limit: limit
                ),
                offers: PriceList.shipped.offers,
                transport: transport
            )
        }
        self.folder = folder
        self.place = place
        self.time = time
        self.providers = providers
        store = try SQLStore.open(path: folder + "/vitrine.db", time: time)
        let base = "http://127.0.0.1:\(place.simulator)"
        let bell = place.doorbell
        runner = JobRunner(
            jobs: wrapStore(store),
            media: try MediaDirectory(path: folder + "/media"),
            providers: providers,
            finisher: ReadyMade(),
            frames: StandingFrame(path: frame),
            work: folder + "/work",
            time: time,
            random: .system,
            log: SimulatedShop.silence,
            reach: PublicAddresses(
                picture: { _ in base + "/_simulator/picture.png" },
                callback: { job, provider in
                    bell.map { "http://127.0.0.1:\($0)/\(provider)/\(job)" } ?? base + "/_simulator/nobody"
                }
            )
        )
    }

    func pool(_ jobs: (any JobStore)? = nil, concurrency: Int = 8) -> WorkerPool {
        WorkerPool(
            runner: runner,
            jobs: jobs ?? store,
            providers: providers,
            concurrency: concurrency,
            time: time,
            random: .system,
            log: SimulatedShop.silence
        )
    }

    /// Enqueues so many jobs of each provider; their numbers stand in their prompts, so that a bill names its job.
    func enqueue(each count: Int) async throws {
        for currency in Set(PriceList.shipped.offers.map(\.price.currency)) {
            try await store.setBudget(Money(micros: 1_000_000_000_000, currency: currency))
        }
        let run = Run(id: RunID(RandomSource.system.identifier("r")), plan: nil, createdAt: time.now())
        try await store.begin(run)
        var jobs: [NewJob] = []
        for provider in providers {
            for number in 0..<count {
                let (request, price) = try SimulatedShop.request(for: provider, number: number)
                jobs.append(
                    NewJob(
                        job: Job(
                            id: JobID(RandomSource.system.identifier("j")),
                            run: run.id,
                            slot: request.slot,
                            take: 1,
                            request: request,
                            preset: PresetUse(name: "simulated", version: "1"),
                            price: price,
                            providerLane: provider.lane.id,
                            createdAt: time.now()
                        )
                    )
                )
            }
        }
        for start in stride(from: 0, to: jobs.count, by: 500) {
            _ = try await store.enqueue(Array(jobs[start..<min(start + 500, jobs.count)]))
        }
    }

    /// What of a bill's prompt names the job: the same with however many spaces.
    static func mark(_ prompt: String) -> String? {
        prompt.split(separator: " ").first { $0.hasPrefix("no.") }.map(String.init)
    }

    private static func request(for provider: any VideoProvider, number: Int) throws -> (VideoRequest, Money) {
        let offers = provider.offers.filter { $0.shapes?.contains(.story) ?? true }
        guard let offer = offers.min(by: { ($0.shortSide, $0.price.micros) < ($1.shortSide, $1.price.micros) }),
            let seconds = offer.seconds.min()
        else { throw CocoaError(.featureUnsupported) }
        let request = VideoRequest(
            slot: Slot(product: ProductID("p_\(provider.id)-\(number)"), placement: .story),
            pictures: [Digest(of: "picture")],
            frame: FrameRecipe(
                placement: .story,
                shortSide: offer.shortSide,
                fit: .pad,
                background: .auto,
                productSize: 0.8
            ),
            prompt: "Mug no.\(provider.id)-\(number) turns slowly on a seamless backdrop, soft indoor light from one "
                + "side, the camera at the height of the rim, calm and even, the glaze just as it is in the picture",
            avoid: "warped handle, changing colour",
            style: .init(words: "", tag: nil, look: .studio),
            motion: .orbit,
            seconds: seconds,
            fps: offer.fps.first ?? 24,
            seed: UInt64(number + 1),
            provider: provider.id,
            model: offer.model,
            mode: offer.mode,
            tier: .draft
        )
        return (request, offer.price(seconds: seconds))
    }

    private static let picture = DrawnImages.png(DrawnImages.product(PixelSize(width: 720, height: 1280)))
    private static let silence = Logger(label: "simulated") { _ in SwiftLogNoOpLogHandler() }
}

/// One first frame for all.
private struct StandingFrame: FirstFrameSource {
    let path: String

    func firstFrame(for request: VideoRequest) async throws(JobFailure) -> (frame: FirstFrame, path: String) {
        (FirstFrame(digest: Digest(of: "frame"), size: request.size, scale: 1), path)
    }
}
