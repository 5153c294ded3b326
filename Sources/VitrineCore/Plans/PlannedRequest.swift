/// One row of a plan: a slot, what would be made of it, and why.
public struct PlannedRequest: Hashable, Sendable, Codable {
    /// The picture that a row is about.
    public struct Picture: Hashable, Sendable, Codable {
        /// Its identity.
        public var digest: Digest
        /// Its upright size.
        public var size: PixelSize
        /// Where the feed says it is.
        public var source: String

        /// A picture and where it came from.
        public init(digest: Digest, size: PixelSize, source: String) {
            self.digest = digest
            self.size = size
            self.source = source
        }
    }

    /// The slot.
    public var slot: Slot
    /// The SKUs that would carry the video.
    public var skus: [SKU]
    /// The product's title.
    public var title: String
    /// The product's first category by the words of its feed.
    public var category: String?
    /// What would be made of it.
    public var change: Change
    /// Why it is so, in words.
    public var why: String
    /// Why this preset, in words.
    public var because: String
    /// The preset.
    public var preset: PresetUse?
    /// The picture.
    public var picture: Picture?
    /// The request, unless it is blocked.
    public var request: VideoRequest?
    /// The request's fingerprint.
    public var fingerprint: Fingerprint?
    /// What it would cost; zero where nothing is paid.
    public var price: Money?
    /// The take it would be.
    public var take: Int
    /// Who would make it instead, in this order, when that provider will not, is out or is too dear; nil where nobody would.
    public var alternatives: [Alternative]?

    /// Why it is so, without what is said of this row alone: many rows share it.
    public var reason: String { String(why.prefix { $0 != ";" }) }

    /// One row.
    public init(
        slot: Slot,
        skus: [SKU],
        title: String,
        category: String? = nil,
        change: Change,
        why: String,
        because: String = "",
        preset: PresetUse? = nil,
        picture: Picture? = nil,
        request: VideoRequest? = nil,
        price: Money? = nil,
        take: Int = 1,
        alternatives: [Alternative] = []
    ) {
        self.slot = slot
        self.skus = skus
        self.title = title
        self.category = category
        self.change = change
        self.why = why
        self.because = because
        self.preset = preset
        self.picture = picture
        self.request = request
        self.fingerprint = request?.fingerprint
        self.price = price
        self.take = take
        self.alternatives = alternatives.isEmpty ? nil : alternatives
    }

    /// What it costs at most, one amount a currency: the dearest of those who may make it.
    public var dearest: [Money] {
        guard let price else { return [] }
        var most: [String: Int64] = [:]
        for amount in [price] + (alternatives ?? []).map(\.price) {
            most[amount.currency] = max(most[amount.currency] ?? 0, amount.micros)
        }
        return most.sorted { $0.key < $1.key }.map { Money(micros: $0.value, currency: $0.key) }
    }
}
