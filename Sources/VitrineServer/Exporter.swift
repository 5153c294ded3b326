public import VitrineCore

/// Makes exports: the one thing of the command line that the service cannot see.
public struct Exporter: Sendable {
    /// What is to be exported.
    public struct Order: Sendable {
        /// `csv`, `json`, `google`, `meta`, `same` or `gallery`.
        public var format: Format
        /// Only this feed; all when nil.
        public var feed: FeedName?
        /// Only videos that somebody approved.
        public var approvedOnly = false
        /// Give a product's other variants its video too.
        public var siblings = false
        /// Only these shapes; all when empty.
        public var placements: [Placement] = []
        /// Where the files of the gallery's `videos/` are published.
        public var mediaURL: String?
        /// With `same`: fill an existing column where it is empty.
        public var fill = false
    }

    /// What can be exported over HTTP.
    public enum Format: String, Sendable, CaseIterable {
        case csv, json, google, meta, same
    }

    /// A document that was written to a file, which belongs to whoever asked.
    public struct Document: Sendable {
        /// The file.
        public var path: String
        /// Its type.
        public var contentType: String
        /// The name that a browser gives it.
        public var name: String

        /// A document.
        public init(path: String, contentType: String, name: String) {
            self.path = path
            self.contentType = contentType
            self.name = name
        }
    }

    /// Writes an export to a file at a path that is free.
    public var write: @Sendable (_ order: Order, _ path: String) async throws -> Document

    /// An exporter that works so.
    public init(write: @escaping @Sendable (Order, String) async throws -> Document) {
        self.write = write
    }
}
