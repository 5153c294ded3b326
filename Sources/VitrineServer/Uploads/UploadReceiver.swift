import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import VitrineCore

/// Receives a feed into a folder of its own: as the body itself, or as a part among pictures.
///
/// Neither names nor types are trusted: what a file is, its bytes say later; where it stands, we say.
struct UploadReceiver {
    /// What came.
    struct Received {
        var file: String
        var digest: Digest
        var bytes: Int
        var map: String?
    }

    /// The folder that is made for it.
    let folder: String
    /// The most bytes that all of it may have.
    let limit: Int
    /// Where files are written.
    let pool: BlockingPool

    private static let mostPictures = 20_000
    private static let types: [String: String] = [
        "text/csv": "feed.csv", "text/tab-separated-values": "feed.tsv", "application/xml": "feed.xml",
        "text/xml": "feed.xml", "text/plain": "feed.txt", "application/gzip": "feed.gz", "application/zip": "feed.zip",
    ]

    /// Receives the body of a request.
    func receive(_ request: Request) async throws -> Received {
        let type = request.contentType
        guard type == "multipart/form-data" || Self.types[type] != nil else {
            let known = Self.types.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
            throw RequestError(.unsupportedType, "expected one of \(known) or `multipart/form-data`")
        }
        try request.refuseLength(above: limit)
        try make(folder)
        if let name = Self.types[type] { return try await receiveFeed(request, name) }
        return try await receiveParts(request)
    }

    /// Removes everything that came.
    func discard() {
        // What stays is swept at the next start.
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The last part of a name that somebody gave to a file, without what no name should have.
    static func name(_ text: String) -> String {
        let last = text.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let clean = String(last.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }.map(Character.init))
        let name = clean.trimmed
        return name.isEmpty || name == "." || name == ".." ? "feed" : String(name.prefix(120))
    }

    private func receiveFeed(_ request: Request, _ name: String) async throws -> Received {
        var digester = Digester()
        let file = try UploadFile(path: folder + "/feed", pool: pool)
        for try await bytes in request.body {
            guard file.count + bytes.readableBytes <= limit else { throw RequestError.tooLarge(limit) }
            bytes.withUnsafeReadableBytes { digester.update($0) }
            try await file.write(bytes)
        }
        try await file.finish()
        try refuseHalf(request, file.count)
        guard file.count > 0 else { throw RequestError(.invalid, "the feed is empty") }
        return Received(file: name, digest: digester.digest(), bytes: file.count)
    }

    /// A body that ended before its announced length was cut off by its sender.
    private func refuseHalf(_ request: Request, _ count: Int) throws(RequestError) {
        guard let length = request.headers[.contentLength].flatMap({ Int($0) }), count < length else { return }
        throw RequestError(.invalid, "the upload ended after \(count) of \(length) bytes")
    }

    private func receiveParts(_ request: Request) async throws -> Received {
        guard var reader = MultipartReader(contentType: request.headers[.contentType] ?? "") else {
            throw RequestError(.invalid, "the content type names no boundary")
        }
        var parts = Parts()
        for try await bytes in request.body {
            parts.total += bytes.readableBytes
            guard parts.total <= limit else { throw RequestError.tooLarge(limit) }
            reader.add(bytes)
            while let event = try reader.next() { try await take(event, &parts) }
        }
        guard reader.isDone else { throw RequestError(.invalid, "the upload ended before its last part") }
        guard var received = parts.feed else {
            throw RequestError(.invalid, "the upload has no part `feed`", hint: "send the feed's file as `feed`")
        }
        received.map = parts.map.map { String(decoding: $0, as: UTF8.self) }
        return received
    }

    private func take(_ event: MultipartReader.Event, _ parts: inout Parts) async throws {
        switch event {
        case .begins("feed", let file):
            guard parts.feed == nil else { throw RequestError(.invalid, "the upload has two parts `feed`") }
            parts.feed = Received(file: file.map(Self.name) ?? "feed", digest: Digest(of: ""), bytes: 0)
            parts.open = try UploadFile(path: folder + "/feed", pool: pool)
            parts.isFeed = true
        case .begins("map", _):
            parts.map = []
            parts.isMap = true
        case .begins("picture", let file):
            guard let file, !file.isEmpty else { throw RequestError(.invalid, "a picture has no file name") }
            parts.pictures += 1
            guard parts.pictures <= Self.mostPictures else {
                throw RequestError(.invalid, "expected at most \(Self.mostPictures) pictures")
            }
            if parts.pictures == 1 { try make(folder + "/pictures") }
            parts.open = try UploadFile(path: folder + "/pictures/" + Self.name(file), pool: pool)
        case .begins(let field, _):
            throw RequestError(
                .invalid,
                "unknown part `\(field.prefix(40))`",
                hint: "an upload has one `feed`, any number of `picture`, and at most one `map`"
            )
        case .bytes(let bytes):
            if parts.isFeed { bytes.withUnsafeReadableBytes { parts.digester.update($0) } }
            if parts.isMap {
                parts.map?.append(contentsOf: bytes.readableBytesView)
                guard parts.map?.count ?? 0 <= 256 << 10 else { throw RequestError.tooLarge(256 << 10) }
            }
            try await parts.open?.write(bytes)
        case .ends:
            try await parts.open?.finish()
            if parts.isFeed {
                parts.feed?.digest = parts.digester.digest()
                parts.feed?.bytes = parts.open?.count ?? 0
            }
            parts.open = nil
            parts.isFeed = false
            parts.isMap = false
        }
    }

    private func make(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw UploadFile.error(error)
        }
    }

    /// What has come of an upload in parts.
    private struct Parts {
        var total = 0
        var pictures = 0
        var feed: Received?
        var map: [UInt8]?
        var open: UploadFile?
        var isFeed = false
        var isMap = false
        var digester = Digester()
    }
}
