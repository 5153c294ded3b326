import Synchronization

/// One render of this process, and how far it is.
struct RunningRender: Sendable {
    let task: Task<Void, any Error>
    let progress: RenderProgress
}

/// The renders of this process by key, so that a second look joins the first instead of beginning again.
final class RunningRenders: Sendable {
    private let running = Mutex<[String: RunningRender]>([:])

    /// The render under that key, begun when there is none; nil when `start` says that another process is at it.
    func begin(_ key: String, _ start: () throws -> RunningRender?) throws -> RunningRender? {
        try running.withLock { running in
            if let render = running[key], !render.task.isCancelled { return render }
            let render = try start()
            running[key] = render
            return render
        }
    }

    /// Forgets the render under that key.
    @discardableResult
    func end(_ key: String) -> RunningRender? {
        running.withLock { $0.removeValue(forKey: key) }
    }
}

/// How many frames of a render are done; wakes who waits, every some hundred frames and at the end.
final class RenderProgress: Sendable {
    enum Outcome: Hashable, Sendable {
        case going(Double)
        case ended
    }

    private struct State {
        var done = 0
        var isEnded = false
        var waiting: [CheckedContinuation<Outcome, Never>] = []
    }

    static let stride = 300
    private let frames: Int
    private let state = Mutex(State())

    init(frames: Int) {
        self.frames = frames
    }

    /// Waits for the next milestone or the end.
    func milestone() async -> Outcome {
        await withCheckedContinuation { continuation in
            let isEnded = state.withLock { state in
                if !state.isEnded { state.waiting.append(continuation) }
                return state.isEnded
            }
            if isEnded { continuation.resume(returning: .ended) }
        }
    }

    /// Counts one frame.
    func advance() {
        let (done, waiting) = state.withLock { state in
            state.done += 1
            guard state.done % RenderProgress.stride == 0 else {
                return (state.done, [CheckedContinuation<Outcome, Never>]())
            }
            defer { state.waiting = [] }
            return (state.done, state.waiting)
        }
        let share = Double(done) / Double(max(1, frames))
        for continuation in waiting { continuation.resume(returning: .going(min(1, share))) }
    }

    /// Says that nothing follows.
    func end() {
        let waiting = state.withLock { state in
            state.isEnded = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: .ended) }
    }
}
