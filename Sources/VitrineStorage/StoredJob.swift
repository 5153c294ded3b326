import Foundation
import GRDB
import VitrineCore

/// A job as it stands in its row, with what the row knows beside it.
struct StoredJob {
    var job: Job
    /// The number of its slot's row.
    var slot: Int64
    /// The clip that a new finish begins from.
    var clip: Clip?
    /// How often its row or its submissions have changed.
    var revision: Int64
    /// Its last submission, if that was read.
    var submission: Submission?

    private static let columns = """
        j.id, j.run, s.product, s.variant, s.placement, j.take, j.request, j.fingerprint, j.preset, j.price, j.currency,
        j.provider_lane, j.urgent, j.state, j.state_data, j.shots, j.cancel_wanted, j.failures, j.last_failure, j.looks,
        j.progress, j.due_at, j.claims, j.lease_token, j.lease_until, j.created_at, j.slot, j.clip, j.request_id,
        j.revision, j.alternatives, j.passed
        """

    /// The beginning of each statement that reads jobs: `j` is the job, `s` its slot.
    static let select = "SELECT \(columns) FROM job j CROSS JOIN slot s"
    /// The same with the job's number behind.
    static let numbered = "SELECT \(columns), j.number FROM job j CROSS JOIN slot s"

    init(_ row: Row, _ cache: RequestCache) throws {
        let placementName: String = row[4]
        let stateName: String = row[13]
        guard let placement = Placement(rawValue: placementName), let state = JobState.Name(rawValue: stateName) else {
            throw StoreError(.damaged, "the database holds a job with an unknown placement or state")
        }
        let place = Slot(product: ProductID(rawValue: row[2]), variant: row[3], placement: placement)
        var request = try cache.request(row[6])
        request.slot = place
        job = Job(
            id: JobID(rawValue: row[0]),
            run: RunID(rawValue: row[1]),
            slot: place,
            take: row[5],
            request: request,
            fingerprint: Fingerprint(rawValue: row[7]),
            preset: try cache.preset(row[8]),
            price: Money(micros: row[9], currency: row[10]),
            providerLane: LaneID(rawValue: row[11]),
            isUrgent: row[12] != 0,
            createdAt: Date(milliseconds: row[25]),
            requestID: row[28]
        )
        job.state = try JobState(name: state, payload: row[14])
        let shots: String = row[15]
        if shots != "[]" { job.shots = try StoredJSON.value(shots) }
        job.isCancelWanted = row[16] != 0
        job.failures = row[17]
        let failure: String? = row[18]
        job.lastFailure = try failure.map { try StoredJSON.value($0) }
        job.looks = row[19]
        let progress: Int64? = row[20]
        job.progress = progress.map { Double($0) / 1_000_000 }
        job.dueAt = Date(milliseconds: row[21])
        job.claims = row[22]
        if let token: String = row[23], let until: Int64 = row[24] {
            job.lease = Job.Lease(token: token, until: Date(milliseconds: until))
        }
        let alternatives: String? = row[30]
        if let alternatives {
            job.alternatives = try StoredJSON.value(alternatives)
            for index in job.alternatives.indices { job.alternatives[index].request.slot = place }
        }
        let passed: String? = row[31]
        if let passed { job.passed = try StoredJSON.value(passed) }
        slot = row[26]
        let clip: String? = row[27]
        self.clip = try clip.map { try StoredJSON.value($0) }
        revision = row[29]
    }

    /// The job, or `notFound`; what is known of it already is taken for it while its row has not changed since.
    static func required(
        _ id: JobID,
        _ database: Database,
        _ cache: RequestCache,
        known: StoredJob? = nil
    ) throws -> StoredJob {
        if let known, try database.integer("SELECT revision FROM job WHERE id = ?1", id.rawValue) == known.revision {
            return known
        }
        guard let row = try database.row(select + " WHERE s.id = j.slot AND j.id = ?1", id.rawValue) else {
            throw StoreError(.notFound, "no job `\(id)`")
        }
        return try StoredJob(row, cache)
    }

    /// Whether this token holds a lease that is still running.
    func isLeased(by token: String, at now: Date) -> Bool {
        job.lease.map { $0.token == token && $0.until > now } ?? false
    }

    /// Whether anybody holds a lease that is still running.
    func isLeased(at now: Date) -> Bool {
        job.lease.map { $0.until > now } ?? false
    }

    /// Becomes another job with another clip, and writes what that changes in its row; its run stays, and its request unless
    /// another provider is asked.
    mutating func become(_ after: Job, clip: Clip?, payload: (JobState) -> String?, _ database: Database) throws {
        var row = ChangedColumns()
        if after.lane != job.lane { row.set("lane", after.lane.rawValue) }
        if after.passed != job.passed {
            row.set("passed", StoredJSON.text(after.passed))
            row.set("alternatives", after.alternatives.isEmpty ? nil : StoredJSON.text(after.alternatives))
            row.set("request", StoredJSON.text(after.request))
            row.set("fingerprint", after.fingerprint.rawValue)
            row.set("price", after.price.micros)
            row.set("currency", after.price.currency)
            row.set("provider_lane", after.providerLane.rawValue)
        }
        var clipText: String?
        if after.state != job.state {
            let text = payload(after.state)
            row.set("state", after.state.name.rawValue)
            row.set("state_data", text)
            if case .fetched(clip) = after.state { clipText = text }
        }
        if after.shots != job.shots { row.set("shots", StoredJSON.text(after.shots)) }
        if clip != self.clip { row.set("clip", clipText ?? clip.map { StoredJSON.text($0) }) }
        if after.isCancelWanted != job.isCancelWanted { row.set("cancel_wanted", after.isCancelWanted ? 1 : 0) }
        if after.failures != job.failures { row.set("failures", after.failures) }
        if after.lastFailure != job.lastFailure {
            row.set("last_failure", after.lastFailure.map { StoredJSON.text($0) })
        }
        if after.looks != job.looks { row.set("looks", after.looks) }
        if after.progress != job.progress {
            row.set("progress", after.progress.map { Int64(($0 * 1_000_000).rounded()) })
        }
        if after.dueAt != job.dueAt { row.set("due_at", after.dueAt.milliseconds) }
        if after.lease?.until != job.lease?.until { row.set("lease_until", after.lease?.until.milliseconds) }
        if after.lease?.token != job.lease?.token { row.set("lease_token", after.lease?.token) }
        job = after
        self.clip = clip
        revision += 1
        row.set("revision", revision)
        try database.run("UPDATE job SET \(row.columns) WHERE id = ?1", values: [after.id.rawValue] + row.values)
    }

    /// As its row is once somebody has claimed it.
    mutating func claim(under lease: Job.Lease) {
        job.lease = lease
        job.claims += 1
        revision += 1
    }

    /// Marks the row as changed, though only its submissions have.
    mutating func touch(_ database: Database) throws {
        revision += 1
        try database.run("UPDATE job SET revision = ?2 WHERE id = ?1", job.id.rawValue, revision)
    }
}

/// Columns that change, with their new values, whose places begin at `?2`.
private struct ChangedColumns {
    private(set) var columns = ""
    private(set) var values: [(any StatementValue)?] = []

    mutating func set(_ column: String, _ value: (any StatementValue)?) {
        if !values.isEmpty { columns += ", " }
        columns += "\(column) = ?\(values.count + 2)"
        values.append(value)
    }
}
