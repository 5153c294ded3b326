import Foundation
import HTTPTypes
import Hummingbird
import VitrineCore

/// A kept file as an answer: whole, or the part that a `Range` asks for.
///
/// A file is known by its digest, so whoever has it keeps it for ever.
struct FileAnswer {
    var file: MediaFile
    var path: String
    /// How long others may keep it without asking.
    var cacheControl = "private, max-age=31536000, immutable"

    func response(to request: Request, _ context: ServerContext) async throws -> Response {
        let tag = "\"\(file.digest.digits(32))\""
        var headers: HTTPFields = [
            .contentType: Self.type(of: file.kind), .acceptRanges: "bytes", .eTag: tag, .cacheControl: cacheControl,
        ]
        if request.headers[.ifNoneMatch].map({ Self.names(tag, in: $0) }) ?? false {
            return Response(status: .notModified, headers: headers)
        }
        let files = FileIO()
        let isSame = request.headers[.ifRange].map { $0 == tag } ?? true
        guard isSame, let header = request.headers[.range], let range = Self.range(header, of: file.bytes) else {
            let body = try await files.loadFile(path: path, context: context)
            return Response(status: .ok, headers: headers, body: body)
        }
        guard let range else {
            throw RequestError(
                .badRange,
                "the file has \(file.bytes) bytes",
                headers: [.contentRange: "bytes */\(file.bytes)"]
            )
        }
        headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(file.bytes)"
        let body = try await files.loadFile(path: path, range: range, context: context)
        return Response(status: .partialContent, headers: headers, body: body)
    }

    /// The one range of bytes that a header asks for; nil when it is to be ignored (other units, several ranges, nonsense: RFC 9110 §14.2),
    /// and nil within when the file has none of these bytes.
    static func range(_ header: String, of count: Int) -> ClosedRange<Int>?? {
        guard header.hasPrefix("bytes="), !header.contains(",") else { return nil }
        let parts = header.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return nil }
        if parts[0].isEmpty {
            guard let last = Int(parts[1]) else { return nil }
            return last == 0 || count == 0 ? .some(nil) : max(0, count - last)...(count - 1)
        }
        guard let first = Int(parts[0]) else { return nil }
        guard first < count else { return .some(nil) }
        if parts[1].isEmpty { return first...(count - 1) }
        guard let last = Int(parts[1]), last >= first else { return nil }
        return first...min(last, count - 1)
    }

    static func type(of kind: String) -> String {
        switch kind {
        case "mp4": "video/mp4"
        case "jpg", "jpeg": "image/jpeg"
        case "png": "image/png"
        case "webp": "image/webp"
        default: "application/octet-stream"
        }
    }

    private static func names(_ tag: String, in header: String) -> Bool {
        header.split(separator: ",").contains { $0.trimmed == tag || $0.trimmed == "W/" + tag || $0.trimmed == "*" }
    }
}
