import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// Presets: which there are and what they take, and an editor that shows at once what a preset would do.
struct PresetPages: Sendable {
    let studio: Studio

    private struct ListModel {
        struct Line {
            var address: String
            var name: String
            var title: String
            var shapes: String
            var motion: String
            var taken: String
        }

        var mayAuthor: Bool
        var lines: [Line]
        var looked: String
    }

    func list(_ visit: Visit) async throws -> Response {
        let query = try Query(visit.request, knows: ["new", "from"])
        if let name = try query.text("new", atMost: 80) {
            let from = try query.text("from", atMost: 80) ?? "fallback"
            return Visit.redirect(to: "/studio/presets/\(name.inAddress)?from=\(from.inAddress)")
        }
        let usage = try await studio.home.presets.usage()
        let presets = try await studio.home.presets.list().sorted {
            let (left, right) = (usage.taken[$0.name] ?? 0, usage.taken[$1.name] ?? 0)
            return (right, $0.name) < (left, $1.name)
        }
        let model = ListModel(
            mayAuthor: visit.mayAuthor,
            lines: presets.map { preset in
                ListModel.Line(
                    address: "/studio/presets/\(preset.name)",
                    name: preset.name,
                    title: preset.title,
                    shapes: preset.placements.map(\.rawValue).joined(separator: ", "),
                    motion: "\(preset.motion.rawValue), \(String(format: "%g", preset.seconds)) s",
                    taken: usage.taken[preset.name].map { "\($0)" } ?? "none"
                )
            },
            looked: usage.looked == 0
                ? "Import a feed to see which products each one takes."
                : "Counted over \(usage.looked) products; a product goes to the preset that matches it most closely."
        )
        return studio.answer(.presets, model, title: "Presets", at: .presets, to: visit)
    }

    // MARK: The editor

    private struct Complaint {
        var place: String
        var text: String
        var hint: String?
        var tone: String
    }

    private struct Request {
        var shape: String
        var provider: String
        var price: String
        var prompt: String?
        var length: String
        var trouble: String?
    }

    private struct Model {
        var form: String
        var mayAuthor: Bool
        var address: String
        var name: String
        var text: String
        var version: String
        var isSaved: Bool
        var product: String
        var saved: String?
        var conflict: String?
        var complaints: [Complaint]
        var hasComplaints: Bool
        var isSound: Bool
        var picture: String?
        var frame: String?
        var because: String?
        var matches: Bool
        var taken: String?
        var requests: [Request]
        var hasPreview: Bool
        var advice: String?
    }

    func show(_ visit: Visit) async throws -> Response {
        let query = try Query(visit.request, knows: ["product", "version", "from", "saved"])
        let name = try Self.name(visit)
        var text: String
        var version = 0
        if let source = try query.text("from") {
            text = try await studio.home.presets.show(source).text
                .replacing(/(?m)^preset:.*$/, with: "preset: \(name)", maxReplacements: 1)
        } else {
            let shown = try await studio.home.presets.show(name)
            (text, version) = (shown.text, shown.version)
        }
        if let number = try query.number("version", within: 1...1_000_000),
            let earlier = try await studio.home.store.savedPreset(name, version: number)?.text
        {
            text = earlier
        }
        let isSaved = try query.flag("saved")
        return try await page(
            name,
            text,
            version: version,
            product: try query.text("product"),
            saved: isSaved ? "Version \(version) is saved: the next plan goes by it." : nil,
            visit
        )
    }

    /// Shows what a text would do, or saves it, as the button says that was pressed.
    func change(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let name = try Self.name(visit)
        guard let text = form["text"]?.first, text.utf8.count <= 48 << 10 else {
            throw RequestError(.invalid, "a preset may have 48 kilobytes at most")
        }
        let version = form["version"]?.first.flatMap { Int($0) } ?? 0
        let product = form["product"]?.first?.trimmed.nonEmpty
        guard form["do"]?.first == "save" else {
            return try await page(name, text, version: version, product: product, visit)
        }
        guard visit.mayAuthor else { throw RequestError(.forbidden, "your key may not write presets") }
        do {
            let saved = try await studio.home.presets.save(
                name,
                text,
                expecting: version,
                by: visit.context.caller.id
            )
            guard saved.value != nil else {
                return try await page(name, text, version: version, product: product, visit)
            }
        } catch let error as StoreError where error.kind == .stale {
            return try await page(
                name,
                text,
                version: version,
                product: product,
                conflict:
                    "Somebody else saved this preset while you wrote. Nothing was overwritten; your text is below.",
                visit
            )
        }
        let query = product.map { "&product=" + $0.inAddress } ?? ""
        return Visit.redirect(to: "/studio/presets/\(name)?saved=true" + query)
    }

    private func page(
        _ name: String,
        _ text: String,
        version: Int,
        product: String?,
        saved: String? = nil,
        conflict: String? = nil,
        _ visit: Visit
    ) async throws -> Response {
        var complaints: [Diagnostic]?
        var preview: PresetPreview?
        var advice: String?
        var entry: CatalogEntry?
        let first = try await studio.home.store.entries(ProductQuery(), offset: 0, limit: 1).first?.product.id.rawValue
        if let wanted = product ?? first {
            do {
                entry = try await studio.home.desk.product(named: wanted)
                preview = try await studio.home.presets.preview(text, for: wanted, placement: nil, tier: .draft)
                complaints = preview?.diagnostics
            } catch let error as PipelineError {
                advice = error.message.asSentence
            }
        } else {
            advice = "Import a feed to see what this preset would do."
        }
        let found = if let complaints { complaints } else { try await studio.home.presets.check(text) }
        if found.contains(where: { $0.severity == .error }) { preview = nil }
        let media = StudioMedia(home: studio.home)
        var frame: String?
        if let digest = preview?.frame, let file = try await studio.home.media.file(digest) {
            frame = media.address(of: file)
        }
        let model = Model(
            form: visit.formToken ?? "",
            mayAuthor: visit.mayAuthor,
            address: "/studio/presets/\(name)",
            name: name,
            text: text,
            version: "\(version)",
            isSaved: version > 0,
            product: product ?? entry?.product.skus.first?.rawValue ?? first ?? "",
            saved: saved,
            conflict: conflict,
            complaints: found.map { complaint in
                Complaint(
                    place: complaint.line.map { "Line \($0)" } ?? "",
                    text: complaint.message.asSentence,
                    hint: complaint.hint?.asSentence,
                    tone: complaint.severity == .error ? "bad" : "new"
                )
            },
            hasComplaints: !found.isEmpty,
            isSound: found.isEmpty,
            picture: entry.flatMap { media.pictures(of: $0).first },
            frame: frame,
            because: preview?.because.asSentence,
            matches: preview?.matches ?? false,
            taken: preview.map { "\($0.taken) of \($0.looked) products get this preset." },
            requests: preview?.requests.map(request) ?? [],
            hasPreview: preview != nil,
            advice: advice
        )
        return studio.answer(.preset, model, title: name, at: .presets, to: visit)
    }

    private func request(_ row: PlanRowReport) -> Request {
        let offer = studio.home.offers.first { $0.provider == row.provider && $0.model == row.model }
        var length = ""
        if let prompt = row.prompt {
            let limit = offer?.prompt
            length = limit.map { "\($0.length(of: prompt)) of \($0.most) characters" } ?? "\(prompt.count) characters"
        }
        return Request(
            shape: row.placement.rawValue,
            provider: [row.provider?.rawValue, row.model].compactMap(\.self).joined(separator: " "),
            price: row.price?.words ?? "",
            prompt: row.prompt,
            length: length,
            trouble: row.prompt == nil ? row.why.asSentence : nil
        )
    }

    // MARK: Versions

    private struct VersionsModel {
        struct Version {
            var number: String
            var when: String
            var author: String
            var address: String
            var isDeleted: Bool
            var lines: [Changed]
        }
        struct Changed {
            var sign: String
            var text: String
            var tone: String
        }

        var name: String
        var address: String
        var versions: [Version]
        var isEmpty: Bool
    }

    func versions(_ visit: Visit) async throws -> Response {
        _ = try Query(visit.request)
        let name = try Self.name(visit)
        let page = try await studio.home.store.versions(ofPreset: name, after: nil, limit: 50)
        let newestFirst = page.items.sorted { $0.version > $1.version }
        let model = VersionsModel(
            name: name,
            address: "/studio/presets/\(name)",
            versions: newestFirst.map { version in
                let before = newestFirst.first { $0.version < version.version }?.text
                return VersionsModel.Version(
                    number: "\(version.version)",
                    when: studio.moment(version.savedAt),
                    author: version.author.rawValue,
                    address: "/studio/presets/\(name)?version=\(version.version)",
                    isDeleted: version.text == nil,
                    lines: Self.changes(from: before ?? "", to: version.text ?? "")
                )
            },
            isEmpty: page.items.isEmpty
        )
        return studio.answer(.versions, model, title: "Versions of \(name)", at: .presets, to: visit)
    }

    /// The lines that are another than before, each with a sign.
    private static func changes(from before: String, to after: String) -> [VersionsModel.Changed] {
        let old = before.split(separator: "\n", omittingEmptySubsequences: false)
        let new = after.split(separator: "\n", omittingEmptySubsequences: false)
        let changes = new.difference(from: old).map { change in
            switch change {
            case .remove(let offset, let line, _):
                (offset, 0, VersionsModel.Changed(sign: "−", text: String(line), tone: "gone"))
            case .insert(let offset, let line, _):
                (offset, 1, VersionsModel.Changed(sign: "+", text: String(line), tone: "come"))
            }
        }
        return changes.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2).filter { !$0.text.isEmpty }
    }

    private static func name(_ visit: Visit) throws(RequestError) -> String {
        let name = try visit.context.path("preset")
        guard name.utf8.count <= 80, name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil else {
            throw RequestError(
                .notFound,
                "no preset has that name",
                hint: "names are small letters, digits and hyphens"
            )
        }
        return name
    }
}
