import Foundation
import Synchronization
import VitrineCore

/// Bars on a terminal, one plain line a stage elsewhere.
final class Progress: Sendable {
    private struct State {
        var stage = ""
        var beganAt = Date(milliseconds: 0)
        var drawnAt = Date(milliseconds: 0)
        var isOpen = false
        var last = ""
    }

    private let output: Output
    private let time: TimeSource
    private let state: Mutex<State>

    init(output: Output, time: TimeSource) {
        self.output = output
        self.time = time
        state = Mutex(State(beganAt: time.now()))
    }

    /// How far a stage has come, `done` of `total` where that is known.
    func show(_ stage: String, done: Int, of total: Int? = nil, note: String = "") {
        if output.isQuiet { return }
        let now = time.now()
        state.withLock { state in
            if state.stage != stage {
                state.stage = stage
                state.beganAt = now
                state.drawnAt = Date(milliseconds: 0)
            }
            let elapsed = now.timeIntervalSince(state.beganAt)
            state.last = text(stage, done: done, of: total, note: note, elapsed: elapsed)
            guard output.isTerminal, now.timeIntervalSince(state.drawnAt) >= 0.1 else { return }
            state.drawnAt = now
            state.isOpen = true
            draw("\r\u{1B}[2K" + state.last)
        }
    }

    /// Ends the stage at hand with one line that stays.
    func end(_ line: String) {
        if output.isQuiet { return }
        state.withLock { state in
            draw((state.isOpen ? "\r\u{1B}[2K" : "") + line + "\n")
            state.isOpen = false
            state.stage = ""
        }
    }

    private func text(_ stage: String, done: Int, of total: Int?, note: String, elapsed: TimeInterval) -> String {
        let rate = elapsed > 0.5 ? Double(done) / elapsed : 0
        var text = stage + " "
        if let total, total > 0 {
            let share = min(1, Double(done) / Double(total))
            let filled = Int(share * 24)
            text += "[" + String(repeating: "█", count: filled) + String(repeating: "·", count: 24 - filled) + "] "
            text += "\(done)/\(total)"
            if rate > 0, done < total { text += " · \(Self.span(Double(total - done) / rate)) left" }
        } else {
            text += "\(done)"
            if rate >= 1 { text += " · \(Int(rate))/s" }
        }
        return note.isEmpty ? text : text + " · " + note
    }

    private func draw(_ text: String) {
        // Nobody is left to tell when standard error has gone.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    /// Seconds as people say them.
    static func span(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }
}
