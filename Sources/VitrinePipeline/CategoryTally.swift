import Synchronization
import VitrineCore

/// Counts the first categories of products as they are read.
final class CategoryTally: Sendable {
    private static let most = 10_000

    private let counts = Mutex<[CategoryPath: Int]>([:])

    /// Counts those of a batch.
    func count(_ products: [Product]) {
        var batch: [CategoryPath: Int] = [:]
        for product in products {
            if let category = product.categories.first { batch[category, default: 0] += 1 }
        }
        counts.withLock { counts in
            for (category, count) in batch where counts[category] != nil || counts.count < Self.most {
                counts[category, default: 0] += count
            }
        }
    }

    /// The most common ones, at most so many.
    func mostCommon(_ most: Int) -> [CategoryPath] {
        counts.withLock { counts in
            counts.sorted { ($1.value, $0.key.description) < ($0.value, $1.key.description) }.prefix(most).map(\.key)
        }
    }
}
