import Foundation
import VitrineCore

/// What every adapter shares: a connection, its offers and its lane.
///
/// An adapter adds how work is written down and how answers are read.
protocol Adapter: VideoProvider {
    /// The way to the provider.
    var connection: Connection { get }
    /// The least time between two looks, as the provider advises.
    var look: Duration { get }
}

extension Adapter {
    var id: ProviderID { connection.provider }
    var honoursSubmissionKey: Bool { false }
    var longestCall: Duration { .seconds(150) }

    func find(_ order: SubmissionOrder, _ search: LostSubmission) async throws(ProviderError) -> RemoteJob? { nil }
    func cancel(_ remote: RemoteJob) async {}

    /// Fetches a public address, without any key.
    func download(_ video: RemoteVideo, to path: String) async throws(ProviderError) {
        try await Download(connection: connection, sendsKey: false).file(at: video.location, to: path)
    }

    /// Not ready: to be looked at again as soon as the provider advises.
    func rendering(_ progress: Double? = nil) -> RemoteStatus {
        .rendering(progress: progress, lookAgainAfter: look)
    }
}
