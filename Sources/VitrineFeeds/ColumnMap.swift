import Foundation
public import VitrineCore

/// A saved mapping: which column of a merchant's own table is what.
public struct ColumnMap: Sendable, Equatable {
    /// Its name; feeds read with it call it their format.
    public var name: String { profile.name }
    let profile: FeedProfile

    /// Reads a mapping's text.
    ///
    /// `file` is what diagnostics call it; nil with an error where it cannot be used.
    public static func read(_ text: String, file: String) -> Checked<ColumnMap?> {
        guard text.utf8.count <= FeedLimits.mapBytes else {
            let message = "the mapping has \(text.utf8.count) bytes, more than \(FeedLimits.mapBytes >> 10) kB"
            return Checked(nil, [Diagnostic(.error, FeedDiagnosticCode.mapSyntax.rawValue, file: file, message)])
        }
        var checked = ProfileReader.read(text, file: file)
        checked.value.isMap = true
        if checked.value.name.isEmpty {
            checked.value.name =
                URL(filePath: file).lastPathComponent.split(separator: ".").first.map(String.init) ?? "map"
        }
        checked.diagnostics += missing(in: checked.value, file: file)
        let isUsable = !checked.diagnostics.contains { $0.severity == .error }
        return Checked(isUsable ? ColumnMap(profile: checked.value) : nil, checked.diagnostics)
    }

    private static func missing(in profile: FeedProfile, file: String) -> [Diagnostic] {
        var missing: [(what: String, hint: String)] = []
        if profile.identity.isEmpty {
            missing.append(("`identity`", "name the column that tells products apart, such as `identity: slug`"))
        }
        if profile.columns[.title, default: []].isEmpty {
            missing.append(("`columns: title`", "name the column with the product's title"))
        }
        return missing.map { entry in
            let code = FeedDiagnosticCode.mapMissing.rawValue
            return Diagnostic(.error, code, file: file, "the mapping has no \(entry.what)", hint: entry.hint)
        }
    }
}
