import Synchronization

/// Where pages of long answers ended, so that the next page begins there instead of counting from the start.
final class Bookmarks: Sendable {
    /// A place in an order of feeds and positions, or of rows.
    struct Place: Hashable, Sendable {
        var feed = ""
        var number: Int64
    }

    private let places = Mutex<[String: Place]>([:])
    private static let most = 64

    /// The place after the `offset` first ones, if a page of the same answer ended there.
    func place(_ answer: String, _ offset: Int) -> Place? {
        places.withLock { $0["\(offset) \(answer)"] }
    }

    /// Remembers that the rest of the answer, after its `offset` first ones, begins at that place.
    func keep(_ place: Place, _ answer: String, at offset: Int) {
        places.withLock { places in
            if places.count >= Bookmarks.most { places.removeAll() }
            places["\(offset) \(answer)"] = place
        }
    }
}
