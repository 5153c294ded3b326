// VitrineStorage: the storage ports over SQL, and media files by digest.
// It decides nothing: what a job becomes, `Job.after` in Core says; and it never opens a socket or decodes a picture.
// The composition root opens it; the pipeline, the server and the commands call it through the ports.

import GRDB
public import VitrineCore

/// A home's database: every verb is one transaction, whatever becomes of the task that called it.
///
/// It is on disk when the verb returns. The rows of an import and of a plan, what is known of pictures and what is settled
/// may be lost to a power cut (never to a crash) until `turnOn`, `update` or any verb about jobs has been called. Among
/// those, leases and looks that found work still going on may be lost too: without them the next run looks again.
public final class SQLStore: CatalogStore, JobStore, ServiceStore {
    let driver: SQLiteDriver
    let bookmarks = Bookmarks()
    let requests = RequestCache()
    let known = KnownJobs()
    let imports = OpenImports()
    /// See `EventLog.eventSignal`.
    public let eventSignal = Signal()

    init(driver: SQLiteDriver) {
        self.driver = driver
    }

    /// The database at a path, made if it is not there and brought to this release's schema.
    ///
    /// Another process that holds the file is waited for up to `patience`; then `busy` is thrown.
    /// A database of a newer release is refused with `tooNew` and left untouched; a file that is not ours with `damaged`.
    public static func open(
        path: String,
        time: TimeSource = .system,
        random: RandomSource = .system,
        patience: Duration = .seconds(10)
    ) throws(StoreError) -> SQLStore {
        try StoreError.wrapping {
            try SQLiteDriver.refuseForeign(path: path)
            let driver = try SQLiteDriver(path: path, random: random, patience: patience)
            try driver.migrate(at: time.now())
            return SQLStore(driver: driver)
        }
    }

    /// An empty database in memory, which ends with the store.
    public static func inMemory(time: TimeSource = .system) throws(StoreError) -> SQLStore {
        try StoreError.wrapping {
            let driver = try SQLiteDriver()
            try driver.migrate(at: time.now())
            return SQLStore(driver: driver)
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(StoreError) -> Value
    {
        try await driver.read(body)
    }

    @discardableResult
    func write<Value: Sendable>(
        lazily isLazy: Bool = false,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let (value, hasChanged) = try await driver.write(lazily: isLazy) { database in
            let changes = database.totalChangesCount
            return (try body(database), database.totalChangesCount != changes)
        }
        // Who waits for news looks by a write of its own: one that found nothing to do must not wake it again.
        if hasChanged { eventSignal.ring() }
        return value
    }

    /// Writes what a later verb makes last (`turnOn`, `update` of a plan), or what can be found out again, and is no news to anybody.
    @discardableResult
    func writeLazily<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        try await driver.write(lazily: true, body)
    }
}
