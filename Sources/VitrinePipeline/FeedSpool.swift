import Foundation
import VitrineCore

/// A feed as a file that can be read here.
struct SpooledFeed: Sendable {
    var path: String
    var isTemporary: Bool
    var isUnchanged = false
    var remember: @Sendable () async throws -> Void = {}

    func discard() {
        guard isTemporary else { return }
        // A leftover in the work folder is swept at the next start.
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Brings a feed to where it can be read: files stay where they are, standard input and addresses are spooled.
struct FeedSpool: Sendable {
    let work: String
    let transport: any HTTPTransport
    let catalog: any CatalogStore
    let time: TimeSource

    /// The most bytes of a feed that are fetched from an address.
    static let byteLimit = 4 << 30

    func bring(_ origin: FeedOrigin, feed: FeedName, reading: String) async throws -> SpooledFeed {
        switch origin {
        case .path(let path), .upload(let path, _):
            guard FileManager.default.isReadableFile(atPath: path) else {
                throw PipelineError(
                    .feed,
                    "no feed at `\(path)`",
                    hint: "check the path, or pass `-` to read standard input"
                )
            }
            return SpooledFeed(path: path, isTemporary: false)
        case .standardInput:
            let path = temporaryPath()
            guard FileManager.default.createFile(atPath: path, contents: nil),
                let file = FileHandle(forWritingAtPath: path)
            else { throw PipelineError(.feed, "standard input could not be kept in the home") }
            while let bytes = try FileHandle.standardInput.read(upToCount: 1 << 20), !bytes.isEmpty {
                try Task.checkCancellation()
                try file.write(contentsOf: bytes)
            }
            try file.close()
            return SpooledFeed(path: path, isTemporary: true)
        case .address(let url):
            return try await fetch(url, origin, feed: feed, reading: reading)
        }
    }

    private func fetch(
        _ url: String,
        _ origin: FeedOrigin,
        feed: FeedName,
        reading: String
    ) async throws -> SpooledFeed {
        let path = temporaryPath()
        let location = "feed:\(feed):\(url)"
        let known = try await catalog.knownPictures(at: [location])[location]
        var request = HTTPRequest("GET", url, byteLimit: Self.byteLimit, deadline: .seconds(3600), stall: .seconds(60))
        let current = try await catalog.feeds().first { $0.feed == feed }
        let isSame = current?.origin == origin.text && current?.reading == reading
        if isSame, let etag = known?.etag { request.headers["If-None-Match"] = etag }
        if isSame, let date = known?.lastModified { request.headers["If-Modified-Since"] = date }
        let response: HTTPResponse
        do throws(TransportError) {
            response = try await transport.download(request, to: path)
        } catch {
            throw PipelineError(.feed, "the feed could not be fetched: \(error.message)", hint: hint(for: error))
        }
        if response.status == 304 { return SpooledFeed(path: path, isTemporary: true, isUnchanged: true) }
        guard response.status == 200 else {
            throw PipelineError(.feed, "the feed could not be fetched: the server answered \(response.status)")
        }
        let seen = KnownPicture(
            location: location,
            etag: response.headers["etag"],
            lastModified: response.headers["last-modified"],
            checkedAt: time.now()
        )
        let catalog = catalog
        return SpooledFeed(path: path, isTemporary: true, remember: { try await catalog.remember([seen]) })
    }

    private func hint(for error: TransportError) -> String? {
        error.kind == .forbiddenAddress
            ? "private addresses are not fetched; allow one with `VITRINE_ALLOW_HOSTS=host:port`" : nil
    }

    private func temporaryPath() -> String {
        work + "/feed-\(getpid())-\(time.now().milliseconds)"
    }
}
