import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization
import VitrineCore

/// What comes of a call: the answer, and what happens to it on the way.
struct FrontOutcome: Sendable {
    enum Way: Hashable, Sendable {
        case whole
        /// The connection ends without an answer.
        case dropped
        /// The connection ends in the middle of the answer.
        case cut
    }

    var reply: Reply
    var way = Way.whole
    var bytesPerSecond: Int?
}

/// Where calls come in: finds the provider and its route, lets things go wrong as the scenario wants, and asks the provider.
struct Front: Sendable {
    let world: SimulatedWorld
    let servers: [String: any ProviderServer]
    let control: ControlDesk

    /// What comes of a call.
    func outcome(of call: Call) async -> FrontOutcome {
        guard call.provider != ControlDesk.name else { return FrontOutcome(reply: control.reply(to: call)) }
        guard let server = servers[call.provider] else {
            let names = Simulator.providers.joined(separator: ", ")
            let message = "there is no provider `\(call.provider)` here; there are \(names)"
            return FrontOutcome(reply: .json(["error": .text(message)], status: 404))
        }
        let matches = server.routes.lazy.compactMap { route in route.match(call.path).map { (route, $0) } }
        guard let (route, names) = matches.first(where: { $0.0.method == call.method }) else {
            let refusal = Refusal(.notFound, "no route `\(call.method) /\(call.path.joined(separator: "/"))`")
            return FrontOutcome(reply: server.reply(to: refusal, call: call))
        }
        let outcome = await outcome(of: call, server: server, route: route, names: names)
        world.note(call, route: route, key: (try? server.key(of: call)) ?? "", status: outcome.reply.status)
        return outcome
    }

    private func outcome(
        of call: Call,
        server: any ProviderServer,
        route: Route,
        names: [String]
    ) async -> FrontOutcome {
        let deeds = world.state.withLock { $0.faults.deeds(route.exchange, provider: call.provider) }
        func refused(_ kind: Refusal.Kind, _ message: String) -> FrontOutcome {
            FrontOutcome(reply: server.reply(to: Refusal(kind, message), call: call))
        }
        for deed in deeds {
            switch deed {
            // A cancelled wait means that the server stops: the answer no longer matters.
            case .delay(let wait): try? await world.time.sleep(wait)
            case .dropBefore: return FrontOutcome(reply: .empty(500), way: .dropped)
            case .rateLimit(let wait): return refused(.rateLimited(after: wait), "too many requests")
            case .error(let status): return refused(.trouble(status), "the service is not available")
            default: break
            }
        }
        var outcome: FrontOutcome
        do {
            try gate(call, server: server, route: route)
            outcome = FrontOutcome(reply: try await route.answer(call, names))
        } catch let refusal as Refusal {
            outcome = FrontOutcome(reply: server.reply(to: refusal, call: call))
        } catch {
            outcome = refused(.trouble(500), "the simulator failed: \(error)")
        }
        for deed in deeds {
            switch deed {
            case .dropAfter: outcome.way = .dropped
            case .truncate: outcome.way = .cut
            case .errorAfter(let status):
                outcome = refused(.trouble(status), "the service failed")
            case .garbage:
                outcome.reply.body = Data("<html><body>upstream connect error".utf8)
                outcome.reply.headers["content-type"] = "text/html"
            case .slow(let pace): outcome.bytesPerSecond = pace
            default: break
            }
        }
        return outcome
    }

    /// What every route asks for before it looks at the call: a key that is taken, a provider that is there, a pace that is kept.
    private func gate(_ call: Call, server: any ProviderServer, route: Route) throws(Refusal) {
        let habits = world.habits(of: call.provider)
        guard !route.isOpen else { return }
        let key = try server.key(of: call)
        if let taken = habits.key, taken != key { throw Refusal(.keyRefused, "the API key is not valid") }
        if habits.isRetired, route.exchange == .submit {
            throw Refusal(.retired, "this API has been retired and is no longer available")
        }
        if let limit = habits.requestsPerSecond {
            try world.pace(call.provider + " " + key, limit: limit, hints: habits.hints)
        }
    }
}

extension SimulatedWorld {
    /// Counts a request against a limit a second.
    fileprivate func pace(_ place: String, limit: Int, hints: Bool) throws(Refusal) {
        let now = now
        try state.withLock { (state) throws(Refusal) in
            let recent = (state.requests[place] ?? []).filter { $0 > now.adding(.seconds(-1)) }
            guard recent.count < limit else {
                state.requests[place] = recent
                throw Refusal(.rateLimited(after: hints ? .seconds(1) : nil), "rate limit: \(limit) requests a second")
            }
            state.requests[place] = recent + [now]
        }
    }

    /// Remembers what was asked and answered; the last 20,000.
    fileprivate func note(_ call: Call, route: Route, key: String, status: Int) {
        let shape = route.exchange == .submit || route.exchange == .upload ? call.shape : []
        let visit = Visit(
            provider: call.provider,
            exchange: route.exchange,
            method: call.method,
            path: "/" + call.path.joined(separator: "/"),
            status: status,
            key: key,
            shape: shape,
            headers: call.headers.keys.sorted(),
            at: now
        )
        state.withLock { state in
            if state.visits.count >= 20_000 { state.visits.removeFirst(10_000) }
            state.visits.append(visit)
            state.counts[call.provider + " " + route.exchange.rawValue, default: 0] += 1
            if status == 429 { state.refusals[call.provider, default: 0] += 1 }
            if !call.connection.isEmpty { state.connections[call.provider, default: []].insert(call.connection) }
        }
    }
}

extension Call {
    /// The names and types of what was sent, in order.
    fileprivate var shape: [String] {
        if let value = JSON(body) { return value.shape.sorted() }
        guard let parts = try? Multipart.parts(of: self) else { return [] }
        return parts.map { $0.filename == nil ? "\($0.name): part" : "\($0.name): file" }.sorted()
    }
}

/// The front as Hummingbird sees it.
struct FrontResponder: HTTPResponder {
    /// A request and the connection that it came on.
    struct Context: RequestContext {
        var coreContext: CoreRequestContextStorage
        let channel: any Channel

        init(source: ApplicationRequestContextSource) {
            coreContext = CoreRequestContextStorage(source: source)
            channel = source.channel
        }
    }

    /// Bytes of a request's body.
    static let largestBody = 100 << 20

    let front: Front

    func respond(to request: Request, context: Context) async throws -> Response {
        let body = try await request.body.collect(upTo: FrontResponder.largestBody)
        let outcome = await front.outcome(of: FrontResponder.call(request, body: body, channel: context.channel))
        let reply = outcome.reply
        var headers = HTTPFields()
        for (name, value) in reply.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        let channel = context.channel
        switch outcome.way {
        case .dropped:
            try await channel.close()
            throw CancellationError()
        case .whole:
            guard outcome.bytesPerSecond != nil else {
                let body = ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body))
                return Response(status: .init(code: reply.status), headers: headers, body: body)
            }
        case .cut: break
        }
        let count = reply.body.count
        let sent = outcome.way == .cut ? reply.body.prefix(count / 2) : reply.body
        let pace = outcome.bytesPerSecond ?? max(1, sent.count)
        let time = front.world.time
        let isWhole = outcome.way == .whole
        return Response(
            status: .init(code: reply.status),
            headers: headers,
            body: ResponseBody(contentLength: count) { writer in
                var at = sent.startIndex
                while at < sent.endIndex {
                    let end = min(sent.endIndex, at + max(1, pace / 10))
                    try await writer.write(ByteBuffer(bytes: sent[at..<end]))
                    at = end
                    if isWhole { try await time.sleep(.milliseconds(100)) }
                }
                guard isWhole else {
                    try await channel.close()
                    throw CancellationError()
                }
                try await writer.finish(nil)
            }
        )
    }

    private static func call(_ request: Request, body: ByteBuffer, channel: any Channel) -> Call {
        let path = request.uri.path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        let host = request.head.authority ?? "127.0.0.1"
        let provider = path.first ?? ""
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let query = (request.uri.query ?? "").split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let words = halves.map { half in
                half.replacing("+", with: " ").removingPercentEncoding ?? String(half)
            }
            return (name: words[0], value: words.count > 1 ? words[1] : "")
        }
        return Call(
            method: request.method.rawValue,
            path: Array(path.dropFirst()),
            query: query,
            headers: headers,
            body: Data(body.readableBytesView),
            base: "http://\(host)/\(provider)",
            provider: provider,
            connection: channel.remoteAddress?.description ?? ""
        )
    }
}
