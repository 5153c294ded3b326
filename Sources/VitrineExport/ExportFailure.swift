import VitrineFeeds

/// Why an export could not be written, in words.
public struct ExportFailure: Error, Hashable, Sendable {
    /// What happened, lower case, without a final period.
    public var message: String
    /// What to do about it, if something can be done.
    public var hint: String?

    /// A failure in words.
    public init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    /// A feed that cannot be read.
    init(_ error: FeedError) {
        self.init(error.message, hint: error.hint)
    }
}
