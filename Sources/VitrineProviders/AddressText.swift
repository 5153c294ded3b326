import Foundation
import VitrineCore

extension String {
    /// It as one segment of a path.
    var inPath: String { addingPercentEncoding(withAllowedCharacters: String.unreserved) ?? "" }
    /// It as a value of a query.
    var inQuery: String { addingPercentEncoding(withAllowedCharacters: String.unreserved) ?? "" }
    /// It as a path of several segments.
    var asPath: String { split(separator: "/").map { String($0).inPath }.joined(separator: "/") }
    /// It with every run of spaces as one.
    var singleSpaced: String {
        var text = ""
        for character in self where !(character == " " && text.last == " ") { text.append(character) }
        return text
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    )
}

/// Sizes of files here.
enum FileSize {
    /// How many bytes a file has; 0 when it is not there.
    static func of(_ path: String) -> Int {
        // A file that is not there is complained about where it is read.
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }
}

extension [Offer] {
    /// The row that serves an order: its model, mode and size, with the sound that was asked for if there is such a row.
    func first(for order: SubmissionOrder) -> Offer? {
        let request = order.request
        let rows = filter {
            $0.model == request.model && $0.shortSide == request.frame.shortSide
                && (request.mode == nil || $0.mode == nil || $0.mode == request.mode)
        }
        return rows.first { $0.sound == request.sound.isOn } ?? rows.first
    }
}

extension Connection {
    /// Asks for a job that is not there: whoever says so in its own words, and not as any server at a wrong address would, has
    /// accepted the key.
    func prove(_ path: String, isOwn: (JSON) -> Bool) async throws(ProviderError) {
        let reply = try await exchange("GET", path)
        let words = (complaint(reply).message ?? "").lowercased()
        switch reply.status {
        case 200..<300, 400, 404, 422:
            // Gateways answer for addresses that they do not serve in JSON too, and name the address.
            let isElsewhere = words.contains("invalid url") || words.contains("cannot get")
            if reply.isJSON, !isElsewhere, isOwn(reply.json) { return }
            throw ProviderError(
                JobFailure(
                    .garbled,
                    "`\(provider)` answered \(reply.status) without words of its own: expected it to say that a job is not there",
                    hint:
                        "look at `VITRINE_\(provider.rawValue.uppercased())_URL`: the address may be another service's"
                )
            )
        default: throw error(of: reply)
        }
    }

    /// Posts a form to an address that the provider named for an upload, without any key.
    func upload(_ form: Multipart, to url: String) async throws(ProviderError) {
        let request = HTTPRequest(
            "POST",
            url,
            headers: ["Content-Type": form.contentType],
            body: form.bytes,
            deadline: .seconds(120),
            followsRedirects: false,
            isOperators: isOperators && sharesOrigin(url)
        )
        try await upload(request)
    }

    /// Sends an upload; anything but success may be tried again.
    func upload(_ request: HTTPRequest) async throws(ProviderError) {
        let status: Int
        do {
            status = try await transport.send(request).status
        } catch {
            throw Connection.error(of: error, provider: provider)
        }
        guard (200..<300).contains(status) else {
            throw ProviderError(
                JobFailure(.unreachable, "`\(provider)` did not take the picture (\(status))"),
                isPassing: true
            )
        }
    }
}
