import Synchronization

/// A bell that many tasks wait for: whoever heard it `n` times waits for the next time, and never misses one.
public final class Signal: Sendable {
    private struct State {
        var rings = 0
        var nextID: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var cancelled = Set<UInt64>()
    }

    private let state = Mutex(State())

    /// A bell that has not rung.
    public init() {}

    /// How often it has rung.
    public var rings: Int { state.withLock { $0.rings } }

    /// Wakes everybody who waits.
    public func ring() {
        let waiters = state.withLock { state in
            state.rings += 1
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns once it has rung more than `rings` times, or when the task is cancelled.
    public func wait(beyond rings: Int) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    // Race: cancellation may come before the wait has begun; then it left its mark.
                    if state.cancelled.remove(id) != nil || state.rings > rings { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                if let waiter = state.waiters.removeValue(forKey: id) { return waiter as CheckedContinuation? }
                state.cancelled.insert(id)
                return nil
            }
            waiter?.resume()
        }
        // What a cancellation marked that came after the ring.
        state.withLock { _ = $0.cancelled.remove(id) }
    }
}
