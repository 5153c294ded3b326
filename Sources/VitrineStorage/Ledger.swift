import Foundation
import GRDB
import VitrineCore

/// Submissions and the money they hold, inside one transaction.
struct Ledger {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// The submission with that key, if it is that job's.
    func submission(_ key: SubmissionKey, of job: JobID) throws -> Submission? {
        try database.row(
            "SELECT \(Ledger.columns) FROM submission WHERE key = ?1 AND job = ?2",
            key.rawValue,
            job.rawValue
        )
        .map(Ledger.submission)
    }

    /// The last submission of a job.
    func latest(of job: JobID) throws -> Submission? {
        try database.row(
            "SELECT \(Ledger.columns) FROM submission WHERE job = ?1 ORDER BY number DESC LIMIT 1",
            job.rawValue
        )
        .map(Ledger.submission)
    }

    /// All submissions of a job, oldest first.
    func submissions(of job: JobID) throws -> [Submission] {
        try database.rows("SELECT \(Ledger.columns) FROM submission WHERE job = ?1 ORDER BY number", job.rawValue).map(
            Ledger.submission
        )
    }

    /// Writes the intent, sets its money aside and takes the lane's place.
    func begin(_ key: SubmissionKey, for job: Job, reserving money: Money, at now: Date) throws -> Submission {
        if !money.isZero { try Allowances(database).check(money, at: now) }
        try reserve(money)
        try database.run(
            """
            INSERT INTO submission (key, number, job, provider, begun_at, outcome, reserved, currency)
            VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM submission), ?2, ?3, ?4, 'open', ?5, ?6)
            """,
            key.rawValue,
            job.id.rawValue,
            job.request.provider.rawValue,
            now.milliseconds,
            money.micros,
            money.currency
        )
        try database.run(
            """
            UPDATE lane SET next_free_at = CASE WHEN next_free_at > ?2 THEN next_free_at ELSE ?2 END + interval_length
            WHERE id = ?1 AND interval_length > 0
            """,
            job.providerLane.rawValue,
            now.milliseconds
        )
        return Submission(
            key: key,
            job: job.id,
            provider: job.request.provider,
            begunAt: now,
            outcome: .open,
            reserved: money
        )
    }

    /// Throws `overBudget` when what may be spent in all, in this day or in this month does not cover an amount.
    func check(_ money: Money, at now: Date) throws {
        guard !money.isZero else { return }
        try Allowances(database).check(money, at: now)
        let budget = try database.row("SELECT * FROM budget WHERE currency = ?1", money.currency).map(Ledger.budget)
        guard let budget, budget.spent.micros + budget.reserved.micros + money.micros <= budget.cap.micros else {
            throw refusal(of: money, budget)
        }
    }

    private func reserve(_ money: Money) throws {
        guard !money.isZero else { return }
        // Money: the condition and the change are one statement, so no two workers can both take the last of it.
        let changed = try database.run(
            "UPDATE budget SET reserved = reserved + ?1 WHERE currency = ?2 AND ?1 > 0 AND spent + reserved + ?1 <= cap",
            money.micros,
            money.currency
        )
        guard changed == 0 else { return }
        let budget = try database.row("SELECT * FROM budget WHERE currency = ?1", money.currency).map(Ledger.budget)
        throw refusal(of: money, budget)
    }

    private func refusal(of money: Money, _ budget: Budget?) -> StoreError {
        StoreError(
            .overBudget,
            budget.map { "expected at most \($0.left) but got \(money): the rest of the budget of \($0.cap)" }
                ?? "expected a budget in \(money.currency) that covers \(money) but none is set"
        )
    }

    /// Notes what the provider answered to a submission; gives it back as it is then.
    @discardableResult
    func answer(
        _ submission: Submission,
        _ outcome: Submission.Outcome,
        remote: RemoteJob,
        text: String,
        at now: Date
    ) throws -> Submission {
        guard submission.outcome != .accepted, submission.outcome != .adopted else { return submission }
        var answered = submission
        answered.outcome = outcome
        answered.remote = remote
        if submission.outcome == .turnedAway {
            answered.settled = nil
            // Money: the provider has it after all, so what was given back is set aside again, whatever the budget says.
            try database.run(
                "UPDATE submission SET settled = NULL, settled_currency = NULL WHERE key = ?1",
                submission.key.rawValue
            )
            try database.run(
                "UPDATE budget SET reserved = reserved + ?1 WHERE currency = ?2",
                submission.reserved.micros,
                submission.reserved.currency
            )
        }
        try database.run(
            "UPDATE submission SET outcome = ?2, remote = ?3, answered_at = ?4 WHERE key = ?1",
            submission.key.rawValue,
            outcome.rawValue,
            text,
            now.milliseconds
        )
        return answered
    }

    /// Gives the money of a submission back that certainly went nowhere, unless the provider was known to have it.
    func turnAway(_ submission: Submission) throws {
        guard submission.outcome == .open || submission.outcome == .doubtful else { return }
        try conclude(submission, .turnedAway)
        try settle(submission, at: .zero(submission.reserved.currency))
    }

    /// Notes that the money of a submission has left: what was set aside is free again, what it cost is spent; gives it back as it is then.
    @discardableResult
    func settle(_ submission: Submission, at cost: Money) throws -> Submission {
        if let earlier = submission.settled {
            try database.run(
                "UPDATE budget SET spent = CASE WHEN spent > ?1 THEN spent - ?1 ELSE 0 END WHERE currency = ?2",
                earlier.micros,
                earlier.currency
            )
        } else if !submission.reserved.isZero {
            try database.run(
                "UPDATE budget SET reserved = CASE WHEN reserved > ?1 THEN reserved - ?1 ELSE 0 END WHERE currency = ?2",
                submission.reserved.micros,
                submission.reserved.currency
            )
        }
        if !cost.isZero {
            try database.run("UPDATE budget SET spent = spent + ?1 WHERE currency = ?2", cost.micros, cost.currency)
        }
        try database.run(
            "UPDATE submission SET settled = ?2, settled_currency = ?3 WHERE key = ?1",
            submission.key.rawValue,
            cost.micros,
            cost.currency
        )
        var settled = submission
        settled.settled = cost
        return settled
    }

    /// Settles or releases what a job holds whose work has failed, by what its failure says about billing; what nobody knows stays
    /// set aside.
    func end(_ job: Job, after failure: JobFailure) throws {
        let state = job.state.name
        guard state == .submitting || state == .rendering else { return }
        guard let submission = try latest(of: job.id), submission.settled == nil else { return }
        if state == .submitting {
            let wentNowhere = failure.billed == .no && failure.kind != .unknownOutcome
            try conclude(submission, wentNowhere ? .turnedAway : .doubtful)
        }
        // Money: an answer that did not come, or that nobody understands, says nothing about work that the provider has.
        let isDeaf = state == .rendering && (failure.kind == .garbled || failure.kind == .unreachable)
        let isSure = failure.kind != .unknownOutcome && !isDeaf
        switch failure.billed {
        case .yes: try settle(submission, at: submission.reserved)
        case .no where isSure: try settle(submission, at: .zero(submission.reserved.currency))
        case .no, .unknown: break
        }
    }

    /// A cancelled job that the provider has counts as paid, and so does one that failed although it may have been billed; one
    /// that the provider may have and may still answer for keeps its money set aside.
    func cancel(_ job: Job) throws {
        guard let submission = try latest(of: job.id), submission.settled == nil else { return }
        switch job.state.name {
        case .submitting: try conclude(submission, .doubtful)
        case .rendering, .failed: try settle(submission, at: submission.reserved)
        default: break
        }
    }

    /// A person found that a submission cost nothing, whatever was thought of it before.
    func release(_ submission: Submission) throws {
        if submission.outcome == .open || submission.outcome == .doubtful { try conclude(submission, .turnedAway) }
        try settle(submission, at: .zero(submission.reserved.currency))
    }

    /// A person tries again what may have been billed: until somebody knows better, the earlier submissions count as paid.
    func presumeBilled(_ job: JobID) throws {
        for submission in try submissions(of: job) where submission.settled == nil {
            if submission.outcome == .open { try conclude(submission, .doubtful) }
            try settle(submission, at: submission.reserved)
        }
    }

    private func conclude(_ submission: Submission, _ outcome: Submission.Outcome) throws {
        try database.run(
            "UPDATE submission SET outcome = ?2 WHERE key = ?1",
            submission.key.rawValue,
            outcome.rawValue
        )
    }

    static let columns =
        "key, job, provider, begun_at, outcome, remote, reserved, currency, settled, settled_currency"

    static func submission(_ row: Row) throws -> Submission {
        guard let outcome = Submission.Outcome(rawValue: row[4]) else {
            throw StoreError(.damaged, "the database holds a submission with an unknown outcome")
        }
        let remote: String? = row[5]
        let settled: Int64? = row[8]
        return Submission(
            key: SubmissionKey(rawValue: row[0]),
            job: JobID(rawValue: row[1]),
            provider: ProviderID(rawValue: row[2]),
            begunAt: Date(milliseconds: row[3]),
            outcome: outcome,
            remote: try remote.map { try StoredJSON.value($0) },
            reserved: Money(micros: row[6], currency: row[7]),
            settled: settled.map { Money(micros: $0, currency: row[9]) }
        )
    }

    static func budget(_ row: Row) -> Budget {
        let currency = row.text("currency")
        return Budget(
            cap: Money(micros: row.number("cap"), currency: currency),
            spent: Money(micros: row.number("spent"), currency: currency),
            reserved: Money(micros: row.number("reserved"), currency: currency)
        )
    }
}
