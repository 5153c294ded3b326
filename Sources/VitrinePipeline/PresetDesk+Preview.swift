import Foundation
public import VitrineCore
import VitrinePresets

extension PresetDesk {
    /// How many products are looked at where a whole catalogue would take too long.
    private static let most = 5000

    /// What a text would do for a product; without one, what today's presets do.
    ///
    /// A style is shown on the preset that the product gets.
    public func preview(
        _ text: String?,
        as recipe: Recipe? = nil,
        for name: String,
        placement: Placement?,
        tier: Tier
    ) async throws -> PresetPreview {
        let trial = try await trial(text, as: recipe, for: name)
        let rows = try await rows(of: trial, by: Set(offers.map(\.provider)).sorted(), placement: placement, tier: tier)
        var preview = PresetPreview(
            preset: trial.preset.name,
            matches: trial.match.preset.name == trial.preset.name,
            because: trial.match.because,
            diagnostics: trial.diagnostics
        )
        preview.requests = rows.map { PlanRowReport($0) }
        for request in rows.compactMap(\.request)
        where !preview.frames.contains(where: { $0.placement == request.slot.placement }) {
            do throws(JobFailure) {
                let digest = try await frames.firstFrame(for: request).frame.digest
                preview.frames.append(.init(placement: request.slot.placement, digest: digest))
            } catch {
                throw PipelineError(.conflict, error.message, hint: error.hint)
            }
        }
        preview.frame = preview.frames.first?.digest
        preview.looked = try await eachEntry { entry in
            guard trial.library.match(entry.product).preset.name == preview.preset else { return }
            preview.taken += 1
            if preview.sample.count < 20 { preview.sample.append(entry.product.id) }
        }
        return preview
    }

    /// What the local renderer would be asked for a product: a draft in each shape, or in one.
    ///
    /// Throws `conflict` with the reason where nothing can be made.
    public func drafts(
        _ text: String,
        as recipe: Recipe,
        for name: String,
        placement: Placement?
    ) async throws -> [VideoRequest] {
        let trial = try await trial(text, as: recipe, for: name)
        if let error = trial.diagnostics.first(where: { $0.severity == .error }) {
            throw PipelineError(.conflict, error.message, hint: error.hint)
        }
        let rows = try await rows(of: trial, by: [.local], placement: placement, tier: .draft)
        let requests = rows.compactMap(\.request)
        guard !requests.isEmpty else {
            throw PipelineError(.conflict, rows.first?.why ?? "nothing would be made of it")
        }
        return requests
    }

    /// The first frame of a request; nil where it cannot be composed, which whoever makes it is told.
    public func firstFrame(of request: VideoRequest) async -> Digest? {
        do throws(JobFailure) {
            return try await frames.firstFrame(for: request).frame.digest
        } catch {
            return nil
        }
    }

    /// What a new preset begins as: for products like one, or for none yet where none is named.
    ///
    /// Throws `notFound` for a name that none may have.
    public func starter(_ name: String, like product: String? = nil) async throws -> String {
        let entry = if let product { try await reviewDesk.product(named: product) } else { CatalogEntry?.none }
        let text =
            if let product = entry?.product {
                PresetStarter.text(name: name, like: product, extends: try await library().match(product).preset.name)
            } else {
                PresetStarter.text(name: name)
            }
        guard let text else {
            throw PipelineError(.notFound, "no preset may be called `\(name)`", hint: "names are in kebab-case")
        }
        return text
    }

    /// How many products each preset takes, and which kinds only the fallback takes, among the first thousands of the catalogue.
    public func usage() async throws -> PresetUsage {
        let library = try await library()
        var usage = PresetUsage()
        usage.looked = try await eachEntry { entry in
            usage.taken[library.match(entry.product).preset.name, default: 0] += 1
            guard let category = library.unmatchedCategory(of: entry.product), !category.isEmpty else { return }
            usage.unmatched[category, default: .init(count: 0, example: entry.product.id)].count += 1
        }
        return usage
    }

    /// What saving a text would change in the catalogue, and what making that would cost; nothing is saved.
    public func effect(of text: String, as recipe: Recipe) async throws -> PresetEffect {
        let before = try await maker()
        let judged = try await judged(text, as: recipe)
        if let error = judged.diagnostics.first(where: { $0.severity == .error }) {
            throw PipelineError(.conflict, error.message, hint: error.hint)
        }
        let planner = Planner(
            library: judged.value,
            offers: before.planner.offers,
            absent: before.planner.absent,
            held: before.planner.held,
            left: before.planner.left
        )
        let after = PlanMaker(catalog: store, jobs: store, planner: planner, time: time, random: random)
        var effect = PresetEffect()
        while effect.looked < Self.most {
            let entries = try await store.entries(ProductQuery(), offset: effect.looked, limit: 500)
            if entries.isEmpty { return effect }
            effect.looked += entries.count
            let old = try await before.rows(for: entries, options: PlanOptions())
            let new = try await after.rows(for: entries, options: PlanOptions())
            for (old, new) in zip(old, new) { effect.count(old.rows, new.rows) }
        }
        effect.isWhole = try await store.entries(ProductQuery(), offset: effect.looked, limit: 1).isEmpty
        return effect
    }

    // MARK: One product

    /// A text beside all presets, tried on one product.
    private struct Trial {
        var entry: CatalogEntry
        var library: PresetLibrary
        var preset: Preset
        var match: PresetMatch
        var diagnostics: [Diagnostic]
    }

    private func trial(_ text: String?, as recipe: Recipe?, for name: String) async throws -> Trial {
        let entry = try await reviewDesk.product(named: name)
        var judged = Checked(try await library())
        var own: Preset?
        if case .style(let style)? = recipe, let text {
            let parent = judged.value.match(entry.product).preset.name
            let wearer = PresetFile(
                name: "style-on-trial.yaml",
                text: "preset: style-on-trial\nextends: \(parent)\nvideo: {style: \(style)}\n"
            )
            judged = try await self.judged(text, as: recipe, and: [wearer])
            own = judged.value.presets.first { $0.file == wearer.name }
        } else if let text {
            judged = try await self.judged(text, as: nil)
            own = judged.value.presets.first { $0.file == Self.unsaved }
        }
        let match = judged.value.match(entry.product)
        return Trial(
            entry: entry,
            library: judged.value,
            preset: own ?? match.preset,
            match: match,
            diagnostics: judged.diagnostics
        )
    }

    private func rows(
        of trial: Trial,
        by providers: [ProviderID],
        placement: Placement?,
        tier: Tier
    ) async throws -> [PlannedRequest] {
        let planner = Planner(library: trial.library, offers: offers)
        let images = try await store.images(trial.entry.pictures.compactMap(\.image))
        var options = PlanOptions()
        options.preset = trial.preset.name
        options.tier = tier
        options.placements = placement.map { [$0] } ?? []
        return providers.flatMap { provider in
            options.providers = [provider]
            return planner.rows(for: trial.entry, slots: [], images: images, options: options)
        }
    }

    /// Shows the first thousands of products, and says how many there were.
    private func eachEntry(_ body: (CatalogEntry) -> Void) async throws -> Int {
        var looked = 0
        while looked < Self.most {
            let entries = try await store.entries(ProductQuery(), offset: looked, limit: 1000)
            if entries.isEmpty { break }
            looked += entries.count
            for entry in entries { body(entry) }
        }
        return looked
    }
}
