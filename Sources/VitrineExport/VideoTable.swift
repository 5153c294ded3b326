public import Foundation
import VitrineCore

/// One row a shown video, for people and for programs.
public enum VideoTable {
    /// The rows, in the order of the products and their slots.
    public static func rows(
        _ products: [ExportedProduct],
        options: ExportOptions = ExportOptions(),
        files: VideoRow.Files = .onDisk
    ) -> [VideoRow] {
        products.flatMap { product in
            product.shown(options).map { VideoRow($0, of: product.product, options: options, files: files) }
        }
    }

    /// A table in UTF-8 with a header; cells that a spreadsheet would compute stand behind an apostrophe.
    public static func csv(
        _ products: [ExportedProduct],
        options: ExportOptions = ExportOptions(),
        files: VideoRow.Files = .onDisk
    ) -> Data {
        var table = CSVText(guardsFormulas: true)
        table.append(columns + (options.mediaURL == nil ? [] : ["url"]))
        for row in rows(products, options: options, files: files) {
            table.append(cells(of: row) + (row.url.map { [$0] } ?? []))
        }
        return table.data
    }

    /// A JSON array of rows, keys in alphabetical order.
    public static func json(
        _ products: [ExportedProduct],
        options: ExportOptions = ExportOptions(),
        files: VideoRow.Files = .onDisk
    ) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(rows(products, options: options, files: files)) + Data("\n".utf8)
    }

    private static let columns = [
        "product", "skus", "title", "placement", "preset", "provider", "model", "tier", "take", "state", "seconds",
        "width", "height", "file", "poster", "sha256", "bytes", "id",
    ]

    private static func cells(of row: VideoRow) -> [String] {
        [
            row.product.rawValue, row.skus.map(\.rawValue).joined(separator: ", "), row.title, row.placement.rawValue,
            row.preset, row.provider.rawValue, row.model, row.tier.rawValue, "\(row.take)", row.state.rawValue,
            row.seconds.formatted(.number.grouping(.never).locale(Locale(identifier: "en_US_POSIX"))), "\(row.width)",
            "\(row.height)", row.file, row.poster, row.sha256, "\(row.bytes)", row.id.rawValue,
        ]
    }
}
