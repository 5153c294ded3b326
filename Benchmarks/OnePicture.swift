import Foundation
import VitrineCore
import VitrineStorage

/// One picture for every product of a home, as if it had been fetched and looked at.
enum OnePicture {
    static func give(to store: SQLStore) async throws {
        let image = SourceImage(
            digest: Digest(of: "mug"),
            format: .jpeg,
            size: PixelSize(width: 1200, height: 1200),
            bytes: 1,
            hasTransparency: false,
            signature: Data(repeating: 128, count: 768)
        )
        try await store.remember([KnownPicture(location: "mug", image: image, checkedAt: TimeSource.system.now())])
        guard let generation = try await store.feeds().first else { throw CocoaError(.fileReadCorruptFile) }
        var position: Int64 = 0
        while true {
            let entries = try await store.entries(of: generation.id, from: position, limit: 2000)
            guard let last = entries.last else { break }
            position = last.position + 1
            var pictures: [ProductID: [ResolvedPicture]] = [:]
            for entry in entries {
                pictures[entry.product.id] = entry.product.images.map {
                    ResolvedPicture(reference: $0.reference, image: image.digest)
                }
            }
            try await store.resolve(pictures, diagnostics: [], in: generation.id)
        }
    }
}
