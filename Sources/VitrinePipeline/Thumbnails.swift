public import Foundation
import Synchronization
public import VitrineCore
public import VitrineImaging

/// Small pictures of kept ones, for pages that are full of them; what was made lately is remembered.
public final class Thumbnails: Sendable {
    /// What they fit into: a card on a screen of twice its points.
    public static let bounds = PixelSize(width: 480, height: 600)
    private static let most = 32 << 20

    private struct Kept {
        var pictures: [Digest: Data] = [:]
        var bytes = 0
    }

    private let media: any MediaStore
    private let pool: BlockingPool
    private let limits: ImageLimits
    private let kept = Mutex(Kept())

    /// Small pictures of those in a media store, made on a pool.
    public init(media: any MediaStore, pool: BlockingPool, limits: ImageLimits) {
        self.media = media
        self.pool = pool
        self.limits = limits
    }

    /// A JPEG, or a PNG where something can be seen through; nil when no picture of that digest is kept.
    public func picture(of digest: Digest) async throws -> Data? {
        if let picture = kept.withLock({ $0.pictures[digest] }) { return picture }
        guard let file = try await media.file(digest) else { return nil }
        let path = try await media.path(of: file)
        let limits = limits
        let made: Data? = try await pool.run {
            do throws(ImageRefusal) {
                return try ImageIntake.prepared(
                    try Self.bytes(at: path),
                    fitting: Self.bounds,
                    quality: 82,
                    limits: limits
                )
            } catch {
                // A clip, for example.
                return nil
            }
        }
        guard let made else { return nil }
        kept.withLock { kept in
            if kept.bytes + made.count > Self.most { kept = Kept() }
            if kept.pictures.updateValue(made, forKey: digest) == nil { kept.bytes += made.count }
        }
        return made
    }

    private static func bytes(at path: String) throws(ImageRefusal) -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw ImageRefusal(.damaged, "picture is not readable")
        }
    }
}
