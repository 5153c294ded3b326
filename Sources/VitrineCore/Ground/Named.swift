/// A name of one kind of thing that cannot be mistaken for the name of another.
public protocol Named: RawRepresentable<String>, Hashable, Sendable, Codable, Comparable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    /// The name as it is written.
    init(rawValue: String)
}

extension Named {
    /// A name written in code.
    public init(stringLiteral value: String) { self.init(rawValue: value) }
    /// The name as it is written.
    public init(_ value: String) { self.init(rawValue: value) }
    /// The name as it is written.
    public var description: String { rawValue }
    /// Orders by the text.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
