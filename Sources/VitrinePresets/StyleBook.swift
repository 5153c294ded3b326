public import VitrineCore

/// A way to film: words for a prompt, a value for providers that have a style parameter, a look for the local renderer.
public struct Style: Hashable, Sendable {
    /// Its name, as presets write it.
    public var name: String
    /// What people call it.
    public var title: String
    /// The words that it adds to a prompt.
    public var words: String
    /// The value for providers that have a style parameter.
    public var tag: String?
    /// What the local renderer does.
    public var look: Look

    /// A style.
    public init(name: String, title: String, words: String, tag: String? = nil, look: Look) {
        self.name = name
        self.title = title
        self.words = words
        self.tag = tag
        self.look = look
    }

    /// It as a document of the preset language.
    public var text: String {
        """
        styles:
          - style: \(name)
            title: \(title.asYAML)
            words: \(words.asYAML)
            tag: \(tag?.asYAML ?? "null")
            look: \(look.rawValue)

        """
    }

    /// It as a request carries it.
    public var resolved: VideoRequest.Style { VideoRequest.Style(words: words, tag: tag, look: look) }
}

/// All styles by name; a merchant's own stand in place of shipped ones.
public struct StyleBook: Sendable {
    private var styles: [String: Style] = [:]

    /// A book of these styles; later ones win.
    public init(_ styles: some Sequence<Style> = []) {
        for style in styles { self.styles[style.name] = style }
    }

    /// The style of that name.
    public subscript(name: String) -> Style? { styles[name] }

    /// All styles, by name.
    public var all: [Style] { styles.values.sorted { $0.name < $1.name } }

    /// All names, in order.
    public var names: [String] { styles.keys.sorted() }
}

/// Reads `styles:` documents.
struct StyleReader {
    static let keys = ["style", "title", "words", "tag", "look"]

    private(set) var styles: [String: Style] = [:]
    private var seen: [String: (value: YAMLValue, isOwn: Bool)] = [:]

    /// Takes the styles of one document; a name that an earlier layer has is replaced.
    mutating func read(_ document: YAMLValue, isOwn: Bool, _ complaints: Complaints) {
        guard let reader = MapReader(document, keys: ["styles"], complaints),
            let values = reader.list("styles")
        else { return }
        for value in values {
            guard let style = Self.style(value, complaints) else { continue }
            if let first = seen[style.name], first.isOwn == isOwn {
                complaints.error(
                    .duplicateName,
                    at: value,
                    field: "style",
                    "style `\(style.name)` is already at \(first.value.file):\(first.value.line)"
                )
                continue
            }
            seen[style.name] = (value, isOwn)
            styles[style.name] = style
        }
    }

    private static func style(_ value: YAMLValue, _ complaints: Complaints) -> Style? {
        let errors = complaints.errors
        guard let reader = MapReader(value, path: "styles", keys: keys, complaints) else { return nil }
        let name = reader.text("style")
        let words = reader.text("words")
        let look = reader.choice("look", Look.self)
        for (key, isThere) in [
            ("style", reader.has("style")), ("words", reader.has("words")), ("look", reader.has("look")),
        ] where !isThere {
            complaints.error(.missingKey, at: value, field: key, "a style needs `\(key)`")
        }
        if let name, !PresetName.isName(name) {
            complaints.error(.badName, at: value, field: "style", PresetName.complaint(name))
        }
        let style = Style(
            name: name ?? "",
            title: reader.text("title") ?? name ?? "",
            words: words?.trimmed ?? "",
            tag: reader.text("tag"),
            look: look ?? .studio
        )
        return complaints.errors == errors ? style : nil
    }
}

/// How names of presets and styles are written.
enum PresetName {
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64 && text.first != "-" && text.last != "-" && !text.contains("--")
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }

    static func complaint(_ text: String) -> String {
        "expected a name in kebab-case, such as `running-shoes`, but got `\(text.prefix(80))`"
    }
}
