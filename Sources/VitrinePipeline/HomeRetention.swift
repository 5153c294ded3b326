public import Logging
public import VitrineCore

/// What a home keeps for a month and then forgets, so that a service that runs for years does not grow by its own notes.
public struct HomeRetention: Sendable {
    let store: any RetentionStore
    let time: TimeSource
    let log: Logger

    /// How long it is kept.
    public static let period = Duration.seconds(30 * 86_400)

    private static let pause = Duration.seconds(3600)

    /// The retention of one home.
    public init(store: any RetentionStore, time: TimeSource, log: Logger) {
        self.store = store
        self.time = time
        self.log = log
    }

    /// Forgets what is old by now; gives back how many rows went, by their kind.
    @discardableResult
    public func retire() async throws(StoreError) -> [String: Int] {
        let now = time.now()
        return try await store.retire(before: now.adding(.zero - Self.period), at: now)
    }

    /// Forgets now and then every hour, until cancelled.
    ///
    /// What cannot be forgotten now is tried again an hour later.
    public func run() async throws {
        while true {
            do throws(StoreError) {
                try await retire()
            } catch {
                log.warning("old rows stay for another hour", metadata: ["error": "\(error)"])
            }
            try await time.sleep(Self.pause)
        }
    }
}
