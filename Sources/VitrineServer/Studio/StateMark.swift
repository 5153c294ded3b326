import VitrineCore

/// A state of a product, a take or an import as a page shows it: a word, and the colour of its dot.
struct StateMark {
    var word: String
    var tone: String

    /// Its provider is asked to stop.
    static let stopping = StateMark(word: "Being stopped", tone: "busy")

    private init(word: String, tone: String) {
        self.word = word
        self.tone = tone
    }

    init(_ state: ProductState) {
        switch state {
        case .none: (word, tone) = ("No video", "idle")
        case .inFlight: (word, tone) = ("In the making", "busy")
        case .failed: (word, tone) = ("Failed", "bad")
        case .new: (word, tone) = ("To review", "new")
        case .approved: (word, tone) = ("Approved", "good")
        case .rejected: (word, tone) = ("Rejected", "idle")
        }
    }

    init(_ take: Take) {
        switch (take.jobState, take.videoState) {
        case (_, .new?): (word, tone) = ("To review", "new")
        case (_, .approved?): (word, tone) = ("Approved", "good")
        case (_, .rejected?): (word, tone) = ("Rejected", "idle")
        case (_, .quarantined?): (word, tone) = ("Held back by its checks", "bad")
        case (.queued, nil): (word, tone) = ("Waiting", "busy")
        case (.submitting, nil): (word, tone) = ("Being sent", "busy")
        case (.rendering, nil): (word, tone) = ("Rendering", "busy")
        case (.rendered, nil), (.fetched, nil), (.finished, nil): (word, tone) = ("Being fetched and checked", "busy")
        case (.failed, nil): (word, tone) = ("Failed", "bad")
        case (.cancelled, nil): (word, tone) = ("Cancelled", "idle")
        }
    }

    init(_ state: ImportRequest.State) {
        switch state {
        case .waiting: (word, tone) = ("Waiting", "busy")
        case .running: (word, tone) = ("Being read", "busy")
        case .finished: (word, tone) = ("Imported", "good")
        case .failed: (word, tone) = ("Could not be read", "bad")
        }
    }
}
