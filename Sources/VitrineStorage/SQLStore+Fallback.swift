public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `JobStore.passOn`.
    public func passOn(
        from lane: LaneID,
        run: RunID?,
        among served: Set<LaneID>,
        limit: Int,
        at now: Date
    ) async throws(StoreError) -> Int {
        let isHeld = try await read { try SQLStore.held(at: now, $0)[lane] != nil }
        guard isHeld else { return 0 }
        let cache = requests
        let moved = try await write { database in
            let held = try SQLStore.held(at: now, database)
            guard let why = held[lane] else { return [StoredJob]() }
            let rows = try database.rows(
                """
                SELECT id FROM job
                WHERE lane = ?1 AND state = 'queued' AND alternatives IS NOT NULL AND cancel_wanted = 0 AND shots = '[]'
                    AND (price = 0 OR EXISTS (SELECT 1 FROM budget b WHERE b.currency = job.currency))
                    AND (lease_until IS NULL OR lease_until <= ?2) AND (CAST(?4 AS TEXT) IS NULL OR run = ?4)
                ORDER BY urgent DESC, due_at, number LIMIT ?3
                """,
                lane.rawValue,
                now.milliseconds,
                limit,
                run?.rawValue
            )
            var moved: [StoredJob] = []
            for row in rows {
                let job = try StoredJob.required(JobID(rawValue: row[0]), database, cache)
                let passed = PassedProvider(
                    job.job.request.provider,
                    .out,
                    JobFailure(.busy, "`\(job.job.request.provider)` is held: \(why)")
                )
                let open = job.job.alternatives.filter { served.contains($0.lane) && held[$0.lane] == nil }
                for next in open {
                    let event = JobEvent.fellBack(passed, to: next)
                    var recorder = Recorder(
                        database: database,
                        stored: job,
                        told: ToldEvent(event),
                        actor: .worker,
                        now: now
                    )
                    do {
                        _ = try recorder.record(event)
                        moved.append(recorder.stored)
                        break
                    } catch let error as StoreError where error.kind == .overBudget || error.kind == .conflict {
                        continue
                    }
                }
            }
            return moved
        }
        for job in moved { known.keep(job) }
        return moved.count
    }

    /// The lanes that are held, each with the reason.
    private static func held(at now: Date, _ database: Database) throws -> [LaneID: String] {
        let beyond = now.adding(Lane.patience).milliseconds
        let rows = try database.rows("SELECT id, pause_reason FROM lane WHERE paused_until > ?1", beyond)
        return Dictionary(
            uniqueKeysWithValues: rows.map { (LaneID($0.text("id")), $0.optionalText("pause_reason") ?? "") }
        )
    }
}
