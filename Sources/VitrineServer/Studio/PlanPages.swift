import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// A plan: what would be made of the whole catalogue, why, and what it costs; and making exactly that.
struct PlanPages: Sendable {
    let studio: Studio

    private static let shown = 200
    private static let work = Change.allCases.filter(\.isWork)

    private struct Line {
        var address: String
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

    private struct Model {
        var form: String
        var address: String
        var when: String
        var isRunning: Bool
        var isInterrupted: Bool
        var isApplied: Bool
        var isIdle: Bool
        var canApply: Bool
        var figures: [Figure]
        var count: String
        var price: String
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
        _ = try await visit.form()
        let plan = try await api.plan(visit.context)
        _ = try await api.apply(plan, atMost: nil)
        return Visit.redirect(to: "/studio/plans/\(plan.id)")
    }

    func show(_ visit: Visit) async throws -> Response {
        _ = try Query(visit.request)
        let plan = try await api.plan(visit.context)
        let rows = try await lines(of: plan, Self.work, limit: Self.shown)
        let blocked = try await lines(of: plan, [.blocked], limit: 50)
        let count = Self.work.map { plan.totals[$0] }.reduce(0, +)
        let isWorkedOn = studio.home.background.has(plan.id.rawValue)
        let isReady = plan.isWhole && plan.run == nil
        let model = Model(
            form: visit.formToken ?? "",
            address: "/studio/plans/\(plan.id)",
            when: studio.moment(plan.createdAt),
            isRunning: !plan.isWhole && isWorkedOn,
            isInterrupted: !plan.isWhole && !isWorkedOn,
            isApplied: plan.run != nil,
            isIdle: isReady && count == 0,
            canApply: isReady && count > 0 && visit.mayGenerate,
            figures: Change.allCases.filter { plan.totals[$0] > 0 }.map {
                Figure(number: "\(plan.totals[$0])", word: Self.words(of: $0))
            },
            count: count == 1 ? "one video" : "\(count) videos",
            price: plan.totals.price.allSatisfy(\.isZero)
                ? "free" : plan.totals.price.map(\.description).joined(separator: " + "),
            rows: rows,
            hasRows: !rows.isEmpty,
            more: count > rows.count ? "The first \(rows.count) of \(count) are shown." : nil,
            blocked: blocked,
            hasBlocked: !blocked.isEmpty
        )
        return studio.answer(.plan, model, title: "Plan", at: .catalogue, to: visit)
    }

    private func lines(of plan: Plan, _ changes: [Change], limit: Int) async throws -> [Line] {
        try await studio.home.store.rows(of: plan.id, changes: changes, after: nil, limit: limit).items.map { row in
            Line(
                address: "/studio/products/\(row.slot.product)",
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
