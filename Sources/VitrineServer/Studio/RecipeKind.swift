import VitrineCore
import VitrinePipeline

/// What the editor writes: presets or styles.
enum RecipeKind: Sendable {
    case preset, style

    /// The address of their list.
    var address: String { self == .preset ? "/studio/presets" : "/studio/styles" }
    /// The word for many.
    var title: String { self == .preset ? "Presets" : "Styles" }
    /// The word for one, within a sentence.
    var word: String { self == .preset ? "preset" : "style" }

    /// The one that the address names.
    func recipe(_ visit: Visit) throws(RequestError) -> Recipe {
        let name = try visit.context.path("name")
        guard name.utf8.count <= 64, name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil else {
            throw RequestError(
                .notFound,
                "no \(word) has that name",
                hint: "names are small letters, digits and hyphens"
            )
        }
        return self == .preset ? .preset(name) : .style(name)
    }

    /// Where one is written.
    func address(of recipe: Recipe) -> String { address + "/" + recipe.name }
}
