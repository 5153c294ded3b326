public import VitrineCore

/// How a feed is to be read.
public struct FeedOptions: Sendable {
    /// The name of the feed in its home; every product belongs to it.
    public var feed: FeedName
    /// The file as the user named it, for diagnostics.
    public var file: String
    /// The name of the format; nil leaves it to the content.
    public var format: String?
    /// A saved mapping; it wins over every format.
    public var map: ColumnMap?
    /// Whether drafts and archived products are taken too.
    public var includesDrafts: Bool
    /// The currency of prices that name none; dollars when nil.
    public var currency: String?

    /// Options of which all but the first two have a default that works.
    public init(
        feed: FeedName,
        file: String,
        format: String? = nil,
        map: ColumnMap? = nil,
        includesDrafts: Bool = false,
        currency: String? = nil
    ) {
        self.feed = feed
        self.file = file
        self.format = format
        self.map = map
        self.includesDrafts = includesDrafts
        self.currency = currency
    }
}

/// How many rows of a feed have been read, and what became of them: `rows` is the sum of the four kinds of rows.
public struct FeedCounts: Hashable, Sendable {
    /// Rows with data, without blank ones.
    public var rows = 0
    /// Products given out; one whose rows stand apart is given out for each stretch, under the same key.
    public var products = 0
    /// Variants given out.
    public var variants = 0
    /// Rows left out; each is covered by a diagnostic.
    public var skipped = 0
    /// Rows that began a product.
    public var productRows = 0
    /// Rows that added a variant to a product that had begun.
    public var variantRows = 0
    /// Rows that added nothing but pictures or text to a product that had begun.
    public var pictureRows = 0
    /// Blank rows, which are no rows.
    public var blankRows = 0

    /// Nothing read yet.
    public init() {}
}
