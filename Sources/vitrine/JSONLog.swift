import Foundation
import Logging
import VitrineCore
import VitrinePipeline

/// Logs as one JSON object a line on standard error.
struct JSONLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = metadata.merging(event.metadata ?? [:]) { _, new in new }.mapValues { "\($0)" }
        line["at"] = ReportJSON.text(TimeSource.system.now())
        line["level"] = event.level.rawValue
        line["message"] = "\(event.message)"
        // A dictionary of texts is always JSON; nobody is left to tell when standard error has gone.
        guard
            let data = try? JSONSerialization.data(
                withJSONObject: line,
                options: [.sortedKeys, .withoutEscapingSlashes]
            )
        else { return }
        // There is nowhere else to say that a line could not be said.
        try? FileHandle.standardError.write(contentsOf: data + Data("\n".utf8))
    }
}
