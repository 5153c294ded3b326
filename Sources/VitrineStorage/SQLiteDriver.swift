import Foundation
import GRDB
import VitrineCore

/// SQLite through GRDB: one writer, several readers, and writes that come together share one transaction.
final class SQLiteDriver: Sendable {
    private let writer: any DatabaseWriter
    private let group: GroupCommit
    /// A connection that never writes, so that it notices every change; nil in memory, where there is one connection alone.
    private let watcher: DatabaseQueue?

    /// A database in memory.
    init() throws {
        var configuration = SQLiteDriver.configuration()
        configuration.label = "vitrine"
        writer = try DatabaseQueue(configuration: configuration)
        watcher = nil
        group = GroupCommit(writer: writer)
    }

    /// A database in a file, in WAL mode.
    init(path: String, random: RandomSource, patience: Duration) throws {
        var configuration = SQLiteDriver.configuration()
        configuration.journalMode = .wal
        configuration.maximumReaderCount = 4
        let tries = max(1, patience.milliseconds)
        // Race: two processes that both wait with equal sleeps starve each other; short sleeps of random length take turns.
        configuration.busyMode = .callback { count in
            usleep(UInt32(200 + 1600 * random.unit()))
            return count < tries
        }
        writer = try DatabasePool(path: path, configuration: configuration)
        group = GroupCommit(writer: writer)
        watcher = try SQLiteDriver.watcher(path)
        // Money: GRDB goes back to NORMAL when it opens a file in WAL mode, and a power cut could then forget an intent that was sent.
        try writer.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 6000")
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA page_size = 8192; PRAGMA cache_size = -8000")
        }
        return configuration
    }

    /// Throws `tooNew` or `damaged` unless the file at `path` is missing, empty or a database that this release may open; writes nothing.
    static func refuseForeign(path: String) throws {
        guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int, size > 0 else {
            // A file that cannot be looked at cannot be opened either, and opening says why.
            return
        }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { queue.releaseMemory() }
        try queue.read { database in
            try Migrator.refuseForeign(database)
        }
    }

    func migrate(at now: Date) throws {
        try writer.writeWithoutTransaction { database in
            try Migrator.bundled.migrate(database, at: now)
        }
    }

    /// What `body` reads from one state of the database.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(StoreError) -> Value
    {
        let outcome: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            writer.asyncRead { access in
                continuation.resume(returning: StoreError.result { try body(try access.get()) })
            }
        }
        return try outcome.get()
    }

    /// What `body` gives back once all it wrote is on disk.
    ///
    /// `body` may be run again when a neighbour's trouble undid it. What is written lazily outlasts a crash of the program at once,
    /// and a power cut once anything that is not lazy has been written after it.
    func write<Value: Sendable>(
        lazily isLazy: Bool = false,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        try await group.run(lazily: isLazy, body)
    }

    private static func watcher(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// A number that changes with each commit of any connection (https://sqlite.org/pragma.html#pragma_data_version, 25 November 2026).
    func stamp() throws -> Int64 {
        if let watcher { return try watcher.inDatabase { try $0.integer("PRAGMA data_version") ?? 0 } }
        return try writer.unsafeRead { Int64($0.totalChangesCount) }
    }

    /// Copies the database to a new file while others go on.
    func copy(to path: String) async throws(StoreError) {
        let writer = writer
        let outcome: Result<Void, StoreError> = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    returning: StoreError.result {
                        let target = try DatabaseQueue(path: path)
                        try writer.backup(to: target, pagesPerStep: 2_000)
                        try target.close()
                    }
                )
            }
        }
        try outcome.get()
    }

    /// Runs on the writer outside of any transaction: for tests and pragmas.
    func onWriter<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try writer.writeWithoutTransaction(body)
    }

    /// Ends all connections: for tests.
    func close() throws {
        try watcher?.close()
        try writer.close()
    }

    /// Keeps the writer from beginning anything until the gate is opened: for tests.
    func hold(until gate: DispatchSemaphore) {
        writer.asyncWriteWithoutTransaction { _ in gate.wait() }
    }

    /// How many writes wait for the writer: for tests.
    var waitingWrites: Int { group.waitingCount }
}
