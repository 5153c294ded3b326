/// The keys met in a feed, as 64-bit hashes in one flat table: eight bytes and a little room each.
struct SeenKeys {
    private var slots: [UInt64]
    private var count = 0

    init() {
        slots = [UInt64](repeating: 0, count: 1 << 12)
    }

    /// Adds a key; false when it was there.
    mutating func insert(_ key: UInt64) -> Bool {
        if count * 4 >= slots.count * 3 { grow() }
        let key = key == 0 ? 1 : key
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: key) & mask
        while slots[place] != 0 {
            if slots[place] == key { return false }
            place = (place + 1) & mask
        }
        slots[place] = key
        count += 1
        return true
    }

    func contains(_ key: UInt64) -> Bool {
        let key = key == 0 ? 1 : key
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: key) & mask
        while slots[place] != 0 {
            if slots[place] == key { return true }
            place = (place + 1) & mask
        }
        return false
    }

    /// The same for the same texts in every run.
    static func hash(_ key: String, _ part: String, salt: UInt8) -> UInt64 {
        var hash: UInt64 = (0xcbf2_9ce4_8422_2325 ^ UInt64(salt)) &* 0x100_0000_01b3
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ 0x1ff) &* 0x100_0000_01b3
        for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash ^= hash >> 32
        hash = hash &* 0xd6e8_feb8_6659_fd93
        return hash ^ (hash >> 29)
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        let mask = slots.count - 1
        for key in old where key != 0 {
            var place = Int(truncatingIfNeeded: key) & mask
            while slots[place] != 0 { place = (place + 1) & mask }
            slots[place] = key
        }
    }
}
