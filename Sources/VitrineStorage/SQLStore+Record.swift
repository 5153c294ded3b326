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
        let (recorded, stored) = try await write { database in
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

/// Writes one event with everything that follows from it.
struct Recorder {
    let database: Database
    var stored: StoredJob
    /// The event as it was written down before the transaction began.
    let told: ToldEvent
    let actor: Actor
    let now: Date
    /// The lease that the job has afterwards.
    var lease: Job.Lease?

    private var ledger: Ledger { Ledger(database) }

    init(database: Database, stored: StoredJob, told: ToldEvent, actor: Actor, now: Date) {
        self.database = database
        self.stored = stored
        self.told = told
        self.actor = actor
        self.now = now
    }

    /// Records what happened to the job as it stands.
    mutating func record(_ happened: JobEvent) throws -> Job {
        var event = happened
        if case .attached(let video) = event { event = .attached(try keep(video)) }
        let before = stored.job
        let after = try next(event)
        switch event {
        case .begun(let key, let money):
            stored.submission = try ledger.begin(key, for: before, reserving: money, at: now)
        case .rendered(let video):
            if let submission = try latest() {
                stored.submission = try ledger.settle(submission, at: video.cost ?? submission.reserved)
            }
        case .fellBack(let passed, let next):
            // Money: what the one held is settled or given back before the other's price is asked for, in this one transaction.
            try ledger.end(before, after: passed.failure)
            stored.submission = nil
            try ledger.check(next.price, at: now)
            try requireNew(next)
        case .gaveUp(let failure):
            try ledger.end(before, after: failure)
            stored.submission = nil
        case .turnedAway(let failure, _):
            try ledger.end(before, after: failure)
            stored.submission = nil
        case .cancelled:
            try ledger.cancel(before)
            stored.submission = nil
        case .adopted(let remote, _):
            if let submission = try latest() {
                stored.submission = try ledger.answer(
                    submission,
                    .adopted,
                    remote: remote,
                    text: told.text(of: remote)
                )
            }
        case .retried:
            try ledger.presumeBilled(before.id)
            stored.submission = nil
        case .attached(let video):
            try insert(video)
        default:
            break
        }
        let clip: Clip? = if case .fetched(let clip) = after.state { clip } else { stored.clip }
        let recorded = try write(after, event, clip: clip)
        try tell(of: event, price: before.price)
        return recorded
    }

    /// Frees the money of a job's last submission, which cost nothing as a person found, and ends the job.
    mutating func release() throws -> Job {
        let mayBeFree =
            switch stored.job.state {
            case .failed(let failure): failure.mayBeBilled
            case .cancelled: true
            default: false
            }
        // Money: a clip that was made is owed, whatever a person thinks.
        let last = try database.row(
            "SELECT name FROM job_event WHERE job = ?1 AND name IN ('begun', 'rendered') ORDER BY number DESC LIMIT 1",
            stored.job.id.rawValue
        )
        let isOwed = last?.text("name") == JobEvent.Name.rendered.rawValue
        guard mayBeFree, !isOwed, let submission = try latest() else {
            throw StoreError(
                .conflict,
                "job `\(stored.job.id)` is \(stored.job.state.name.rawValue) and holds no money about which nobody knows"
            )
        }
        try ledger.release(submission)
        stored.submission = nil
        var after = stored.job
        after.state = .cancelled
        after.dueAt = now
        let recorded = try write(after, .cancelled, clip: stored.clip)
        try tell(of: .cancelled, price: recorded.price)
        return recorded
    }

    /// Records an answer to a submission by its key, whatever the job has become.
    mutating func answer(_ event: JobEvent, to submission: Submission, token: String) throws -> Job {
        let isAwaited = stored.job.submissionKey == submission.key
        // Race: a late answer may meet another worker that has claimed the doubtful job meanwhile; that worker's lease stays its own.
        if stored.isLeased(at: now), stored.job.lease?.token != token { lease = stored.job.lease }
        switch event {
        case .accepted(let remote, let pollAt):
            let isLast = try latest()?.key == submission.key
            let isParked = stored.job.isParked && isLast
            let answered = try ledger.answer(
                submission,
                isParked ? .adopted : .accepted,
                remote: remote,
                text: told.text(of: remote)
            )
            if isLast { stored.submission = answered }
            if isParked {
                let adopted = JobEvent.adopted(remote, pollAt: pollAt)
                return try write(try next(adopted), adopted, clip: stored.clip)
            }
        case .turnedAway:
            try ledger.turnAway(submission)
            stored.submission = nil
        default:
            break
        }
        if isAwaited {
            let recorded = try write(try next(event), event, clip: stored.clip)
            if event.name == .accepted { try LanePace(recorded.providerLane, at: now, database).accepted() }
            return recorded
        }
        try stored.touch(database)
        if submission.outcome == .open || submission.outcome == .doubtful { try history(event) }
        return stored.job
    }

    /// The job's submission with that key.
    func submission(_ key: SubmissionKey) throws -> Submission? {
        if let last = stored.submission, last.key == key { return last }
        return try ledger.submission(key, of: stored.job.id)
    }

    /// The job's last submission.
    private mutating func latest() throws -> Submission? {
        if stored.submission == nil { stored.submission = try ledger.latest(of: stored.job.id) }
        return stored.submission
    }

    /// Throws `conflict` when the same is made or was decided about as another job already.
    private func requireNew(_ next: Alternative) throws {
        let same = try database.row(
            "SELECT id FROM job WHERE slot = ?1 AND fingerprint = ?2 AND take = ?3 AND id <> ?4",
            stored.slot,
            next.request.fingerprint.rawValue,
            stored.job.take,
            stored.job.id.rawValue
        )
        guard let same else { return }
        throw StoreError(.conflict, "job `\(same.text("id"))` asks for the same already")
    }

    private func next(_ event: JobEvent) throws -> Job {
        do {
            return try stored.job.after(event, at: now)
        } catch {
            throw StoreError(
                .conflict,
                "job `\(stored.job.id)` is \(error.state.rawValue): `\(error.event.rawValue)` cannot happen to it"
            )
        }
    }

    private mutating func write(_ next: Job, _ event: JobEvent, clip: Clip?) throws -> Job {
        let isTold = try isTold(event)
        var after = next
        after.lease = after.state.isFinal ? nil : lease
        try stored.become(after, clip: clip, payload: told.payload, database)
        if isTold { try history(event) }
        switch event.name {
        case .attached, .fellBack, .gaveUp, .cancelled, .adopted, .retried, .refinished:
            try SQLStore.unsettle(slot: stored.slot, database)
        default:
            break
        }
        return stored.job
    }

    /// Tells those who watch of what else changed with the job: money, and a video or a failure.
    private func tell(of event: JobEvent, price: Money) throws {
        let events = HomeEvents(database)
        let job = stored.job
        let spend: String? =
            switch event {
            case _ where price.isZero: nil
            case .begun: "reserved"
            case .rendered, .fellBack, .gaveUp, .cancelled, .retried, .turnedAway: "settled"
            default: nil
            }
        if let spend { try events.tell(.spend, job.id.rawValue, spend, product: job.slot.product, at: now) }
        switch event {
        case .attached(let video):
            try events.tell(.video, video.id.rawValue, video.state.rawValue, product: job.slot.product, at: now)
            let kind: WebhookEvent = video.state == .quarantined ? .videoQuarantined : .videoFinished
            try Deliveries(database).intend(kind, Told(of: job, video: video), about: video.id.rawValue, at: now)
        case .gaveUp(let failure):
            try Deliveries(database).intend(.jobFailed, Told(of: job, failure), about: job.id.rawValue, at: now)
        default:
            break
        }
    }

    /// Whether the event goes into the history: progress does only when it moved.
    private func isTold(_ event: JobEvent) throws -> Bool {
        guard case .stillRendering(let progress, _) = event else { return true }
        guard let progress else { return false }
        let last = try database.row(
            "SELECT body FROM job_event WHERE job = ?1 AND name IN ('still-rendering', 'accepted', 'adopted') ORDER BY number DESC LIMIT 1",
            stored.job.id.rawValue
        )
        guard let last, case .stillRendering(let earlier, _) = try last.value("body") as JobEvent else {
            return progress >= 0.05
        }
        return abs(progress - (earlier ?? 0)) >= 0.05 - 1e-9
    }

    private func history(_ event: JobEvent) throws {
        try database.run(
            """
            INSERT INTO job_event (number, job, at, actor, name, state, body, request_id)
            VALUES (\(HomeEvents.nextNumber), ?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """,
            stored.job.id.rawValue,
            now.milliseconds,
            actor.rawValue,
            event.name.rawValue,
            stored.job.state.name.rawValue,
            told.text(of: event),
            stored.job.requestID
        )
    }

    /// The video as it will be kept: of the job's slot and take, and the same one, as people decided about it, when it is finished anew.
    private func keep(_ video: Video) throws -> Video {
        var video = video
        video.slot = stored.job.slot
        video.take = stored.job.take
        guard try database.integer("SELECT 1 FROM video WHERE job = ?1", stored.job.id.rawValue) != nil,
            let row = try database.row("SELECT id, state, is_chosen FROM video WHERE job = ?1", stored.job.id.rawValue)
        else { return video }
        let earlier: Video.State = try row.name("state")
        video.id = VideoID(rawValue: row.text("id"))
        if video.state != .quarantined {
            video.isChosen = row.flag("is_chosen")
            if earlier != .quarantined { video.state = earlier }
        }
        return video
    }

    private func insert(_ video: Video) throws {
        let texts = told.texts(of: video)
        try database.run(
            """
            INSERT INTO video (id, slot, take, job, fingerprint, finish_fingerprint, provider, model, tier, preset, clip, state,
                is_chosen, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            ON CONFLICT (id) DO UPDATE SET finish_fingerprint = excluded.finish_fingerprint, preset = excluded.preset,
                clip = excluded.clip, state = excluded.state, is_chosen = excluded.is_chosen, created_at = excluded.created_at,
                dropped_at = NULL
            """,
            video.id.rawValue,
            stored.slot,
            video.take,
            stored.job.id.rawValue,
            video.fingerprint.rawValue,
            video.finishFingerprint.rawValue,
            video.provider.rawValue,
            video.model,
            video.tier.rawValue,
            texts.preset,
            texts.clip,
            video.state.rawValue,
            video.isChosen ? 1 : 0,
            video.createdAt.milliseconds
        )
    }
}

extension Job {
    /// Whether an answer that comes late takes the job up again.
    fileprivate var isParked: Bool {
        switch state {
        case .failed(let failure): failure.kind == .unknownOutcome
        case .cancelled: true
        default: false
        }
    }
}
