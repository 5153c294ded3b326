public import Foundation
public import VitrineCore

/// A finisher that finds every clip good, or as told.
public struct ReadyFinisher: ClipFinisher {
    /// What it finds.
    public var verdicts: [Verdict]
    /// What it throws instead.
    public var error: ProviderError?

    /// A finisher that finds that, or throws that.
    public init(
        verdicts: [Verdict] = [Verdict(check: "decodes", passed: true, message: "to its end")],
        error: ProviderError? = nil
    ) {
        self.verdicts = verdicts
        self.error = error
    }

    /// The clip as it is, with a poster that is not there.
    public func finish(_ clip: Clip, for request: VideoRequest, made: Date) async throws(ProviderError) -> FinishedClip
    {
        if let error { throw error }
        return FinishedClip(
            file: clip.file,
            poster: MediaFile(digest: Digest(of: "poster"), bytes: 6, kind: "jpg"),
            size: request.size,
            seconds: request.seconds,
            fps: Double(request.fps),
            verdicts: verdicts
        )
    }

    /// A frame that follows from the clip.
    public func lastFrame(
        of clip: Clip,
        for request: VideoRequest
    ) async throws(ProviderError) -> (frame: FirstFrame, path: String) {
        (FirstFrame(digest: Digest(of: "last of \(clip.file.digest)"), size: request.size, scale: 1), "/dev/null")
    }

    /// A file that follows from the clips.
    public func join(_ clips: [Clip], for request: VideoRequest) async throws(ProviderError) -> Clip {
        let names = clips.map(\.file.digest.hexadecimal).joined(separator: "+")
        return Clip(
            file: MediaFile(digest: Digest(of: names), bytes: clips.reduce(0) { $0 + $1.file.bytes }, kind: "mp4")
        )
    }
}
