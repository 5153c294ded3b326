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
    let table: [Offer]
    let absent: [ProviderID: String]
    let frames: any FirstFrameSource
    let time: TimeSource
    let random: RandomSource
    private let known = Mutex<Known?>(nil)

    /// A desk over what a store keeps, on top of the files of a folder.
    ///
    /// `offers` is what can be made here; `table` is every model there is, which presets are checked against: the offers where nil.
    public init(
        store: any CatalogStore & JobStore & ServiceStore,
        files: Checked<[PresetFile]> = Checked([]),
        dressing: @escaping Dressing = { Checked($0) },
        offers: [Offer],
        table: [Offer]? = nil,
        absent: [ProviderID: String] = [:],
        frames: any FirstFrameSource,
        time: TimeSource,
        random: RandomSource
    ) {
        self.store = store
        self.files = files
        self.dressing = dressing
        self.offers = offers
        self.table = table ?? offers
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

    /// What makes plans with them; a provider that is held, or that costs more than is left, is not counted on where there are others.
    public func maker() async throws -> PlanMaker {
        let now = time.now()
        let held = try await store.lanes().filter { $0.isHeld(at: now) }
        var left: [String: Money] = [:]
        for budget in try await store.budgets(at: now) {
            let currency = budget.cap.currency
            left[currency] = left[currency].map { $0.micros < budget.left.micros ? $0 : budget.left } ?? budget.left
        }
        return PlanMaker(
            catalog: store,
            jobs: store,
            planner: Planner(
                library: try await library(),
                offers: offers,
                absent: absent,
                held: Set(held.map { ProviderID($0.id.rawValue) }),
                left: left
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

    /// All styles, by name, each with the presets that ask for it.
    public func styles() async throws -> [StyleReport] {
        let library = try await library()
        let presets = Dictionary(grouping: library.presets.filter { $0.video.style != nil }) { $0.video.style ?? "" }
        return library.styles.all.map { StyleReport($0, presets: presets[$0.name]?.map(\.name) ?? []) }
    }

    /// A preset or a style as it stands; throws `notFound`.
    public func show(_ recipe: Recipe) async throws -> Shown {
        let saved = try await store.savedPreset(recipe.storedName, version: nil)
        let library = try await library()
        var shown = Shown(text: saved?.text ?? "", version: saved?.text == nil ? 0 : saved?.version ?? 0)
        switch recipe {
        case .preset(let name):
            shown.report = library.preset(name).map { PresetReport($0) }
            if shown.text.isEmpty {
                let files = (PresetFile.shipped + files.value).reversed()
                shown.text = files.lazy.compactMap { Self.document(name, in: $0) }.first ?? ""
            }
        case .style(let name):
            if shown.text.isEmpty { shown.text = library.styles[name]?.text ?? "" }
        }
        guard !shown.text.isEmpty else {
            throw PipelineError(
                .notFound,
                "no \(recipe.key) `\(recipe.name)`",
                hint: "see the names with `GET /v1/presets`"
            )
        }
        return shown
    }

    /// Whether there is one of that name.
    public func knows(_ recipe: Recipe) async throws -> Bool {
        let library = try await library()
        return switch recipe {
        case .preset(let name): (library.presets + library.abstracts).contains { $0.name == name }
        case .style(let name): library.styles[name] != nil
        }
    }

    /// Keeps a version, unless it has an error: then nothing is kept, and all that is wrong is given back.
    ///
    /// Throws `StoreError.stale` unless the version before is the expected one.
    public func save(
        _ recipe: Recipe,
        _ text: String,
        expecting version: Int?,
        by author: KeyID
    ) async throws -> Checked<PresetVersion?> {
        let diagnostics = try await judged(text, as: recipe).diagnostics
        if diagnostics.contains(where: { $0.severity == .error }) { return Checked(nil, diagnostics) }
        let saved = try await store.save(
            preset: recipe.storedName,
            text,
            expecting: version,
            by: author,
            at: time.now()
        )
        return Checked(saved, diagnostics)
    }

    /// Ends what was saved under a name: what was shipped under it is back.
    public func delete(_ recipe: Recipe, expecting version: Int?, by author: KeyID) async throws {
        _ = try await store.save(preset: recipe.storedName, nil, expecting: version, by: author, at: time.now())
    }

    /// All that is wrong with a text that nobody saved yet; with a name, also that it is of another.
    public func check(_ text: String, as recipe: Recipe? = nil) async throws -> [Diagnostic] {
        try await judged(text, as: recipe).diagnostics
    }

    /// All presets and styles with that text among them, and all that is wrong with it.
    ///
    /// `others` are read after it.
    func judged(
        _ text: String,
        as recipe: Recipe?,
        and others: [PresetFile] = []
    ) async throws -> Checked<PresetLibrary> {
        let file = PresetFile(name: recipe?.file ?? Self.unsaved, text: text)
        var read = try await read(adding: file, and: others)
        let alone = PresetLibrary.read([file]).value
        let names =
            switch recipe {
            case nil: [String]()
            case .preset: (read.value.presets + read.value.abstracts).filter { $0.file == file.name }.map(\.name)
            case .style: alone.styles.names
            }
        if let recipe, names != [recipe.name],
            !read.diagnostics.contains(where: { $0.severity == .error && $0.file == file.name })
        {
            read.diagnostics.append(
                Diagnostic(
                    .error,
                    "presets.other-name",
                    file: file.name,
                    line: 1,
                    field: recipe.key,
                    "expected one \(recipe.key) `\(recipe.name)` but got "
                        + (names.isEmpty ? "none" : names.map { "`\($0)`" }.joined(separator: ", "))
                )
            )
        }
        return Checked(read.value, PresetCheck(offers: table).diagnostics(of: read).filter { $0.file == file.name })
    }

    private func read(adding file: PresetFile?, and others: [PresetFile] = []) async throws -> Checked<PresetLibrary> {
        // A text takes the place of what was saved under the name that it has, and what was saved that of the folder's.
        var names = file.map { Self.names(in: $0.text) } ?? []
        var saved: [PresetFile] = []
        for version in try await store.savedPresets() {
            guard let text = version.text, version.name + ".yaml" != file?.name, !names.contains(version.name) else {
                continue
            }
            saved.append(PresetFile(name: version.name + ".yaml", text: text))
        }
        for file in saved { names.formUnion(Self.names(in: file.text)) }
        var own = files.value.map { Self.without(names, $0) } + saved
        if let file { own.append(file) }
        let library = PresetLibrary.read(shippedAnd: own + others)
        let dressed = try await dressing(library.value)
        return Checked(dressed.value, files.diagnostics + library.diagnostics + dressed.diagnostics)
    }

    /// The file of a text that has no name yet.
    static let unsaved = "preset.yaml"

    /// The names of the presets that a text defines.
    private static func names(in text: String) -> Set<String> {
        Set(
            text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("preset:") }
                .map { $0.dropFirst(7).prefix { $0 != "#" }.trimmed }
        )
    }

    /// A file without the presets of these names; their lines are left empty, so that the others keep their places.
    private static func without(_ names: Set<String>, _ file: PresetFile) -> PresetFile {
        guard !names.isDisjoint(with: Self.names(in: file.text)) else { return file }
        let kept = file.text.components(separatedBy: "\n---").map { document in
            Self.names(in: document).isDisjoint(with: names)
                ? document : String(repeating: "\n", count: document.count { $0.isNewline })
        }
        return PresetFile(name: file.name, text: kept.joined(separator: "\n---"))
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
