public import VitrineCore

/// What presets do in a catalogue.
public struct PresetUsage: Sendable {
    /// How many products were looked at.
    public var looked = 0
    /// How many of them each preset takes.
    public var taken: [String: Int] = [:]
    /// What the merchant calls the kinds that only the fallback takes: how many products each has, and one of them.
    public var unmatched: [String: Kind] = [:]

    /// Products of one kind.
    public struct Kind: Hashable, Sendable {
        /// How many.
        public var count: Int
        /// One of them.
        public var example: ProductID
    }

    /// Nothing looked at.
    public init() {}
}
