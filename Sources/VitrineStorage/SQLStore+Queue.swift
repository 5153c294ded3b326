public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `JobStore.begin`.
    public func begin(_ run: Run) async throws(StoreError) {
        try await write { try SQLStore.insert(run, $0) }
    }

    static func insert(_ run: Run, _ database: Database) throws {
        try database.run(
            "INSERT INTO run (id, plan, created_at) VALUES (?1, ?2, ?3)",
            run.id.rawValue,
            run.plan?.rawValue,
            run.createdAt.milliseconds
        )
    }

    /// See `JobStore.enqueue`.
    public func enqueue(_ jobs: [NewJob]) async throws(StoreError) -> [JobID] {
        let texts = jobs.map(JobTexts.init)
        return try await write { database in
            var enqueued: [JobID] = []
            for (new, texts) in zip(jobs, texts) {
                guard try SQLStore.enqueue(new, texts, database) != nil else { continue }
                enqueued.append(new.job.id)
            }
            return enqueued
        }
    }

    /// Enqueues one job unless it is there; gives back the number of its slot's row if it did.
    static func enqueue(_ new: NewJob, _ texts: JobTexts, _ database: Database) throws -> Int64? {
        let job = new.job
        guard job.state == .queued, job.lease == nil else {
            throw StoreError(.conflict, "expected a queued job but got one that is \(job.state.name.rawValue)")
        }
        let slot = try SQLStore.slot(job.slot, database)
        let added = try database.run(
            """
            INSERT INTO job (id, number, run, plan, slot, take, fingerprint, request, preset, price, currency,
                provider_lane, lane, urgent, state, failures, looks, due_at, claims, created_at, request_id, alternatives)
            VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM job), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,
                'queued', 0, 0, ?14, 0, ?15, ?16, ?17)
            ON CONFLICT (slot, fingerprint, take) DO NOTHING
            """,
            job.id.rawValue,
            job.run.rawValue,
            new.plan?.rawValue,
            slot,
            job.take,
            job.fingerprint.rawValue,
            texts.request,
            texts.preset,
            job.price.micros,
            job.price.currency,
            job.providerLane.rawValue,
            job.lane.rawValue,
            job.isUrgent ? 1 : 0,
            job.dueAt.milliseconds,
            job.createdAt.milliseconds,
            job.requestID,
            texts.alternatives
        )
        guard added == 1 else { return nil }
        try SQLStore.unsettle(slot: slot, database)
        try HomeEvents(database).tell(
            .job,
            job.id.rawValue,
            job.state.name.rawValue,
            product: job.slot.product,
            at: job.createdAt
        )
        return slot
    }

    /// Whether a job has left the queue and is not final, in the words of the index `job_moving`.
    static let isMoving = "(state = 'submitting' OR state = 'rendering' OR state = 'rendered' OR state = 'fetched')"

    /// See `JobStore.claim`.
    public func claim(
        lane: LaneID,
        run: RunID?,
        token: String,
        until: Date,
        limit: Int,
        at now: Date
    ) async throws(StoreError) -> [Job] {
        let claimed = try await writeLazily { database in
            func due(_ states: String, of run: RunID?, _ most: Int) throws -> [DueJob] {
                var found: [DueJob] = []
                // One range for each value of `urgent`: the index ends it where nothing more is due, however many jobs are there.
                for isUrgent in [true, false] where found.count < most {
                    found += try database.rows(
                        """
                        SELECT id, revision FROM job
                        WHERE lane = ?1 AND \(states) AND urgent = ?5 AND due_at <= ?2
                            AND (lease_until IS NULL OR lease_until <= ?2) AND (CAST(?4 AS TEXT) IS NULL OR run = ?4)
                        ORDER BY due_at, number LIMIT ?3
                        """,
                        lane.rawValue,
                        now.milliseconds,
                        most - found.count,
                        run?.rawValue,
                        isUrgent ? 1 : 0
                    ).map { DueJob(id: $0[0], isUrgent: isUrgent, revision: $0[1]) }
                }
                return found
            }
            let queued = try due("state = 'queued'", of: run, limit)
            guard let allowance = try LaneAllowance(of: lane, isAsked: !queued.isEmpty, at: now, database) else {
                throw StoreError(.notFound, "no lane `\(lane)`: it was not registered")
            }
            let moving = try due(SQLStore.isMoving, of: nil, min(limit, allowance.moving))
            let waiting = queued.prefix(allowance.waiting)
            let urgent = moving.filter(\.isUrgent) + waiting.filter(\.isUrgent)
            let others = moving.filter { !$0.isUrgent } + waiting.filter { !$0.isUrgent }
            let claimed = (urgent + others).prefix(max(0, limit))
            for job in claimed {
                try database.run(
                    """
                    UPDATE job SET lease_token = ?2, lease_until = ?3, claims = claims + 1, revision = revision + 1
                    WHERE id = ?1
                    """,
                    job.id,
                    token,
                    until.milliseconds
                )
            }
            return Array(claimed)
        }
        return try await jobs(claimed, under: Job.Lease(token: token, until: until))
    }

    /// Jobs that have just been claimed in their order: as they are known here, or read beside the writer, since they are this worker's for as long
    /// as its lease lasts.
    private func jobs(_ claimed: [DueJob], under lease: Job.Lease) async throws(StoreError) -> [Job] {
        var found: [String: StoredJob] = [:]
        for due in claimed {
            guard var stored = known[JobID(due.id)], stored.revision == due.revision else { continue }
            stored.claim(under: lease)
            found[due.id] = stored
        }
        let unknown = claimed.map(\.id).filter { found[$0] == nil }
        if !unknown.isEmpty { found.merge(try await stored(unknown)) { $1 } }
        let jobs = claimed.compactMap { found[$0.id] }
        for stored in jobs { known.keep(stored) }
        return jobs.map(\.job)
    }

    private func stored(_ ids: [String]) async throws(StoreError) -> [String: StoredJob] {
        let cache = requests
        return try await read { database in
            var found: [String: StoredJob] = [:]
            for list in ids.lists(of: 500) {
                let rows = try database.rows(
                    StoredJob.select + " WHERE s.id = j.slot AND j.id IN (\(places(list.count)))",
                    values: list
                )
                for row in rows { found[row[0]] = try StoredJob(row, cache) }
            }
            return found
        }
    }

    /// See `JobStore.release`.
    public func release(_ jobs: [JobID], token: String) async throws(StoreError) {
        try await writeLazily { database in
            for job in jobs {
                try database.run(
                    """
                    UPDATE job SET lease_token = NULL, lease_until = NULL, revision = revision + 1
                    WHERE id = ?1 AND lease_token = ?2
                    """,
                    job.rawValue,
                    token
                )
            }
        }
    }

    /// See `JobStore.leases`.
    public func leases() async throws(StoreError) -> [JobID: String] {
        try await read { database in
            let rows = try database.rows("SELECT id, lease_token FROM job WHERE lease_token IS NOT NULL")
            return Dictionary(uniqueKeysWithValues: rows.map { (JobID($0.text("id")), $0.text("lease_token")) })
        }
    }

    /// See `JobStore.moveOpenJobs`.
    public func moveOpenJobs(of slots: [Slot], to run: RunID) async throws(StoreError) {
        try await write { database in
            for slot in slots {
                try database.run(
                    """
                    UPDATE job SET run = ?2, revision = revision + 1 WHERE slot = (SELECT id FROM slot WHERE name = ?1)
                        AND state NOT IN ('finished', 'failed', 'cancelled')
                    """,
                    slot.description,
                    run.rawValue
                )
            }
        }
    }

    /// The number of a slot's row, which is written if it is not there.
    static func slot(_ slot: Slot, _ database: Database) throws -> Int64 {
        let name = slot.description
        if let number = try database.integer("SELECT id FROM slot WHERE name = ?1", name) { return number }
        let number = (try database.integer("SELECT max(id) FROM slot") ?? 0) + 1
        let feed = try database.row(
            """
            SELECT g.feed AS feed FROM generation g CROSS JOIN product_name n ON n.generation = g.id AND n.id = ?1
            WHERE g.is_current = 1 ORDER BY g.feed
            """,
            slot.product.rawValue
        )
        try database.run(
            """
            INSERT INTO slot (id, name, product, variant, placement, placement_rank, feed, is_orphaned)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """,
            number,
            name,
            slot.product.rawValue,
            slot.variant,
            slot.placement.rawValue,
            Placement.allCases.firstIndex(of: slot.placement),
            feed?.text("feed"),
            feed == nil ? 1 : 0
        )
        return number
    }
}

/// The texts of a new job, which are made outside of the transaction: others wait for that.
struct JobTexts: Sendable {
    let request: String
    let preset: String
    let alternatives: String?

    init(_ new: NewJob) {
        request = StoredJSON.text(new.job.request)
        preset = StoredJSON.text(new.job.preset)
        alternatives = new.job.alternatives.isEmpty ? nil : StoredJSON.text(new.job.alternatives)
    }
}

/// A job that may be claimed.
private struct DueJob {
    var id: String
    var isUrgent: Bool
    /// Of its row, before it is claimed.
    var revision: Int64
}

/// How many jobs of a lane may be claimed at a moment.
private struct LaneAllowance {
    /// Of those that have left the queue.
    var moving = Int.max
    /// Of those in the queue.
    var waiting = 0

    /// Nil when there is no such lane.
    ///
    /// What may leave the queue is counted only if that `isAsked`.
    init?(of lane: LaneID, isAsked: Bool, at now: Date, _ database: Database) throws {
        guard let row = try database.row("SELECT * FROM lane WHERE id = ?1", lane.rawValue) else { return nil }
        let limit = row.count("in_flight_limit")
        if lane == .finishing {
            let worked = try database.integer(
                "SELECT count(*) FROM job WHERE lane = ?1 AND \(SQLStore.isMoving) AND lease_until > ?2",
                lane.rawValue,
                now.milliseconds
            )
            moving = max(0, limit - Int(worked ?? 0))
        }
        let isPaused = row.optionalDate("paused_until").map { $0 > now } ?? false
        guard isAsked, !isPaused else { return }
        let claimed = try database.integer(
            """
            SELECT count(*) FROM job WHERE provider_lane = ?1 AND state = 'queued' AND lease_token IS NOT NULL AND lease_until > ?2
            """,
            lane.rawValue,
            now.milliseconds
        )
        let leased = Int(claimed ?? 0)
        let seen = LanePace(lane, at: now, database)
        let places = try seen.places()
        let onTheWay = places.onTheWay + leased
        let begun = places.inFlight + onTheWay
        // Money: links die, so no more is begun while twice as many as the lane has places wait to be made or fetched.
        waiting = max(0, min(limit - begun, 2 * limit - begun - places.unfetched))
        if row.number("interval_length") > 0 {
            let isFree = row.date("next_free_at") <= now && leased == 0
            waiting = min(waiting, isFree ? 1 : 0)
        }
        if let pace = try seen.learned() {
            let minute = try seen.lastMinute() + leased
            waiting = min(waiting, pace.room(inFlight: begun, lastMinute: minute, onTheWay: onTheWay, at: now))
        } else if lane != .local {
            waiting = min(waiting, LearnedPace.firstRoom(inFlight: places.inFlight, onTheWay: onTheWay))
        }
    }
}
