public import Foundation
import Synchronization
public import VitrineCore

/// A provider that keeps books: what it was sent, what it billed, and what it would show in its list.
public final class ScriptedProvider: VideoProvider {
    /// How it behaves.
    public struct Script: Sendable {
        /// Whether a second submit with one key makes nothing new.
        public var honoursSubmissionKey = false
        /// How many looks into its list pass before new work appears there.
        public var looksBeforeListed = 0
        /// Whether its list cannot be read.
        public var listIsBroken = false
        /// How many jobs it takes at once.
        public var limit = 4
        /// What one video costs.
        public var price = Money(micros: 1_000_000, currency: "USD")
        /// What submits answer, in order, before they succeed.
        public var submitErrors: [ProviderError] = []
        /// How many checks say that it is not ready.
        public var checksBeforeReady = 0
        /// What a ready job turns out to be: nil is a file.
        public var outcome: JobFailure?
        /// How the first submits turn out that break once they are ready.
        public var breaks: [JobFailure] = []
        /// What checks throw, in order, before they answer.
        public var checkErrors: [ProviderError] = []
        /// Whether it stops what it is asked to stop, and takes nothing for it.
        public var stopsForFree = false
        /// The remote id that every callback is about.
        public var ringsFor: String?
        /// How many downloads find a dead link.
        public var deadLinks = 0
        /// What callbacks turn out to be.
        public var callback = CallbackVerdict.unsigned
        /// The bytes of every clip.
        public var clip = Data("a clip".utf8)

        /// Everything goes well.
        public init() {}
    }

    private struct Books {
        var script: Script
        var sent: [SubmissionKey] = []
        var billed: [RemoteJob: SubmissionKey] = [:]
        var callbacks: [ProviderCallback] = []
        var looks = 0
        var checks = 0
        var cancelled: [RemoteJob] = []
        var broken: [RemoteJob: JobFailure] = [:]
    }

    /// Its name.
    public let id: ProviderID
    /// What it can do.
    public let offers: [Offer]
    /// Its lane: four at once.
    public let lane: Lane
    /// As scripted.
    public let honoursSubmissionKey: Bool
    /// Two minutes.
    public let longestCall = Duration.seconds(120)
    private let books: Mutex<Books>

    /// A provider of that name that behaves as scripted.
    public init(_ id: ProviderID = "scripted", _ script: Script = Script()) {
        self.id = id
        honoursSubmissionKey = script.honoursSubmissionKey
        lane = Lane(id: LaneID(id.rawValue), limit: script.limit)
        books = Mutex(Books(script: script))
        offers = [720, 1080].map { side in
            Offer(
                provider: id,
                model: "m1",
                shortSide: side,
                seconds: stride(from: 2.0, through: 30, by: 0.5).map(\.self),
                fps: [24, 30],
                sound: false,
                price: script.price,
                unit: .video,
                source: "test",
                date: "2026-11-23"
            )
        }
    }

    /// The callbacks that it judged.
    public var callbacks: [ProviderCallback] { books.withLock { $0.callbacks } }

    /// As scripted.
    public func verify(_ callback: ProviderCallback, now: Date) async -> CallbackVerdict {
        books.withLock { books in
            books.callbacks.append(callback)
            return books.script.callback
        }
    }

    /// As scripted.
    public func job(ofCallback callback: ProviderCallback) -> String? { books.withLock { $0.script.ringsFor } }

    /// The keys of every submit that arrived.
    public var sent: [SubmissionKey] { books.withLock { $0.sent } }
    /// How many videos it billed.
    public var billed: Int { books.withLock { $0.billed.count - $0.broken.count } }
    /// The jobs it was asked to stop.
    public var cancelled: [RemoteJob] { books.withLock { $0.cancelled } }

    /// Takes the order, and the money.
    public func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        try books.withLock { (books) throws(ProviderError) in
            if !books.script.submitErrors.isEmpty {
                let error = books.script.submitErrors.removeFirst()
                if error.mayHaveBeenSent { _ = Self.take(order, &books) }
                throw error
            }
            return Self.take(order, &books)
        }
    }

    /// Says whether it is ready.
    public func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        try books.withLock { (books) throws(ProviderError) in
            guard books.billed[remote] != nil else {
                throw ProviderError(JobFailure(.garbled, "no such job"))
            }
            if books.script.stopsForFree, books.cancelled.contains(remote) {
                return .failed(JobFailure(.renderFailed, "it was stopped"))
            }
            if !books.script.checkErrors.isEmpty { throw books.script.checkErrors.removeFirst() }
            books.checks += 1
            if books.checks <= books.script.checksBeforeReady {
                return .rendering(progress: 0.5, lookAgainAfter: .seconds(5))
            }
            if let failure = books.broken[remote] { return .broke(failure) }
            if !books.script.breaks.isEmpty {
                let failure = books.script.breaks.removeFirst()
                books.broken[remote] = failure
                return .broke(failure)
            }
            if let failure = books.script.outcome { return .failed(failure) }
            return .rendered(RemoteVideo(job: remote, location: "scripted:\(remote.id)", cost: books.script.price))
        }
    }

    /// Looks into its list.
    public func find(_ order: SubmissionOrder, _ search: LostSubmission) async throws(ProviderError) -> RemoteJob? {
        try books.withLock { (books) throws(ProviderError) in
            books.looks += 1
            if books.script.listIsBroken {
                throw ProviderError(JobFailure(.unreachable, "the list cannot be read"), isPassing: true)
            }
            if books.looks <= books.script.looksBeforeListed { return nil }
            return books.billed.first { $0.value == order.key }?.key
        }
    }

    /// Writes the clip.
    public func download(_ video: RemoteVideo, to path: String) async throws(ProviderError) {
        let clip = try books.withLock { (books) throws(ProviderError) in
            if books.script.deadLinks > 0 {
                books.script.deadLinks -= 1
                throw ProviderError(JobFailure(.missing, "the link has died"), isPassing: true)
            }
            return books.script.clip
        }
        // `Data.write` would wait for the disk, which no download does.
        guard let file = fopen(path, "w") else {
            throw ProviderError(JobFailure(.diskFull, "no room"), isPassing: true)
        }
        let written = clip.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        guard fclose(file) == 0, written == clip.count else {
            throw ProviderError(JobFailure(.diskFull, "no room"), isPassing: true)
        }
    }

    /// Notes that it was asked to stop.
    public func cancel(_ remote: RemoteJob) async {
        books.withLock { $0.cancelled.append(remote) }
    }

    /// Nothing to prove.
    public func prove() async throws(ProviderError) {}

    private static func take(_ order: SubmissionOrder, _ books: inout Books) -> RemoteJob {
        books.sent.append(order.key)
        if books.script.honoursSubmissionKey, let same = books.billed.first(where: { $0.value == order.key }) {
            return same.key
        }
        let remote = RemoteJob(id: "remote-\(books.sent.count)")
        books.billed[remote] = order.key
        return remote
    }
}

/// A provider whose every call may be the one at which its worker dies.
public struct FaultyProvider: VideoProvider {
    private let provider: any VideoProvider
    private let faults: Faults

    /// A provider behind faults.
    public init(_ provider: any VideoProvider, _ faults: Faults) {
        self.provider = provider
        self.faults = faults
    }

    /// Its name.
    public var id: ProviderID { provider.id }
    /// What it can do.
    public var offers: [Offer] { provider.offers }
    /// Its lane.
    public var lane: Lane { provider.lane }
    /// As the provider behind.
    public var honoursSubmissionKey: Bool { provider.honoursSubmissionKey }
    /// As the provider behind.
    public var longestCall: Duration { provider.longestCall }
    /// As the provider behind.
    public var longestRendering: Duration { provider.longestRendering }

    /// As the provider behind.
    public func located(_ remote: RemoteJob, for request: VideoRequest) -> RemoteJob {
        provider.located(remote, for: request)
    }

    /// Submits, or dies.
    public func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        try await faults.call(dead: FaultyProvider.dead) { () throws(ProviderError) in try await provider.submit(order)
        }
    }

    /// Checks, or dies.
    public func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        try await faults.call(dead: FaultyProvider.dead) { () throws(ProviderError) in
            try await provider.check(remote, order: order)
        }
    }

    /// Looks, or dies.
    public func find(_ order: SubmissionOrder, _ search: LostSubmission) async throws(ProviderError) -> RemoteJob? {
        try await faults.call(dead: FaultyProvider.dead) { () throws(ProviderError) in
            try await provider.find(order, search)
        }
    }

    /// Downloads, or dies.
    public func download(_ video: RemoteVideo, to path: String) async throws(ProviderError) {
        try await faults.call(dead: FaultyProvider.dead) { () throws(ProviderError) in
            try await provider.download(video, to: path)
        }
    }

    /// Asks to stop.
    public func cancel(_ remote: RemoteJob) async { await provider.cancel(remote) }

    /// Proves.
    public func prove() async throws(ProviderError) { try await provider.prove() }

    private static let dead = ProviderError(
        JobFailure(.unreachable, "the worker is dead"),
        mayHaveBeenSent: true,
        isPassing: true
    )
}
