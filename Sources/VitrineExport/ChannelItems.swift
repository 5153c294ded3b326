import VitrineCore

/// Which item of a channel gets which videos.
public struct ChannelItems: Sendable {
    /// How a channel knows an item.
    public enum Identity: Hashable, Sendable {
        /// By the SKU.
        case sku
        /// By what the feed calls the variant: right where the feed is the channel's own.
        case variantKey
    }

    /// One item and the addresses of its videos.
    struct Item: Hashable {
        var id: String
        var links: [String]
    }

    /// The items with at least one video, in feed order, each once.
    let items: [Item]
    /// What was left out, and why.
    let diagnostics: [Diagnostic]

    /// Gives each variant the videos that show it, or, with siblings, those of its product.
    ///
    /// `seconds` are the lengths that the channel takes, `limit` is the most videos it takes of one item.
    init(
        _ products: [ExportedProduct],
        options: ExportOptions,
        mediaURL: MediaURL,
        identity: Identity,
        channel: String,
        seconds: ClosedRange<Double>?,
        limit: Int
    ) {
        var items: [Item] = []
        var owners: [String: ProductID] = [:]
        var diagnostics: [Diagnostic] = []
        for product in products {
            let subject = product.product
            func say(_ code: String, _ message: String, hint: String? = nil) {
                diagnostics.append(
                    Diagnostic(.warning, code, line: subject.line, product: subject.id, message, hint: hint)
                )
            }
            let videos = product.shown(options).filter { exported in
                guard let seconds, !seconds.contains(exported.video.clip.seconds) else { return true }
                say(
                    "export.length",
                    "video `\(exported.video.slot.placement.rawValue)` of `\(subject.title)` lasts"
                        + " `\(plain(exported.video.clip.seconds))` s; \(channel) takes"
                        + " `\(plain(seconds.lowerBound))` to `\(plain(seconds.upperBound))` s",
                    hint: "make it again with `--seconds`"
                )
                return false
            }
            guard !videos.isEmpty else { continue }
            var hasItem = false
            for variant in subject.variants {
                let own = videos.filter { $0.variantsShown.contains(variant.key) }
                let links = own.isEmpty && options.siblings ? videos.filter { $0.video.slot.variant == nil } : own
                guard !links.isEmpty else { continue }
                guard let id = identity == .sku ? variant.sku?.rawValue : variant.key, !id.isEmpty else { continue }
                hasItem = true
                if let owner = owners[id] {
                    if owner != subject.id {
                        say("export.doubled-id", "`\(id)` names more than one product; the first one keeps its videos")
                    }
                    continue
                }
                owners[id] = subject.id
                let addresses = links.prefix(limit).map {
                    mediaURL.address(of: $0, of: subject)
                }
                items.append(Item(id: id, links: addresses))
            }
            if !hasItem, subject.variants.contains(where: { identity == .variantKey || $0.sku != nil }) {
                say(
                    "export.no-variant",
                    "no variant of `\(subject.title)` is certain to look as its video does",
                    hint: "use `--siblings` to give it to all of them"
                )
            } else if !hasItem {
                say("export.no-id", "`\(subject.title)` has no SKU by which \(channel) could know it")
            }
        }
        self.items = items
        self.diagnostics = diagnostics
    }
}

/// A number without needless zeros.
private func plain(_ value: Double) -> String {
    let tenths = (value * 10).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
}
