/// The list of files at the end of a zip archive, as far as a feed needs it.
struct ZipDirectory {
    struct Entry {
        var name: String
        var method: Int
        var isLocked: Bool
        var packedSize: Int64
        var headerOffset: Int64
    }

    var entries: [Entry] = []

    init(of file: FileBytes) throws(FeedError) {
        let tailSize = Int(min(file.size, 66_000))
        let tail = try file.bytes(at: file.size - Int64(tailSize), count: tailSize)
        guard let end = ZipDirectory.endRecord(in: tail) else {
            throw FeedError(.damaged, "the archive ends in the middle", hint: "upload or download it again")
        }
        let count = tail.number(at: end + 10, bytes: 2)
        let size = tail.number(at: end + 12, bytes: 4)
        let offset = tail.number(at: end + 16, bytes: 4)
        guard size <= 16 << 20, Int64(offset) + Int64(size) <= file.size else {
            throw FeedError(
                .archive,
                "the archive's list of files cannot be read",
                hint: "give the feed itself, or pack it alone"
            )
        }
        let list = try file.bytes(at: Int64(offset), count: size)
        var place = 0
        for _ in 0..<count {
            guard place + 46 <= list.count, list.number(at: place, bytes: 4) == 0x0201_4b50 else { break }
            let nameLength = list.number(at: place + 28, bytes: 2)
            let extra = list.number(at: place + 30, bytes: 2) + list.number(at: place + 32, bytes: 2)
            guard place + 46 + nameLength <= list.count else { break }
            entries.append(
                Entry(
                    name: String(decoding: list[place + 46..<place + 46 + nameLength], as: UTF8.self),
                    method: list.number(at: place + 10, bytes: 2),
                    isLocked: list.number(at: place + 8, bytes: 2) & 1 == 1,
                    packedSize: Int64(list.number(at: place + 20, bytes: 4)),
                    headerOffset: Int64(list.number(at: place + 42, bytes: 4))
                )
            )
            place += 46 + nameLength + extra
        }
    }

    var isWorkbook: Bool {
        entries.contains { $0.name == "xl/workbook.xml" || $0.name == "xl/workbook.bin" }
            || (entries.contains { $0.name == "content.xml" } && entries.contains { $0.name == "mimetype" })
    }

    /// The feed in the archive, and the names of the files beside it.
    func feed() throws(FeedError) -> (entry: Entry, others: [String]) {
        let files = entries.filter { entry in
            let base = entry.name.split(separator: "/").last.map(String.init) ?? ""
            return !entry.name.hasSuffix("/") && !entry.name.hasPrefix("__MACOSX/") && !base.hasPrefix(".")
        }
        let tables = files.filter { entry in
            let name = entry.name.lowercased()
            return [".csv", ".tsv", ".tab", ".txt", ".xml", ".rss", ".atom"].contains { name.hasSuffix($0) }
        }
        let candidates = tables.isEmpty && files.count == 1 ? files : tables
        guard let entry = candidates.first, candidates.count == 1 else {
            let names = candidates.prefix(5).map { "`\($0.name)`" }.joined(separator: ", ")
            throw candidates.isEmpty
                ? FeedError(.archive, "the archive holds no table", hint: "pack the feed's CSV, TSV or XML file")
                : FeedError(
                    .archive,
                    "the archive holds \(candidates.count) tables: \(names)",
                    hint: "unpack it and name the one that is the feed"
                )
        }
        let name = entry.name.lowercased()
        if name.hasSuffix(".xlsx") || name.hasSuffix(".xls") || name.hasSuffix(".ods") { throw FeedError.excelWorkbook }
        guard !entry.isLocked else {
            throw FeedError(
                .archive,
                "`\(entry.name)` in the archive is locked with a password",
                hint: "pack it without one"
            )
        }
        guard entry.method == 0 || entry.method == 8, entry.headerOffset != 0xffff_ffff else {
            throw FeedError(
                .archive,
                "`\(entry.name)` in the archive is packed in a way that is not read",
                hint: "pack it again with deflate, or give the plain file"
            )
        }
        return (entry, files.map(\.name).filter { $0 != entry.name })
    }

    private static func endRecord(in tail: [UInt8]) -> Int? {
        guard tail.count >= 22 else { return nil }
        return (0...tail.count - 22).reversed().first { tail.number(at: $0, bytes: 4) == 0x0605_4b50 }
    }
}

extension [UInt8] {
    /// The little-endian number at an offset that the caller has checked; zero beyond the end.
    func number(at offset: Int, bytes: Int) -> Int {
        guard offset >= 0, offset + bytes <= count else { return 0 }
        return (0..<bytes).reduce(0) { $0 | Int(self[offset + $1]) << (8 * $1) }
    }
}
