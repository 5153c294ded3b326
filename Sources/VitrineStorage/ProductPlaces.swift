import Synchronization

/// Where the products of one import stand, by a hash of their identity: twelve bytes a product and a little room.
///
/// An import writes its products one behind the other and must know at once whether it has one already.
struct ProductPlaces: Sendable {
    /// The position of the first product that it knows.
    let first: Int64
    private var hashes: [UInt64] = []
    private var slots: [UInt32]

    init(from first: Int64 = 0) {
        self.first = first
        slots = [UInt32](repeating: 0, count: 1 << 10)
    }

    /// The position behind the last product that it knows.
    var end: Int64 { first + Int64(hashes.count) }

    /// Where a product of this hash may stand.
    func candidates(_ hash: UInt64) -> [Int64] {
        var found: [Int64] = []
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if hashes[index] == hash { found.append(first + Int64(index)) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return found
    }

    /// Takes the product at `end`.
    mutating func append(_ hash: UInt64) {
        hashes.append(hash)
        if hashes.count * 4 >= slots.count * 3 {
            slots = [UInt32](repeating: 0, count: slots.count * 2)
            for index in hashes.indices { place(index) }
        } else {
            place(hashes.count - 1)
        }
    }

    /// Takes what stands behind its own end, if the other one knows that.
    mutating func append(_ other: ProductPlaces) {
        guard other.first <= end, other.end > end else { return }
        for hash in other.hashes[Int(end - other.first)...] { append(hash) }
    }

    static func hash(_ id: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash ^ (hash >> 29)
    }

    private mutating func place(_ index: Int) {
        var slot = Int(truncatingIfNeeded: hashes[index]) & (slots.count - 1)
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = UInt32(truncatingIfNeeded: index + 1)
    }
}

/// The places of the imports that this process is writing; what another process wrote is read behind them.
final class OpenImports: Sendable {
    private let places = Mutex<[Int64: ProductPlaces]>([:])

    /// Where a product of this hash may stand.
    func candidates(_ hash: UInt64, in generation: Int64) -> [Int64] {
        places.withLock { $0[generation]?.candidates(hash) ?? [] }
    }

    /// The position behind the last product that is known, at most `limit`: more is of an import that is not there any more.
    func end(of generation: Int64, limit: Int64) -> Int64 {
        places.withLock { places in
            let end = places[generation]?.end ?? 0
            if end > limit { places[generation] = nil }
            return end > limit ? 0 : end
        }
    }

    /// Takes products that are in the database.
    func append(_ added: ProductPlaces, to generation: Int64) {
        places.withLock { $0[generation, default: ProductPlaces()].append(added) }
    }

    /// Forgets an import that has ended.
    func forget(_ generation: Int64) {
        places.withLock { $0[generation] = nil }
    }
}
