import Foundation
import Synchronization
import Testing
import VitrineCore
import VitrinePipeline
import VitrineStorage
import VitrineTesting

/// A provider that takes pictures by one route alone.
private final class PickyProvider: VideoProvider {
    let behind = ScriptedProvider("picky")
    let wanted: PictureRoute
    let seen = Mutex<[SubmissionOrder]>([])
    let uploads = Mutex<[ProviderError]>([])
    let staged = Mutex<Int>(0)

    init(_ wanted: PictureRoute, uploads errors: [ProviderError] = []) {
        self.wanted = wanted
        uploads.withLock { $0 = errors }
    }

    var id: ProviderID { behind.id }
    var offers: [Offer] { behind.offers }
    var lane: Lane { behind.lane }
    let honoursSubmissionKey = false
    let longestCall = Duration.seconds(120)

    func route(for order: SubmissionOrder) -> PictureRoute { wanted }
    func stage(_ order: SubmissionOrder) async throws(ProviderError) -> StagedPictures {
        let error = uploads.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if let error { throw error }
        staged.withLock { $0 += 1 }
        return StagedPictures(["oss://frame", "oss://other"])
    }
    func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        seen.withLock { $0.append(order) }
        return try await behind.submit(order)
    }
    func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        try await behind.check(remote, order: order)
    }
    func find(_ order: SubmissionOrder, _ search: LostSubmission) async throws(ProviderError) -> RemoteJob? { nil }
    func download(_ video: RemoteVideo, to path: String) async throws(ProviderError) {
        try await behind.download(video, to: path)
    }
    func cancel(_ remote: RemoteJob) async {}
    func prove() async throws(ProviderError) {}
}

@Suite("How pictures reach a provider")
struct UploadTests {
    @Test("an upload is a step of its own, tried again when it fails, and named by the submit")
    func uploads() async throws {
        let workshop = try Workshop()
        let trouble = ProviderError(JobFailure(.unreachable, "the line is slow"), isPassing: true)
        let provider = PickyProvider(.upload, uploads: [trouble, trouble])
        let job = try await workshop.enqueue(provider)

        try await workshop.runToIdle(provider)

        #expect(try await workshop.store.job(job)?.state.name == .finished)
        #expect(provider.staged.withLock { $0 } == 1)
        #expect(provider.seen.withLock { $0.map(\.addresses) } == [["oss://frame", "oss://other"]])
        let names = try await workshop.store.events(of: job).map(\.event.name)
        #expect(Array(names.prefix(5)) == [.stumbled, .stumbled, .staged, .begun, .accepted])
    }

    @Test("where only a public address will do and there is none, nothing is sent and the remedy is said")
    func noAddress() async throws {
        let workshop = try Workshop()
        let provider = PickyProvider(.address)
        let job = try await workshop.enqueue(provider)

        try await workshop.runToIdle(provider)

        guard case .failed(let failure) = try await workshop.store.job(job)?.state else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.hint?.contains("VITRINE_PUBLIC_URL") == true)
        #expect(provider.behind.sent.isEmpty)
        #expect(try await workshop.store.budgets().first?.spent.isZero == true)
    }
}
