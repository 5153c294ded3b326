import Foundation
import Synchronization
import VitrineCore

/// Writes how far an import has come, at most once a second and one note at a time, which also renews its claim.
final class ImportNotes: Sendable {
    private struct State {
        var counts = ImportRequest.Counts()
        var writtenAt: Date?
        var pending: Task<Void, Never>?
    }

    private let store: any ImportStore
    private let id: ImportID
    private let token: String
    private let lease: Duration
    private let time: TimeSource
    private let state = Mutex(State())

    init(store: any ImportStore, id: ImportID, token: String, lease: Duration, time: TimeSource) {
        self.store = store
        self.id = id
        self.token = token
        self.lease = lease
        self.time = time
    }

    /// What was counted so far.
    var counts: ImportRequest.Counts { state.withLock { $0.counts } }

    /// Takes the next piece of news.
    func take(_ progress: ImportProgress) {
        let now = time.now()
        state.withLock { state in
            switch progress {
            case .rows(let rows, let products):
                state.counts.rows = rows
                state.counts.products = products
            case .pictures(let accepted, let refused, let products, _):
                state.counts.accepted = accepted
                state.counts.refused = refused
                state.counts.lookedAt = products
            }
            guard state.writtenAt.map({ now >= $0.adding(.seconds(1)) }) ?? true else { return }
            state.writtenAt = now
            let earlier = state.pending
            let counts = state.counts
            state.pending = Task { [store, id, token, lease] in
                await earlier?.value
                // A note that is lost costs nothing: the next one says more, and the end says everything.
                try? await store.note(counts, of: id, token: token, until: now.adding(lease), at: now)
            }
        }
    }

    /// Waits until the last note is written.
    func finish() async {
        await state.withLock { $0.pending }?.value
    }
}
