public import VitrineCore
import VitrinePresets

/// A style, and which presets ask for it.
public struct StyleReport: Sendable {
    /// Its name.
    public var name: String
    /// What people call it.
    public var title: String
    /// The words that it adds to a prompt.
    public var words: String
    /// What the local renderer does.
    public var look: Look
    /// The presets that ask for it.
    public var presets: [String]

    init(_ style: Style, presets: [String]) {
        name = style.name
        title = style.title
        words = style.words
        look = style.look
        self.presets = presets
    }
}
