public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `RegenerationStore.answer`.
    public func answer(to key: IdempotencyKey, at now: Date) async throws(StoreError) -> String? {
        try await read { try SQLStore.answer(to: key, at: now, $0) }
    }

    /// See `RegenerationStore.regenerate`.
    public func regenerate(_ regeneration: Regeneration, at now: Date) async throws(StoreError) -> RegenerationOutcome {
        let new = NewJob(job: regeneration.job)
        let texts = JobTexts(new)
        let changes = regeneration.override.isEmpty ? nil : StoredJSON.text(regeneration.override)
        return try await write { database in
            if let once = regeneration.once {
                if let answer = try SQLStore.answer(to: once, at: now, database) { return .repeated(answer: answer) }
                try SQLStore.keep(once, regeneration.answer, at: now, database)
            }
            let job = regeneration.job
            try SQLStore.requireBudget(for: job.price, database)
            try SQLStore.insert(regeneration.run, database)
            guard let slot = try SQLStore.enqueue(new, texts, database) else {
                throw StoreError(.conflict, "the same was asked for at the same moment by somebody else")
            }
            let same = try database.row(
                """
                SELECT id FROM job WHERE slot = ?1 AND fingerprint = ?2 AND id <> ?3
                    AND state NOT IN ('finished', 'failed', 'cancelled')
                """,
                slot,
                job.fingerprint.rawValue,
                job.id.rawValue
            )
            if let same {
                throw StoreError(.conflict, "the same is being made already by job `\(same.text("id"))`")
            }
            try database.run("UPDATE slot SET changes = ?2 WHERE id = ?1", slot, changes)
            return .queued
        }
    }

    /// Money: nothing is promised here; what the job costs is set aside when it begins.
    ///
    /// But what cannot be paid is not queued.
    private static func requireBudget(for price: Money, _ database: Database) throws {
        guard price.micros > 0 else { return }
        let budget = try database.row("SELECT * FROM budget WHERE currency = ?1", price.currency).map(Ledger.budget)
        guard let budget else {
            throw StoreError(.overBudget, "expected a budget in \(price.currency) that covers \(price) but none is set")
        }
        guard budget.left.micros >= price.micros else {
            throw StoreError(
                .overBudget,
                "expected at most \(budget.left) but got \(price): the rest of the budget of \(budget.cap)"
            )
        }
    }

    private static func answer(to key: IdempotencyKey, at now: Date, _ database: Database) throws -> String? {
        let row = try database.row(
            "SELECT asked, answer FROM idempotency WHERE caller = ?1 AND key = ?2 AND created_at > ?3",
            key.caller.rawValue,
            key.text,
            now.milliseconds - IdempotencyKey.lifetime.milliseconds
        )
        guard let row else { return nil }
        guard row.text("asked") == key.asked.hexadecimal else {
            throw StoreError(.reusedKey, "the idempotency key `\(key.text)` was used for another request")
        }
        return row.text("answer")
    }

    private static func keep(_ key: IdempotencyKey, _ answer: String, at now: Date, _ database: Database) throws {
        try database.run(
            """
            INSERT INTO idempotency (caller, key, asked, answer, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (caller, key) DO UPDATE SET asked = excluded.asked, answer = excluded.answer,
                created_at = excluded.created_at
            """,
            key.caller.rawValue,
            key.text,
            key.asked.hexadecimal,
            answer,
            now.milliseconds
        )
    }
}
