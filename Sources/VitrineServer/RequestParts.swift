import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import VitrineCore

/// What a request asks in its query, read strictly: a name that the route does not know is refused, so that a typo never widens a list.
struct Query {
    private var values: [String: String] = [:]
    private var lists: [String: [String]] = [:]

    /// `lists` are names that may be given many times.
    init(_ request: Request, knows singles: Set<String> = [], lists: Set<String> = []) throws(RequestError) {
        let names = singles.union(lists)
        for pair in (request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decoded(parts[0])
            guard names.contains(name) else {
                let known = names.sorted().map { "`\($0)`" }.joined(separator: ", ")
                throw RequestError(
                    .invalid,
                    "unknown query parameter `\(name.prefix(40))`",
                    hint: names.isEmpty ? "this address takes none" : "it takes \(known)"
                )
            }
            let value = parts.count > 1 ? try Self.decoded(parts[1]) : ""
            if lists.contains(name) {
                self.lists[name, default: []].append(value)
                continue
            }
            guard values[name] == nil else {
                throw RequestError(.invalid, "query parameter `\(name)` is given twice")
            }
            values[name] = value
        }
    }

    /// All texts of a name that may be given many times.
    func texts(_ name: String) -> [String] { lists[name] ?? [] }

    /// The text of a parameter; nil when it is not given or empty.
    func text(_ name: String, atMost limit: Int = 500) throws(RequestError) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        guard value.utf8.count <= limit, !value.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
        else {
            throw RequestError(
                .invalid,
                "`\(name)`: expected at most \(limit) bytes of text without control characters"
            )
        }
        return value
    }

    /// One of the words that a type knows.
    func word<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        _ type: Word.Type = Word.self
    ) throws(RequestError) -> Word? where Word.RawValue == String {
        guard let text = values[name] else { return nil }
        guard let word = Word(rawValue: text) else {
            let known = Word.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            throw RequestError(.invalid, "`\(name)`: expected one of \(known) but got `\(text.prefix(40))`")
        }
        return word
    }

    /// Yes or no.
    func flag(_ name: String) throws(RequestError) -> Bool {
        switch values[name] {
        case nil, "false": return false
        case "true": return true
        case let text?:
            throw RequestError(.invalid, "`\(name)`: expected `true` or `false` but got `\(text.prefix(40))`")
        }
    }

    /// A whole number.
    func number(_ name: String, within range: ClosedRange<Int>) throws(RequestError) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), range.contains(number), text.allSatisfy(\.isASCII), text.first != "+" else {
            throw RequestError(
                .invalid,
                "`\(name)`: expected a whole number from \(range.lowerBound) to \(range.upperBound) "
                    + "but got `\(text.prefix(40))`"
            )
        }
        return number
    }

    /// How long a page is.
    var limit: Int { get throws(RequestError) { try number("limit", within: 1...500) ?? 50 } }

    /// Where a page begins.
    var cursor: PageCursor? {
        get throws(RequestError) { try text("cursor", atMost: 2000).map { PageCursor(text: $0) } }
    }

    private static func decoded(_ text: Substring) throws(RequestError) -> String {
        guard let decoded = text.replacing("+", with: " ").removingPercentEncoding else {
            throw RequestError(.invalid, "the query is not percent-encoded UTF-8")
        }
        return decoded
    }
}

extension ServerContext {
    /// A part of the path, decoded: the one place where this is done, since the router gives it as it was sent.
    func path(_ name: String) throws(RequestError) -> String {
        guard let text = parameters.get(name)?.removingPercentEncoding, !text.isEmpty, text.utf8.count <= 500,
            !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
        else { throw RequestError(.notFound, "nothing is at this address") }
        return text
    }
}

extension Request {
    /// The type of the body in lower case, without its parameters.
    var contentType: String {
        let text = headers[.contentType] ?? ""
        return String(text.prefix { $0 != ";" }).trimmed.lowercased()
    }

    /// The body in memory, at most `limit` bytes.
    func bytes(atMost limit: Int) async throws -> ByteBuffer {
        try refuseLength(above: limit)
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw RequestError.tooLarge(limit)
        }
    }

    /// Refuses a body that says that it is larger than `limit`, before a byte of it is read.
    func refuseLength(above limit: Int) throws(RequestError) {
        if let length = headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw RequestError.tooLarge(limit)
        }
    }

    /// The JSON body as a value; no body at all is `{}` where `isOptional`.
    func json<Value: Decodable>(
        _ type: Value.Type = Value.self,
        atMost limit: Int = 256 << 10,
        isOptional: Bool = false
    ) async throws -> (value: Value, bytes: Data) {
        let buffer = try await bytes(atMost: limit)
        let isEmpty = buffer.readableBytes == 0
        guard contentType == "application/json" || (isOptional && isEmpty && headers[.contentType] == nil) else {
            throw RequestError(.unsupportedType, "expected a body of type `application/json`")
        }
        let bytes = isOptional && isEmpty ? Data("{}".utf8) : Data(buffer.readableBytesView)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return (try decoder.decode(Value.self, from: bytes), bytes)
        } catch let error as DecodingError {
            throw RequestError(.invalid, error.publicMessage)
        }
    }
}

/// Keys of a JSON object that a body may have; any other is refused by name.
struct StrictKeys {
    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Refuses a key that none of these is.
    static func check(_ decoder: any Decoder, _ known: [any CodingKey]) throws {
        let names = Set(known.map(\.stringValue))
        for key in try decoder.container(keyedBy: AnyKey.self).allKeys where !names.contains(key.stringValue) {
            let list = names.sorted().map { "`\($0)`" }.joined(separator: ", ")
            throw RequestError(
                .invalid,
                "unknown key `\(key.stringValue.prefix(40))`",
                hint: names.isEmpty ? "this body has none" : "it takes \(list)"
            )
        }
    }
}

extension DecodingError {
    /// What is wrong with a body, in words for the person who wrote it.
    var publicMessage: String {
        func place(_ context: Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
            return path.isEmpty ? "the body" : "`\(path.joined(separator: ".").prefix(80))`"
        }
        switch self {
        case .keyNotFound(let key, _): return "`\(key.stringValue)` is missing"
        case .typeMismatch(let type, let context): return "\(place(context)): expected \(Self.name(of: type))"
        case .valueNotFound(_, let context): return "\(place(context)): expected a value but got null"
        case .dataCorrupted(let context):
            if context.codingPath.isEmpty { return "the body is not JSON" }
            return "\(place(context)): \(context.debugDescription)"
        @unknown default: return "the body cannot be read"
        }
    }

    private static func name(of type: any Any.Type) -> String {
        switch type {
        case is String.Type: "text"
        case is Bool.Type: "`true` or `false`"
        case is Int.Type, is UInt64.Type: "a whole number"
        case is Double.Type: "a number"
        case is [Any].Type: "a list"
        default: "another kind of value"
        }
    }
}
