import Foundation

/// A job state as it is stored: its name in one column, the JSON of what it carries in another. This is a file format.
extension JobState {
    /// The JSON of what the state carries, with sorted keys; nil when it carries nothing.
    public var payload: String? {
        switch self {
        case .queued, .cancelled: nil
        case .submitting(let key): JobState.text(key)
        case .rendering(let remote): JobState.text(remote)
        case .rendered(let video): JobState.text(video)
        case .fetched(let clip): JobState.text(clip)
        case .finished(let video): JobState.text(video)
        case .failed(let failure): JobState.text(failure)
        }
    }

    /// The state that was stored under this name with this payload; throws `DecodingError` when they do not belong together.
    public init(name: Name, payload: String?) throws {
        let payload = payload ?? "null"
        switch name {
        case .queued: self = .queued
        case .cancelled: self = .cancelled
        case .submitting: self = .submitting(try JobState.value(payload))
        case .rendering: self = .rendering(try JobState.value(payload))
        case .rendered: self = .rendered(try JobState.value(payload))
        case .fetched: self = .fetched(try JobState.value(payload))
        case .finished: self = .finished(try JobState.value(payload))
        case .failed: self = .failed(try JobState.value(payload))
        }
    }

    private static func text(_ value: some Encodable) -> String {
        StoredJSON.text(value)
    }

    private static func value<Value: Decodable>(_ text: String) throws -> Value {
        try StoredJSON.value(text)
    }
}

/// The one way in which values become JSON text in storage: sorted keys, dates in milliseconds, slashes unescaped.
public enum StoredJSON {
    /// The JSON of a value.
    public static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(date.milliseconds)
        }
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            preconditionFailure("values of the domain hold no number that JSON cannot: \(error)")
        }
    }

    /// The value that was written as this JSON; throws `DecodingError`.
    public static func value<Value: Decodable>(_ text: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            Date(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
        }
        return try decoder.decode(Value.self, from: Data(text.utf8))
    }
}
