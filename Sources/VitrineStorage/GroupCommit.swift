import GRDB
import Synchronization
import VitrineCore

/// Collects writes that arrive while another one is being committed into one transaction, so that one sync of the disk serves
/// them all; when one fails that has written something, all are run again, each alone.
final class GroupCommit: Sendable {
    private struct Write: Sendable {
        /// Whether the disk may take its time: a later write that may not makes this one last too.
        var isLazy: Bool
        /// Runs the verb's body and keeps its outcome; throws what the body threw.
        var run: @Sendable (Database) throws -> Void
        /// Tells the caller: the kept outcome, or why it is not on disk.
        var finish: @Sendable (StoreError?) -> Void
    }

    private struct Waiting {
        var writes: [Write] = []
        var isServed = false
    }

    private let writer: any DatabaseWriter
    private let waiting = Mutex(Waiting())
    private let wasLazy = Mutex(false)
    private static let longest = Duration.milliseconds(20)
    private static let most = 64

    init(writer: any DatabaseWriter) {
        self.writer = writer
    }

    func run<Value: Sendable>(
        lazily isLazy: Bool,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        // Not a cancellation point: a record is never lost because the task that asked for it was cancelled.
        let outcome: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            let kept = Mutex<Value?>(nil)
            add(
                Write(
                    isLazy: isLazy,
                    run: { database in
                        let value = try body(database)
                        kept.withLock { $0 = value }
                    },
                    finish: { error in
                        if let error {
                            continuation.resume(returning: .failure(error))
                        } else if let value = kept.withLock({ $0 }) {
                            continuation.resume(returning: .success(value))
                        } else {
                            preconditionFailure("a write that was committed has an outcome")
                        }
                    }
                )
            )
        }
        return try outcome.get()
    }

    /// How many writes wait for the writer.
    var waitingCount: Int { waiting.withLock { $0.writes.count } }

    private func add(_ write: Write) {
        let begins = waiting.withLock { waiting in
            waiting.writes.append(write)
            defer { waiting.isServed = true }
            return !waiting.isServed
        }
        if begins { schedule() }
    }

    private func schedule() {
        writer.asyncWriteWithoutTransaction { [self] database in
            serve(database)
            let goesOn = waiting.withLock { waiting in
                waiting.isServed = !waiting.writes.isEmpty
                return waiting.isServed
            }
            if goesOn { schedule() }
        }
    }

    private func take(_ count: Int) -> [Write] {
        waiting.withLock { waiting in
            let taken = Array(waiting.writes.prefix(count))
            waiting.writes.removeFirst(taken.count)
            return taken
        }
    }

    private func serve(_ database: Database) {
        let first = take(GroupCommit.most)
        guard !first.isEmpty else { return }
        do {
            try pace(first.allSatisfy(\.isLazy), database)
        } catch {
            for write in first { write.finish(StoreError(storing: error)) }
            return
        }
        if first.count > 1 {
            together(first, database)
        } else {
            alone(first[0], database)
        }
    }

    /// Sets how the next commit reaches the disk; unless everything in it is lazy, it is waited for.
    private func pace(_ isLazy: Bool, _ database: Database) throws {
        guard isLazy != wasLazy.withLock({ $0 }) else { return }
        try database.execute(sql: isLazy ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL")
        wasLazy.withLock { $0 = isLazy }
    }

    /// One transaction of its own.
    private func alone(_ write: Write, _ database: Database) {
        do {
            try database.beginTransaction(.immediate)
            try write.run(database)
            try database.commit()
            write.finish(nil)
        } catch {
            undo(database)
            write.finish(StoreError(storing: error))
        }
    }

    /// One transaction for many; those that the transaction's own failure undid are run again, each alone.
    private func together(_ writes: [Write], _ database: Database) {
        let begun = ContinuousClock.now
        var done: [Write] = []
        var failed: [(Write, StoreError)] = []
        var rest = writes[...]
        do {
            try database.beginTransaction(.immediate)
        } catch {
            for write in writes { write.finish(StoreError(storing: error)) }
            return
        }
        do {
            while let write = rest.first, done.isEmpty || ContinuousClock.now - begun < GroupCommit.longest {
                rest.removeFirst()
                let changes = database.totalChangesCount
                do {
                    try write.run(database)
                    done.append(write)
                } catch {
                    guard database.isInsideTransaction, database.totalChangesCount == changes else {
                        // SQLite gave the whole transaction up (disk full, an I/O error), or it must be, because of what this one wrote.
                        rest.insert(write, at: rest.startIndex)
                        throw error
                    }
                    failed.append((write, StoreError(storing: error)))
                }
            }
            try database.commit()
            for write in done { write.finish(nil) }
        } catch {
            undo(database)
            for write in done { alone(write, database) }
        }
        for (write, error) in failed { write.finish(error) }
        for write in rest { alone(write, database) }
    }

    private func undo(_ database: Database) {
        guard database.isInsideTransaction else { return }
        // Losing this error is right: the transaction is over either way, and what led here is reported.
        try? database.rollback()
    }
}
