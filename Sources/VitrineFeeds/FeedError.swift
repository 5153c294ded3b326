/// Why a feed cannot be read at all, or not to its end.
public struct FeedError: Error, Hashable, Sendable {
    /// The kinds, without dynamic parts.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The file cannot be opened or read.
        case unreadable
        /// There is nothing in it.
        case empty
        /// An Excel workbook.
        case excel
        /// A web page was saved instead of the feed.
        case webPage = "web-page"
        /// An archive without a table, with several, or locked.
        case archive
        /// The bytes are no text.
        case binary
        /// The packing ends early or does not unpack, or the XML has no end.
        case damaged
        /// No format's header was found, or the format's name is unknown.
        case unknownFormat = "unknown-format"
        /// The format was named, but the columns that it needs are missing.
        case missingColumns = "missing-columns"
        /// XML with a document type, which could name other files.
        case documentType = "document-type"
        /// More rows than are read.
        case tooManyRows = "too-many-rows"
        /// More unpacked bytes than are read.
        case tooLarge = "too-large"
    }

    /// The kind.
    public var kind: Kind
    /// What is wrong, lower case, without a final period.
    public var message: String
    /// What to do about it, if something can be done.
    public var hint: String?
    /// The line where it was found, counted from 1.
    public var line: Int?

    /// An error of a kind.
    public init(_ kind: Kind, _ message: String, hint: String? = nil, line: Int? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.line = line
    }
}
