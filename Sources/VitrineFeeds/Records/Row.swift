/// Where one cell of a row stands, without its quotes and the spaces around it.
struct Cell {
    var start: Int32
    var end: Int32
    /// Whether quotes in it are doubled.
    var isEscaped: Bool
}

/// One row of a feed as it stands in its reader's buffer: good only until the reader goes on.
struct Row {
    let base: UnsafePointer<UInt8>
    let cells: UnsafePointer<Cell>
    let count: Int
    /// The line where it begins, counted from 1.
    let line: Int

    /// The bytes of a cell, quotes still doubled; none for a cell that the row does not have.
    func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        guard index >= 0 && index < count else { return UnsafeBufferPointer(start: nil, count: 0) }
        let cell = cells[index]
        return UnsafeBufferPointer(start: base + Int(cell.start), count: Int(cell.end - cell.start))
    }

    func isEmpty(_ index: Int) -> Bool {
        guard index >= 0 && index < count else { return true }
        return cells[index].start == cells[index].end
    }

    /// Whether every cell is empty.
    var isBlank: Bool {
        for index in 0..<count where cells[index].start != cells[index].end { return false }
        return true
    }
}

/// What was wrong with the writing of a record.
struct RecordFlaws: OptionSet {
    let rawValue: UInt8
    static let unclosedQuote = RecordFlaws(rawValue: 1)
    static let tooLong = RecordFlaws(rawValue: 2)
    static let cutShort = RecordFlaws(rawValue: 4)
}

/// Several values of one cell, as an XML item with an element that stands twice has them, are divided by this byte.
let valueDivider: UInt8 = 0x1f
