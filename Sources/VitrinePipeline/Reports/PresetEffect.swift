public import VitrineCore

/// What saving a preset or a style would change in the catalogue.
public struct PresetEffect: Hashable, Sendable {
    /// How many products were looked at.
    public var looked = 0
    /// Whether these were all.
    public var isWhole = true
    /// How many products would get another preset than today.
    public var moved = 0
    /// How many videos would be made that would not be made today.
    public var videos = 0
    /// What these cost.
    public var price = MoneySum()
    /// Some of them.
    public var sample: [PlannedRequest] = []

    /// Nothing looked at.
    public init() {}

    /// Compares the rows of one product as they are today with what they would be.
    mutating func count(_ old: [PlannedRequest], _ new: [PlannedRequest]) {
        if old.first?.preset?.name != new.first?.preset?.name { moved += 1 }
        for row in new where row.change.isWork {
            let today = old.first { $0.slot == row.slot }
            if let today, today.change == row.change, today.fingerprint == row.fingerprint,
                today.request?.finishFingerprint == row.request?.finishFingerprint
            {
                continue
            }
            videos += 1
            if let cost = row.price { price.add(cost) }
            if sample.count < 20 { sample.append(row) }
        }
    }
}
