public import VitrineCore

/// What goes into an export.
public struct ExportOptions: Hashable, Sendable {
    /// Only videos that somebody approved.
    public var approvedOnly: Bool
    /// Whether a product's other variants, which a video does not show, get it too.
    public var siblings: Bool
    /// Only these shapes; all when empty.
    public var placements: [Placement]
    /// Where the video files will be found on the web: what stands before a file's name.
    public var mediaURL: MediaURL?

    /// Everything that may be shown.
    public init(
        approvedOnly: Bool = false,
        siblings: Bool = false,
        placements: [Placement] = [],
        mediaURL: MediaURL? = nil
    ) {
        self.approvedOnly = approvedOnly
        self.siblings = siblings
        self.placements = placements
        self.mediaURL = mediaURL
    }
}

/// The address under which the files of an export are published.
public struct MediaURL: Hashable, Sendable {
    private let base: String

    /// An http or https address in ASCII without query or fragment; nil for anything else.
    public init?(_ text: String) {
        let lower = text.lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://"), text.utf8.count <= 1800 else { return nil }
        guard text.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"\"<>\\^`{|}?#,;".utf8.contains($0) }) else { return nil }
        var base = Substring(text)
        while base.hasSuffix("/") { base.removeLast() }
        let host = base.dropFirst(lower.hasPrefix("https") ? 8 : 7).prefix { $0 != "/" }
        guard !host.isEmpty, !host.contains("@") else { return nil }
        self.base = String(base)
    }

    /// The address of one file.
    public func address(of name: String) -> String { base + "/" + name }
}
