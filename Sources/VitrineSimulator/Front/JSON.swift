import Foundation

/// A JSON value: what the providers' servers read and write.
enum JSON: Hashable, Sendable {
    case null
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSON])
    case map([String: JSON])

    /// The value that these bytes spell; nil when they are not JSON.
    init?(_ bytes: Data) {
        // Whatever is wrong with the bytes, they are not JSON: that is all a server says.
        guard let value = try? JSONDecoder().decode(JSON.self, from: bytes) else { return nil }
        self = value
    }

    /// A value, or null.
    init(_ text: String?) { self = text.map(JSON.text) ?? .null }

    /// It as bytes, keys in order.
    var bytes: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(self)
        } catch {
            preconditionFailure("a JSON value can be written: \(error)")
        }
    }

    var text: String? {
        guard case .text(let value) = self else { return nil }
        return value
    }

    var map: [String: JSON]? {
        guard case .map(let value) = self else { return nil }
        return value
    }

    var list: [JSON]? {
        guard case .list(let value) = self else { return nil }
        return value
    }

    /// What it is, for `expected … but got …`.
    var kind: String {
        switch self {
        case .null: "null"
        case .flag: "a boolean"
        case .integer, .number: "a number"
        case .text: "a string"
        case .list: "an array"
        case .map: "an object"
        }
    }

    subscript(key: String) -> JSON? { map?[key] }

    /// Its names and types, such as `input.media[].url: string`, by which two clients can be compared; nulls are left out.
    var shape: Set<String> { shape(at: "") }

    private func shape(at place: String) -> Set<String> {
        switch self {
        case .null: []
        case .flag: ["\(place): boolean"]
        case .integer, .number: ["\(place): number"]
        case .text: ["\(place): string"]
        case .list(let values): values.reduce(into: []) { $0.formUnion($1.shape(at: place + "[]")) }
        case .map(let values):
            values.reduce(into: []) { all, entry in
                all.formUnion(entry.value.shape(at: place.isEmpty ? entry.key : "\(place).\(entry.key)"))
            }
        }
    }
}

extension JSON: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .list(value)
        } else {
            self = .map(try container.decode([String: JSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .map(let value): try container.encode(value)
        }
    }
}

extension JSON: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
    init(nilLiteral: ()) { self = .null }
    init(arrayLiteral values: JSON...) { self = .list(values) }
    init(dictionaryLiteral entries: (String, JSON)...) {
        self = .map(Dictionary(entries) { _, last in last })
    }
}
