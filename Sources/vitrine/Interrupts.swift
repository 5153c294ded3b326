import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and SIGTERM into one call; a second Ctrl-C ends the program at once.
final class Interrupts {
    private let sources: [any DispatchSourceSignal]
    private let count: SignalCount

    /// Calls `stop` on the first signal.
    init(_ stop: @escaping @Sendable () -> Void) {
        let count = SignalCount()
        let queue = DispatchQueue(label: "vitrine.signals")
        self.count = count
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if count.increment() == 1 { stop() } else if number == SIGINT { _exit(130) }
            }
            source.resume()
            return source
        }
    }

    /// Whether a signal came.
    var wereSeen: Bool { count.value > 0 }
}

private final class SignalCount: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func increment() -> Int { count.add(1, ordering: .relaxed).newValue }
}
