import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// The lists of presets and of styles, and how a new one begins.
struct PresetPages: Sendable {
    let studio: Studio

    private struct Model {
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
        var unmatched: [Unmatched]
        var hasUnmatched: Bool
    }

    /// A kind of products that no preset is for.
    private struct Unmatched {
        var category: String
        var count: String
        var address: String
    }

    func list(_ visit: Visit) async throws -> Response {
        let query = try Query(visit.request, knows: ["new", "from", "like"])
        if let begun = try Self.begun(query, .preset) { return begun }
        let usage = try await studio.home.presets.usage()
        let presets = try await studio.home.presets.list().sorted {
            let (left, right) = (usage.taken[$0.name] ?? 0, usage.taken[$1.name] ?? 0)
            return (right, $0.name) < (left, $1.name)
        }
        let unmatched = usage.unmatched.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
        let model = Model(
            mayAuthor: visit.mayAuthor,
            lines: presets.map { preset in
                Model.Line(
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
                : "Counted over \(usage.looked) products; a product goes to the preset that matches it most closely.",
            unmatched: unmatched.prefix(12).map { category, kind in
                Unmatched(
                    category: category,
                    count: kind.count == 1 ? "one product" : "\(kind.count) products",
                    address: "/studio/presets/\(Self.name(for: category))?new=true&like=\(kind.example)"
                )
            },
            hasUnmatched: !unmatched.isEmpty
        )
        return studio.answer(.presets, model, title: "Presets", at: .presets, to: visit)
    }

    /// A name for a preset of a category: its last words in small letters.
    private static func name(for category: String) -> String {
        let last = category.components(separatedBy: ">").last ?? category
        let words = last.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        var name = ""
        for word in words where name.count + word.count < 40 { name += (name.isEmpty ? "" : "-") + word }
        return name.isEmpty ? "new-preset" : name
    }

    private struct StyleModel {
        struct Line {
            var address: String
            var name: String
            var title: String
            var look: String
            var words: String
            var presets: String
        }

        var mayAuthor: Bool
        var lines: [Line]
    }

    func styles(_ visit: Visit) async throws -> Response {
        let query = try Query(visit.request, knows: ["new", "from"])
        if let begun = try Self.begun(query, .style) { return begun }
        let model = StyleModel(
            mayAuthor: visit.mayAuthor,
            lines: try await studio.home.presets.styles().map { style in
                StyleModel.Line(
                    address: "/studio/styles/\(style.name)",
                    name: style.name,
                    title: style.title,
                    look: style.look.rawValue,
                    words: style.words,
                    presets: style.presets.isEmpty ? "none" : "\(style.presets.count)"
                )
            }
        )
        return studio.answer(.styles, model, title: "Styles", at: .presets, to: visit)
    }

    /// Where a new one is written, when the form above a list was sent.
    private static func begun(_ query: Query, _ kind: RecipeKind) throws -> Response? {
        guard let name = try query.text("new", atMost: 64) else { return nil }
        var fields = "?new=true"
        for (word, limit) in [("from", 64), ("like", 200)] {
            if let value = try query.text(word, atMost: limit) { fields += "&\(word)=" + value.inAddress }
        }
        return Visit.redirect(to: kind.address + "/" + name.inAddress + fields)
    }
}
