import Foundation
public import VitrineCore
import VitrinePresets

/// Why a verb of the pipeline could not do what it was asked, for the person who asked.
public struct PipelineError: Error, Hashable, Sendable {
    /// The kinds of trouble.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Nothing of that name is there.
        case notFound = "not-found"
        /// A name means several things.
        case ambiguous
        /// What was asked is not possible as things stand.
        case conflict
        /// The money does not allow it.
        case overBudget = "over-budget"
        /// The feed cannot be read at all.
        case feed
    }

    /// The kind.
    public var kind: Kind
    /// What is wrong.
    public var message: String
    /// What to do.
    public var hint: String?

    /// Trouble of a kind.
    public init(_ kind: Kind, _ message: String, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.hint = hint
    }
}

/// Makes plans over the whole catalogue, and applies them.
public struct PlanMaker: Sendable {
    let catalog: any CatalogStore
    let jobs: any JobStore
    /// What decides each row.
    public private(set) var planner: Planner
    let time: TimeSource
    let random: RandomSource

    private static let page = 500

    /// A maker over these stores.
    public init(
        catalog: any CatalogStore,
        jobs: any JobStore,
        planner: Planner,
        time: TimeSource,
        random: RandomSource
    ) {
        self.catalog = catalog
        self.jobs = jobs
        self.planner = planner
        self.time = time
        self.random = random
    }

    /// Plans the products meant and keeps the plan.
    ///
    /// `each` sees every row; rows that are unchanged are seen and kept only when `listsUnchanged`.
    public func plan(
        _ options: PlanOptions,
        listsUnchanged: Bool = false,
        each: (PlannedRequest) throws -> Void = { _ in }
    ) async throws -> Plan {
        try await fill(try await begin(options), options, listsUnchanged: listsUnchanged, each: each)
    }

    /// Begins a plan, which has no rows and no sums yet; throws when it asks for what is not there.
    public func begin(_ options: PlanOptions) async throws -> Plan {
        try await check(options)
        let plan = Plan(
            id: PlanID(random.identifier("plan")),
            createdAt: time.now(),
            feed: options.feed,
            options: StoredJSON.text(options)
        )
        try await catalog.begin(plan)
        return plan
    }

    /// Plans the products meant by the options that a plan was begun with, and ends it with its sums.
    public func fill(
        _ begun: Plan,
        _ options: PlanOptions,
        listsUnchanged: Bool = false,
        each: (PlannedRequest) throws -> Void = { _ in }
    ) async throws -> Plan {
        let maker = try await routed(options)
        return try await maker.filled(begun, options, listsUnchanged: listsUnchanged, each: each)
    }

    /// The same, which orders the providers of each list as the options ask.
    func routed(_ options: PlanOptions) async throws -> PlanMaker {
        guard options.route == .votes else { return self }
        var maker = self
        maker.planner.standings = try await Comparison(catalog: catalog, jobs: jobs, time: time).standings()
        return maker
    }

    private func filled(
        _ begun: Plan,
        _ options: PlanOptions,
        listsUnchanged: Bool,
        each: (PlannedRequest) throws -> Void
    ) async throws -> Plan {
        var plan = begun
        let key = planner.key(for: options)
        let usesSettled = options.isWhole && !listsUnchanged
        var parts = PlanParts()
        var offset = 0
        if usesSettled {
            plan.totals.count(.unchanged, times: try await catalog.settledSlots(feed: options.feed, key: key))
        }
        var pending: [(id: ProductID, version: String, slots: Int)] = []
        while true {
            let limit = min(Self.page, (options.limit ?? .max) - offset)
            if limit <= 0 { break }
            let entries = try await self.entries(options, key: usesSettled ? key : nil, offset: offset, limit: limit)
            if entries.isEmpty { break }
            offset += entries.count
            var kept: [PlannedRequest] = []
            for (entry, rows) in try await rows(for: entries, options: options) {
                for row in rows {
                    plan.totals.count(row)
                    parts.count(row)
                    if listsUnchanged || row.change != .unchanged {
                        kept.append(row)
                        try each(row)
                    }
                }
                if options.isWhole, !rows.isEmpty, rows.allSatisfy({ $0.change == .unchanged }) {
                    pending.append((entry.product.id, entry.version, rows.count))
                }
            }
            if !kept.isEmpty { try await catalog.add(kept, to: plan.id) }
        }
        for start in stride(from: 0, to: pending.count, by: Self.page) {
            try await catalog.settle(Array(pending[start..<min(start + Self.page, pending.count)]), key: key)
        }
        if options.isWhole {
            let orphans = try await orphans(options)
            for row in orphans {
                plan.totals.count(row)
                try each(row)
            }
            if !orphans.isEmpty { try await catalog.add(orphans, to: plan.id) }
        }
        // A plan that was interrupted has no counts at all: it cannot be applied.
        plan.totals.count(.unchanged, times: 0)
        plan.parts = parts.all
        try await catalog.update(plan)
        return plan
    }

    /// The rows of some products as they are today.
    func rows(
        for entries: [CatalogEntry],
        options: PlanOptions
    ) async throws -> [(entry: CatalogEntry, rows: [PlannedRequest])] {
        let slots = try await jobs.slots(of: entries.map(\.product.id))
        var digests = Set(entries.flatMap { $0.pictures.compactMap(\.image) })
        for record in slots.values.joined() {
            for take in record.takes { digests.formUnion(take.request.pictures.prefix(1)) }
        }
        let images = try await catalog.images(Array(digests))
        return entries.map { entry in
            let records = slots[entry.product.id] ?? []
            return (entry, planner.rows(for: entry, slots: records, images: images, options: options))
        }
    }

    private func check(_ options: PlanOptions) async throws {
        if let name = options.preset, planner.library.preset(name) == nil {
            throw PipelineError(
                .notFound,
                "no preset `\(name)`",
                hint: "see the names with `vitrine presets list`"
            )
        }
        let feeds = try await catalog.feeds()
        if let feed = options.feed, !feeds.contains(where: { $0.feed == feed }) {
            throw PipelineError(
                .notFound,
                "no feed `\(feed)` in this home",
                hint: "import it first: `vitrine import FILE`"
            )
        }
        for name in options.products where try await catalog.products(named: name).isEmpty {
            throw PipelineError(
                .notFound,
                "no product or SKU `\(name)`",
                hint: "see what is there with `vitrine products list`"
            )
        }
    }

    private func entries(
        _ options: PlanOptions,
        key: Digest?,
        offset: Int,
        limit: Int
    ) async throws -> [CatalogEntry] {
        if let key {
            return try await catalog.unsettled(feed: options.feed, key: key, offset: offset, limit: limit)
        }
        let query = ProductQuery(
            feed: options.feed,
            names: options.products,
            category: options.category.map { CategoryPath($0) }
        )
        return try await catalog.entries(query, offset: offset, limit: limit)
    }

    private func orphans(_ options: PlanOptions) async throws -> [PlannedRequest] {
        try await jobs.orphanedSlots(feed: options.feed, limit: 10_000).map { record in
            PlannedRequest(
                slot: record.slot,
                skus: [],
                title: "",
                change: .orphaned,
                why: "its product is not in the newest import",
                preset: record.takes.last?.preset,
                take: record.takes.last?.number ?? 1
            )
        }
    }
}
