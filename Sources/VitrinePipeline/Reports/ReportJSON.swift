public import Foundation
import VitrineCore

/// The JSON that people and their programs read: snake case, moments in RFC 3339, sorted keys.
public enum ReportJSON {
    /// One document; `pretty` for eyes, else on one line.
    public static func data(_ value: some Encodable, pretty: Bool = false) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(text(date))
        }
        do {
            return try encoder.encode(value)
        } catch {
            preconditionFailure("what is reported is made of text and numbers: \(error)")
        }
    }

    /// A moment in RFC 3339, UTC.
    public static func text(_ date: Date) -> String {
        date.ISO8601Format(Date.ISO8601FormatStyle(includingFractionalSeconds: date.milliseconds % 1000 != 0))
    }
}
