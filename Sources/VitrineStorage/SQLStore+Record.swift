public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `JobStore.record`.
    public func record(
        _ event: JobEvent,
        for job: JobID,
        submission: SubmissionKey?,
        token: String,
        keepingLeaseUntil: Date?,
        at now: Date
    ) async throws(StoreError) -> Job {
        let cache = requests
        let told = ToldEvent(event)
        let known = known[job]
        // A look that is forgotten is looked again.
        let isLazy = event.name == .stillRendering
        let (recorded, stored) = try await write(lazily: isLazy) { database in
            let stored = try StoredJob.required(job, database, cache, known: known)
            var recorder = Recorder(database: database, stored: stored, told: told, actor: .worker, now: now)
            recorder.lease = keepingLeaseUntil.map { Job.Lease(token: token, until: $0) }
            switch event {
            case .accepted, .turnedAway:
                // Money: what the provider began and dropped is told by who has the job in hand; a late refusal changes nothing.
                if case .turnedAway = event, submission == nil, stored.job.state.name == .rendering {
                    guard stored.isLeased(by: token, at: now) else {
                        throw StoreError(.leaseLost, "the lease on job `\(job)` has ended")
                    }
                    return (try recorder.record(event), recorder.stored)
                }
                if let key = submission ?? stored.job.submissionKey,
                    let answered = try recorder.submission(key)
                {
                    return (try recorder.answer(event, to: answered, token: token), recorder.stored)
                }
                throw StoreError(.notFound, "no submission of job `\(job)` has that key")
            default:
                guard stored.isLeased(by: token, at: now) else {
                    throw StoreError(.leaseLost, "the lease on job `\(job)` has ended")
                }
                return (try recorder.record(event), recorder.stored)
            }
        }
        self.known.keep(stored)
        return recorded
    }

    /// See `JobStore.decide`.
    public func decide(_ event: JobEvent, for job: JobID, at now: Date) async throws(StoreError) -> Job {
        let cache = requests
        let told = ToldEvent(event)
        return try await write { database in
            let stored = try StoredJob.required(job, database, cache)
            var recorder = Recorder(database: database, stored: stored, told: told, actor: .person, now: now)
            switch event {
            case .cancelled where stored.heedsWishes(at: now):
                var job = stored.job
                job.isCancelWanted = true
                job.dueAt = min(job.dueAt, now)
                try database.run(
                    "UPDATE job SET cancel_wanted = 1, due_at = ?2, revision = revision + 1 WHERE id = ?1",
                    job.id.rawValue,
                    job.dueAt.milliseconds
                )
                return job
            case .cancelled, .retried, .adopted:
                return try recorder.record(event)
            default:
                throw StoreError(.conflict, "a person does not record `\(event.name.rawValue)`")
            }
        }
    }

    /// See `JobStore.release`.
    public func release(_ job: JobID, at now: Date) async throws(StoreError) -> Job {
        let cache = requests
        let told = ToldEvent(.cancelled)
        return try await write { database in
            let stored = try StoredJob.required(job, database, cache)
            var recorder = Recorder(database: database, stored: stored, told: told, actor: .person, now: now)
            return try recorder.release()
        }
    }

    /// See `JobStore.refinish`.
    public func refinish(_ job: JobID, request: VideoRequest, run: RunID, at now: Date) async throws(StoreError) -> Job
    {
        let cache = requests
        let text = StoredJSON.text(request)
        return try await write { database in
            var stored = try StoredJob.required(job, database, cache)
            guard request.fingerprint == stored.job.fingerprint else {
                throw StoreError(.conflict, "a new finish asks for nothing else anew")
            }
            guard let clip = stored.clip else { throw StoreError(.conflict, "job `\(job)` holds no clip") }
            stored.job.run = run
            let event = JobEvent.refinished(clip, request)
            var recorder = Recorder(
                database: database,
                stored: stored,
                told: ToldEvent(event),
                actor: .person,
                now: now
            )
            let after = try recorder.record(event)
            try database.run("UPDATE job SET request = ?2, run = ?3 WHERE id = ?1", job.rawValue, text, run.rawValue)
            return after
        }
    }
}

extension Job {
    var submissionKey: SubmissionKey? {
        if case .submitting(let key) = state { key } else { nil }
    }
}

extension StoredJob {
    /// Whether a cancellation is left to whoever has the job in hand, or takes it up next because its provider must be asked to stop.
    ///
    /// A wish that has been due for a minute has nobody who serves the job's lane.
    fileprivate func heedsWishes(at now: Date) -> Bool {
        if isLeased(at: now) { return true }
        guard job.state.name == .rendering else { return false }
        return !job.isCancelWanted || job.dueAt.adding(.seconds(60)) > now
    }
}
