public import Foundation

/// A person found one take better than another of the same slot.
public struct Vote: Hashable, Sendable, Codable {
    /// The better one.
    public var winner: VideoID
    /// The other.
    public var loser: VideoID
    /// When.
    public var at: Date

    /// One finding.
    public init(winner: VideoID, loser: VideoID, at: Date) {
        self.winner = winner
        self.loser = loser
        self.at = at
    }
}

/// How often a model won, and how sure that is.
public struct ModelStanding: Hashable, Sendable, Codable {
    /// Who made the takes.
    public var provider: ProviderID
    /// With which model.
    public var model: String
    /// The widest category of the products; nil for all together.
    public var category: String?
    /// How often it won.
    public var wins: Int
    /// Of how many comparisons.
    public var of: Int

    /// A standing.
    public init(provider: ProviderID, model: String, category: String? = nil, wins: Int = 0, of: Int = 0) {
        self.provider = provider
        self.model = model
        self.category = category
        self.wins = wins
        self.of = of
    }

    /// The share of wins that 95 of 100 repetitions would give, by Wilson's interval; everything when nothing was compared.
    public var interval: ClosedRange<Double> {
        guard of > 0 else { return 0...1 }
        let (count, share, z) = (Double(of), Double(wins) / Double(of), 1.96)
        let middle = share + z * z / (2 * count)
        let spread = z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
        let scale = 1 + z * z / count
        return max(0, (middle - spread) / scale)...min(1, (middle + spread) / scale)
    }
}
