public import Foundation
public import VitrineCore

/// A supplemental feed for Google Merchant Center: `id` and `video_link`.
///
/// Several links of an item stand in one cell with commas between them, at most ten, and a video lasts 6 to 240 s
/// (support.google.com/merchants/answer/15216925, read in November 2026).
public enum GoogleFeed {
    /// How the cells are separated.
    public enum Separator: Hashable, Sendable {
        /// By tabs, as Google describes text feeds.
        case tab
        /// By commas.
        case comma
    }

    /// The lengths that Google takes, in seconds.
    public static let seconds = 6.0...240.0
    /// The most videos of one item.
    public static let videoLimit = 10

    /// The feed, and what was left out of it.
    public static func table(
        _ products: [ExportedProduct],
        options: ExportOptions,
        mediaURL: MediaURL,
        identity: ChannelItems.Identity,
        separator: Separator = .tab
    ) -> Checked<Data> {
        let channel = ChannelItems(
            products,
            options: options,
            mediaURL: mediaURL,
            identity: identity,
            channel: "Google",
            seconds: seconds,
            limit: videoLimit
        )
        var table = CSVText(delimiter: separator == .tab ? "\t" : ",", guardsFormulas: false)
        table.append(["id", "video_link"])
        for item in channel.items { table.append([item.id, item.links.joined(separator: ",")]) }
        return Checked(table.data, channel.diagnostics)
    }
}
