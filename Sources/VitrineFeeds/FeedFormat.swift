/// The formats of feeds that are known without a mapping.
public enum FeedFormat {
    /// A format's name, as `--format` takes it, and what it is.
    public struct Entry: Hashable, Sendable {
        /// Such as `shopify`.
        public var name: String
        /// What it is, in words.
        public var title: String
    }

    /// All formats, by name.
    public static var all: [Entry] { FeedProfile.shipped.map { Entry(name: $0.name, title: $0.title) } }
}
