import Foundation
import VitrineCore

extension RowMapper {
    @discardableResult
    func warnOfRounding(_ value: String, _ row: Row, _ place: Int) -> Bool {
        guard value.utf8.count >= 5, value.utf8.contains(UInt8(ascii: "+")) else { return false }
        let parts = value.uppercased().components(separatedBy: "E+")
        guard parts.count == 2, Int(parts[1]) != nil, Double(parts[0].replacing(",", with: ".")) != nil else {
            return false
        }
        report(
            .warning,
            .roundedNumber,
            row,
            place,
            "`\(value)` was rounded by a spreadsheet; its digits are lost",
            hint: "export the feed again and do not save it from a spreadsheet, or format the column as text"
        )
        return true
    }

    func watch(_ row: Row, _ place: Int, _ limit: Int?) {
        if text.metBadBytes {
            text.metBadBytes = false
            report(
                .warning,
                .badBytes,
                row,
                place,
                "the cell is not UTF-8 as the rest of the feed is; it was read as Windows-1252",
                hint: "save the whole feed in one encoding, best as UTF-8"
            )
        }
        if text.metLongText {
            text.metLongText = false
            if let limit { report(.note, .cut, row, place, "the text is longer than \(limit) characters and was cut") }
        }
    }

    func report(_ finding: PictureCell.Finding, _ row: Row, _ place: Int) {
        switch finding {
        case .picture: break
        case .bad(let text):
            report(
                .warning,
                .badPicture,
                row,
                place,
                "`\(text.prefix(120))` is neither an address nor the name of a picture",
                hint: "expected `https://…` or a file name such as `shoe.jpg`"
            )
        case .glued(let text):
            report(
                .warning,
                .gluedPictures,
                row,
                place,
                "two addresses are glued together: `\(text.prefix(160))`",
                hint: "put a separator between the addresses"
            )
        }
    }

    func report(
        _ severity: Diagnostic.Severity,
        _ code: FeedDiagnosticCode,
        _ row: Row,
        _ place: Int?,
        _ message: String,
        hint: String? = nil
    ) {
        let field = place.flatMap { $0 >= 0 ? columns.name($0) : nil }
        diagnostics.append(
            Diagnostic(
                severity,
                code.rawValue,
                file: options.file,
                line: row.line,
                field: field.flatMap { $0.isEmpty ? nil : $0 },
                message,
                hint: hint
            )
        )
    }
}
