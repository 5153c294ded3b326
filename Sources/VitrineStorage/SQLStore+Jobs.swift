public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `JobStore.job`.
    public func job(_ id: JobID) async throws(StoreError) -> Job? {
        let cache = requests
        return try await read { database in
            try database.row(StoredJob.select + " WHERE s.id = j.slot AND j.id = ?1", id.rawValue)
                .map { try StoredJob($0, cache).job }
        }
    }

    /// See `JobStore.jobs`.
    public func jobs(_ query: JobQuery, offset: Int, limit: Int) async throws(StoreError) -> [Job] {
        let cache = requests
        return try await read { database in
            let filter = JobFilter(query, from: 3)
            return try database.rows(
                StoredJob.select + " WHERE s.id = j.slot\(filter.sql) ORDER BY j.number DESC LIMIT ?1 OFFSET ?2",
                values: [max(0, limit), max(0, offset)] + filter.values
            ).map { try StoredJob($0, cache).job }
        }
    }

    /// See `JobStore.counts`.
    public func counts(_ query: JobQuery) async throws(StoreError) -> JobCounts {
        try await read { database in
            let filter = JobFilter(query, from: 1)
            let slots = query.product == nil ? "" : " CROSS JOIN slot s"
            let join = query.product == nil ? "" : " AND s.id = j.slot"
            let rows = try database.rows(
                """
                SELECT j.state AS state, count(*) AS jobs,
                    min(CASE WHEN j.lease_until > j.due_at THEN j.lease_until ELSE j.due_at END) AS due_at
                FROM job j\(slots) WHERE true\(join)\(filter.sql) GROUP BY j.state
                """,
                values: filter.values
            )
            var counts = JobCounts()
            for row in rows {
                let state: JobState.Name = try row.name("state")
                counts.states[state] = row.count("jobs")
                guard !state.isFinal else { continue }
                let due = row.date("due_at")
                counts.nextDueAt = counts.nextDueAt.map { min($0, due) } ?? due
            }
            return counts
        }
    }

    /// See `JobStore.events`.
    public func events(of job: JobID) async throws(StoreError) -> [JobEventRecord] {
        try await read { database in
            try database.rows(
                "SELECT at, actor, body, request_id FROM job_event WHERE job = ?1 ORDER BY number",
                job.rawValue
            ).map { row in
                JobEventRecord(
                    at: row.date("at"),
                    actor: try row.name("actor"),
                    event: try row.value("body"),
                    requestID: row.optionalText("request_id")
                )
            }
        }
    }

    /// See `JobStore.submissions`.
    public func submissions(to provider: ProviderID, since: Date) async throws(StoreError) -> [Submission] {
        try await read { database in
            try database.rows(
                "SELECT \(Ledger.columns) FROM submission WHERE provider = ?1 AND begun_at >= ?2 ORDER BY number",
                provider.rawValue,
                since.milliseconds
            ).map(Ledger.submission)
        }
    }

    /// See `JobStore.submissions`.
    public func submissions(of job: JobID) async throws(StoreError) -> [Submission] {
        try await read { try Ledger($0).submissions(of: job) }
    }
}

/// The conditions of a query about jobs; `j` is the job, `s` its slot.
struct JobFilter {
    var sql = ""
    var values: [(any StatementValue)?] = []

    init(_ query: JobQuery, from first: Int) {
        if let run = query.run {
            sql += " AND j.run = ?\(first + values.count)"
            values.append(run.rawValue)
        }
        if let product = query.product {
            sql += " AND s.product = ?\(first + values.count)"
            values.append(product.rawValue)
        }
        let states = Set(query.states.map(\.rawValue)).sorted()
        if !states.isEmpty {
            sql += " AND j.state IN (\(places(states.count, from: first + values.count)))"
            values += states
        }
    }
}
