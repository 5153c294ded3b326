import Foundation
import Synchronization
public import VitrineCore

/// Clips to look at while a preset is written: made here for nothing, they belong to no job and no product.
///
/// One is made after the other, and what was asked before is not made again.
public final class DraftClips: Sendable {
    /// How far a clip is.
    public enum State: Sendable {
        /// It is being made, or waits for another one.
        case making
        /// It is there.
        case made(FinishedClip)
        /// It could not be made.
        case failed(JobFailure)
    }

    private static let most = 64
    private static let waiting = 20

    private struct Drafts {
        var states: [Fingerprint: State] = [:]
        var order: [Fingerprint] = []
        var last: Task<Void, Never>?
    }

    private let provider: any VideoProvider
    private let finisher: any ClipFinisher
    private let frames: any FirstFrameSource
    private let media: any MediaStore
    private let work: String
    private let time: TimeSource
    private let drafts = Mutex(Drafts())

    /// Clips by a provider that asks nothing for them, fetched into the folder `work`.
    public init(
        provider: any VideoProvider,
        finisher: any ClipFinisher,
        frames: any FirstFrameSource,
        media: any MediaStore,
        work: String,
        time: TimeSource
    ) {
        self.provider = provider
        self.finisher = finisher
        self.frames = frames
        self.media = media
        self.work = work
        self.time = time
    }

    /// Begins the clip of a request, unless it is there or being made.
    ///
    /// Throws `conflict` when many wait already.
    public func begin(_ request: VideoRequest) async throws {
        let key = request.fingerprint
        // Nobody needs the clip of a draft, so it may have been pruned since.
        if case .made(let clip)? = state(of: key), try await media.file(clip.file.digest) == nil {
            drafts.withLock { $0.states[key] = nil }
        }
        try drafts.withLock { drafts in
            switch drafts.states[key] {
            case .making, .made: return
            case .failed, nil: break
            }
            let open = drafts.states.values.count { if case .making = $0 { true } else { false } }
            guard open < Self.waiting else {
                throw PipelineError(.conflict, "\(open) drafts are being made already", hint: "wait for some of them")
            }
            drafts.order.removeAll { $0 == key }
            drafts.order.append(key)
            drafts.states[key] = .making
            while drafts.order.count > Self.most { drafts.states[drafts.order.removeFirst()] = nil }
            let before = drafts.last
            drafts.last = Task {
                await before?.value
                guard self.state(of: key) != nil else { return }
                let state = await self.state(after: request)
                self.drafts.withLock { if $0.states[key] != nil { $0.states[key] = state } }
            }
        }
    }

    /// How far the clip of a fingerprint is; nil when nobody asked for it lately.
    public func state(of key: Fingerprint) -> State? {
        drafts.withLock { $0.states[key] }
    }

    private func state(after request: VideoRequest) async -> State {
        do {
            return .made(try await clip(of: request))
        } catch let failure as JobFailure {
            return .failed(failure)
        } catch let error as ProviderError {
            return .failed(error.failure)
        } catch let error as StoreError {
            return .failed(JobFailure(error.kind == .full ? .diskFull : .fault, error.message))
        } catch {
            return .failed(JobFailure(.fault, "the draft could not be made"))
        }
    }

    private func clip(of request: VideoRequest) async throws -> FinishedClip {
        var (frame, path) = try await frames.firstFrame(for: request)
        var clips: [Clip] = []
        for shot in 0..<max(1, request.shots.count) {
            let key = SubmissionKey("draft-\(request.fingerprint.rawValue.prefix(32))-\(shot)")
            let order = SubmissionOrder(key: key, request: request, shot: shot, frame: frame, framePath: path)
            if order.beginning == .previous, let last = clips.last {
                (frame, path) = try await finisher.lastFrame(of: last, for: request)
            }
            clips.append(
                try await clip(
                    of: SubmissionOrder(key: key, request: request, shot: shot, frame: frame, framePath: path)
                )
            )
        }
        let whole = request.shots.isEmpty ? clips[0] : try await finisher.join(clips, for: request)
        return try await finisher.finish(whole, for: request, made: time.now())
    }

    private func clip(of order: SubmissionOrder) async throws -> Clip {
        let remote = try await provider.submit(order)
        while true {
            switch try await provider.check(remote, order: order) {
            case .rendering(_, let wait): try await time.sleep(wait ?? .seconds(1))
            case .failed(let failure), .broke(let failure): throw failure
            case .rendered(let video):
                let path = work + "/\(order.key.rawValue).draft.mp4"
                try await provider.download(video, to: path)
                let file = try await media.adopt(fileAt: path, kind: "mp4")
                await provider.cancel(remote)
                return Clip(file: file)
            }
        }
    }
}
