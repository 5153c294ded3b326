import Foundation
import Hummingbird
import VitrineCore

/// What is being made, what failed and what to do about it, and what it all costs.
struct WorkPages: Sendable {
    let studio: Studio

    private static let shown = 50
    private static let failed: [JobState.Name] = [.failed]
    private static let open = JobState.Name.allCases.filter { !$0.isFinal }

    private struct Line {
        var address: String
        var title: String
        var shape: String
        var what: String
        var remedy: String?
        var provider: String
    }

    private struct Model {
        struct Cap {
            var left: String
            var cap: String
            var period: String
            var spent: String
            var reserved: String
        }
        struct Bar {
            var x: String
            var y: String
            var wide: String
            var tall: String
            var label: String
        }
        struct Health {
            var name: String
            var models: String
            var prices: String
            var state: String
            var tone: String
            var limit: String
        }
        struct Provider {
            var name: String
            var count: String
            var spent: String
            var reserved: String
            var share: String
        }

        var form: String
        var mayGenerate: Bool
        var mayAdmin: Bool
        var open: String
        var failed: [Line]
        var hasFailed: Bool
        var underway: [Line]
        var hasUnderway: Bool
        var health: [Health]
        var budgets: [Cap]
        var hasBudgets: Bool
        var bars: [Bar]
        var width: String
        var summary: String
        var providers: [Provider]
        var hasSpend: Bool
    }

    func show(_ visit: Visit) async throws -> Response {
        _ = try Query(visit.request)
        let store = studio.home.store
        let now = studio.home.time.now()
        let counts = try await store.counts(JobQuery())
        let failed = try await store.jobs(JobQuery(states: Self.failed), after: nil, limit: Self.shown).items
        let underway = try await store.jobs(JobQuery(states: Self.open), after: nil, limit: Self.shown).items
        let lanes = try await store.lanes()
        let budgets = try await store.budgets(at: now)
        let zone = studio.home.options.timezone
        let providers = try await store.spend(by: .provider, in: zone).filter {
            !($0.settled.isZero && $0.reserved.isZero)
        }
        // Amounts are compared within a currency alone.
        let dearest = Dictionary(grouping: providers, by: \.settled.currency)
            .mapValues { max(1, $0.map(\.settled.micros).max() ?? 1) }
        let days = try await store.spend(by: .day, in: zone).filter { !$0.settled.isZero }.suffix(60)
        let model = Model(
            form: visit.formToken ?? "",
            mayGenerate: visit.mayGenerate,
            mayAdmin: visit.mayAdmin,
            open: counts.open == 0
                ? "Nothing is being made." : "\(counts.open) of \(counts.all) videos are being made.",
            failed: try await lines(failed),
            hasFailed: !failed.isEmpty,
            underway: try await lines(underway),
            hasUnderway: !underway.isEmpty,
            health: health(lanes, at: now),
            budgets: budgets.map { budget in
                Model.Cap(
                    left: budget.left.description,
                    cap: budget.cap.description,
                    period: budget.period == .total ? "in all" : "a \(budget.period.rawValue)",
                    spent: budget.spent.description,
                    reserved: budget.reserved.description
                )
            },
            hasBudgets: !budgets.isEmpty,
            bars: Self.bars(Array(days)),
            width: "\(max(1, days.count) * 12)",
            summary: days.isEmpty
                ? "" : "\(days.count) days with spend, the last \(days.last.map { "\($0.name): \($0.settled)" } ?? "")",
            providers: providers.map {
                Model.Provider(
                    name: $0.name,
                    count: "\($0.submissions)",
                    spent: $0.settled.description,
                    reserved: $0.reserved.isZero ? "" : $0.reserved.description,
                    share: String(
                        format: "%.1f",
                        Double($0.settled.micros) / Double(dearest[$0.settled.currency] ?? 1) * 100
                    )
                )
            },
            hasSpend: !days.isEmpty
        )
        return studio.answer(.work, model, title: "Work", at: .work, to: visit)
    }

    /// Asks for everything that failed once more, but for what may have been made and paid for: a person decides that one by one.
    func retry(_ visit: Visit) async throws -> Response {
        _ = try await visit.form()
        let store = studio.home.store
        let failed = try await store.jobs(JobQuery(states: Self.failed), after: nil, limit: Self.shown).items
        for job in failed where job.lastFailure?.mayBeBilled != true {
            do throws(StoreError) {
                _ = try await store.decide(.retried, for: job.id, at: studio.home.time.now())
            } catch {
                // Another one has decided about it meanwhile.
                guard error.kind == .conflict else { throw error }
            }
        }
        return Visit.redirect(to: "/studio/work")
    }

    /// Sets the most that may be spent in all.
    func setBudget(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let amount = form["amount"]?.first?.trimmed ?? ""
        let currency = form["currency"]?.first?.trimmed.uppercased() ?? ""
        try await MoneyAPI(home: studio.home).setBudget(try MoneyText.money(amount, currency))
        return Visit.redirect(to: "/studio/work")
    }

    /// Each provider that can be asked here, and whether it answers.
    private func health(_ lanes: [Lane], at now: Date) -> [Model.Health] {
        let offers = Dictionary(grouping: studio.home.offers, by: \.provider)
        return offers.sorted { $0.key.rawValue < $1.key.rawValue }.map { provider, offers in
            let lane = lanes.first { $0.id.rawValue == provider.rawValue }
            let until = lane?.pausedUntil.flatMap { $0 > now ? $0 : nil }
            let units = Set(offers.map { "\($0.price.words) a \($0.unit.rawValue)" }).sorted()
            return Model.Health(
                name: provider.rawValue,
                models: Set(offers.map(\.model)).sorted().joined(separator: ", "),
                prices: offers.allSatisfy(\.price.isZero)
                    ? "free"
                    : [units.first, units.count > 1 ? units.last : nil].compactMap(\.self).joined(separator: " to "),
                state: until.map {
                    "\((lane?.pauseReason ?? "it asked to wait").asSentence) Until \(studio.moment($0))."
                }
                    ?? "Ready",
                tone: until == nil ? "good" : "bad",
                limit: lane.map { "\($0.limit)" } ?? ""
            )
        }
    }

    private func lines(_ jobs: [Job]) async throws -> [Line] {
        var lines: [Line] = []
        for job in jobs {
            let product = try await studio.home.store.entry(job.slot.product)?.product
            let progress = job.progress.map { " \(Int(($0 * 100).rounded())) %" } ?? ""
            let take = Take(
                number: job.take,
                job: job.id,
                jobState: job.state.name,
                request: job.request,
                fingerprint: job.fingerprint,
                preset: job.preset
            )
            let isFailed = job.state.name == .failed
            lines.append(
                Line(
                    address: "/studio/products/\(job.slot.product)",
                    title: product?.title ?? job.slot.product.rawValue,
                    shape: job.slot.placement.rawValue,
                    what: isFailed ? job.lastFailure?.message.asSentence ?? "Failed." : StateMark(take).word + progress,
                    remedy: isFailed ? job.lastFailure?.remedy : nil,
                    provider: "\(job.request.provider) \(job.request.model)"
                )
            )
        }
        return lines
    }

    /// A bar a day, the largest as high as the chart.
    private static func bars(_ days: [SpendSum]) -> [Model.Bar] {
        let most = days.map(\.settled.micros).max() ?? 0
        guard most > 0 else { return [] }
        return days.enumerated().map { index, day in
            let tall = max(2, Double(day.settled.micros) / Double(most) * 116)
            return Model.Bar(
                x: "\(index * 12 + 1)",
                y: String(format: "%.1f", 120 - tall),
                wide: "10",
                tall: String(format: "%.1f", tall),
                label: "\(day.name): \(day.settled)"
            )
        }
    }
}
