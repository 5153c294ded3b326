/// Where a feed says that a picture is: an address, or a path below the folder of pictures.
public struct ImageSource: Hashable, Sendable, Codable {
    /// The address or path, as the feed writes it.
    public var reference: String
    /// The line of the feed that names it, counted from 1.
    public var line: Int
    /// The column or element that names it.
    public var field: String
    /// What the merchant says is to be seen.
    public var alt: String?

    /// A picture named at a place of the feed.
    public init(reference: String, line: Int, field: String, alt: String? = nil) {
        self.reference = reference
        self.line = line
        self.field = field
        self.alt = alt
    }
}
