import Foundation

/// Counts who is in at a time, and lets people go on in pairs.
final class Crowd: @unchecked Sendable {
    private let condition = NSCondition()
    private var inside = 0
    private var arrived = 0
    private var peak = 0

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
