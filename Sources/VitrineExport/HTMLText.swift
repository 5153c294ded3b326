import Mustache

/// Text made safe for HTML, scalar by scalar.
///
/// The template engine's own escaping goes by whole characters, so that a quotation mark with a combining accent passes
/// it and ends an attribute; this one does not. Control characters are left out.
struct HTMLText: MustacheContentType {
    /// The name by which a template asks for it.
    static let name = "VITRINE_HTML"

    /// Makes it known to the template engine, once.
    static let isKnown: Bool = {
        MustacheContentTypes.register(HTMLText(), named: name)
        return true
    }()

    func escapeText(_ text: String) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": safe.append(contentsOf: "&lt;".unicodeScalars)
            case ">": safe.append(contentsOf: "&gt;".unicodeScalars)
            case "&": safe.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": safe.append(contentsOf: "&quot;".unicodeScalars)
            case "'": safe.append(contentsOf: "&#39;".unicodeScalars)
            case "`": safe.append(contentsOf: "&#96;".unicodeScalars)
            case "\t", "\n": safe.append(scalar)
            default: if scalar.value >= 32, !(127...159).contains(scalar.value) { safe.append(scalar) }
            }
        }
        return String(safe)
    }
}
