import Foundation
public import VitrineCore
import VitrinePresets

/// Where people decide: approve, reject, choose, promote, and make another take.
public struct ReviewDesk: Sendable {
    let catalog: any CatalogStore
    let jobs: any JobStore & RegenerationStore
    let maker: @Sendable () async throws -> PlanMaker
    let time: TimeSource
    let random: RandomSource

    /// A desk over these stores; `maker` is asked when a new take is planned.
    public init(
        catalog: any CatalogStore,
        jobs: any JobStore & RegenerationStore,
        maker: @escaping @Sendable () async throws -> PlanMaker,
        time: TimeSource,
        random: RandomSource
    ) {
        self.catalog = catalog
        self.jobs = jobs
        self.maker = maker
        self.time = time
        self.random = random
    }

    /// Records a decision, with the reason where one is given, and gives back the video as it is then.
    public func decide(
        _ decision: ReviewDecision,
        about id: VideoID,
        because reason: String? = nil
    ) async throws -> Video {
        guard try await jobs.video(id) != nil else {
            throw PipelineError(.notFound, "no video `\(id)`", hint: "see what is there with `vitrine videos list`")
        }
        return try await jobs.review(id, decision, because: reason, at: time.now())
    }

    /// The approved or new draft again, from the same frame and seed, as the preset's final tier asks for it.
    public func promote(_ id: VideoID) async throws -> Job {
        guard let video = try await jobs.video(id) else {
            throw PipelineError(.notFound, "no video `\(id)`", hint: "see what is there with `vitrine videos list`")
        }
        guard video.state != .rejected, video.state != .quarantined else {
            throw PipelineError(.conflict, "video `\(id)` is \(video.state.rawValue); approve another take first")
        }
        var override = SlotOverride()
        override.tier = .final
        override.preset = video.preset.name
        override.seed = try await jobs.job(video.job)?.request.seed
        return try await regenerate(video.slot, override: override)
    }

    /// The one product that a person means by a `p_…`, a key or a SKU.
    public func product(named name: String) async throws -> CatalogEntry {
        let ids = try await catalog.products(named: name)
        guard let id = ids.first, let entry = try await catalog.entry(id) else {
            throw PipelineError(
                .notFound,
                "no product or SKU `\(name)`",
                hint: "see what is there with `vitrine products list`"
            )
        }
        guard ids.count == 1 else {
            let names = ids.map { "`\($0)`" }.joined(separator: ", ")
            throw PipelineError(
                .ambiguous,
                "`\(name)` names \(ids.count) products: \(names)",
                hint: "name one by its `p_…`"
            )
        }
        return entry
    }

    /// The shapes that a new take is made in where none is named: those it has, else its preset's.
    public func placements(of entry: CatalogEntry) async throws -> [Placement] {
        let slots = try await jobs.slots(of: [entry.product.id])[entry.product.id] ?? []
        let made = slots.filter { $0.slot.variant == nil }.map(\.slot.placement)
        guard made.isEmpty else { return made.sorted() }
        return try await maker().planner.library.match(entry.product).preset.frame.placements
    }

    /// What a new take in each of the product's shapes would be, with its price; nothing is queued.
    public func preview(of entry: CatalogEntry) async throws -> [PlannedRequest] {
        let records = try await jobs.slots(of: [entry.product.id])[entry.product.id] ?? []
        var rows: [PlannedRequest] = []
        for placement in try await placements(of: entry) {
            let slot = Slot(product: entry.product.id, placement: placement)
            let record = records.first { $0.slot == slot }
            rows.append(try await planned(entry, slot, record: record, override: record?.override ?? SlotOverride()))
        }
        return rows
    }

    /// What a new take of a slot would be with what a person changed, and what it costs; nothing is queued.
    public func preview(
        of slot: Slot,
        in entry: CatalogEntry,
        override: SlotOverride,
        replacing: Bool = false
    ) async throws -> PlannedRequest {
        let record = try await jobs.slots(of: [slot.product])[slot.product]?.first { $0.slot == slot }
        let merged = override.over(record?.override, replacing: replacing)
        return try await planned(entry, slot, record: record, override: merged)
    }

    /// A new take of a slot, asked with what a person changed, before all bulk work.
    ///
    /// The change stays with the slot.
    public func regenerate(_ slot: Slot, override: SlotOverride) async throws -> Job {
        guard let entry = try await catalog.entry(slot.product) else {
            throw PipelineError(.notFound, "product `\(slot.product)` is not in the catalogue")
        }
        let regeneration = try await regeneration(of: slot, in: entry, override: override, requestID: nil)
        _ = try await jobs.regenerate(regeneration, at: time.now())
        return regeneration.job
    }

    /// The same for a caller who has the product at hand and may send a request again: under one key it happens once, and the answer
    /// stays the same.
    ///
    /// What the slot keeps of earlier changes holds where this one says nothing, unless it is `replacing` them.
    /// Throws `StoreError.reusedKey` when the key was used for something else.
    public func regenerate(
        _ slot: Slot,
        in entry: CatalogEntry,
        override: SlotOverride,
        replacing: Bool = false,
        once: IdempotencyKey?,
        requestID: String?,
        answer: (Job) async throws -> String
    ) async throws -> (answer: String, isRepeated: Bool) {
        if let once, let known = try await jobs.answer(to: once, at: time.now()) { return (known, true) }
        var regeneration = try await regeneration(
            of: slot,
            in: entry,
            override: override,
            replacing: replacing,
            requestID: requestID
        )
        regeneration.once = once
        regeneration.answer = try await answer(regeneration.job)
        switch try await jobs.regenerate(regeneration, at: time.now()) {
        case .queued: return (regeneration.answer, false)
        case .repeated(let known): return (known, true)
        }
    }

    /// Everything that a new take is written as.
    private func regeneration(
        of slot: Slot,
        in entry: CatalogEntry,
        override: SlotOverride,
        replacing: Bool = false,
        requestID: String?
    ) async throws -> Regeneration {
        let record = try await jobs.slots(of: [slot.product])[slot.product]?.first { $0.slot == slot }
        let merged = override.over(record?.override, replacing: replacing)
        let row = try await planned(entry, slot, record: record, override: merged)
        guard let request = row.request, let preset = row.preset else {
            throw PipelineError(.conflict, "`\(entry.product.title)` cannot be made: \(row.why)")
        }
        if let open = record?.takes.first(where: { !$0.jobState.isFinal && $0.fingerprint == request.fingerprint }) {
            throw PipelineError(.conflict, "the same is being made already by job `\(open.job)`")
        }
        let run = Run(id: RunID(random.identifier("r")), plan: nil, createdAt: time.now())
        let job = Job(
            id: JobID(random.identifier("j")),
            run: run.id,
            slot: slot,
            take: row.take,
            request: request,
            preset: preset,
            price: row.price ?? .zero("USD"),
            providerLane: LaneID(request.provider.rawValue),
            alternatives: row.alternatives ?? [],
            isUrgent: true,
            createdAt: time.now(),
            requestID: requestID
        )
        return Regeneration(override: merged, run: run, job: job)
    }

    /// The row of the slot as a take beyond all that are there.
    private func planned(
        _ entry: CatalogEntry,
        _ slot: Slot,
        record: SlotRecord?,
        override: SlotOverride
    ) async throws -> PlannedRequest {
        let planner = try await maker().planner
        if let name = override.preset, planner.library.preset(name) == nil {
            throw PipelineError(.notFound, "no preset `\(name)`", hint: "see the names with `vitrine presets list`")
        }
        var options = PlanOptions()
        options.placements = [slot.placement]
        options.isPerVariant = slot.variant != nil
        let images = try await catalog.images(entry.pictures.compactMap(\.image))
        let empty = SlotRecord(slot: slot, override: override)
        let rows = planner.rows(for: entry, slots: [empty], images: images, options: options)
        guard var row = rows.first(where: { $0.slot == slot }) else {
            throw PipelineError(.notFound, "`\(entry.product.title)` has no such variant with a picture of its own")
        }
        let take = (record?.takes.map(\.number).max() ?? 0) + 1
        row.take = take
        if override.seed == nil {
            let seed = Planner.seed(of: slot, take: take)
            row.request?.seed = seed
            for index in row.alternatives?.indices ?? 0..<0 { row.alternatives?[index].request.seed = seed }
        }
        // Money: the person was told one price.
        row.dropDearerAlternatives()
        return row
    }
}

extension SlotOverride {
    /// It on top of what a slot keeps, or in its place; the length, which no form asks for, stays.
    func over(_ kept: SlotOverride?, replacing: Bool) -> SlotOverride {
        guard replacing else { return (kept ?? SlotOverride()).merging(self) }
        var whole = self
        whole.seconds = seconds ?? kept?.seconds
        return whole
    }

    /// These changes with another's on top; a seed is meant for one take alone.
    func merging(_ other: SlotOverride) -> SlotOverride {
        var merged = self
        merged.preset = other.preset ?? preset
        merged.prompt = other.prompt ?? prompt
        merged.seed = other.seed
        merged.seconds = other.seconds ?? seconds
        merged.provider = other.provider ?? provider
        merged.model = other.model ?? model
        merged.tier = other.tier ?? tier
        return merged
    }
}
