import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// Where presets and styles are written: the text on one side, what it would do on the other.
struct EditorPages: Sendable {
    let studio: Studio
    let kind: RecipeKind

    private static let most = 48 << 10

    private struct Complaint {
        var place: String
        var text: String
        var hint: String?
        var tone: String
    }

    private struct Asked {
        var shape: String
        var provider: String
        var price: String
        var prompt: String?
        var length: String
        var trouble: String?
    }

    private struct Frame {
        var file: String
        var shape: String
    }

    private struct Effect {
        struct Line {
            var title: String
            var shape: String
            var why: String
            var price: String
        }

        var summary: String
        var detail: String
        var lines: [Line]
        var hasLines: Bool
    }

    private struct Model {
        var form: String
        var mayAuthor: Bool
        var mayGenerate: Bool
        var list: String
        var listTitle: String
        var address: String
        var name: String
        var kind: String
        var text: String
        var version: String
        var isSaved: Bool
        var isDirty: Bool
        var product: String
        var styles: String
        var presets: String
        var providers: String
        var saved: String?
        var conflict: String?
        var complaints: [Complaint]
        var hasComplaints: Bool
        var isSound: Bool
        var picture: String?
        var frames: [Frame]
        var because: String?
        var matches: Bool
        var isPreset: Bool
        var taken: String?
        var requests: [Asked]
        var hasPreview: Bool
        var advice: String?
        var effect: Effect?
        var drafts: [DraftPages.Draft]
        var hasDrafts: Bool
    }

    /// What the person at the editor has before them.
    private struct Desk {
        var recipe: Recipe
        var text: String
        var version: Int
        var product: String?
        var isDirty = false
        var saved: String?
        var conflict: String?
        var effect: Effect?
        var drafts: [DraftPages.Draft] = []
        var advice: String?
    }

    private var presets: PresetDesk { studio.home.presets }

    func show(_ visit: Visit) async throws -> Response {
        let query = try Query(visit.request, knows: ["product", "version", "new", "from", "like", "saved"])
        let recipe = try kind.recipe(visit)
        var desk = Desk(recipe: recipe, text: "", version: 0, product: try query.text("product"))
        let newest = try await studio.home.store.savedPreset(recipe.storedName, version: nil)
        let earlier = try query.number("version", within: 1...1_000_000)
        if try query.flag("new") {
            // A name that is there already is not begun anew.
            guard try await !presets.knows(recipe) else { return Visit.redirect(to: kind.address(of: recipe)) }
            let like = try query.text("like")
            desk.text = try await beginning(of: recipe, from: try query.text("from"), like: like)
            desk.product = desk.product ?? like
            desk.isDirty = true
        } else if let earlier {
            guard let text = try await studio.home.store.savedPreset(recipe.storedName, version: earlier)?.text else {
                throw RequestError(.notFound, "version \(earlier) has no text")
            }
            desk.text = text
            desk.version = newest?.text == nil ? 0 : newest?.version ?? 0
            desk.isDirty = text != newest?.text
        } else {
            let shown = try await presets.show(recipe)
            (desk.text, desk.version) = (shown.text, shown.version)
        }
        if try query.flag("saved") { desk.saved = "Version \(desk.version) is saved: the next plan goes by it." }
        return try await page(desk, visit)
    }

    /// Shows what a text would do, or saves it, as the button says that was pressed.
    func change(_ visit: Visit) async throws -> Response {
        // A byte may be sent as three.
        let form = try await visit.form(atMost: 3 * Self.most + 4096)
        guard let text = form["text"]?.first, text.utf8.count <= Self.most else {
            throw RequestError(.invalid, "a \(kind.word) may have 48 kilobytes at most")
        }
        var desk = Desk(
            recipe: try kind.recipe(visit),
            text: text,
            version: form["version"]?.first.flatMap { Int($0) } ?? 0,
            product: form["product"]?.first?.trimmed.nonEmpty,
            isDirty: true
        )
        do {
            switch form["do"]?.first {
            case "save":
                if let saved = try await save(&desk, visit) { return saved }
            case "effect": desk.effect = try await effect(of: desk)
            case "draft":
                guard visit.mayGenerate else { throw RequestError(.forbidden, "your key may not make videos") }
                desk.drafts = try await drafts(of: desk)
            default: break
            }
        } catch let error as PipelineError {
            desk.advice = [error.message.asSentence, error.hint?.asSentence].compactMap(\.self).joined(separator: " ")
        }
        return try await page(desk, visit)
    }

    /// The text of a new one: a copy, for products like one, or next to nothing.
    private func beginning(of recipe: Recipe, from source: String?, like product: String?) async throws -> String {
        switch recipe {
        case .preset(let name):
            guard let source, product == nil else { return try await presets.starter(name, like: product) }
            return try await presets.show(.preset(source)).text
                .replacing(/(?m)^preset:.*$/, with: "preset: \(name)", maxReplacements: 1)
        case .style(let name):
            return try await presets.show(.style(source ?? "studio")).text
                .replacing(/style: *[a-z0-9-]+/, with: "style: \(name)", maxReplacements: 1)
        }
    }

    private func save(_ desk: inout Desk, _ visit: Visit) async throws -> Response? {
        guard visit.mayAuthor else { throw RequestError(.forbidden, "your key may not write presets") }
        do {
            let saved = try await presets.save(
                desk.recipe,
                desk.text,
                expecting: desk.version,
                by: visit.context.caller.id
            )
            guard saved.value != nil else { return nil }
        } catch let error as StoreError where error.kind == .stale {
            desk.conflict =
                "Somebody else saved this \(kind.word) while you wrote. Nothing was overwritten; your text is below."
            return nil
        }
        let query = desk.product.map { "&product=" + $0.inAddress } ?? ""
        return Visit.redirect(to: kind.address(of: desk.recipe) + "?saved=true" + query)
    }

    private func effect(of desk: Desk) async throws -> Effect {
        let effect = try await presets.effect(of: desk.text, as: desk.recipe)
        let looked = effect.isWhole ? "all \(effect.looked)" : "the first \(effect.looked)"
        let videos = effect.videos == 1 ? "One video" : "\(effect.videos) videos"
        return Effect(
            summary: effect.videos == 0
                ? "Saving this would make no video anew." : "\(videos) would be made, for \(effect.price.words).",
            detail: (effect.moved == 0
                ? "No product would get another preset than today. "
                : effect.moved == 1
                    ? "One product would get another preset than today. "
                    : "\(effect.moved) products would get another preset than today. ")
                + "Looked at \(looked) products; nothing is saved or made yet.",
            lines: effect.sample.map { row in
                Effect.Line(
                    title: row.title,
                    shape: row.slot.placement.rawValue,
                    why: row.why.asSentence,
                    price: row.price?.words ?? ""
                )
            },
            hasLines: !effect.sample.isEmpty
        )
    }

    private func drafts(of desk: Desk) async throws -> [DraftPages.Draft] {
        guard let product = desk.product else { throw PipelineError(.conflict, "choose a product for the draft") }
        let requests = try await presets.drafts(desk.text, as: desk.recipe, for: product, placement: nil)
        let pages = DraftPages(studio: studio)
        var drafts: [DraftPages.Draft] = []
        for request in requests {
            try await studio.home.drafts.begin(request)
            drafts.append(pages.draft(request.fingerprint, shape: request.slot.placement))
        }
        return drafts
    }

    // MARK: The page

    private func page(_ desk: Desk, _ visit: Visit) async throws -> Response {
        let home = studio.home
        var desk = desk
        var preview: PresetPreview?
        var entry: CatalogEntry?
        let first = try await home.store.entries(ProductQuery(), offset: 0, limit: 1).first?.product.id.rawValue
        if let wanted = desk.product ?? first {
            do {
                entry = try await home.desk.product(named: wanted)
                preview = try await presets.preview(
                    desk.text,
                    as: desk.recipe,
                    for: wanted,
                    placement: nil,
                    tier: .draft
                )
            } catch let error as PipelineError {
                desk.advice = desk.advice ?? error.message.asSentence
            }
        } else {
            desk.advice = "Import a feed to see what this \(kind.word) would do."
        }
        let complaints = try await presets.check(desk.text, as: desk.recipe)
        if complaints.contains(where: { $0.severity == .error }) { preview = nil }
        let media = StudioMedia(home: home)
        var frames: [Frame] = []
        for frame in preview?.frames ?? [] {
            guard let file = try await home.media.file(frame.digest) else { continue }
            frames.append(Frame(file: media.address(of: file), shape: frame.placement.rawValue))
        }
        let model = Model(
            form: visit.formToken ?? "",
            mayAuthor: visit.mayAuthor,
            mayGenerate: visit.mayGenerate,
            list: kind.address,
            listTitle: kind.title,
            address: kind.address(of: desk.recipe),
            name: desk.recipe.name,
            kind: kind.word,
            text: desk.text,
            version: "\(desk.version)",
            isSaved: desk.version > 0,
            isDirty: desk.isDirty,
            product: desk.product ?? entry?.product.skus.first?.rawValue ?? first ?? "",
            styles: try await presets.styles().map(\.name).joined(separator: " "),
            presets: try await presets.list().map(\.name).joined(separator: " "),
            providers: Set(home.offers.map(\.provider.rawValue)).sorted().joined(separator: " "),
            saved: desk.saved,
            conflict: desk.conflict,
            complaints: complaints.map { complaint in
                Complaint(
                    place: complaint.line.map { "Line \($0)" } ?? "",
                    text: complaint.message.asSentence,
                    hint: complaint.hint?.asSentence,
                    tone: complaint.severity == .error ? "bad" : "new"
                )
            },
            hasComplaints: !complaints.isEmpty,
            isSound: complaints.isEmpty,
            picture: entry.flatMap { media.pictures(of: $0).first },
            frames: frames,
            because: preview?.because.asSentence,
            matches: preview?.matches ?? false,
            isPreset: kind == .preset,
            taken: preview.map { "\($0.taken) of \($0.looked) products get this preset." },
            requests: preview?.requests.map(asked) ?? [],
            hasPreview: preview != nil,
            advice: desk.advice,
            effect: desk.effect,
            drafts: desk.drafts,
            hasDrafts: !desk.drafts.isEmpty
        )
        return studio.answer(.editor, model, title: desk.recipe.name, at: .presets, to: visit)
    }

    private func asked(_ row: PlanRowReport) -> Asked {
        let offer = studio.home.offers.first { $0.provider == row.provider && $0.model == row.model }
        var length = ""
        if let prompt = row.prompt {
            let limit = offer?.prompt
            length = limit.map { "\($0.length(of: prompt)) of \($0.most) characters" } ?? "\(prompt.count) characters"
        }
        return Asked(
            shape: row.placement.rawValue,
            provider: [row.provider?.rawValue, row.model].compactMap(\.self).joined(separator: " "),
            price: row.price?.words ?? "",
            prompt: row.prompt,
            length: length,
            trouble: row.prompt == nil ? row.why.asSentence : nil
        )
    }
}
