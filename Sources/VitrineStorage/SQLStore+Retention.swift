public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `RetentionStore.retire`.
    public func retire(before moment: Date, at now: Date) async throws(StoreError) -> [String: Int] {
        let expired = now.milliseconds - IdempotencyKey.lifetime.milliseconds
        let before = moment.milliseconds
        let pieces: [(kind: String, sql: String, value: Int64)] = [
            (
                "idempotency keys",
                """
                DELETE FROM idempotency WHERE (caller, key) IN
                    (SELECT caller, key FROM idempotency WHERE created_at <= ?1 ORDER BY created_at LIMIT 2000)
                """, expired
            ),
            // The newest one stays, so that numbers never begin anew.
            (
                "events",
                """
                DELETE FROM home_event WHERE number IN
                    (SELECT number FROM home_event WHERE number < (SELECT max(number) FROM home_event) ORDER BY number LIMIT 2000)
                    AND at < ?1
                """, before
            ),
            (
                "deliveries",
                "DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE state <> 'waiting' AND begun_at < ?1 LIMIT 2000)",
                before
            ),
            (
                "imports",
                "DELETE FROM import_request WHERE id IN (SELECT id FROM import_request WHERE ended_at < ?1 LIMIT 2000)",
                before
            ),
            (
                "rows of plans",
                """
                DELETE FROM plan_row WHERE (plan, number) IN (
                    SELECT r.plan, r.number FROM plan p JOIN plan_row r ON r.plan = p.id
                    WHERE p.created_at < ?1 AND p.run IS NULL AND p.number < (SELECT max(number) FROM plan) LIMIT 2000
                )
                """, before
            ),
            (
                "plans",
                """
                DELETE FROM plan WHERE created_at < ?1 AND run IS NULL AND number < (SELECT max(number) FROM plan)
                    AND NOT EXISTS (SELECT 1 FROM plan_row r WHERE r.plan = plan.id)
                """, before
            ),
        ]
        var retired: [String: Int] = [:]
        for (kind, sql, value) in pieces {
            var count = 1
            while count > 0 {
                count = try await writeLazily { try $0.run(sql, value) }
                if count > 0 { retired[kind, default: 0] += count }
            }
        }
        return retired
    }
}
