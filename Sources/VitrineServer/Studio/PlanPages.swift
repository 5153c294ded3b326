import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// A plan: what would be made of the whole catalogue, why, and what it costs; and making exactly that, or a part of it.
struct PlanPages: Sendable {
    let studio: Studio

    private static let shown = 200
    private static let parts = 30
    private static let work = Change.allCases.filter(\.isWork)

    private struct Line {
        var address: String
        var slot: String
        var isTicked: Bool
        var title: String
        var shape: String
        var why: String
        var preset: String
        var price: String
    }

    private struct Figure {
        var number: String
        var word: String
    }

    /// The rows of one category or of one reason.
    private struct Part {
        var value: String
        var word: String
        var count: String
        var price: String
        var isTicked: Bool
    }

    private struct Field {
        var name: String
        var value: String
    }

    private struct Model {
        var form: String
        var address: String
        var when: String
        var isRunning: Bool
        var isInterrupted: Bool
        var isApplied: Bool
        var isIdle: Bool
        var canApply: Bool
        var canPick: Bool
        var isNarrowed: Bool
        var fields: [Field]
        var figures: [Figure]
        var count: String
        var price: String
        var categories: [Part]
        var reasons: [Part]
        var hasParts: Bool
        var rows: [Line]
        var hasRows: Bool
        var more: String?
        var blocked: [Line]
        var hasBlocked: Bool
    }

    private var api: PlansAPI { PlansAPI(home: studio.home) }

    func create(_ visit: Visit) async throws -> Response {
        _ = try await visit.form()
        let plan = try await api.begin(PlanOptions(), listsUnchanged: false, log: visit.context.logger)
        return Visit.redirect(to: "/studio/plans/\(plan.id)")
    }

    func apply(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let plan = try await api.plan(visit.context)
        let picked = try Self.query { form[$0] ?? [] }
        let sum = try await sum(of: plan, picked)
        guard sum.count > 0 else { throw RequestError(.conflict, "nothing of this plan is picked") }
        // Money: the person was told one price.
        _ = try await api.apply(plan, picked, price: sum.price.amounts, mayCostMore: false)
        return Visit.redirect(to: "/studio/plans/\(plan.id)")
    }

    func show(_ visit: Visit) async throws -> Response {
        let query = try Query(visit.request, lists: ["category", "reason", "slot"])
        let plan = try await api.plan(visit.context)
        let picked = try Self.query { query.texts($0) }
        let isNarrowed = picked != Self.everything
        let rows = try await lines(of: plan, picked, limit: Self.shown)
        let blocked = isNarrowed ? [] : try await lines(of: plan, PlanRowQuery(changes: [.blocked]), limit: 50)
        let sum = try await sum(of: plan, picked)
        let isWorkedOn = studio.home.background.has(plan.id.rawValue)
        let isReady = plan.isWhole && plan.run == nil
        let categories = Self.parts(plan.parts, picked.categories, by: \.category) { $0.isEmpty ? "No category" : $0 }
        let reasons = Self.parts(plan.parts, picked.reasons, by: \.reason) { $0.asSentence }
        let model = Model(
            form: visit.formToken ?? "",
            address: "/studio/plans/\(plan.id)",
            when: studio.moment(plan.createdAt),
            isRunning: !plan.isWhole && isWorkedOn,
            isInterrupted: !plan.isWhole && !isWorkedOn,
            isApplied: plan.run != nil,
            isIdle: isReady && sum.count == 0,
            canApply: isReady && sum.count > 0 && visit.mayGenerate,
            canPick: isReady && plan.parts.map(\.count).reduce(0, +) > 1,
            isNarrowed: isNarrowed,
            fields: picked.categories.map { Field(name: "category", value: $0) }
                + picked.reasons.map { Field(name: "reason", value: $0) }
                + picked.slots.map { Field(name: "slot", value: $0.description) },
            figures: Change.allCases.filter { plan.totals[$0] > 0 }.map {
                Figure(number: "\(plan.totals[$0])", word: Self.words(of: $0))
            },
            count: sum.count == 1 ? "one video" : "\(sum.count) videos",
            price: sum.price.words,
            categories: categories,
            reasons: reasons,
            hasParts: isReady && categories.count + reasons.count > 2,
            rows: rows,
            hasRows: !rows.isEmpty,
            more: sum.count > rows.count ? "The first \(rows.count) of \(sum.count) are shown." : nil,
            blocked: blocked,
            hasBlocked: !blocked.isEmpty
        )
        return studio.answer(.plan, model, title: "Plan", at: .catalogue, to: visit)
    }

    private static let everything = PlanRowQuery(changes: work)

    /// Which of the work somebody picked; throws rather than mean more than that.
    private static func query(_ values: (String) -> [String]) throws(RequestError) -> PlanRowQuery {
        let names = values("slot")
        let slots = names.compactMap { Slot($0) }
        guard slots.count == names.count, slots.count <= shown else {
            throw RequestError(.invalid, "choose at most \(shown) videos of the list")
        }
        var query = everything
        query.categories = values("category")
        query.reasons = values("reason")
        query.slots = slots
        return query
    }

    /// How many rows are meant, and what they cost.
    private func sum(of plan: Plan, _ query: PlanRowQuery) async throws -> (count: Int, price: MoneySum) {
        var (count, price) = (0, MoneySum())
        if query == Self.everything {
            for amount in plan.totals.price { price.add(amount) }
            return (Self.work.map { plan.totals[$0] }.reduce(0, +), price)
        }
        guard query.slots.isEmpty else {
            var cursor: PageCursor?
            repeat {
                let page = try await studio.home.store.rows(of: plan.id, query, after: cursor, limit: 500)
                for row in page.items { price.add(row.price ?? .zero("USD")) }
                count += page.items.count
                cursor = page.next
            } while cursor != nil
            return (count, price)
        }
        for part in plan.parts where query.holds(part) {
            count += part.count
            for amount in part.price { price.add(amount) }
        }
        return (count, price)
    }

    private static func parts(
        _ parts: [PlanPart],
        _ picked: [String],
        by name: KeyPath<PlanPart, String>,
        _ words: (String) -> String
    ) -> [Part] {
        var sums: [String: (count: Int, price: MoneySum)] = [:]
        for part in parts {
            var sum = sums[part[keyPath: name]] ?? (0, MoneySum())
            sum.count += part.count
            for amount in part.price { sum.price.add(amount) }
            sums[part[keyPath: name]] = sum
        }
        let largest = sums.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        return largest.enumerated().filter { $0 < Self.parts || picked.contains($1.key) }.map { _, part in
            Part(
                value: part.key,
                word: words(part.key),
                count: "\(part.value.count)",
                price: part.value.price.words,
                isTicked: picked.contains(part.key)
            )
        }
    }

    private func lines(of plan: Plan, _ query: PlanRowQuery, limit: Int) async throws -> [Line] {
        try await studio.home.store.rows(of: plan.id, query, after: nil, limit: limit).items.map { row in
            Line(
                address: "/studio/products/\(row.slot.product)",
                slot: row.slot.description,
                isTicked: query.slots.contains(row.slot),
                title: row.title,
                shape: row.slot.placement.rawValue,
                why: row.why.asSentence,
                preset: row.preset?.name ?? "",
                price: row.price?.words ?? ""
            )
        }
    }

    private static func words(of change: Change) -> String {
        switch change {
        case .new: "new"
        case .changed: "changed"
        case .refinish: "to finish anew"
        case .unchanged: "unchanged"
        case .inFlight: "being made"
        case .failed: "failed"
        case .rejected: "rejected"
        case .stale: "approved before a change"
        case .orphaned: "no longer in the feed"
        case .blocked: "cannot be made"
        }
    }
}
