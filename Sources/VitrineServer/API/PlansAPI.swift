import Foundation
import Hummingbird
import Logging
import VitrineCore
import VitrinePipeline

/// `/v1/plans`: what would be made, why, and what it costs; and making exactly that.
struct PlansAPI {
    let home: ServedHome

    func create(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let order = try await request.json(Order.self, isOptional: true).value
        let plan = try await begin(order.options, listsUnchanged: order.unchanged, log: context.logger)
        return JSONAnswer(answer(plan), status: .accepted)
    }

    /// Begins a plan, which is filled behind the answer.
    func begin(_ options: PlanOptions, listsUnchanged: Bool, log: Logger) async throws -> Plan {
        let maker = try await home.maker()
        let plan = try await maker.begin(options)
        home.background.start(plan.id.rawValue) {
            do {
                _ = try await maker.fill(plan, options, listsUnchanged: listsUnchanged)
            } catch {
                // Its row stays without counts, which says that it was interrupted.
                log.warning("a plan was not finished", metadata: ["plan.id": "\(plan.id)", "error": "\(error)"])
            }
        }
        return plan
    }

    func show(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        return JSONAnswer(answer(try await plan(context)))
    }

    func rows(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let query = try Query(request, knows: ["change", "limit", "cursor"])
        let plan = try await plan(context)
        let page = try await home.store.rows(
            of: plan.id,
            PlanRowQuery(changes: try query.word("change", Change.self).map { [$0] } ?? []),
            after: try query.cursor,
            limit: try query.limit
        )
        return JSONAnswer(ListAnswer(page) { PlanRowReport($0) })
    }

    func apply(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let order = try await request.json(ApplyOrder.self, isOptional: true).value
        let plan = try await plan(context)
        let applied = try await apply(plan, PlanRowQuery(), price: plan.totals.price, atMost: order.atMost)
        return JSONAnswer(AppliedReport(applied), status: .accepted)
    }

    /// Queues exactly what the plan says of the rows that are meant, where a budget covers their price.
    func apply(
        _ plan: Plan,
        _ query: PlanRowQuery,
        price: [Money],
        atMost: Money? = nil,
        mayCostMore: Bool = true
    ) async throws -> AppliedPlan {
        let budgets = try await home.store.budgets()
        for amount in price where !amount.isZero {
            guard let budget = budgets.first(where: { $0.cap.currency == amount.currency }) else {
                throw PipelineError(
                    .overBudget,
                    "the plan costs \(amount), and no budget is set",
                    hint: "set one with `PUT /v1/budget`"
                )
            }
            guard amount.micros <= budget.left.micros else {
                throw PipelineError(
                    .overBudget,
                    "the plan costs \(amount), and \(budget.left) are left of the budget",
                    hint: "raise it with `PUT /v1/budget`"
                )
            }
        }
        return try await home.maker().apply(
            plan.id,
            atMost: atMost,
            mayCostMore: mayCostMore,
            only: query.holds
        )
    }

    private func answer(_ plan: Plan) -> PlanAnswer {
        PlanAnswer(plan, isWorkedOn: home.background.has(plan.id.rawValue))
    }

    /// The plan that the path names.
    func plan(_ context: ServerContext) async throws -> Plan {
        let id = PlanID(try context.path("plan"))
        guard let plan = try await home.store.plan(id) else {
            throw RequestError(.notFound, "no plan `\(id)`", hint: "make one with `POST /v1/plans`")
        }
        return plan
    }

    /// What is to be planned.
    private struct Order: Decodable {
        var options = PlanOptions()
        var unchanged = false

        enum CodingKeys: String, CodingKey, CaseIterable {
            case feed, products, category, preset, placements, providers, model, tier, per, limit, locale, route,
                unchanged
        }

        private enum Per: String, Decodable { case product, variant }

        init(from decoder: any Decoder) throws {
            try StrictKeys.check(decoder, CodingKeys.allCases)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            options.feed = try container.decodeIfPresent(String.self, forKey: .feed).map { FeedName($0) }
            options.products = try container.decodeIfPresent([String].self, forKey: .products) ?? []
            options.category = try container.decodeIfPresent(String.self, forKey: .category)
            options.preset = try container.decodeIfPresent(String.self, forKey: .preset)
            options.placements = try container.decodeIfPresent([Placement].self, forKey: .placements) ?? []
            options.providers = try container.decodeIfPresent([ProviderID].self, forKey: .providers) ?? []
            options.model = try container.decodeIfPresent(String.self, forKey: .model)
            options.tier = try container.decodeIfPresent(Tier.self, forKey: .tier) ?? .draft
            options.isPerVariant = try container.decodeIfPresent(Per.self, forKey: .per) == .variant
            options.limit = try container.decodeIfPresent(Int.self, forKey: .limit)
            options.locale = try container.decodeIfPresent(String.self, forKey: .locale)
            options.route = try container.decodeIfPresent(PlanOptions.Route.self, forKey: .route)
            unchanged = try container.decodeIfPresent(Bool.self, forKey: .unchanged) ?? false
            guard options.products.count <= 1000 else {
                throw RequestError(.invalid, "`products`: expected at most 1000 of them")
            }
            guard options.limit.map({ $0 >= 1 }) ?? true else {
                throw RequestError(.invalid, "`limit`: expected a whole number from 1")
            }
            let texts =
                options.products + [options.category, options.preset, options.model, options.locale].compactMap { $0 }
            guard texts.allSatisfy({ $0.utf8.count <= 500 && !$0.utf8.contains(0) }) else {
                throw RequestError(.invalid, "expected texts of at most 500 bytes")
            }
        }
    }

    /// How a plan is to be applied.
    private struct ApplyOrder: Decodable {
        var atMost: Money?

        enum CodingKeys: String, CodingKey, CaseIterable { case atMost }

        private struct Amount: Decodable {
            var money: Money

            init(from decoder: any Decoder) throws { money = try MoneyText.money(from: decoder) }
        }

        init(from decoder: any Decoder) throws {
            try StrictKeys.check(decoder, CodingKeys.allCases)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            atMost = try container.decodeIfPresent(Amount.self, forKey: .atMost)?.money
        }
    }

    /// A plan's sums; its rows are a list of their own.
    private struct PlanAnswer: Encodable {
        /// How far a plan is.
        enum State: String, Encodable { case running, interrupted, ready, applied }

        var id: PlanID
        var feed: FeedName?
        var createdAt: Date
        var state: State
        var run: RunID?
        var totals: PlanTotalsReport?

        init(_ plan: Plan, isWorkedOn: Bool) {
            id = plan.id
            feed = plan.feed
            createdAt = plan.createdAt
            run = plan.run
            state = plan.run != nil ? .applied : plan.isWhole ? .ready : isWorkedOn ? .running : .interrupted
            totals = plan.isWhole ? PlanTotalsReport(plan.totals) : nil
        }
    }
}
