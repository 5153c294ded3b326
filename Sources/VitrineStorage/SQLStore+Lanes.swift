public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `JobStore.register`.
    public func register(_ lanes: [Lane]) async throws(StoreError) {
        try await write { database in
            for lane in lanes {
                try database.run(
                    """
                    INSERT INTO lane (id, in_flight_limit, interval_length, paused_until, pause_reason) VALUES (?1, ?2, ?3, ?4, ?5)
                    ON CONFLICT (id) DO UPDATE SET in_flight_limit = excluded.in_flight_limit,
                        interval_length = excluded.interval_length
                    """,
                    lane.id.rawValue,
                    lane.limit,
                    lane.interval.milliseconds,
                    lane.pausedUntil?.milliseconds,
                    lane.pauseReason
                )
            }
        }
    }

    /// See `JobStore.slow`.
    public func slow(_ lane: LaneID, at now: Date) async throws(StoreError) -> RefusalLesson {
        try await write { try LanePace(lane, at: now, $0).refused() }
    }

    /// See `JobStore.nextDue`.
    public func nextDue(in lane: LaneID, at now: Date) async throws(StoreError) -> Date? {
        try await read { database in
            var moments: [Int64] = []
            // One seek for each value of `urgent`, so that the index gives the first at once, however many are there.
            for urgent in [0, 1] {
                let moving = try database.integer(
                    """
                    SELECT due_at FROM job WHERE lane = ?1 AND \(SQLStore.isMoving) AND urgent = ?2
                        AND (lease_until IS NULL OR lease_until <= ?3)
                    ORDER BY due_at LIMIT 1
                    """,
                    lane.rawValue,
                    urgent,
                    now.milliseconds
                )
                let waiting = try database.integer(
                    """
                    SELECT due_at FROM job WHERE lane = ?1 AND state = 'queued' AND urgent = ?2 AND due_at > ?3
                    ORDER BY due_at LIMIT 1
                    """,
                    lane.rawValue,
                    urgent,
                    now.milliseconds
                )
                moments += [moving, waiting].compactMap(\.self)
            }
            if let row = try database.row("SELECT next_free_at, paused_until FROM lane WHERE id = ?1", lane.rawValue) {
                moments += [row.date("next_free_at"), row.optionalDate("paused_until")].compactMap(\.self)
                    .filter { $0 > now }.map(\.milliseconds)
            }
            return moments.min().map { Date(milliseconds: $0) }
        }
    }

    /// See `JobStore.lanes`.
    public func lanes() async throws(StoreError) -> [Lane] {
        try await read { database in
            try database.rows("SELECT * FROM lane ORDER BY id").map { row in
                Lane(
                    id: LaneID(row.text("id")),
                    limit: row.count("in_flight_limit"),
                    interval: .milliseconds(row.number("interval_length")),
                    pausedUntil: row.optionalDate("paused_until"),
                    pauseReason: row.optionalText("pause_reason"),
                    pace: try row.optionalText("pace").map { try StoredJSON.value($0) }
                )
            }
        }
    }

    /// See `JobStore.pause`.
    public func pause(_ lane: LaneID, until: Date?, reason: String?) async throws(StoreError) {
        try await write { database in
            // A longer pause, with its reason, is not cut short by another one.
            let changed = try database.run(
                """
                UPDATE lane SET
                    pause_reason = CASE WHEN ?2 IS NULL OR paused_until IS NULL OR paused_until < ?2 THEN ?3 ELSE pause_reason END,
                    paused_until = CASE WHEN ?2 IS NULL OR paused_until IS NULL OR paused_until < ?2 THEN ?2 ELSE paused_until END
                WHERE id = ?1
                """,
                lane.rawValue,
                until?.milliseconds,
                until == nil ? nil : reason
            )
            guard changed == 1 else { throw StoreError(.notFound, "no lane `\(lane)`: it was not registered") }
        }
    }
}
