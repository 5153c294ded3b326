/// What became of each row, by its number: the keys of what it described, or that it was left out.
final class RowLedger {
    struct Keys {
        var product: String
        var variant: String?
    }

    enum Fate {
        case taken(Keys)
        case leftOut
    }

    private var fates: [Int: Fate] = [:]

    func settle(_ ordinal: Int, _ keys: Keys?) {
        if let keys {
            if case .taken(let known) = fates[ordinal], known.variant != nil, keys.variant == nil { return }
            fates[ordinal] = .taken(keys)
        } else {
            fates[ordinal] = .leftOut
        }
    }

    /// What became of a row, once; nil while its product is open.
    func take(_ ordinal: Int) -> Fate? { fates.removeValue(forKey: ordinal) }
}
