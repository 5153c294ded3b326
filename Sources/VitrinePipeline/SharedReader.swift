import Synchronization
import VitrineCore
import VitrineFeeds

/// A feed reader that may go from thread to thread, used by one at a time.
final class SharedReader: Sendable {
    private let reader: Mutex<FeedReader>
    /// The name of the feed's format.
    let format: String

    init(_ reader: sending FeedReader) {
        format = reader.format
        self.reader = Mutex(reader)
    }

    /// The counts so far.
    var counts: FeedCounts { reader.withLock { $0.counts } }

    /// The next products with their complaints; nil at the end.
    func next(limit: Int) throws -> Checked<[Product]>? {
        try reader.withLock { try $0.next(limit: limit) }
    }
}
