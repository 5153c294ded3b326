import Foundation
public import VitrineCore

/// What applying a plan did.
public struct AppliedPlan: Hashable, Sendable {
    /// The run that owns its jobs.
    public var run: RunID
    /// The jobs that were queued or begun anew.
    public var jobs: [JobID]
    /// Rows that were left out, each with the reason.
    public var leftOut: [PlannedRequest]
    /// What the queued jobs cost at most.
    public var price: [Money]
}

extension PlanMaker {
    /// Queues the work of a plan, the latest if none is named: exactly what it said, and nothing whose fingerprint or price has changed since.
    ///
    /// Unless it `mayCostMore`, nobody dearer than each row's price is asked instead.
    public func apply(
        _ id: PlanID?,
        atMost cap: Money? = nil,
        mayCostMore: Bool = true,
        only isMeant: (PlannedRequest) -> Bool = { _ in true }
    ) async throws -> AppliedPlan {
        guard var plan = try await catalog.plan(id) else {
            throw PipelineError(
                .notFound,
                id.map { "no plan `\($0)`" } ?? "there is no plan yet",
                hint: "make one with `vitrine plan`"
            )
        }
        guard plan.isWhole else {
            throw PipelineError(.conflict, "plan `\(plan.id)` was interrupted", hint: "plan again with `vitrine plan`")
        }
        try check(plan.totals.price, within: cap)
        let options: PlanOptions = try StoredJSON.value(plan.options)
        let maker = try await routed(options)
        let run = Run(id: RunID(random.identifier("r")), plan: plan.id, createdAt: time.now())
        try await jobs.begin(run)
        var applied = AppliedPlan(run: run.id, jobs: [], leftOut: [], price: [])
        var sum = MoneySum()
        var offset = 0
        while true {
            let changes = Change.allCases.filter(\.isWork)
            let rows = try await catalog.rows(of: plan.id, changes: changes, offset: offset, limit: 500)
            if rows.isEmpty { break }
            offset += rows.count
            let (fresh, stale) = try await maker.compare(rows.filter(isMeant), options: options)
            let isRoomy = mayCostMore && (cap.map { plan.totals.atMost.isWithin($0) } ?? true)
            applied.leftOut += stale
            var affordable: [PlannedRequest] = []
            for var row in fresh {
                var next = sum
                if let price = row.price { next.add(price) }
                if next.isWithin(plan.totals.price) {
                    sum = next
                    if !isRoomy { row.dropDearerAlternatives() }
                    affordable.append(row)
                } else {
                    row.why = "the total of the plan is reached"
                    applied.leftOut.append(row)
                }
            }
            applied.jobs += try await queue(affordable, run: run.id, plan: plan.id)
        }
        applied.price = sum.amounts
        plan.run = run.id
        try await catalog.update(plan)
        return applied
    }

    private func check(_ price: [Money], within cap: Money?) throws {
        guard let cap else { return }
        for amount in price where amount.currency == cap.currency && amount.micros > cap.micros {
            throw PipelineError(
                .overBudget,
                "the plan costs \(amount), more than the \(cap) of `--budget`",
                hint: "raise the budget, or plan less with `--limit`, `--category` or `--product`"
            )
        }
    }

    /// Parts rows into those that today's catalogue and presets would still give, and those that they would not.
    private func compare(
        _ rows: [PlannedRequest],
        options: PlanOptions
    ) async throws -> (fresh: [PlannedRequest], stale: [PlannedRequest]) {
        var today: [ProductID: [PlannedRequest]] = [:]
        for id in Set(rows.map(\.slot.product)) {
            guard let entry = try await catalog.entry(id) else { continue }
            today[id] = try await self.rows(for: [entry], options: options).first?.rows
        }
        var fresh: [PlannedRequest] = []
        var stale: [PlannedRequest] = []
        for row in rows {
            let now = today[row.slot.product]?.first { now in
                now.slot == row.slot && now.request?.provider == row.request?.provider
            }
            if let now, now.fingerprint == row.fingerprint, now.price == row.price, now.change == row.change,
                now.request?.finishFingerprint == row.request?.finishFingerprint
            {
                var row = row
                let open = row.alternatives?.filter { now.alternatives?.contains($0) == true }
                row.alternatives = open?.isEmpty == true ? nil : open
                fresh.append(row)
            } else {
                var left = row
                left.why = reason(row, now)
                stale.append(left)
            }
        }
        return (fresh, stale)
    }

    private func reason(_ row: PlannedRequest, _ now: PlannedRequest?) -> String {
        guard let now else { return "its product has left the catalogue since" }
        if now.change != row.change { return "it is \(now.change.rawValue) by now: \(now.why)" }
        if now.price != row.price { return "its price has changed since" }
        return "it would be asked differently by now"
    }

    private func queue(
        _ rows: [PlannedRequest],
        run: RunID,
        plan: PlanID
    ) async throws -> [JobID] {
        var new: [NewJob] = []
        var refinished: [JobID] = []
        for row in rows {
            guard let request = row.request, let preset = row.preset else { continue }
            if row.change == .refinish {
                let takes = try await jobs.slots(of: [row.slot.product])[row.slot.product] ?? []
                let take = takes.first { $0.slot == row.slot }?.takes.last {
                    $0.number == row.take && $0.fingerprint == row.fingerprint
                }
                guard let take else { continue }
                refinished.append(try await jobs.refinish(take.job, request: request, run: run, at: time.now()).id)
                continue
            }
            let job = Job(
                id: JobID(random.identifier("j")),
                run: run,
                slot: row.slot,
                take: row.take,
                request: request,
                preset: preset,
                price: row.price ?? .zero("USD"),
                providerLane: planner.lane(of: request.provider),
                alternatives: row.alternatives ?? [],
                createdAt: time.now()
            )
            new.append(NewJob(job: job, plan: plan))
        }
        return try await jobs.enqueue(new) + refinished
    }
}

extension PlannedRequest {
    /// Leaves only those who cost no more than the one that is asked first.
    mutating func dropDearerAlternatives() {
        let open = alternatives?.filter { other in
            other.price.isZero
                || price.map { $0.currency == other.price.currency && $0.micros >= other.price.micros } ?? false
        }
        alternatives = open?.isEmpty == true ? nil : open
    }
}

extension [Money] {
    /// Whether what there is of a cap's currency is not above it.
    fileprivate func isWithin(_ cap: Money) -> Bool {
        allSatisfy { $0.currency != cap.currency || $0.micros <= cap.micros }
    }
}

extension Planner {
    /// The lane in which a provider's jobs wait: it bears the provider's name.
    func lane(of provider: ProviderID) -> LaneID {
        LaneID(provider.rawValue)
    }
}
