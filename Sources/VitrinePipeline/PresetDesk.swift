import Foundation
import Synchronization
public import VitrineCore
public import VitrinePresets

/// Presets as they are today: the shipped ones, a folder's, and what people saved, which wins.
public final class PresetDesk: Sendable {
    /// A preset as it is told: whole, and how it was written.
    public struct Shown: Sendable {
        /// With all that it inherits; nil for one that only others extend.
        public var report: PresetReport?
        /// As it was written.
        public var text: String
        /// Its saved version; 0 for one that was never saved.
        public var version: Int
    }

    /// What is done to every library that is read, such as taking the files that its presets name.
    public typealias Dressing = @Sendable (PresetLibrary) async throws -> Checked<PresetLibrary>

    private struct Known {
        var number: Int64
        var library: Task<Checked<PresetLibrary>, any Error>
    }

    let store: any CatalogStore & JobStore & ServiceStore
    let files: Checked<[PresetFile]>
    let dressing: Dressing
    let offers: [Offer]
    let absent: [ProviderID: String]
    let frames: any FirstFrameSource
    let time: TimeSource
    let random: RandomSource
    private let known = Mutex<Known?>(nil)

    /// A desk over what a store keeps, on top of the files of a folder.
    public init(
        store: any CatalogStore & JobStore & ServiceStore,
        files: Checked<[PresetFile]> = Checked([]),
        dressing: @escaping Dressing = { Checked($0) },
        offers: [Offer],
        absent: [ProviderID: String] = [:],
        frames: any FirstFrameSource,
        time: TimeSource,
        random: RandomSource
    ) {
        self.store = store
        self.files = files
        self.dressing = dressing
        self.offers = offers
        self.absent = absent
        self.frames = frames
        self.time = time
        self.random = random
    }

    /// Every preset there is; read anew only when somebody saved one, in any process.
    public func library() async throws -> PresetLibrary { try await checkedLibrary().value }

    /// Every preset there is, with all that is wrong with them.
    public func checkedLibrary() async throws -> Checked<PresetLibrary> {
        let number = try await store.presetsNumber()
        // Many ask at once when a service begins or somebody saves: one of them reads for all.
        let library = known.withLock { known in
            if let known, known.number == number { return known.library }
            let reading = Task { try await read(adding: nil) }
            known = Known(number: number, library: reading)
            return reading
        }
        do {
            return try await library.value
        } catch {
            known.withLock { if $0?.library == library { $0 = nil } }
            throw error
        }
    }

    /// The JSON Schema of the preset language.
    public var schema: String { PresetSchema.json() }

    /// What makes plans with them; a provider that is held for longer than a minute is not counted on.
    public func maker() async throws -> PlanMaker {
        let soon = time.now().adding(.seconds(60))
        let held = try await store.lanes().filter { ($0.pausedUntil ?? soon) > soon }
        return PlanMaker(
            catalog: store,
            jobs: store,
            planner: Planner(
                library: try await library(),
                offers: offers,
                absent: absent,
                held: Set(held.map { ProviderID($0.id.rawValue) })
            ),
            time: time,
            random: random
        )
    }

    /// Where people decide, with them.
    public var reviewDesk: ReviewDesk {
        ReviewDesk(catalog: store, jobs: store, maker: maker, time: time, random: random)
    }

    /// All presets that products can be given, by name.
    public func list() async throws -> [PresetReport] {
        try await library().presets.map { PresetReport($0) }
    }

    /// One preset; throws `notFound`.
    public func show(_ name: String) async throws -> Shown {
        let saved = try await store.savedPreset(name, version: nil)
        let report = try await library().preset(name).map { PresetReport($0) }
        let text =
            saved?.text
            ?? (PresetFile.shipped + files.value).reversed().lazy.compactMap { Self.document(name, in: $0) }.first
        guard let text else {
            throw PipelineError(.notFound, "no preset `\(name)`", hint: "see the names with `GET /v1/presets`")
        }
        return Shown(report: report, text: text, version: saved?.text == nil ? 0 : saved?.version ?? 0)
    }

    /// Keeps a version, unless it has an error: then nothing is kept, and all that is wrong is given back.
    ///
    /// Throws `StoreError.stale` unless the version before is the expected one.
    public func save(
        _ name: String,
        _ text: String,
        expecting version: Int?,
        by author: KeyID
    ) async throws -> Checked<PresetVersion?> {
        let diagnostics = try await complaints(about: text, as: name)
        if diagnostics.contains(where: { $0.severity == .error }) { return Checked(nil, diagnostics) }
        return Checked(
            try await store.save(preset: name, text, expecting: version, by: author, at: time.now()),
            diagnostics
        )
    }

    /// Ends what was saved under a name: a shipped preset of that name is back.
    public func delete(_ name: String, expecting version: Int?, by author: KeyID) async throws {
        _ = try await store.save(preset: name, nil, expecting: version, by: author, at: time.now())
    }

    /// All that is wrong with a preset that nobody saved yet.
    public func check(_ text: String) async throws -> [Diagnostic] {
        try await complaints(about: text, as: nil)
    }

    /// What a preset would do for a product; without a text, what today's presets do.
    public func preview(
        _ text: String?,
        for name: String,
        placement: Placement?,
        tier: Tier
    ) async throws -> PresetPreview {
        let entry = try await reviewDesk.product(named: name)
        var diagnostics: [Diagnostic] = []
        var library = try await library()
        if let text {
            let judged = try await judged(text, as: nil)
            (library, diagnostics) = (judged.value, judged.diagnostics)
        }
        let match = library.match(entry.product)
        let own = text.map { _ in library.presets.first { $0.file == Self.unsaved } } ?? nil
        let preset = own ?? match.preset
        let planner = Planner(library: library, offers: offers)
        var options = PlanOptions()
        options.preset = preset.name
        options.tier = tier
        options.placements = placement.map { [$0] } ?? []
        let images = try await store.images(entry.pictures.compactMap(\.image))
        var preview = PresetPreview(
            preset: preset.name,
            matches: match.preset.name == preset.name,
            because: match.because,
            diagnostics: diagnostics
        )
        for provider in Set(offers.map(\.provider)).sorted() {
            options.providers = [provider]
            for row in planner.rows(for: entry, slots: [], images: images, options: options) {
                preview.requests.append(PlanRowReport(row))
                if preview.frame == nil, let request = row.request {
                    do throws(JobFailure) {
                        preview.frame = try await frames.firstFrame(for: request).frame.digest
                    } catch {
                        throw PipelineError(.conflict, error.message, hint: error.hint)
                    }
                }
            }
        }
        try await count(&preview, library)
        return preview
    }

    /// How many products each preset takes, among so many of the catalogue that were looked at.
    public func usage() async throws -> (looked: Int, taken: [String: Int]) {
        let library = try await library()
        var looked = 0
        var taken: [String: Int] = [:]
        while looked < 5000 {
            let entries = try await store.entries(ProductQuery(), offset: looked, limit: 1000)
            if entries.isEmpty { break }
            looked += entries.count
            for entry in entries { taken[library.match(entry.product).preset.name, default: 0] += 1 }
        }
        return (looked, taken)
    }

    /// Counts the products that the preset takes, among the first thousands.
    private func count(_ preview: inout PresetPreview, _ library: PresetLibrary) async throws {
        while preview.looked < 5000 {
            let entries = try await store.entries(ProductQuery(), offset: preview.looked, limit: 1000)
            if entries.isEmpty { return }
            preview.looked += entries.count
            for entry in entries where library.match(entry.product).preset.name == preview.preset {
                preview.taken += 1
                if preview.sample.count < 20 { preview.sample.append(entry.product.id) }
            }
        }
    }

    private func complaints(about text: String, as name: String?) async throws -> [Diagnostic] {
        try await judged(text, as: name).diagnostics
    }

    /// All presets with that text among them, and all that is wrong with it.
    private func judged(_ text: String, as name: String?) async throws -> Checked<PresetLibrary> {
        let file = Self.file(text, name: name)
        var read = try await read(adding: file)
        let names = (read.value.presets + read.value.abstracts).filter { $0.file == file.name }.map(\.name)
        if let name, names != [name],
            !read.diagnostics.contains(where: { $0.severity == .error && $0.file == file.name })
        {
            read.diagnostics.append(
                Diagnostic(
                    .error,
                    "presets.other-name",
                    file: file.name,
                    line: 1,
                    field: "preset",
                    "expected one preset `\(name)` but got "
                        + (names.isEmpty ? "none" : names.map { "`\($0)`" }.joined(separator: ", "))
                )
            )
        }
        return Checked(read.value, PresetCheck().diagnostics(of: read).filter { $0.file == file.name })
    }

    private func read(adding file: PresetFile?) async throws -> Checked<PresetLibrary> {
        var own = files.value
        // A text takes the place of what was saved under the name that it has.
        let names = file.map { Self.names(in: $0.text) } ?? []
        for saved in try await store.savedPresets() {
            guard let text = saved.text, saved.name + ".yaml" != file?.name, !names.contains(saved.name) else {
                continue
            }
            own.append(PresetFile(name: saved.name + ".yaml", text: text))
        }
        if let file { own.append(file) }
        let library = PresetLibrary.read(shippedAnd: own)
        let dressed = try await dressing(library.value)
        return Checked(dressed.value, files.diagnostics + library.diagnostics + dressed.diagnostics)
    }

    private static let unsaved = "preset.yaml"

    private static func file(_ text: String, name: String?) -> PresetFile {
        PresetFile(name: name.map { $0 + ".yaml" } ?? unsaved, text: text)
    }

    /// The names of the presets that a text defines.
    private static func names(in text: String) -> Set<String> {
        Set(
            text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("preset:") }
                .map { $0.dropFirst(7).prefix { $0 != "#" }.trimmed }
        )
    }

    /// The document of a file that defines a preset, as it was written.
    private static func document(_ name: String, in file: PresetFile) -> String? {
        let documents = ("\n" + file.text).components(separatedBy: "\n---")
        return documents.first { document in
            document.split(separator: "\n").contains { line in
                guard line.hasPrefix("preset:") else { return false }
                return line.dropFirst(7).prefix { $0 != "#" }.trimmed == name
            }
        }.map { $0.trimmed + "\n" }
    }
}
