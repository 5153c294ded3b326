import Foundation
import GRDB
import VitrineCore

/// What may be spent in a day and in a month, inside one transaction.
struct Allowances {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// Each of them with what the period that a moment lies in has cost and holds.
    func budgets(at now: Date, currency: String? = nil) throws -> [Budget] {
        let rows = try database.rows(
            "SELECT * FROM allowance WHERE CAST(?1 AS TEXT) IS NULL OR currency = ?1 ORDER BY currency, period",
            currency
        )
        return try rows.map { row in
            let period: BudgetPeriod = try row.name("period")
            let currency = row.text("currency")
            let zone = TimeZone(identifier: row.text("zone")) ?? .gmt
            let sums = try database.row(
                """
                SELECT coalesce(sum(coalesce(settled, 0)), 0) AS spent,
                    coalesce(sum(CASE WHEN settled IS NULL THEN reserved ELSE 0 END), 0) AS reserved
                FROM submission WHERE begun_at >= ?1 AND coalesce(settled_currency, currency) = ?2
                """,
                period.start(of: now, in: zone)?.milliseconds,
                currency
            )
            func money(_ micros: Int64) -> Money { Money(micros: micros, currency: currency) }
            return Budget(
                cap: money(row.number("cap")),
                spent: money(sums?.number("spent") ?? 0),
                reserved: money(sums?.number("reserved") ?? 0),
                period: period
            )
        }
    }

    /// Throws `overBudget` when a day or a month does not cover an amount; the transaction holds the write lock, so nobody else takes it meanwhile.
    func check(_ money: Money, at now: Date) throws {
        for budget in try budgets(at: now, currency: money.currency) where money.micros > budget.left.micros {
            throw StoreError(
                .overBudget,
                "expected at most \(budget.left) but got \(money): the rest of the \(budget.period.rawValue)'s \(budget.cap)"
            )
        }
    }
}
