import Synchronization
import VitrineCore

/// Answers that hold until anything in the home changes: whoever asks again is told the same without another look.
final class KeptAnswers: Sendable {
    private struct Kept {
        var stamp: Int64
        var answer: JSONAnswer
    }

    private struct Shelf {
        var answers: [String: Kept] = [:]
        var bytes = 0
    }

    private let log: any EventLog
    private let shelf = Mutex(Shelf())
    private static let mostBytes = 16 << 20

    init(log: any EventLog) {
        self.log = log
    }

    /// The answer to a question, made anew when the home is not as it was when it was last made.
    func answer(to question: String, _ make: () async throws -> JSONAnswer) async throws -> JSONAnswer {
        // Race: the stamp is taken before the look, so that a change between both makes the answer be looked for once more.
        let stamp = try log.stamp()
        if let kept = shelf.withLock({ $0.answers[question] }), kept.stamp == stamp { return kept.answer }
        let answer = try await make()
        shelf.withLock { shelf in
            let bytes = question.utf8.count + answer.body.count + 200
            if shelf.bytes + bytes > KeptAnswers.mostBytes { shelf = Shelf() }
            if let before = shelf.answers.updateValue(Kept(stamp: stamp, answer: answer), forKey: question) {
                shelf.bytes -= question.utf8.count + before.answer.body.count + 200
            }
            shelf.bytes += bytes
        }
        return answer
    }
}
