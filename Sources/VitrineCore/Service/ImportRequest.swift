public import Foundation

/// The identity of an import that was asked for.
public struct ImportID: Named {
    /// The identity as it is written, `i_…`.
    public let rawValue: String
    /// An identity as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// An uploaded feed that is to become, or has become, a catalogue.
public struct ImportRequest: Hashable, Sendable {
    /// How far it is.
    public enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// Others come first.
        case waiting
        /// It is being read.
        case running
        /// It is the catalogue of its feed, or was.
        case finished
        /// It could not be read; the catalogue is as it was.
        case failed
    }

    /// What was counted so far.
    public struct Counts: Hashable, Sendable, Codable {
        /// Rows read.
        public var rows = 0
        /// Products taken.
        public var products = 0
        /// Variants taken.
        public var variants = 0
        /// Rows left out.
        public var skipped = 0
        /// Products whose pictures were looked at.
        public var lookedAt = 0
        /// Pictures that can be used.
        public var accepted = 0
        /// Pictures that cannot.
        public var refused = 0

        /// Nothing counted.
        public init() {}
    }

    /// Why it could not be read.
    public struct Failure: Hashable, Sendable, Codable {
        /// What is wrong.
        public var message: String
        /// What to do.
        public var hint: String?

        /// A reason.
        public init(_ message: String, hint: String? = nil) {
            self.message = message
            self.hint = hint
        }
    }

    /// Its identity.
    public var id: ImportID
    /// The feed it is for.
    public var feed: FeedName
    /// What its diagnostics call the file.
    public var file: String
    /// The digest of the uploaded bytes.
    public var digest: Digest
    /// How many bytes were uploaded.
    public var bytes: Int64
    /// How it is to be read, as JSON that the pipeline reads back.
    public var options: String
    /// How far it is.
    public var state: State
    /// What was counted.
    public var counts: Counts
    /// The format that was found.
    public var format: String?
    /// The generation that it became.
    public var generation: Int64?
    /// Why it failed.
    public var failure: Failure?
    /// When it was accepted.
    public var createdAt: Date
    /// When it ended.
    public var endedAt: Date?

    /// An import that waits.
    public init(
        id: ImportID,
        feed: FeedName,
        file: String,
        digest: Digest,
        bytes: Int64,
        options: String,
        createdAt: Date
    ) {
        self.id = id
        self.feed = feed
        self.file = file
        self.digest = digest
        self.bytes = bytes
        self.options = options
        self.state = .waiting
        self.counts = Counts()
        self.createdAt = createdAt
    }
}
