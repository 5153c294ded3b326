import VitrineFeeds

/// A stretch of a feed's bytes as what its encoding makes characters of: single bytes, or pairs.
///
/// What belongs to a character beyond ASCII never reads as one of ASCII.
struct RecordUnits {
    /// The characters, those beyond ASCII as 0xFFFF.
    private(set) var values: [UInt16] = []
    /// Where each begins, counted from the start of the stretch; one more for the end.
    private(set) var offsets: [Int] = []

    /// The units of these bytes.
    init(_ bytes: [UInt8], encoding: TextEncoding) {
        values.reserveCapacity(bytes.count)
        offsets.reserveCapacity(bytes.count + 1)
        var index = 0
        while index < bytes.count {
            offsets.append(index)
            let byte = bytes[index]
            switch encoding {
            case .utf8, .windows1252:
                values.append(byte < 0x80 ? UInt16(byte) : 0xFFFF)
                index += 1
            case .shiftJIS:
                let isLead = (0x81...0x9F).contains(byte) || (0xE0...0xFC).contains(byte)
                values.append(byte < 0x80 ? UInt16(byte) : 0xFFFF)
                index += isLead ? 2 : 1
            case .utf16LittleEndian, .utf16BigEndian:
                let next = index + 1 < bytes.count ? UInt16(bytes[index + 1]) : 0
                let unit = encoding == .utf16LittleEndian ? next << 8 | UInt16(byte) : UInt16(byte) << 8 | next
                values.append(unit < 0x80 ? unit : 0xFFFF)
                index += 2
            }
        }
        offsets.append(bytes.count)
    }

    /// Where the cells of a record stand, with their quotes, as offsets in the stretch.
    func cells(delimiter: UInt8) -> [Range<Int>] {
        var cells: [Range<Int>] = []
        var start = 0
        var index = 0
        while true {
            var first = index
            while first < values.count, values[first] == 32 { first += 1 }
            if first < values.count, values[first] == 34 {
                index = first + 1
                while index < values.count {
                    if values[index] != 34 {
                        index += 1
                    } else if index + 1 < values.count, values[index + 1] == 34 {
                        index += 2
                    } else {
                        break
                    }
                }
            }
            while index < values.count, values[index] != UInt16(delimiter) { index += 1 }
            cells.append(offsets[start]..<offsets[index])
            guard index < values.count else { return cells }
            index += 1
            start = index
        }
    }

    /// Where something can be put into a cell that holds nothing, and whether quotes stand around that place;
    /// nil for a cell that holds something.
    func emptyPlace(in cell: Range<Int>) -> (offset: Int, isQuoted: Bool)? {
        var quotes: [Int] = []
        for (value, offset) in zip(values, offsets) where cell.contains(offset) {
            if value == 34 {
                quotes.append(offset)
            } else if value != 32 && value != 9 {
                return nil
            }
        }
        switch quotes.count {
        case 0: return (cell.upperBound, false)
        case 2: return (quotes[1], true)
        default: return nil
        }
    }
}
