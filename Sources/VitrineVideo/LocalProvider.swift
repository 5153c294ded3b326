// VitrineVideo: frames to video: the local renderer, ffmpeg and ffprobe as programs, finishing and judging a clip.
// It never touches storage's tables or the network, and shows nobody what ffmpeg writes to its standard error.
// The composition root makes its provider and its finisher; the pipeline knows them by their ports alone.

public import Foundation
import Synchronization
public import VitrineCore

/// The renderer that needs no account and no network: a camera move over the first frame, encoded by ffmpeg.
///
/// Its progress is files of the work directory: `<key>.mp4` is there when a job is rendered, and `<key>.lock` is held by
/// the process that renders it, so that two processes on one home never render one job twice.
public struct LocalProvider: VideoProvider {
    /// The name of its model.
    public static let model = "motion-1"

    /// `local`.
    public let id = ProviderID.local
    /// Every whole or half second from 2 to 30, at 30 and 24 frames a second, 720 and 1080 pixels on the short side, free.
    public var offers: [Offer] { LocalProvider.offers }
    /// As many at once as it was made for.
    public let lane: Lane
    /// A key that is known makes nothing twice: the file has its name.
    public let honoursSubmissionKey = true
    /// A look renders at most a few hundred frames before it answers.
    public let longestCall = Duration.seconds(150)

    private let folder: WorkFolder
    private let tools: VideoTools
    private let time: TimeSource
    private let pool: BlockingPool
    private let renders = RunningRenders()

    /// A renderer that keeps its files in the folder `work`, which is made when it is needed.
    public init(work: String, tools: VideoTools, time: TimeSource, pool: BlockingPool, concurrency: Int) {
        self.folder = WorkFolder(path: work)
        self.tools = tools
        self.time = time
        self.pool = pool
        self.lane = Lane(id: .local, limit: max(1, concurrency))
    }

    /// Every whole or half second from 2 to 30.
    public static let lengths: [Double] = (4...60).map { Double($0) / 2 }

    /// What it can make, for nothing: known without a renderer at hand.
    public static let offers = [720, 1080].map { shortSide in
        Offer(
            provider: .local,
            model: LocalProvider.model,
            shortSide: shortSide,
            seconds: LocalProvider.lengths,
            fps: [30, 24],
            sound: false,
            price: .zero("USD"),
            unit: .video,
            source: "docs/operating.md",
            date: "2026-11-23"
        )
    }

    /// Says that it knows the job; nothing is written.
    public func submit(_ order: SubmissionOrder) async throws(ProviderError) -> RemoteJob {
        _ = try shot(of: order)
        return RemoteJob(id: order.key.rawValue)
    }

    /// Renders, unless the file is there or another process is at it; answers at the latest after some hundred frames.
    public func check(_ remote: RemoteJob, order: SubmissionOrder) async throws(ProviderError) -> RemoteStatus {
        let shot = try shot(of: order)
        let files = try folder.files(of: remote.id)
        if folder.hasFile(files.video) {
            renders.end(remote.id)
            return rendered(remote, files)
        }
        let render: RunningRender
        do {
            guard let begun = try renders.begin(remote.id, { try start(shot, files) }) else {
                return .rendering(progress: nil, lookAgainAfter: .seconds(2))
            }
            render = begun
        } catch let error as ProviderError {
            throw error
        } catch {
            throw folder.error(error)
        }
        let outcome = await withTaskCancellationHandler {
            await render.progress.milestone()
        } onCancel: {
            render.task.cancel()
        }
        switch outcome {
        case .going(let share):
            return .rendering(progress: share, lookAgainAfter: .zero)
        case .ended:
            renders.end(remote.id)
            if case .failure(let error) = await render.task.result {
                throw error as? ProviderError ?? folder.error(error)
            }
            return rendered(remote, files)
        }
    }

    /// The job: a key that was submitted is always known.
    public func find(_ order: SubmissionOrder, _ search: LostSubmission) async throws(ProviderError) -> RemoteJob? {
        RemoteJob(id: order.key.rawValue)
    }

    /// Links or copies the file; a file that is no longer there is `missing`.
    public func download(_ video: RemoteVideo, to path: String) async throws(ProviderError) {
        let source = video.location
        do {
            try await pool.run { try WorkFolder.place(source, at: path) }
        } catch {
            throw folder.error(error)
        }
    }

    /// Stops the work on it and drops what it left.
    public func cancel(_ remote: RemoteJob) async {
        if let task = renders.end(remote.id)?.task {
            task.cancel()
            _ = await task.result
        }
        // A name that is no key has no files.
        if let files = try? folder.files(of: remote.id) { folder.drop(files) }
    }

    /// Throws `missing` when ffmpeg is no longer there or cannot do what is needed.
    public func prove() async throws(ProviderError) {
        do throws(VideoToolsProblem) {
            _ = try await VideoTools.find(environment: tools.environment)
        } catch {
            throw error.asProviderError
        }
    }

    /// Drops what is left of work that nobody does any more: half files, and clips that were made before that moment.
    public func sweep(madeBefore moment: Date) {
        folder.sweep(before: moment)
    }

    /// What is older is swept when a render begins.
    private static let keptFor = Duration.seconds(-7 * 86_400)

    private func rendered(_ remote: RemoteJob, _ files: WorkFolder.Files) -> RemoteStatus {
        .rendered(RemoteVideo(job: remote, location: files.video, cost: .zero("USD")))
    }

    private func start(_ shot: LocalShot, _ files: WorkFolder.Files) throws -> RunningRender? {
        guard let lock = try folder.lock(files) else { return nil }
        folder.sweep(before: time.now().adding(LocalProvider.keptFor))
        let progress = RenderProgress(frames: shot.frames)
        let renderer = ClipRenderer(tools: tools, pool: pool)
        let task = Task {
            defer { lock.release() }
            // The file may have come while we waited for the lock.
            if !folder.hasFile(files.video) {
                // The ffmpeg of a process that was killed may still be writing the half file: it keeps that one, we make another.
                folder.remove(files.part)
                do {
                    try await renderer.render(shot, to: files.part, progress: progress)
                    try await pool.run { try WorkFolder.settle(files.part, as: files.video) }
                } catch {
                    folder.remove(files.part)
                    progress.end()
                    throw error
                }
            }
            progress.end()
        }
        return RunningRender(task: task, progress: progress)
    }

    private func shot(of order: SubmissionOrder) throws(ProviderError) -> LocalShot {
        let request = order.request
        let part = request.shots.indices.contains(order.shot) ? request.shots[order.shot] : nil
        let seconds = part?.seconds ?? request.seconds
        guard LocalProvider.lengths.contains(seconds) else {
            throw refusal("expected a length of 2 to 30 s in half seconds but got `\(seconds)`")
        }
        guard request.fps == 24 || request.fps == 30 else {
            throw refusal("expected 24 or 30 frames a second but got `\(request.fps)`")
        }
        let size = order.frame.size
        guard LocalShot.allows(size) else {
            throw refusal("expected even sides of 64 to 4096 px but got `\(size)`")
        }
        guard folder.hasFile(order.framePath) else {
            throw ProviderError(JobFailure(.missing, "the first frame `\(order.frame.digest.short)` is not there"))
        }
        return LocalShot(
            framePath: order.framePath,
            size: size,
            motion: part?.motion ?? request.motion,
            look: request.style.look,
            seconds: seconds,
            fps: request.fps,
            seed: request.seed
        )
    }

    private func refusal(_ message: String) -> ProviderError {
        ProviderError(JobFailure(.refused, message))
    }
}
