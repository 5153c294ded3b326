import Foundation
import GRDB
import VitrineCore

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
                try requireSameProvider(submission)
                stored.submission = try ledger.answer(
                    submission,
                    .adopted,
                    remote: remote,
                    text: told.text(of: remote),
                    at: now
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
            let isParked = stored.job.isParked && isLast && submission.provider == stored.job.request.provider
            let answered = try ledger.answer(
                submission,
                isParked ? .adopted : .accepted,
                remote: remote,
                text: told.text(of: remote),
                at: now
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

    /// Throws `conflict` when the job has gone over to another provider since, which would be asked for work that it never had.
    private func requireSameProvider(_ submission: Submission) throws {
        let provider = stored.job.request.provider
        guard submission.provider != provider else { return }
        throw StoreError(
            .conflict,
            "job `\(stored.job.id)` goes to `\(provider)` now, which was sent nothing; what it asked of `\(submission.provider)` ended before"
        )
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
        guard let progress, progress != stored.job.progress else { return false }
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
