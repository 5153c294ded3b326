/// The opaque identity of a product, `p_…`: its feed and what the feed's profile declares to be its identity.
public struct ProductID: Named {
    /// The identity as it is written.
    public let rawValue: String

    /// An identity written earlier.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The identity of the product that a feed knows under `key`: the same for every import.
    public init(feed: FeedName, key: String) {
        rawValue = "p_" + Digest(of: feed.rawValue + "\u{0}" + key).digits(20)
    }
}

/// The name of a feed in a home; the default is the stem of its file.
public struct FeedName: Named {
    /// The name as it is written.
    public let rawValue: String
    /// A name as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// What a merchant calls a sellable thing.
///
/// It names none, one or many products: real files leave it empty or double it.
public struct SKU: Named {
    /// The SKU as the merchant writes it, without surrounding spaces.
    public let rawValue: String
    /// A SKU as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }
}
