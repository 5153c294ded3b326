import Synchronization
import VitrineCore

/// How each lane's provider has answered of late, as this process saw it: decides for how long a lane is paused when nobody says.
///
/// The pause itself is a row, which all processes of a home share.
final class LaneHealth: Sendable {
    /// Troubles in a row at which a lane's circuit opens.
    static let patience = 5

    private struct Record {
        var troubles = 0
        var refusals = 0
    }

    private let records = Mutex<[LaneID: Record]>([:])

    /// The provider took a submission: whatever was wrong is over.
    func accepted(_ lane: LaneID) {
        records.withLock { $0[lane] = nil }
    }

    /// The provider asks us to send less and does not say for how long: half a second, doubled each time, at most a minute.
    func refused(_ lane: LaneID) -> Duration {
        records.withLock { records in
            records[lane, default: Record()].refusals += 1
            let count = records[lane]?.refusals ?? 1
            return min(.milliseconds(500 << min(count - 1, 7)), .seconds(60))
        }
    }

    /// The provider cannot be reached or is out of order; how long its circuit stays open, or nil while it may be chance.
    ///
    /// After the pause one more trouble opens it again, for twice as long, at most ten minutes; one success closes it.
    func troubled(_ lane: LaneID) -> Duration? {
        records.withLock { records in
            records[lane, default: Record()].troubles += 1
            let beyond = (records[lane]?.troubles ?? 0) - Self.patience
            return beyond < 0 ? nil : min(.seconds(30 << min(beyond, 5)), .seconds(600))
        }
    }
}
