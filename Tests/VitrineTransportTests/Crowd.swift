import Foundation

/// Counts who is in at a time, and lets people go on in pairs.
final class Crowd: Sendable {
    private let condition = NSCondition()
    // Touched only while the condition is locked.
    nonisolated(unsafe) private var inside = 0
    nonisolated(unsafe) private var arrived = 0
    nonisolated(unsafe) private var peak = 0

    /// The most that were in at once.
    var most: Int { condition.withLock { peak } }

    /// Comes in, waits for a partner, goes out.
    func meetTwo() {
        condition.lock()
        inside += 1
        arrived += 1
        peak = max(peak, inside)
        let pair = (arrived + 1) / 2
        condition.broadcast()
        while arrived < pair * 2 { condition.wait() }
        inside -= 1
        condition.unlock()
    }
}
