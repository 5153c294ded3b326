import Foundation
import Synchronization

/// Threads for work that blocks or computes long, so that the cooperative threads never do.
///
/// Work is begun in the order of its arrival. The threads end when the pool is released.
public final class BlockingPool: Sendable {
    private let queue: WorkQueue

    /// A pool of `width` threads, named for debuggers; `niceness` is by how much they give way to all others, as of nice(1).
    ///
    /// Where there is a `share`, they leave processors to answers while many are asked for.
    public init(name: String, width: Int, niceness: Int32 = 0, share: ProcessorShare? = nil) {
        let queue = WorkQueue()
        self.queue = queue
        for index in 0..<max(1, width) {
            let thread = Thread {
                // Losing this is right: without it the work is done all the same. On Linux it holds for the thread that calls.
                if niceness != 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
                share?.giveWay()
                queue.serve()
            }
            thread.name = "\(name)-\(index)"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    deinit {
        queue.close()
    }

    /// Runs `body` on one of the threads and gives back what it returns or throws.
    public func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            queue.add { continuation.resume(with: Swift.Result { try body() }) }
        }
    }
}

extension BlockingPool: TaskExecutor {
    /// Runs a part of a task that prefers these threads.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.add { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

private final class WorkQueue: Sendable {
    private struct State {
        var work: [@Sendable () -> Void] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let available = DispatchSemaphore(value: 0)

    func add(_ work: @escaping @Sendable () -> Void) {
        state.withLock { $0.work.append(work) }
        available.signal()
    }

    func close() {
        state.withLock { $0.isClosed = true }
        available.signal()
    }

    func serve() {
        while true {
            available.wait()
            let next: (@Sendable () -> Void)? = state.withLock { state in
                state.work.isEmpty ? nil : state.work.removeFirst()
            }
            if let next {
                next()
            } else if state.withLock({ $0.isClosed }) {
                available.signal()
                return
            }
        }
    }
}
