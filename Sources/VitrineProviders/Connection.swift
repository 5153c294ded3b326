import Foundation
import VitrineCore

/// One answer of a provider.
struct Reply: Sendable {
    var status: Int
    var headers: [String: String]
    /// The body as JSON; null when it is none.
    var json: JSON
    var isJSON: Bool

    var isGood: Bool { (200..<300).contains(status) }
}

/// The way to one provider: its address and key over the shared transport, and what its refusals mean.
struct Connection: Sendable {
    /// Whether a request has an effect that costs money.
    enum Effect: Sendable {
        /// It only asks, or makes what costs nothing.
        case none
        /// It may begin paid work: what is not certainly refused is doubtful.
        case paid
    }

    let provider: ProviderID
    /// What stands before every path, without a slash at its end.
    let base: String
    /// What proves who asks.
    let credentials: [String: String]
    let transport: any HTTPTransport
    /// Whether the operator named the address, so that it may be private.
    let isOperators: Bool
    let errors: ErrorTable
    /// The provider's code and message in a refused answer.
    let complaint: @Sendable (Reply) -> (code: String?, message: String?)

    /// Sends JSON that may begin paid work.
    func begin(
        _ order: SubmissionOrder,
        _ path: String,
        _ body: JSON,
        headers: [String: String] = [:]
    ) async throws(ProviderError) -> Reply {
        let headers = headers.merging(["Content-Type": "application/json"]) { own, _ in own }
        return try await begin(order, path, bytes: body.bytes, headers: headers)
    }

    /// Sends bytes that may begin paid work, with the id of the request that asked for it: both sides' logs then tell of the same.
    func begin(
        _ order: SubmissionOrder,
        _ path: String,
        bytes: Data,
        headers: [String: String]
    ) async throws(ProviderError) -> Reply {
        var headers = headers
        if let id = order.requestID { headers["X-Request-ID"] = id }
        return try await send("POST", path, bytes: bytes, headers: headers, effect: .paid)
    }

    /// Sends JSON, or nothing, that costs nothing, and gives back what came; throws for every answer that is no success.
    func send(
        _ method: String,
        _ path: String,
        _ body: JSON? = nil,
        headers: [String: String] = [:]
    ) async throws(ProviderError) -> Reply {
        var headers = headers
        if body != nil { headers["Content-Type"] = "application/json" }
        return try await send(method, path, bytes: body?.bytes, headers: headers, effect: .none)
    }

    /// Asks about a job that the provider had: when it is not there any more, nobody knows what became of its money.
    func look(_ path: String) async throws(ProviderError) -> Reply {
        let reply = try await exchange("GET", path)
        switch reply.status {
        case 200..<300:
            guard reply.isJSON else { throw garbled() }
            return reply
        case 400, 404, 410:
            let (code, message) = complaint(reply)
            let detail = [code, message].compactMap(\.self).joined(separator: ": ")
            throw Meaning.vanished.error(of: provider, saying: detail.isEmpty ? nil : detail, billed: .unknown)
        default:
            throw error(of: reply)
        }
    }

    /// Sends bytes, or nothing, and gives back what came; throws for every answer that is no success.
    func send(
        _ method: String,
        _ path: String,
        bytes: Data?,
        headers: [String: String],
        effect: Effect
    ) async throws(ProviderError) -> Reply {
        let reply = try await exchange(method, path, bytes: bytes, headers: headers, effect: effect)
        guard reply.isGood else { throw error(of: reply, effect: effect) }
        if effect == .paid, !reply.isJSON { throw garbled(effect: effect) }
        return reply
    }

    /// The answer, whatever its status.
    func exchange(
        _ method: String,
        _ path: String,
        bytes: Data? = nil,
        headers: [String: String] = [:],
        effect: Effect = .none
    ) async throws(ProviderError) -> Reply {
        let url = path.hasPrefix("http") ? path : base + path
        let isOwn = sharesOrigin(url)
        let request = HTTPRequest(
            method,
            url,
            headers: headers.merging(isOwn ? credentials : [:]) { own, _ in own },
            body: bytes,
            deadline: effect == .paid ? .seconds(120) : .seconds(60),
            stall: effect == .paid ? .seconds(110) : .seconds(30),
            followsRedirects: false,
            isOperators: isOperators && isOwn
        )
        do {
            let response = try await transport.send(request)
            let json = JSON(response.body)
            return Reply(status: response.status, headers: response.headers, json: json ?? .null, isJSON: json != nil)
        } catch {
            throw Connection.error(of: error, provider: provider)
        }
    }

    /// What an answer that is no success means.
    func error(of reply: Reply, effect: Effect = .none) -> ProviderError {
        let (code, message) = complaint(reply)
        let known = errors.meaning(
            status: reply.status,
            code: code,
            message: message,
            isPaid: effect == .paid
        )
        var meaning = known ?? ErrorTable.meaning(ofStatus: reply.status)
        // Money: of paid requests, only what a provider certainly refused may be sent again. A question that met trouble on
        // the way, whatever its words, says nothing about the job.
        if effect == .none, meaning == .unknown || reply.status >= 500 { meaning = .busy }
        let detail = [code, message].compactMap(\.self).joined(separator: ": ")
        return meaning.error(
            of: provider,
            saying: detail.isEmpty ? "status \(reply.status)" : detail,
            retryAfter: RetryHint.wait(reply)
        )
    }

    /// How a job stands whose failure is told in a good answer.
    func failed(code: String?, message: String?, billed: JobFailure.Billed = .no) -> RemoteStatus {
        var meaning = errors.meaning(status: nil, code: code, message: message) ?? .broke
        // A job that failed for want of room or time has failed: these words ask nobody to wait for it.
        if [.unknown, .busy, .rateLimited].contains(meaning) { meaning = .broke }
        let detail = [code, message].compactMap(\.self).joined(separator: ": ")
        let failure = meaning.failure(of: provider, saying: detail.isEmpty ? nil : detail, billed: billed)
        return meaning.mayHelpOnce && billed == .no ? .broke(failure) : .failed(failure)
    }

    /// The error of an answer that cannot be understood.
    func garbled(effect: Effect = .none) -> ProviderError {
        ProviderError(
            JobFailure(.garbled, "`\(provider)` answered something that is not in its documentation"),
            mayHaveBeenSent: effect == .paid,
            isPassing: true
        )
    }

    /// Whether an address is the provider's own, so that its key may go there.
    func sharesOrigin(_ url: String) -> Bool {
        guard let one = URLComponents(string: url), let other = URLComponents(string: base) else { return false }
        return one.scheme == other.scheme && one.host == other.host && one.port == other.port
    }

    static func error(of error: TransportError, provider: ProviderID) -> ProviderError {
        let kind: JobFailure.Kind = error.kind == .notKept ? .diskFull : .unreachable
        return ProviderError(
            JobFailure(kind, "`\(provider)` cannot be reached: \(error.message)"),
            mayHaveBeenSent: error.mayHaveBeenSent,
            isPassing: error.kind != .badAddress && error.kind != .forbiddenAddress
        )
    }
}
