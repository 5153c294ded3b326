import Foundation
public import Logging
public import VitrineCore
import VitrineFeeds

/// A feed that was received whole, with its pictures, on the disk of the home.
public struct UploadedFeed: Sendable {
    /// The folder that holds the file `feed` and, where pictures came with it, the folder `pictures`; it is taken over.
    public var folder: String
    /// The name that its sender gave to the file: it is shown, and never a path.
    public var file: String
    /// The digest of the feed's bytes.
    public var digest: Digest
    /// How many bytes the feed has.
    public var bytes: Int64
    /// The feed's name; the stem of its file when nil.
    public var feed: FeedName?
    /// How it is to be read.
    public var reading: Reading

    /// How an uploaded feed is to be read; kept as JSON until that is done.
    public struct Reading: Hashable, Sendable, Codable {
        /// The format by name; found by content when nil.
        public var format: String?
        /// The text of a column map.
        public var map: String?
        /// Whether drafts are taken.
        public var includesDrafts = false
        /// Whether pictures are left for later.
        public var skipsImages = false

        /// By the defaults.
        public init() {}
    }

    /// A feed in a folder of its own.
    public init(folder: String, file: String, digest: Digest, bytes: Int64, feed: FeedName?, reading: Reading) {
        self.folder = folder
        self.file = file
        self.digest = digest
        self.bytes = bytes
        self.feed = feed
        self.reading = reading
    }
}

/// Uploaded feeds, imported one after another: none is lost, and one that a dead process left is begun again.
public struct ImportDesk: Sendable {
    let store: any CatalogStore & ImportStore & EventLog
    let importer: CatalogImporter
    let work: String
    let name: WorkerName
    let time: TimeSource
    let random: RandomSource
    let log: Logger

    private static let lease = Duration.seconds(120)

    /// A desk that keeps uploads in the folder `work`.
    public init(
        store: any CatalogStore & ImportStore & EventLog,
        importer: CatalogImporter,
        work: String,
        name: WorkerName = .unknown,
        time: TimeSource,
        random: RandomSource,
        log: Logger
    ) {
        self.store = store
        self.importer = importer
        self.work = work
        self.name = name
        self.time = time
        self.random = random
        self.log = log
    }

    /// Accepts a feed: once this returns it will be imported, whatever happens to this process.
    public func accept(_ upload: UploadedFeed) async throws -> ImportRequest {
        let request = ImportRequest(
            id: ImportID(random.identifier("i")),
            feed: upload.feed ?? FeedName(FeedOrigin.path(upload.file).stem),
            file: upload.file,
            digest: upload.digest,
            bytes: upload.bytes,
            options: StoredJSON.text(upload.reading),
            createdAt: time.now()
        )
        do {
            try FileManager.default.moveItem(atPath: upload.folder, toPath: folder(of: request.id))
        } catch {
            throw StoreError(.io, "the upload cannot be kept")
        }
        try await store.add(request)
        return request
    }

    /// Imports what waits, until cancelled.
    public func run() async throws {
        while !Task.isCancelled {
            let rings = store.eventSignal.rings
            try await takeUpFromTheDead()
            if try await importNext() { continue }
            await waitForNews(beyond: rings)
        }
    }

    /// Imports the oldest feed that waits; gives back whether there was one.
    @discardableResult
    public func importNext() async throws -> Bool {
        let token = random.identifier(name.name)
        let now = time.now()
        guard
            let request = try await store.claimImport(token: token, until: now.adding(Self.lease), at: now)
        else { return false }
        let ended = await imported(request, token: token)
        guard let ended else {
            // Stopped half-way: whoever comes next begins it again.
            try await store.releaseImport(request.id, token: token)
            return false
        }
        do throws(StoreError) {
            try await store.end(ended, token: token, at: time.now())
        } catch {
            guard error.kind == .leaseLost else { throw error }
            return true
        }
        // The pictures are kept by their bytes; the places where they were are gone.
        try await store.forgetPictures(under: folder(of: request.id))
        // A folder that stays costs room and nothing else.
        try? FileManager.default.removeItem(atPath: folder(of: request.id))
        return true
    }

    /// The import as it ended; nil when it was cancelled.
    private func imported(_ request: ImportRequest, token: String) async -> ImportRequest? {
        var request = request
        let notes = ImportNotes(store: store, id: request.id, token: token, lease: Self.lease, time: time)
        do {
            let origin = FeedOrigin.upload(path: folder(of: request.id) + "/feed", name: request.file)
            let summary = try await importer.import(origin, options: try options(of: request)) { notes.take($0) }
            await notes.finish()
            request.counts = notes.counts
            request.counts.rows = summary.generation.rows
            request.counts.products = summary.generation.products
            request.counts.variants = summary.generation.variants
            request.counts.skipped = summary.generation.skipped
            request.counts.accepted = summary.accepted
            request.counts.refused = summary.refused
            request.format = summary.generation.format
            request.generation = summary.generation.id
            request.state = .finished
        } catch {
            await notes.finish()
            if error is CancellationError || Task.isCancelled { return nil }
            request.counts = notes.counts
            request.state = .failed
            request.failure = Self.failure(error)
            log.warning("an import failed", metadata: ["import.id": "\(request.id)", "error": "\(error)"])
        }
        return request
    }

    private func options(of request: ImportRequest) throws -> ImportOptions {
        let reading: UploadedFeed.Reading = try StoredJSON.value(request.options)
        var options = ImportOptions()
        options.feed = request.feed
        options.format = reading.format
        options.includesDrafts = reading.includesDrafts
        options.skipsImages = reading.skipsImages
        options.mapText = reading.map
        options.map = reading.map.flatMap { ColumnMap.read($0, file: "map").value }
        let pictures = folder(of: request.id) + "/pictures"
        if FileManager.default.fileExists(atPath: pictures) { options.images = pictures }
        return options
    }

    private static func failure(_ error: any Error) -> ImportRequest.Failure {
        switch error {
        case let error as PipelineError: ImportRequest.Failure(error.message, hint: error.hint)
        case let error as FeedError: ImportRequest.Failure(error.message, hint: error.hint)
        case let error as StoreError where error.kind == .full:
            ImportRequest.Failure("no room on the disk", hint: "free some room, then send the feed again")
        default: ImportRequest.Failure("the import failed; the log of the service says why")
        }
    }

    private func folder(of id: ImportID) -> String { work + "/import-\(id)" }

    private func takeUpFromTheDead() async throws {
        for (id, token) in try await store.importLeases() where name.isGone(token) {
            log.warning("a worker is gone; its import is begun again", metadata: ["import.id": "\(id)"])
            try await store.releaseImport(id, token: token)
        }
    }

    /// Waits for the bell of this process, or a second: other processes ring none here.
    private func waitForNews(beyond rings: Int) async {
        let time = time
        let signal = store.eventSignal
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await signal.wait(beyond: rings) }
            // Cancelled is as good as slept.
            group.addTask { try? await time.sleep(.seconds(1)) }
            await group.next()
            group.cancelAll()
        }
    }
}
