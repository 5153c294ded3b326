/// The bytes of a feed with the packing of its file undone.
final class ByteSource {
    /// The names of the other files of the archive it came from.
    private(set) var otherFiles: [String] = []
    private let file: FileBytes
    private var inflater: Inflater?
    private var total: Int64 = 0

    init(path: String) throws(FeedError) {
        file = try FileBytes(path: path)
        let start = try file.bytes(at: 0, count: 8)
        if start.starts(with: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) { throw FeedError.excelWorkbook }
        if start.starts(with: [0x50, 0x4b, 0x03, 0x04]) || start.starts(with: [0x50, 0x4b, 0x05, 0x06]) {
            try openArchive()
        } else {
            try file.seek(to: 0)
            if start.starts(with: [0x1f, 0x8b]) { inflater = try Inflater(.gzip) }
        }
    }

    /// The next bytes; none only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(FeedError) -> Int {
        let count: Int
        if let inflater {
            count = try inflater.read(into: buffer) { input throws(FeedError) in try file.read(into: input) }
        } else {
            count = try file.read(into: buffer)
        }
        total += Int64(count)
        guard total <= FeedLimits.unpackedBytes else {
            throw FeedError(
                .tooLarge,
                "the feed is larger than \(FeedLimits.unpackedBytes >> 30) GB unpacked",
                hint: "split it into several feeds"
            )
        }
        return count
    }

    private func openArchive() throws(FeedError) {
        let directory = try ZipDirectory(of: file)
        if directory.isWorkbook { throw FeedError.excelWorkbook }
        let (entry, others) = try directory.feed()
        otherFiles = others
        let header = try file.bytes(at: entry.headerOffset, count: 30)
        guard header.count == 30, header.number(at: 0, bytes: 4) == 0x0403_4b50 else {
            throw FeedError(.damaged, "`\(entry.name)` in the archive is damaged", hint: "pack it again")
        }
        let start = entry.headerOffset + 30 + Int64(header.number(at: 26, bytes: 2) + header.number(at: 28, bytes: 2))
        try file.seek(to: start, length: entry.packedSize == 0xffff_ffff ? nil : entry.packedSize)
        if entry.method == 8 { inflater = try Inflater(.bare) }
    }
}

extension FeedError {
    /// An Excel workbook, with the remedy.
    static let excelWorkbook = FeedError(
        .excel,
        "the file is an Excel workbook, not a table of text",
        hint: "in Excel choose File > Save As > CSV UTF-8, and import that file"
    )
}
