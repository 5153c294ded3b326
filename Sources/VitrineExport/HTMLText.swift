import Mustache
import VitrineCore

/// Text made safe for HTML in the templates of this target; the template engine's own escaping goes by whole characters.
struct HTMLText: MustacheContentType {
    /// The name by which a template asks for it.
    static let name = "VITRINE_HTML"

    /// Makes it known to the template engine, once.
    static let isKnown: Bool = {
        MustacheContentTypes.register(HTMLText(), named: name)
        return true
    }()

    func escapeText(_ text: String) -> String { text.escapedForHTML }
}
