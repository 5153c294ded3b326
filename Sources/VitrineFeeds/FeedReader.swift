// VitrineFeeds: the bytes of a feed in any known format → products and complaints, as a stream in bounded memory.
// It never fetches a picture, never opens a socket and never stores anything.
// The import calls `FeedReader`; the export of a merchant's own file calls `FeedRows`.

public import VitrineCore

/// Reads one feed from its start to its end; to be used by one task at a time.
public final class FeedReader {
    private let scanner: FeedScanner
    private var hasEnded = false
    private var failure: FeedError?

    /// Opens a feed: undoes its packing and finds its encoding, delimiter, header and format.
    public init(fileAt path: String, options: FeedOptions) throws(FeedError) {
        scanner = try FeedScanner(fileAt: path, options: options)
    }

    /// The name of the format, or of the mapping.
    public var format: String { scanner.profile.name }

    /// What has been read so far.
    public var counts: FeedCounts { scanner.assembler.counts }

    /// How the characters are written, as far as that is known yet.
    public var encoding: TextEncoding { scanner.stream.encoding ?? .utf8 }

    /// The next products, at most `limit`, with what there is to say up to them, both in file order; nil at the end.
    ///
    /// A batch may hold complaints alone. A product whose rows stand apart comes again under the same key, with what the
    /// later rows add. An error comes after everything good before it.
    public func next(limit: Int) throws(FeedError) -> Checked<[Product]>? {
        let assembler = scanner.assembler
        let limit = max(1, limit)
        while !hasEnded, assembler.ready.count < limit, assembler.diagnostics.count < limit * 4 + 1000 {
            do throws(FeedError) {
                if try scanner.step() == nil { hasEnded = true }
            } catch {
                failure = error
                hasEnded = true
            }
            if hasEnded { scanner.end() }
        }
        scanner.tellEncoding()
        guard assembler.ready.isEmpty, assembler.diagnostics.isEmpty else { return takeBatch(limit) }
        guard hasEnded else { return Checked([]) }
        if let failure { throw failure }
        return nil
    }

    private func takeBatch(_ limit: Int) -> Checked<[Product]> {
        let assembler = scanner.assembler
        var diagnostics = assembler.diagnostics
        assembler.diagnostics.removeAll(keepingCapacity: true)
        if !hasEnded, diagnostics.count > 1 {
            diagnostics = diagnostics.enumerated().sorted {
                ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
            }.map(\.element)
        }
        var products: [Product]
        if assembler.ready.count <= limit {
            products = assembler.ready
            assembler.ready.removeAll(keepingCapacity: true)
        } else {
            products = Array(assembler.ready[..<limit])
            assembler.ready.removeFirst(limit)
        }
        return Checked(products, diagnostics)
    }
}
