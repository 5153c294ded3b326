import Foundation

/// A file that is copied byte by byte with pieces put in between; it takes its place when it is whole.
///
/// What is not finished is gone when the value is.
final class CopiedFile {
    private static let chunk = 1 << 20

    /// How many bytes the original has.
    let size: Int

    private let source: FileHandle
    private let target: FileHandle
    private let temporary: String
    private let output: String
    private var copied = 0
    private var pending = Data()
    private var isKept = false
    private var window = Data()
    private var windowStart = 0

    /// A copy of one file to another place; throws when either cannot be opened.
    init(from path: String, to output: String) throws(ExportFailure) {
        guard let source = FileHandle(forReadingAtPath: path) else {
            throw ExportFailure("the kept copy of the feed cannot be read")
        }
        self.source = source
        self.output = output
        size = Int(source.seekToEndOfFile())
        temporary = output + ".part"
        // What an earlier export that was stopped left here is of no use.
        try? FileManager.default.removeItem(atPath: temporary)
        guard FileManager.default.createFile(atPath: temporary, contents: nil),
            let target = FileHandle(forWritingAtPath: temporary)
        else { throw ExportFailure("`\(output)` cannot be written: \(String(cString: strerror(errno)))") }
        self.target = target
    }

    deinit {
        // Nothing is left to be told: the file was either kept or is not wanted.
        if !isKept { try? FileManager.default.removeItem(atPath: temporary) }
    }

    /// The bytes of the original in a range, as far as it has them.
    func bytes(_ range: Range<Int>) throws(ExportFailure) -> [UInt8] {
        if range.lowerBound < windowStart || range.upperBound > windowStart + window.count {
            window = try read(at: range.lowerBound, count: max(range.count, CopiedFile.chunk))
            windowStart = range.lowerBound
        }
        let start = window.startIndex + range.lowerBound - windowStart
        return Array(window[start..<min(start + range.count, window.endIndex)])
    }

    /// Copies up to an offset of the original, and puts bytes there; offsets never go back.
    func insert(_ bytes: [UInt8], at offset: Int) throws(ExportFailure) {
        try copy(to: offset)
        pending.append(contentsOf: bytes)
        if pending.count > CopiedFile.chunk { try flush() }
    }

    /// Copies the rest and puts the file in its place.
    func finish() throws(ExportFailure) {
        while true {
            let piece = try read(at: copied, count: CopiedFile.chunk)
            guard !piece.isEmpty else { break }
            pending.append(piece)
            copied += piece.count
            try flush()
        }
        try flush()
        do {
            try target.close()
        } catch {
            throw ExportFailure("`\(output)` cannot be written: \((error as NSError).localizedDescription)")
        }
        guard rename(temporary, output) == 0 else {
            throw ExportFailure("`\(output)` cannot be written: \(String(cString: strerror(errno)))")
        }
        isKept = true
    }

    private func copy(to offset: Int) throws(ExportFailure) {
        while copied < offset {
            let piece = try bytes(copied..<min(offset, copied + CopiedFile.chunk))
            guard !piece.isEmpty else { return }
            pending.append(contentsOf: piece)
            copied += piece.count
            if pending.count > CopiedFile.chunk { try flush() }
        }
    }

    private func read(at offset: Int, count: Int) throws(ExportFailure) -> Data {
        do {
            try source.seek(toOffset: UInt64(offset))
            return try source.read(upToCount: count) ?? Data()
        } catch {
            throw ExportFailure("the kept copy of the feed cannot be read")
        }
    }

    private func flush() throws(ExportFailure) {
        do {
            try target.write(contentsOf: pending)
        } catch {
            throw ExportFailure("`\(output)` cannot be written: \((error as NSError).localizedDescription)")
        }
        pending.removeAll(keepingCapacity: true)
    }
}
