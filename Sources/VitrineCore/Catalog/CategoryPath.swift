/// A path of category names from the widest to the narrowest, in the merchant's own words.
public struct CategoryPath: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The names, widest first; none is empty.
    public var segments: [String]

    /// A path of these names.
    public init(_ segments: [String]) {
        self.segments = segments
    }

    /// A path written with ` > ` between its names, as Google's taxonomy writes it.
    public init(_ text: String) {
        segments = text.split(separator: ">").map { $0.trimmed }.filter { !$0.isEmpty }
    }

    /// How deep it goes.
    public var depth: Int { segments.count }

    /// Whether this path is `other` or stands below it.
    public func isWithin(_ other: CategoryPath) -> Bool {
        segments.starts(with: other.segments)
    }

    /// Written with ` > ` between the names.
    public var description: String { segments.joined(separator: " > ") }

    /// Reads the text of `description`.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the text of `description`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension StringProtocol {
    /// The text without white space and line ends at both ends.
    public var trimmed: String {
        var view = self[...]
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }
}
