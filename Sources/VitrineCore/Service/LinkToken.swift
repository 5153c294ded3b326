/// The unguessable part of a lasting link: it stands for a slot, and shows whichever take the shop shows.
public struct LinkToken: Named {
    /// The token as it is written.
    public let rawValue: String
    /// A token as it is written.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// A new token of 144 random bits.
    public init(random: RandomSource) {
        rawValue = Base64URL.text(of: random.bytes(18))
    }

    /// The path under which a channel reads the video of that shape: `/v/{token}/9x16.mp4`, the same whichever take it is.
    public func path(for placement: Placement) -> String { "/v/\(rawValue)/\(placement.fileName).mp4" }
}
