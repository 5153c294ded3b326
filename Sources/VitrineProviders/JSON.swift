import Foundation

/// A JSON value, for bodies whose shape is another's.
enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    case list([JSON])
    case object([String: JSON])

    /// The value of these bytes; nil when they are no JSON.
    init?(_ bytes: Data) {
        do {
            self = try JSONDecoder().decode(JSON.self, from: bytes)
        } catch {
            return nil
        }
    }

    /// The value at a key; null where there is none.
    subscript(key: String) -> JSON {
        if case .object(let members) = self { members[key] ?? .null } else { .null }
    }

    /// The value at a place of a list; null where there is none.
    subscript(place: Int) -> JSON {
        if case .list(let items) = self, items.indices.contains(place) { items[place] } else { .null }
    }

    /// Its text; nil for anything else and for the empty text.
    var text: String? {
        if case .text(let text) = self, !text.isEmpty { text } else { nil }
    }

    /// Its number, also where it is written as text.
    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .text(let text): Double(text)
        default: nil
        }
    }

    /// Its items; none for anything else.
    var items: [JSON] {
        if case .list(let items) = self { items } else { [] }
    }

    /// Whether it is null, or is not there.
    var isNull: Bool { self == .null }

    /// Its bytes, keys sorted.
    var bytes: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(self)
        } catch {
            preconditionFailure("requests hold no number that JSON cannot: \(error)")
        }
    }

    /// It without members that are null.
    var withoutNulls: JSON {
        switch self {
        case .object(let members): .object(members.filter { !$0.value.isNull }.mapValues(\.withoutNulls))
        case .list(let items): .list(items.map(\.withoutNulls))
        default: self
        }
    }
}

extension JSON: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {  // A value of another kind is tried next.
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        case .list(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSON...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements) { $1 })
    }

    /// A length in seconds: whole numbers stay whole.
    static func seconds(_ value: Double) -> JSON {
        value == value.rounded() ? .integer(Int64(value)) : .number(value)
    }
}
