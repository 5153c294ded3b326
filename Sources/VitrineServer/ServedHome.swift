public import Foundation
public import VitrineCore
public import VitrinePipeline

/// How the service behaves.
public struct ServerOptions: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port; 0 for any that is free.
    public var port = 8080
    /// Where others reach the service, without a slash at the end; nil while nobody else does.
    public var publicURL: String?
    /// Where days begin.
    public var timezone = TimeZone.gmt
    /// How many requests a key may send in a minute; 0 for any number.
    public var requestsAMinute = 3000
    /// How many connections are open at once; others wait.
    public var connections = 2000
    /// The largest upload in bytes.
    public var largestUpload = 2 << 30
    /// How long requests at hand may take once the service is told to stop.
    public var grace = Duration.seconds(20)
    /// The digest of the key that a file holds, if one does.
    public var adminKey: Digest?

    /// The defaults.
    public init() {}

    /// Host and port of the public address, as an `Origin` names them.
    var publicHost: String? {
        publicURL.flatMap {
            $0.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first.map(String.init)
        }
    }
}

/// One home with everything that the service does to it.
public struct ServedHome: Sendable {
    /// Catalogue, jobs, keys and the rest.
    public var store: any CatalogStore & JobStore & ServiceStore & CallbackStore
    /// Pictures and videos.
    public var media: any MediaStore
    /// Presets as they are today, and the verbs that stand on them.
    public var presets: PresetDesk
    /// Uploaded feeds.
    public var imports: ImportDesk
    /// Small pictures.
    public var thumbnails: Thumbnails
    /// Clips to look at while a preset is written.
    public var drafts: DraftClips
    /// What providers can do and what it costs.
    public var offers: [Offer]
    /// Makes exports.
    public var exporter: Exporter
    /// What must be there for work to be done.
    public var checks: [ReadinessCheck]
    /// The folder where uploads are received.
    public var work: String
    /// What signs links.
    public var secret: LinkSecret
    /// How the service behaves.
    public var options: ServerOptions
    /// Now and waiting.
    public var time: TimeSource
    /// Identifiers.
    public var random: RandomSource
    /// The providers that ring here, each of which knows its own signature.
    public var providers: [ProviderID: any VideoProvider]
    let background = BackgroundWork()
    let kept: KeptAnswers
    let files = BlockingPool(name: "uploads", width: 2)

    /// A home and what stands on it.
    public init(
        store: any CatalogStore & JobStore & ServiceStore & CallbackStore,
        media: any MediaStore,
        presets: PresetDesk,
        imports: ImportDesk,
        thumbnails: Thumbnails,
        drafts: DraftClips,
        providers: [any VideoProvider],
        offers: [Offer],
        exporter: Exporter,
        checks: [ReadinessCheck],
        work: String,
        secret: LinkSecret,
        options: ServerOptions,
        time: TimeSource,
        random: RandomSource
    ) {
        self.store = store
        kept = KeptAnswers(log: store)
        self.media = media
        self.presets = presets
        self.imports = imports
        self.thumbnails = thumbnails
        self.drafts = drafts
        self.providers = Dictionary(providers.map { ($0.id, $0) }) { first, _ in first }
        self.offers = offers
        self.exporter = exporter
        self.checks = checks
        self.work = work
        self.secret = secret
        self.options = options
        self.time = time
        self.random = random
    }
}

extension ServedHome {
    /// What makes plans today.
    func maker() async throws -> PlanMaker { try await presets.maker() }

    /// Where people decide today.
    var desk: ReviewDesk { presets.reviewDesk }

    /// Jobs as they are told, with the SKUs of their products and the reason why they are held.
    func details(of jobs: [Job]) async throws -> [JobDetail] {
        let lanes = try await store.lanes()
        var skus: [ProductID: [SKU]] = [:]
        for id in Set(jobs.map(\.slot.product)) { skus[id] = try await store.entry(id)?.product.skus }
        let now = time.now()
        return jobs.map { JobDetail($0, skus: skus[$0.slot.product] ?? [], lanes: lanes, now: now, events: nil) }
    }

    /// One job as it is told, with its history where that is given.
    func detail(of job: Job, events: [JobEventRecord]? = nil) async throws -> JobDetail {
        JobDetail(
            job,
            skus: try await store.entry(job.slot.product)?.product.skus ?? [],
            lanes: try await store.lanes(),
            now: time.now(),
            events: events
        )
    }
}
