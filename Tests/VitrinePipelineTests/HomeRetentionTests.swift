import Foundation
import Logging
import Synchronization
import Testing
import VitrineCore
import VitrinePipeline
import VitrineTesting

@Suite("What a running home forgets")
struct HomeRetentionTests {
    @Test("old rows go at once and then every hour, although one try fails, until cancelled")
    func run() async throws {
        let store = FailingOnce()
        let time = ManualTime()
        let hours = Mutex(0)
        let start = time.now
        let source = TimeSource(
            now: { time.now },
            sleep: { duration in
                time.advance(by: duration)
                let passed = hours.withLock { hours in
                    hours += 1
                    return hours
                }
                if passed == 3 { throw CancellationError() }
            }
        )
        let retention = HomeRetention(
            store: store,
            time: source,
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )

        await #expect(throws: CancellationError.self) { try await retention.run() }
        let expected = (0..<3).map { start.adding(.seconds(3600 * $0 - 30 * 86_400)) }
        #expect(store.moments.withLock { $0 } == expected)
    }
}

/// A store that has nothing to forget, and is busy the first time.
private final class FailingOnce: RetentionStore {
    let moments = Mutex<[Date]>([])

    func retire(before moment: Date, at now: Date) async throws(StoreError) -> [String: Int] {
        let isFirst = moments.withLock { moments in
            moments.append(moment)
            return moments.count == 1
        }
        if isFirst { throw StoreError(.busy, "somebody else writes") }
        return [:]
    }
}
