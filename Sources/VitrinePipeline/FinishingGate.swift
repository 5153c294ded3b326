import Synchronization

/// How many workers of one process go on from a fetched clip to its finishing at once: lanes have many workers, and each finishing
/// keeps a processor and much memory busy.
final class FinishingGate: Sendable {
    /// The most at once.
    static let most = 8

    private let count = Mutex(0)

    /// Takes a place; false when there is none, so that the clip is left to the finishing lane.
    func enter() -> Bool {
        count.withLock { count in
            guard count < FinishingGate.most else { return false }
            count += 1
            return true
        }
    }

    /// Gives a place back.
    func leave() { count.withLock { $0 -= 1 } }
}
