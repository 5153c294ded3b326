import Foundation

/// Compares text with a file that was looked at once and committed.
public enum Snapshots {
    /// Whether snapshots are written rather than compared: `VITRINE_RECORD=1`, never in CI.
    public static var isRecording: Bool { ProcessInfo.processInfo.environment["VITRINE_RECORD"] == "1" }

    /// The first line in which the text differs from the snapshot beside the test's file, with both texts; nil when they are equal.
    ///
    /// While recording, the snapshot is written, and nil is given back.
    public static func difference(
        of text: String,
        from name: String,
        beside file: String
    ) throws -> String? {
        let folder = URL(filePath: file).deletingLastPathComponent().appending(path: "Snapshots")
        let path = folder.appending(path: name)
        if isRecording {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data(text.utf8).write(to: path)
            return nil
        }
        let expected = try String(contentsOf: path, encoding: .utf8)
        if expected == text { return nil }
        let lines = zip(lines(of: expected) + [""], lines(of: text) + [""])
        guard let (number, pair) = lines.enumerated().first(where: { $0.element.0 != $0.element.1 }) else {
            return "\(name): one text is longer than the other"
        }
        return "\(name):\(number + 1): expected `\(pair.0)` but got `\(pair.1)`"
    }

    private static func lines(of text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
