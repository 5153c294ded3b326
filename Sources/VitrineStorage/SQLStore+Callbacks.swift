public import Foundation
import GRDB
public import VitrineCore

extension SQLStore: CallbackStore {
    /// See `CallbackStore.wake`.
    public func wake(_ job: JobID, at now: Date) async throws(StoreError) -> Bool {
        let cache = requests
        return try await write { database in
            let changed = try database.run(
                "UPDATE job SET due_at = ?2, revision = revision + 1 WHERE id = ?1 AND state = 'rendering' AND due_at > ?2",
                job.rawValue,
                now.milliseconds
            )
            if changed == 1 { return true }
            guard try database.integer("SELECT 1 FROM job WHERE id = ?1 AND state = 'failed'", job.rawValue) != nil
            else {
                return false
            }
            let stored = try StoredJob.required(job, database, cache)
            guard case .failed(let failure) = stored.job.state, failure.kind == .unknownOutcome,
                let remote = try Ledger(database).latest(of: job)?.remote
            else { return false }
            let event = JobEvent.adopted(remote, pollAt: now)
            var recorder = Recorder(
                database: database,
                stored: stored,
                told: ToldEvent(event),
                actor: .webhook,
                now: now
            )
            _ = try recorder.record(event)
            return true
        }
    }

    /// See `CallbackStore.job`.
    public func job(of remote: String, at provider: ProviderID, since: Date) async throws(StoreError) -> JobID? {
        let text = StoredJSON.text(RemoteJob(id: remote))
        return try await read { database in
            try database.row(
                """
                SELECT job FROM submission WHERE begun_at >= ?3 AND provider = ?1 AND remote = ?2
                ORDER BY number DESC LIMIT 1
                """,
                provider.rawValue,
                text,
                since.milliseconds
            ).map { JobID(rawValue: $0[0]) }
        }
    }
}
