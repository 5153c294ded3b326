import Foundation
import VitrineCore

/// Fetches a clip in pieces, so that a cut costs one piece and not the whole.
struct Download {
    /// The most bytes of a clip.
    static let limit = 1 << 30
    /// The bytes of one piece.
    static let piece = 16 << 20

    let connection: Connection
    /// Whether the provider's key goes along; to its own origin alone, and never across a redirect.
    let sendsKey: Bool
    var tries = 3

    /// Writes the file to a path, whole or not at all; throws `missing` when the link has died.
    ///
    /// What does not begin as an MP4 does is none, and can be asked for again.
    func file(at url: String, to path: String) async throws(ProviderError) {
        try await pieces(of: url, to: path)
        guard Download.isMP4(path) else { throw failure("what came is no MP4") }
    }

    private func pieces(of url: String, to path: String) async throws(ProviderError) {
        let part = path + ".piece"
        defer { discard(part) }
        let first = try await fetch(url, from: 0, to: path)
        guard first.status == 206, let total = Download.total(first), total > Download.piece else { return }
        var have = Download.piece
        while have < total {
            let response = try await fetch(url, from: have, to: part)
            guard response.status == 206, Download.total(response) == total else {
                throw failure("its pieces do not belong together")
            }
            have += try append(part, to: path)
        }
        guard have == total else { throw failure("expected \(total) bytes but got \(have)") }
    }

    private func fetch(_ url: String, from offset: Int, to path: String) async throws(ProviderError) -> HTTPResponse {
        var last = failure("it was cut each time")
        for _ in 0..<tries {
            let isOwn = connection.sharesOrigin(url)
            var headers = ["Range": "bytes=\(offset)-\(offset + Download.piece - 1)"]
            if sendsKey, isOwn { headers.merge(connection.credentials) { own, _ in own } }
            let request = HTTPRequest(
                "GET",
                url,
                headers: headers,
                byteLimit: Download.limit,
                deadline: .seconds(120),
                isOperators: connection.isOperators && isOwn
            )
            do {
                let response = try await connection.transport.download(request, to: path)
                switch response.status {
                case 200..<300: return response
                case 401, 403, 404, 410: throw dead(response.status)
                default: last = failure("status \(response.status)")
                }
            } catch let error as TransportError {
                last = Connection.error(of: error, provider: connection.provider)
                last.failure.kind = error.kind == .notKept ? .diskFull : .downloadFailed
                if error.kind == .notKept || error.kind == .cancelled || error.kind == .tooLarge { throw last }
            } catch let error as ProviderError {
                throw error
            } catch {
                throw failure("\(error)")
            }
        }
        throw last
    }

    /// Whether a file begins with the box that every MP4 begins with (ISO/IEC 14496-12, 4.3).
    private static func isMP4(_ path: String) -> Bool {
        // A file that cannot be read is no clip either.
        guard let file = try? FileHandle(forReadingFrom: URL(filePath: path)) else { return false }
        defer { try? file.close() }  // Reading loses nothing.
        let head = try? file.read(upToCount: 8)
        return head?.suffix(4) == Data("ftyp".utf8)
    }

    /// The whole length by `Content-Range`.
    static func total(_ response: HTTPResponse) -> Int? {
        response.headers["content-range"].flatMap { $0.split(separator: "/").last }.flatMap { Int($0) }
    }

    private func append(_ part: String, to path: String) throws(ProviderError) -> Int {
        do {
            let bytes = try Data(contentsOf: URL(filePath: part))
            let handle = try FileHandle(forWritingTo: URL(filePath: path))
            defer { try? handle.close() }  // What was written is checked by its length.
            try handle.seekToEnd()
            try handle.write(contentsOf: bytes)
            return bytes.count
        } catch {
            throw ProviderError(JobFailure(.diskFull, "the clip could not be written"), isPassing: true)
        }
    }

    private func failure(_ why: String) -> ProviderError {
        ProviderError(
            JobFailure(.downloadFailed, "the clip of `\(connection.provider)` could not be fetched: \(why)"),
            isPassing: true
        )
    }

    private func dead(_ status: Int) -> ProviderError {
        ProviderError(
            JobFailure(.missing, "the link that `\(connection.provider)` gave has died (\(status))"),
            isPassing: true
        )
    }

    private func discard(_ path: String) {
        // A leftover piece is of no use to anybody.
        try? FileManager.default.removeItem(atPath: path)
    }
}
