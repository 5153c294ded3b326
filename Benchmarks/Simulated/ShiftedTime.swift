import Foundation
import Synchronization
import VitrineCore

/// The system's clock, some way ahead: it runs as real time does, and jumps over what nobody needs to wait for.
final class ShiftedTime: Sendable {
    private let shift: Atomic<Int64>

    /// A clock that is so many milliseconds ahead.
    init(by milliseconds: Int64 = 0) {
        shift = Atomic(milliseconds)
    }

    var ahead: Int64 { shift.load(ordering: .relaxed) }
    var now: Date { TimeSource.system.now().adding(.milliseconds(ahead)) }

    /// Jumps to a later moment; an earlier one leaves it.
    func jump(to moment: Date) {
        let way = moment.milliseconds - now.milliseconds
        if way > 0 { shift.add(way, ordering: .relaxed) }
    }

    var source: TimeSource { TimeSource(now: { self.now }, sleep: TimeSource.system.sleep) }
}
