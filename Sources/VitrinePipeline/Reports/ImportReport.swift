import Foundation
public import VitrineCore

/// An uploaded feed and how far its import is, as the API prints it.
public struct ImportReport: Encodable, Sendable {
    var id: ImportID
    var feed: FeedName
    var file: String
    var sha256: Digest
    var bytes: Int64
    var state: ImportRequest.State
    var counts: ImportRequest.Counts
    var format: String?
    var failure: ImportRequest.Failure?
    var createdAt: Date
    var endedAt: Date?

    /// What is to be told of an import.
    public init(_ request: ImportRequest) {
        id = request.id
        feed = request.feed
        file = request.file
        sha256 = request.digest
        bytes = request.bytes
        state = request.state
        counts = request.counts
        format = request.format
        failure = request.failure
        createdAt = request.createdAt
        endedAt = request.endedAt
    }
}
