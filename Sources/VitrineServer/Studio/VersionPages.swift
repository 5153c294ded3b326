import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// What was saved of a preset or a style, and what each version changed.
struct VersionPages: Sendable {
    let studio: Studio
    let kind: RecipeKind

    private struct Model {
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

        var form: String
        var mayAuthor: Bool
        var name: String
        var word: String
        var address: String
        var restore: String
        var versions: [Version]
        var isEmpty: Bool
    }

    func show(_ visit: Visit) async throws -> Response {
        _ = try Query(visit.request)
        let recipe = try kind.recipe(visit)
        let page = try await studio.home.store.versions(ofPreset: recipe.storedName, after: nil, limit: 50)
        let newestFirst = page.items.sorted { $0.version > $1.version }
        let model = Model(
            form: visit.formToken ?? "",
            mayAuthor: visit.mayAuthor,
            name: recipe.name,
            word: kind.word,
            address: kind.address(of: recipe),
            restore: kind.address(of: recipe) + "/versions",
            versions: newestFirst.map { version in
                let before = newestFirst.first { $0.version < version.version }?.text
                return Model.Version(
                    number: "\(version.version)",
                    when: studio.moment(version.savedAt),
                    author: version.author.rawValue,
                    address: kind.address(of: recipe) + "?version=\(version.version)",
                    isDeleted: version.text == nil,
                    lines: Self.changes(from: before ?? "", to: version.text ?? "")
                )
            },
            isEmpty: page.items.isEmpty
        )
        return studio.answer(.versions, model, title: "Versions of \(recipe.name)", at: .presets, to: visit)
    }

    /// Saves an earlier version once more, or ends what was saved: what was shipped is back.
    func restore(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let recipe = try kind.recipe(visit)
        let presets = studio.home.presets
        let newest = try await studio.home.store.savedPreset(recipe.storedName, version: nil)
        // What was ended is saved as something new.
        let current = newest?.text == nil ? 0 : newest?.version ?? 0
        guard let words = form["version"]?.first else {
            try await presets.delete(recipe, expecting: current, by: visit.context.caller.id)
            return Visit.redirect(to: kind.address)
        }
        guard let number = Int(words), number > 0 else { throw RequestError(.invalid, "choose one of the versions") }
        guard let text = try await studio.home.store.savedPreset(recipe.storedName, version: number)?.text else {
            throw RequestError(.notFound, "version \(number) has no text")
        }
        let saved = try await presets.save(recipe, text, expecting: current, by: visit.context.caller.id)
        // What has become wrong since is shown in the editor.
        let query = saved.value == nil ? "?version=\(number)" : "?saved=true"
        return Visit.redirect(to: kind.address(of: recipe) + query)
    }

    private static let longest = 2000

    /// The lines that are another than before, each with a sign.
    private static func changes(from before: String, to after: String) -> [Model.Changed] {
        let old = before.split(separator: "\n", omittingEmptySubsequences: false)
        let new = after.split(separator: "\n", omittingEmptySubsequences: false)
        guard old.count + new.count <= longest else {
            return [Model.Changed(sign: "", text: "\(new.count) lines, too many to compare", tone: "")]
        }
        let changes = new.difference(from: old).map { change in
            switch change {
            case .remove(let offset, let line, _):
                (offset, 0, Model.Changed(sign: "−", text: String(line), tone: "gone"))
            case .insert(let offset, let line, _):
                (offset, 1, Model.Changed(sign: "+", text: String(line), tone: "come"))
            }
        }
        return changes.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2).filter { !$0.text.isEmpty }
    }
}
