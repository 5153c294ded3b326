import Foundation
public import VitrineCore
import VitrineFeeds

extension ImportDesk {
    /// The rows of an import's own file that begin at these lines or hold them, as they stand there, each cut to some hundred letters.
    ///
    /// There are none where the file is packed, was read by a map, or is not kept any more.
    public func rows(of request: ImportRequest, at lines: Set<Int>) async throws -> [Int: String] {
        guard let last = lines.max(),
            let generation = try await store.feeds().first(where: { $0.id == request.generation }),
            let file = generation.file
        else { return [:] }
        let path = try await importer.media.path(of: file)
        let options = FeedOptions(feed: request.feed, file: request.file)
        return try await importer.pool.run { Self.rows(at: lines.sorted(), to: last, ofFileAt: path, options) }
    }

    private static let shown = 600

    private static func rows(
        at lines: [Int],
        to last: Int,
        ofFileAt path: String,
        _ options: FeedOptions
    ) -> [Int: String] {
        // A file that cannot be read again has its remarks all the same.
        guard let rows = try? FeedRows(fileAt: path, options: options),
            let bytes = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped),
            rows.encoding == .utf8, !bytes.starts(with: [0x1F, 0x8B]), !bytes.starts(with: Array("PK".utf8))
        else { return [:] }
        var found: [Int: String] = [:]
        var wanted = lines[...]
        var before: FeedRow?
        func settle(until line: Int) {
            while let next = wanted.first, next < line {
                wanted.removeFirst()
                guard let before, before.bytes.upperBound <= bytes.count else { continue }
                let part = bytes[
                    before.bytes.lowerBound..<min(before.bytes.upperBound, before.bytes.lowerBound + shown)
                ]
                found[next] = String(decoding: part, as: UTF8.self).trimmed
            }
        }
        // As above: what was found before a damaged place is shown.
        while !wanted.isEmpty, let row = try? rows.next() {
            settle(until: row.line)
            before = row
        }
        settle(until: last + 1)
        return found
    }
}
