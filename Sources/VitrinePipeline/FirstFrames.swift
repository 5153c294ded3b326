import Foundation
import Synchronization
public import VitrineCore
public import VitrineImaging

/// Where the first frame of a request comes from.
public protocol FirstFrameSource: Sendable {
    /// The composed frame and the path of its PNG here; composing twice gives the same.
    func firstFrame(for request: VideoRequest) async throws(JobFailure) -> (frame: FirstFrame, path: String)
    /// The paths of the request's other pictures here, composed as the first frame is.
    func references(for request: VideoRequest) async throws(JobFailure) -> [String]
}

extension FirstFrameSource {
    /// Each other picture as if it were the first.
    public func references(for request: VideoRequest) async throws(JobFailure) -> [String] {
        var paths: [String] = []
        for picture in request.pictures.dropFirst() {
            var alone = request
            alone.pictures = [picture]
            paths.append(try await firstFrame(for: alone).path)
        }
        return paths
    }
}

/// First frames composed from the kept pictures, and kept themselves.
public struct FirstFrames: FirstFrameSource {
    let media: any MediaStore
    let pool: BlockingPool
    let limits: ImageLimits
    private let known = KnownFrames()

    /// Frames of the pictures in a media store, composed on a pool.
    public init(media: any MediaStore, pool: BlockingPool, limits: ImageLimits) {
        self.media = media
        self.pool = pool
        self.limits = limits
    }

    /// The composed frame and the path of its PNG here.
    public func firstFrame(for request: VideoRequest) async throws(JobFailure) -> (frame: FirstFrame, path: String) {
        guard let digest = request.pictures.first else {
            throw JobFailure(.missing, "the request names no picture")
        }
        let asked = KnownFrames.Asked(picture: digest, recipe: request.frame)
        do {
            // A job that is looked at every few seconds for minutes asks for its frame each time.
            if let (frame, file) = known.frame(asked), let path = try? await media.path(of: file) {
                return (frame, path)
            }
            guard let source = try await media.file(digest) else {
                throw JobFailure(.missing, "the picture is no longer in the home", hint: "import the feed again")
            }
            let path = try await media.path(of: source)
            let recipe = request.frame
            let limits = limits
            let (pool, media, known) = (pool, media, known)
            // A shutdown must not look like a picture that cannot be composed: no cancellation reaches this.
            return try await Task {
                let composed = try await pool.run {
                    try FrameComposer.compose(try Data(contentsOf: URL(filePath: path)), recipe: recipe, limits: limits)
                }
                let file = try await media.put(composed.png, kind: "png")
                known.keep(composed.frame, file, for: asked)
                return (composed.frame, try await media.path(of: file))
            }.value
        } catch let failure as JobFailure {
            throw failure
        } catch let refusal as ImageRefusal {
            throw JobFailure(.missing, refusal.message, hint: refusal.hint)
        } catch let error as StoreError {
            throw JobFailure(error.kind == .full ? .diskFull : .fault, error.message)
        } catch {
            throw JobFailure(.fault, "the first frame could not be composed")
        }
    }
}

/// Frames that were composed not long ago, some thousands of them.
private final class KnownFrames: Sendable {
    struct Asked: Hashable {
        var picture: Digest
        var recipe: FrameRecipe
    }

    private static let most = 8192
    private let frames = Mutex<[Asked: (FirstFrame, MediaFile)]>([:])

    func frame(_ asked: Asked) -> (FirstFrame, MediaFile)? {
        frames.withLock { $0[asked] }
    }

    func keep(_ frame: FirstFrame, _ file: MediaFile, for asked: Asked) {
        frames.withLock { frames in
            if frames.count >= Self.most { frames = [:] }
            frames[asked] = (frame, file)
        }
    }
}
