public import Foundation

/// One version of a preset that was saved; versions are kept for ever.
public struct PresetVersion: Hashable, Sendable {
    /// The preset's name.
    public var name: String
    /// Its version, from 1.
    public var version: Int
    /// Its YAML; nil where the preset was deleted.
    public var text: String?
    /// When it was saved.
    public var savedAt: Date
    /// Who saved it.
    public var author: KeyID

    /// A version.
    public init(name: String, version: Int, text: String?, savedAt: Date, author: KeyID) {
        self.name = name
        self.version = version
        self.text = text
        self.savedAt = savedAt
        self.author = author
    }
}
