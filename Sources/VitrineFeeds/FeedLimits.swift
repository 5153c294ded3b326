/// What is read of a feed at most.
///
/// Every limit is checked before the work and named in the message.
enum FeedLimits {
    static let rows = 5_000_000
    static let cellBytes = 1 << 20
    static let recordBytes = 8 << 20
    static let cells = 4096
    static let unpackedBytes: Int64 = 8 << 30
    static let titleLength = 500
    static let descriptionLength = 5000
    static let attributeLength = 200
    static let attributes = 40
    static let pictures = 250
    static let variantsAtOnce = 2000
    static let waiting = 50_000
    static let headerRecords = 30
    static let mapBytes = 256 << 10
}
