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

    private static let columns = """
        j.id, j.run, s.product, s.variant, s.placement, j.take, j.request, j.fingerprint, j.preset, j.price, j.currency,
        j.provider_lane, j.urgent, j.state, j.state_data, j.shots, j.cancel_wanted, j.failures, j.last_failure, j.looks,
        j.progress, j.due_at, j.claims, j.lease_token, j.lease_until, j.created_at, j.slot, j.clip
        """

    /// The beginning of each statement that reads jobs: `j` is the job, `s` its slot.
    static let select = "SELECT \(columns) FROM job j CROSS JOIN slot s"

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
            createdAt: Date(milliseconds: row[25])
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
        slot = row[26]
        let clip: String? = row[27]
        self.clip = try clip.map { try StoredJSON.value($0) }
    }

    /// The job, or `notFound`.
    static func required(_ id: JobID, _ database: Database, _ cache: RequestCache) throws -> StoredJob {
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

    /// Writes everything about the job that can change, but for its request and run.
    func write(_ database: Database) throws {
        try database.run(
            """
            UPDATE job SET lane = ?2, state = ?3, state_data = ?4, shots = ?5, clip = ?6, cancel_wanted = ?7, failures = ?8,
                last_failure = ?9, looks = ?10, progress = ?11, due_at = ?12, lease_token = ?13, lease_until = ?14
            WHERE id = ?1
            """,
            job.id.rawValue,
            job.lane.rawValue,
            job.state.name.rawValue,
            job.state.payload,
            job.shots.isEmpty ? "[]" : StoredJSON.text(job.shots),
            clip.map { StoredJSON.text($0) },
            job.isCancelWanted ? 1 : 0,
            job.failures,
            job.lastFailure.map { StoredJSON.text($0) },
            job.looks,
            job.progress.map { Int64(($0 * 1_000_000).rounded()) },
            job.dueAt.milliseconds,
            job.lease?.token,
            job.lease?.until.milliseconds
        )
    }
}
