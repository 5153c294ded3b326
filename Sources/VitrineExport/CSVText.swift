import Foundation

/// Rows of text as a table that spreadsheets and importers read: RFC 4180, UTF-8, CRLF.
struct CSVText {
    /// The bytes so far.
    private(set) var data = Data()
    private let delimiter: UInt8
    private let guardsFormulas: Bool

    /// An empty table; `guardsFormulas` puts an apostrophe before what a spreadsheet would compute.
    init(delimiter: Character = ",", guardsFormulas: Bool) {
        self.delimiter = delimiter.asciiValue ?? 44
        self.guardsFormulas = guardsFormulas
    }

    /// Appends one row.
    mutating func append(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { data.append(delimiter) }
            append(cell: guardsFormulas && CSVText.isFormula(cell) ? "'" + cell : cell)
        }
        data.append(contentsOf: [13, 10])
    }

    /// Whether a spreadsheet may take a cell for something to compute.
    static func isFormula(_ cell: String) -> Bool {
        guard let first = cell.unicodeScalars.first(where: { $0 != " " }) else { return false }
        return "=+-@\t\r\n|%＝＋－＠".unicodeScalars.contains(first)
    }

    private mutating func append(cell: String) {
        let bytes = cell.utf8
        let isPlain =
            !bytes.contains { $0 == delimiter || $0 == 34 || $0 == 13 || $0 == 10 }
            && bytes.first != 32 && bytes.last != 32
        guard !isPlain else { return data.append(contentsOf: bytes) }
        data.append(34)
        for byte in bytes {
            if byte == 34 { data.append(34) }
            data.append(byte)
        }
        data.append(34)
    }
}
