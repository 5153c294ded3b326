public import Foundation
import Synchronization
import VitrineCore

/// Whether the workers of this process are alive: they look for work every second, or have their hands full.
public final class WorkerPulse: Sendable {
    private struct State {
        var lookedAt: Date?
        var underway = 0
    }

    private static let patience = Duration.seconds(60)
    private let state = Mutex(State())

    /// The pulse of workers that have not begun.
    init() {}

    /// Whether they have looked for work within a minute, or work.
    public func isAlive(at now: Date) -> Bool {
        state.withLock { state in
            state.underway > 0 || state.lookedAt.map { now < $0.adding(Self.patience) } ?? false
        }
    }

    func looked(at now: Date) { state.withLock { $0.lookedAt = now } }

    func working(_ change: Int) { state.withLock { $0.underway += change } }
}
