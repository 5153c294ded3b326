import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `JobStore.setBudget`.
    public func setBudget(_ cap: Money) async throws(StoreError) {
        try await write { database in
            guard cap.micros >= 0 else { throw StoreError(.conflict, "expected a budget of at least 0 but got \(cap)") }
            // Money: what was spent before there was a budget counts against it.
            try database.run(
                """
                INSERT INTO budget (currency, cap, spent, reserved)
                SELECT ?1, ?2,
                    (SELECT coalesce(sum(settled), 0) FROM submission WHERE settled_currency = ?1),
                    (SELECT coalesce(sum(reserved), 0) FROM submission WHERE currency = ?1 AND settled IS NULL)
                WHERE true
                ON CONFLICT (currency) DO UPDATE SET cap = excluded.cap
                """,
                cap.currency,
                cap.micros
            )
        }
    }

    /// See `JobStore.budgets`.
    public func budgets() async throws(StoreError) -> [Budget] {
        try await read { database in
            try database.rows("SELECT * FROM budget ORDER BY currency").map(Ledger.budget)
        }
    }

    /// See `JobStore.spend`.
    public func spend() async throws(StoreError) -> [SpendLine] {
        try await read { database in
            let rows = try database.rows(
                """
                SELECT begun_at / 86400000 AS day, provider, coalesce(settled_currency, currency) AS spent_in, count(*) AS submissions,
                    sum(coalesce(settled, 0)) AS settled, sum(CASE WHEN settled IS NULL THEN reserved ELSE 0 END) AS reserved
                FROM submission
                GROUP BY begun_at / 86400000, provider, coalesce(settled_currency, currency)
                ORDER BY 1, 2, 3
                """
            )
            return rows.map { row in
                let currency = row.text("spent_in")
                let day = Date(milliseconds: row.number("day") * 86_400_000)
                return SpendLine(
                    day: day.formatted(.iso8601.year().month().day()),
                    provider: ProviderID(row.text("provider")),
                    submissions: row.count("submissions"),
                    settled: Money(micros: row.number("settled"), currency: currency),
                    reserved: Money(micros: row.number("reserved"), currency: currency)
                )
            }
        }
    }
}
