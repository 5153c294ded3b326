import ArgumentParser
import Foundation
import Synchronization
import VitrineCore
import VitrineExport
import VitrineFeeds
import VitrinePipeline
import VitrineVideo

/// Everything that a command says: data on standard output, talk on standard error.
///
/// Messages for people are written here.
struct Output: Sendable {
    var isJSON: Bool
    var isQuiet: Bool
    var isVerbose: Bool

    /// Whether talk goes to a person who watches.
    var isTerminal: Bool { isatty(2) == 1 }
    private var usesColor: Bool { isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil }

    // MARK: Data

    /// One JSON document.
    func json(_ value: some Encodable) {
        write(ReportJSON.data(value, pretty: true) + Data("\n".utf8))
    }

    /// One line of data.
    func line(_ text: String) {
        write(Data((text + "\n").utf8))
    }

    /// Bytes of data.
    func write(_ bytes: Data) {
        // Nobody is left to tell when the reader of standard output has gone.
        try? FileHandle.standardOutput.write(contentsOf: bytes)
    }

    /// Rows in columns, each as wide as its widest cell; the last one is not padded.
    func table(_ header: [String], _ rows: [[String]]) {
        var widths = header.map(\.count)
        for row in rows {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], min(cell.count, 60)) }
        }
        for row in [header] + rows {
            var line = ""
            for (index, cell) in row.enumerated() {
                let text = cell.count > 60 ? String(cell.prefix(59)) + "…" : cell
                let padding = index == row.count - 1 ? 0 : widths[index] - text.count + 2
                line += text + String(repeating: " ", count: max(0, padding))
            }
            self.line(line)
        }
    }

    // MARK: Talk

    /// One line of talk.
    func say(_ text: String) {
        if isQuiet { return }
        talk(text)
    }

    /// A complaint about a file.
    func say(_ diagnostic: Diagnostic) {
        var place = ""
        if let file = diagnostic.file { place = file + (diagnostic.line.map { ":\($0)" } ?? "") + ": " }
        let color: Color = diagnostic.severity == .error ? .red : diagnostic.severity == .warning ? .yellow : .blue
        let field = diagnostic.field.map { " (\($0))" } ?? ""
        talk(
            "\(place)\(paint(diagnostic.severity.rawValue, color)): \(diagnostic.message)\(field) [\(diagnostic.code)]"
        )
        if let hint = diagnostic.hint { talk("hint: \(hint)") }
    }

    /// The first complaints, and how many more there are.
    func say(_ diagnostics: [Diagnostic], of count: Int, showAll: String) {
        if isQuiet {
            for diagnostic in diagnostics where diagnostic.severity == .error { say(diagnostic) }
            return
        }
        let shown = isVerbose ? diagnostics : Array(diagnostics.prefix(20))
        for diagnostic in shown { say(diagnostic) }
        if count > shown.count { talk("… and \(count - shown.count) more: \(showAll)") }
    }

    /// Why the command failed, for the person who must act.
    func say(_ error: any Error) {
        let (message, hint) = Output.words(for: error) ?? ((error as NSError).localizedDescription, nil)
        talk("\(paint("error", .red)): \(message)")
        if let hint { talk("hint: \(hint)") }
    }

    private func talk(_ text: String) {
        // Nobody is left to tell when standard error has gone.
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    private enum Color: String { case red = "31", yellow = "33", blue = "34" }

    private func paint(_ text: String, _ color: Color) -> String {
        usesColor ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }

    // MARK: Words

    /// The message and the hint of an error of ours: the one switch over all of them; nil for an error of somebody else.
    static func words(for error: any Error) -> (message: String, hint: String?)? {
        switch error {
        case let error as PipelineError: (error.message, error.hint)
        case let error as FeedError: (error.message, error.hint)
        case let error as VideoToolsProblem: (error.message, error.remedy)
        case let error as ProviderError: (error.failure.message, error.failure.hint)
        case let error as ExportFailure: (error.message, error.hint)
        case let error as InvalidSetting: ("`\(error.name)`: \(error.message)", nil)
        case let error as StoreError: (words(for: error), hint(for: error))
        case let error as CommandFailure: (error.message, error.hint)
        case is CancellationError: ("interrupted", nil)
        default: nil
        }
    }

    private static func words(for error: StoreError) -> String {
        switch error.kind {
        case .full: "no room on the disk"
        case .busy: "another process holds the home"
        case .tooNew: "this home was written by a newer release of vitrine"
        case .damaged: "the database of this home is damaged: \(error.message)"
        case .io: "the home cannot be read or written: \(error.message)"
        case .notFound, .leaseLost, .conflict, .badCursor, .stale, .reusedKey, .overBudget: error.message
        }
    }

    private static func hint(for error: StoreError) -> String? {
        switch error.kind {
        case .full: "free some room and run the same command again: it goes on where it stopped"
        case .busy: "wait for it, or stop it"
        case .tooNew: "update vitrine; nothing was touched"
        case .damaged: "restore a copy made by `vitrine backup`"
        case .overBudget: "raise it with `vitrine budget set`"
        case .io, .notFound, .leaseLost, .conflict, .badCursor, .stale, .reusedKey: nil
        }
    }
}

/// A failure of a command itself.
struct CommandFailure: Error {
    var message: String
    var hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}

extension ExitCode {
    /// Some rows, pictures or jobs were not made, or are held.
    static let partly = ExitCode(3)
    /// Stopped by Ctrl-C.
    static let interrupted = ExitCode(130)
}
