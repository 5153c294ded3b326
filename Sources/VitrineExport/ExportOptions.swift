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

/// The address under which the videos of an export are published.
public struct MediaURL: Hashable, Sendable {
    private let base: String
    private let links: [Slot: LinkToken]?

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
        links = nil
    }

    /// The lasting links of a home that is served at an address: they stay when another take is chosen.
    ///
    /// There must be one to each slot that is exported.
    public init?(servedAt text: String, links: [Slot: LinkToken]) {
        guard let home = MediaURL(text) else { return nil }
        base = home.base
        self.links = links
    }

    /// The address of one file.
    func address(of name: String) -> String { base + "/" + name }

    /// The address of a video.
    func address(of exported: ExportedVideo, of product: Product) -> String {
        guard let links else { return address(of: ExportName.stem(exported, of: product) + ".mp4") }
        let slot = exported.video.slot
        guard let link = links[slot] else {
            preconditionFailure("a link is made to each slot that is exported")
        }
        return base + link.path(for: slot.placement)
    }
}
