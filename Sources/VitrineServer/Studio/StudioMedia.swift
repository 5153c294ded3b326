import Foundation
import VitrineCore

/// Where pages find pictures and videos, and which take of a product they show.
struct StudioMedia: Sendable {
    let home: ServedHome
    private let end: Date

    init(home: ServedHome) {
        self.home = home
        // The same address for an hour, so that a browser keeps what it has.
        let hours = (home.time.now().timeIntervalSince1970 / 3600).rounded(.down)
        end = Date(timeIntervalSince1970: (hours + 3) * 3600)
    }

    /// Where a file can be read for some hours.
    func address(of file: MediaFile) -> String { home.secret.path(to: file, until: end) }

    /// The pictures of a product that can be used, in its order.
    func pictures(of entry: CatalogEntry) -> [String] {
        entry.pictures.compactMap(\.image).map { address(of: MediaFile(digest: $0, bytes: 0, kind: "jpg")) }
    }

    /// The take that is shown of a slot: the chosen one, else the newest that somebody approved, else the newest that nobody refused.
    static func shown(of record: SlotRecord) -> Take? {
        let kept = record.takes.filter { $0.video != nil && ($0.videoState == .new || $0.videoState == .approved) }
        return kept.last { $0.isChosen } ?? kept.last { $0.videoState == .approved } ?? kept.last
    }

    /// The video that stands for a product, if there is one.
    func video(of records: [SlotRecord]) async throws -> Video? {
        for record in records.sorted(by: { $0.slot.placement < $1.slot.placement }) {
            if let id = Self.shown(of: record)?.video, let video = try await home.store.video(id) { return video }
        }
        return nil
    }
}

/// A state of a product, a take or an import as a page shows it: a word, and the colour of its dot.
struct StateMark {
    var word: String
    var tone: String

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

extension Placement {
    /// The shape in a word.
    var title: String {
        switch self {
        case .square: "Square"
        case .portrait: "Portrait"
        case .tall: "Tall"
        case .story: "Story"
        case .wide: "Wide"
        }
    }

    /// The shape as a word of the style sheet.
    var style: String { "s" + fileName }
}

extension Money {
    /// The amount as people read it; nothing costs nothing.
    var words: String { isZero ? "free" : description }
}

extension MoneySum {
    /// The amounts as people read them.
    var words: String { amounts.allSatisfy(\.isZero) ? "free" : amounts.map(\.description).joined(separator: " + ") }
}
