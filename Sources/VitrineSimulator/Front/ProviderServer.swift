import Foundation

/// What an exchange with a provider is for; faults are aimed at these.
enum Exchange: String, Hashable, Sendable, CaseIterable {
    case submit
    case poll
    /// The answer that carries the result, where that is not the poll's.
    case result
    case download
    case upload
    case cancel
    case list
    /// Keys, secrets and the like.
    case other
}

/// One thing that a provider's server can be asked.
struct Route: Sendable {
    let exchange: Exchange
    let method: String
    /// Whether it is asked without a key.
    let isOpen: Bool
    private let parts: [String]
    let answer: @Sendable (Call, [String]) async throws -> Reply

    /// A route.
    ///
    /// `{}` in the path stands for any one part, `{*}` at one place for one or more; the answer is given them in order.
    init(
        _ exchange: Exchange,
        _ method: String,
        _ path: String,
        isOpen: Bool = false,
        answer: @escaping @Sendable (Call, [String]) async throws -> Reply
    ) {
        self.exchange = exchange
        self.method = method
        self.isOpen = isOpen
        self.parts = path.split(separator: "/").map(String.init)
        self.answer = answer
    }

    /// What stands in the path where the route has braces; nil when it is another path.
    func match(_ path: [String]) -> [String]? {
        guard let rest = parts.firstIndex(of: "{*}") else {
            guard path.count == parts.count else { return nil }
            return matches(parts[...], path[...])
        }
        let after = parts.count - rest - 1
        guard path.count >= parts.count, let head = matches(parts[..<rest], path[..<rest]),
            let tail = matches(parts[(rest + 1)...], path[(path.count - after)...])
        else { return nil }
        return head + [path[rest..<(path.count - after)].joined(separator: "/")] + tail
    }

    private func matches(_ parts: ArraySlice<String>, _ path: ArraySlice<String>) -> [String]? {
        var found: [String] = []
        for (part, actual) in zip(parts, path) {
            if let braces = part.firstRange(of: "{}") {
                let (before, after) = (part[..<braces.lowerBound], part[braces.upperBound...])
                guard actual.count > before.count + after.count, actual.hasPrefix(before), actual.hasSuffix(after)
                else { return nil }
                found.append(String(actual.dropFirst(before.count).dropLast(after.count)))
            } else if part != actual {
                return nil
            }
        }
        return found
    }
}

/// The server of one provider: its routes, its words for refusals, its way to take a key.
protocol ProviderServer: Sendable {
    /// The provider's name, which is also the first part of its address here.
    var name: String { get }
    /// What can be asked, first match first.
    var routes: [Route] { get }
    /// The key that a call carries; throws when it has none.
    func key(of call: Call) throws(Refusal) -> String
    /// A refusal in the provider's own form.
    func reply(to refusal: Refusal, call: Call) -> Reply
}

extension ProviderServer {
    func key(of call: Call) throws(Refusal) -> String {
        guard let key = call.credential("Bearer") else { throw Refusal(.noKey, "no API key provided") }
        return key
    }
}
