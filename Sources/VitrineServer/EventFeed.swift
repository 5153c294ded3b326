import Foundation
import Synchronization
import VitrineCore

/// What changed, for everybody who watches: read once from the log, whoever watches.
final class EventFeed: Sendable {
    private struct State {
        var recent: [HomeEvent] = []
        var latest: Int64 = 0
        var isStopped = false
    }

    /// Rings for news, for a sign of life, and at the end.
    let bell = Signal()
    private let log: any EventLog
    private let time: TimeSource
    private let state = Mutex(State())

    private static let kept = 1000
    /// How long nobody hears anything before a sign of life is sent.
    static let silence = Duration.seconds(15)

    init(log: any EventLog, time: TimeSource) {
        self.log = log
        self.time = time
    }

    /// Whether watchers should leave.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Reads the log until cancelled; then tells all watchers to leave.
    func run() async throws {
        defer { stop() }
        let start = try await log.latestEvent()
        state.withLock { $0.latest = start }
        var lastRing = time.now()
        while !Task.isCancelled {
            let rings = log.eventSignal.rings
            if try await readNews() || time.now() >= lastRing.adding(Self.silence) {
                bell.ring()
                lastRing = time.now()
            }
            await waitForNews(beyond: rings)
        }
    }

    /// Tells all watchers to leave.
    func stop() {
        state.withLock { $0.isStopped = true }
        bell.ring()
    }

    /// The newest event's number.
    func latest() async throws -> Int64 {
        try await log.latestEvent()
    }

    /// Events after a number, oldest first, at most some hundreds.
    func events(after number: Int64) async throws -> [HomeEvent] {
        let known: [HomeEvent]? = state.withLock { state in
            if number >= state.latest { return [] }
            guard let first = state.recent.first, first.number <= number + 1 else { return nil }
            return Array(state.recent.drop { $0.number <= number }.prefix(500))
        }
        if let known { return known }
        return try await log.events(after: number, limit: 500)
    }

    private func readNews() async throws -> Bool {
        var hasNews = false
        while true {
            let number = state.withLock { $0.latest }
            let events: [HomeEvent]
            do throws(StoreError) {
                events = try await log.events(after: number, limit: 500)
            } catch {
                // A database that is busy has news a moment later.
                guard error.kind == .busy else { throw error }
                return hasNews
            }
            guard let last = events.last else { return hasNews }
            hasNews = true
            state.withLock { state in
                state.latest = last.number
                state.recent += events
                state.recent.removeFirst(max(0, state.recent.count - Self.kept))
            }
        }
    }

    /// Waits for the bell of this process, or a second: other processes ring none here.
    private func waitForNews(beyond rings: Int) async {
        let time = time
        let signal = log.eventSignal
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await signal.wait(beyond: rings) }
            // Cancelled is as good as slept.
            group.addTask { try? await time.sleep(.seconds(1)) }
            await group.next()
            group.cancelAll()
        }
    }
}
