public import Foundation
public import VitrineCore

/// A supplemental feed for Meta's catalogues: `id` and `video[0].url`, `video[1].url` and so on.
///
/// At most twenty videos an item (developers.facebook.com, dynamic media, read in November 2026).
public enum MetaFeed {
    /// The most videos of one item.
    public static let videoLimit = 20

    /// The feed, and what was left out of it.
    public static func csv(
        _ products: [ExportedProduct],
        options: ExportOptions,
        mediaURL: MediaURL,
        identity: ChannelItems.Identity
    ) -> Checked<Data> {
        let channel = ChannelItems(
            products,
            options: options,
            mediaURL: mediaURL,
            identity: identity,
            channel: "Meta",
            seconds: nil,
            limit: videoLimit
        )
        let width = max(1, channel.items.map(\.links.count).max() ?? 1)
        var table = CSVText(guardsFormulas: false)
        table.append(["id"] + (0..<width).map { "video[\($0)].url" })
        for item in channel.items {
            table.append([item.id] + item.links + Array(repeating: "", count: width - item.links.count))
        }
        return Checked(table.data, channel.diagnostics)
    }
}
