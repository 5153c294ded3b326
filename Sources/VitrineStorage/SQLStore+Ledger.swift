public import Foundation
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

    /// See `JobStore.setBudget`.
    public func setBudget(_ cap: Money, each period: BudgetPeriod, in zone: TimeZone) async throws(StoreError) {
        guard period != .total else { return try await setBudget(cap) }
        try await write { database in
            guard cap.micros >= 0 else { throw StoreError(.conflict, "expected a budget of at least 0 but got \(cap)") }
            try database.run(
                """
                INSERT INTO allowance (currency, period, cap, zone) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (currency, period) DO UPDATE SET cap = excluded.cap, zone = excluded.zone
                """,
                cap.currency,
                period.rawValue,
                cap.micros,
                zone.identifier
            )
        }
    }

    /// See `JobStore.budgets`.
    public func budgets(at now: Date) async throws(StoreError) -> [Budget] {
        try await read { database in
            try database.rows("SELECT * FROM budget ORDER BY currency").map(Ledger.budget)
                + Allowances(database).budgets(at: now)
        }
    }

    /// See `JobStore.spend`.
    public func spend(by axis: SpendAxis, in zone: TimeZone) async throws(StoreError) -> [SpendSum] {
        try await read { database in
            let name =
                switch axis {
                case .day: "s.begun_at / 900000"
                case .provider: "s.provider"
                case .preset: "j.preset"
                case .product: "l.product"
                }
            let rows = try database.rows(
                """
                SELECT CAST(\(name) AS TEXT) AS name, coalesce(s.settled_currency, s.currency) AS spent_in,
                    count(*) AS submissions, sum(coalesce(s.settled, 0)) AS settled,
                    sum(CASE WHEN s.settled IS NULL THEN s.reserved ELSE 0 END) AS reserved
                FROM submission s JOIN job j ON j.id = s.job JOIN slot l ON l.id = j.slot
                GROUP BY 1, 2 ORDER BY 1, 2
                """
            )
            let style = Date.ISO8601FormatStyle(timeZone: zone).year().month().day()
            var sums: [String: SpendSum] = [:]
            for row in rows {
                var name = row.text("name")
                switch axis {
                case .day: name = Date(milliseconds: (Int64(name) ?? 0) * 900_000).formatted(style)
                case .preset: name = (try StoredJSON.value(name) as PresetUse).name
                case .provider, .product: break
                }
                let currency = row.text("spent_in")
                var sum =
                    sums["\(name) \(currency)"]
                    ?? SpendSum(name: name, submissions: 0, settled: .zero(currency), reserved: .zero(currency))
                sum.submissions += row.count("submissions")
                sum.settled.micros += row.number("settled")
                sum.reserved.micros += row.number("reserved")
                sums["\(name) \(currency)"] = sum
            }
            return sums.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// See `JobStore.spend`.
    public func spend(in zone: TimeZone) async throws(StoreError) -> [SpendLine] {
        try await read { database in
            let rows = try database.rows(
                """
                SELECT begun_at / 900000 AS quarter, provider, coalesce(settled_currency, currency) AS spent_in,
                    count(*) AS submissions, sum(coalesce(settled, 0)) AS settled,
                    sum(CASE WHEN settled IS NULL THEN reserved ELSE 0 END) AS reserved
                FROM submission
                GROUP BY begun_at / 900000, provider, coalesce(settled_currency, currency)
                ORDER BY 1, 2, 3
                """
            )
            let style = Date.ISO8601FormatStyle(timeZone: zone).year().month().day()
            var lines: [String: SpendLine] = [:]
            for row in rows {
                let currency = row.text("spent_in")
                let provider = ProviderID(row.text("provider"))
                let day = Date(milliseconds: row.number("quarter") * 900_000).formatted(style)
                let key = "\(day) \(provider) \(currency)"
                var line =
                    lines[key]
                    ?? SpendLine(
                        day: day,
                        provider: provider,
                        submissions: 0,
                        settled: .zero(currency),
                        reserved: .zero(currency)
                    )
                line.submissions += row.count("submissions")
                line.settled.micros += row.number("settled")
                line.reserved.micros += row.number("reserved")
                lines[key] = line
            }
            return lines.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
