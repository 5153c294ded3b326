// VitrineTesting: what tests of every target share: time that is pushed by hand, counted identifiers, drawn pictures.
// It never ships, and holds no fake of a thing that can be had for real.
// Only test targets depend on it.

public import Foundation
import Synchronization
public import VitrineCore

/// A clock that stands still until it is pushed.
///
/// Sleeping pushes it, so that nobody waits.
public final class ManualTime: Sendable {
    private let moment: Mutex<Date>

    /// A clock that shows that moment.
    public init(_ start: Date = Date(milliseconds: 1_795_000_000_000)) {
        moment = Mutex(start)
    }

    /// What it shows.
    public var now: Date { moment.withLock { $0 } }

    /// Pushes it on.
    public func advance(by duration: Duration) {
        moment.withLock { $0 = $0.adding(duration) }
    }

    /// Pushes it to a later moment; an earlier one leaves it.
    public func advance(to later: Date) {
        moment.withLock { $0 = max($0, later) }
    }

    /// It as what the house takes.
    public var source: TimeSource {
        TimeSource(
            now: { self.now },
            sleep: { duration in
                try Task.checkCancellation()
                self.advance(by: duration)
                await Task.yield()
            }
        )
    }
}

/// Identifiers that count up, and jitter that is always one half.
public final class CountedRandom: Sendable {
    private let count = Atomic<UInt64>(0)

    /// A source that begins at 1.
    public init() {}

    /// It as what the house takes.
    public var source: RandomSource {
        RandomSource(
            uuid: {
                let number = self.count.add(1, ordering: .relaxed).newValue
                let digits = String(number, radix: 16)
                let text = "00000000-0000-0000-0000-" + String(repeating: "0", count: 12 - digits.count) + digits
                guard let uuid = UUID(uuidString: text) else { preconditionFailure("twelve digits make a UUID") }
                return uuid
            },
            unit: { 0.5 }
        )
    }
}
