import Foundation
import GRDB
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("SQLite as it is opened")
struct SQLiteDriverTests {
    @Test("a file is written through to the disk at each commit, and guards its references")
    func pragmas() async throws {
        try await TemporaryFolder.run { folder in
            let store = try SQLStore.open(path: folder + "/v.db")
            let found = try store.driver.onWriter { database in
                try ["journal_mode", "synchronous", "foreign_keys"].map {
                    try String.fetchOne(database, sql: "PRAGMA \($0)")
                }
            }
            #expect(found == ["wal", "2", "1"])
        }
    }

    @Test("an import does not wait for the disk, and whatever comes after it does")
    func pace() async throws {
        try await TemporaryFolder.run { folder in
            let store = try SQLStore.open(path: folder + "/v.db")
            let generation = try await store.beginGeneration(of: "shop", format: "x", origin: "-", at: Sample.start)
            @Sendable func mode(_ database: Database) throws -> Int64? { try database.integer("PRAGMA synchronous") }

            for _ in 0..<2 {
                _ = try await store.add([Sample.product("a")], diagnostics: [], to: generation.id)
                let lazy = try await store.writeLazily(mode)
                let strict = try await store.write(mode)
                #expect(lazy == 1)
                #expect(strict == 2)
            }
        }
    }

    @Test("opening again finds everything, and migrates nothing twice")
    func reopen() async throws {
        try await TemporaryFolder.run { folder in
            let first = try SQLStore.open(path: folder + "/v.db")
            try await importing([Sample.product("a")], into: first)

            let again = try SQLStore.open(path: folder + "/v.db")

            let entries = try await again.entries(ProductQuery(), offset: 0, limit: 9)
            #expect(entries.map(\.product.key) == ["a"])
            let migrations = try await again.read { try $0.integer("SELECT count(*) FROM migration") }
            #expect(migrations == Int64(Migrator.bundled.steps.count))
        }
    }

    @Test("a database of a newer release is refused and left untouched")
    func tooNew() async throws {
        try await TemporaryFolder.run { folder in
            let path = folder + "/v.db"
            do {
                let store = try SQLStore.open(path: path)
                try store.driver.onWriter { database in
                    try database.execute(
                        sql: "INSERT INTO migration (number, name, applied_at) VALUES (99, 'm099_later', 1)"
                    )
                    try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
                }
                try store.driver.close()
            }
            let before = try Data(contentsOf: URL(filePath: path))

            #expect(await trouble { try SQLStore.open(path: path) } == .tooNew)

            let after = try Data(contentsOf: URL(filePath: path))
            #expect(after == before)
        }
    }

    @Test("a file that is no database, and a database that is not ours, are refused and left untouched")
    func foreign() async throws {
        try await TemporaryFolder.run { folder in
            let text = folder + "/notes.txt"
            try Data("these are my notes, not a database at all, and they are long enough".utf8).write(
                to: URL(filePath: text)
            )
            let other = folder + "/other.db"
            let queue = try DatabaseQueue(path: other)
            try await queue.write { try $0.execute(sql: "CREATE TABLE recipe (name TEXT)") }
            try queue.close()
            let before = try [text, other].map { try Data(contentsOf: URL(filePath: $0)) }

            #expect(await trouble { try SQLStore.open(path: text) } == .damaged)
            #expect(await trouble { try SQLStore.open(path: other) } == .damaged)
            #expect(await trouble { try SQLStore.open(path: folder + "/no/such/folder/v.db") } == .io)

            let after = try [text, other].map { try Data(contentsOf: URL(filePath: $0)) }
            #expect(after == before)
        }
    }

    @Test("several that open a new file at once all succeed")
    func openAtOnce() async throws {
        try await TemporaryFolder.run { folder in
            let feeds = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<6 {
                    group.addTask { try await SQLStore.open(path: folder + "/v.db").feeds().count }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(feeds == [0, 0, 0, 0, 0, 0])
        }
    }

    @Test("a failed step of a migration leaves nothing behind")
    func failedMigration() throws {
        let queue = try DatabaseQueue()
        let migrator = Migrator(steps: [
            Migrator.Step(number: 1, name: "m001_good", sql: "CREATE TABLE good (id BIGINT)"),
            Migrator.Step(
                number: 2,
                name: "m002_bad",
                sql: "CREATE TABLE half (id BIGINT); CREATE TABLE good (id BIGINT)"
            ),
        ])

        #expect(throws: DatabaseError.self) {
            try queue.writeWithoutTransaction { try migrator.migrate($0, at: Sample.start) }
        }

        let tables = try queue.read { database in
            (
                try database.tableExists("good"), try database.tableExists("half"),
                try database.integer("SELECT count(*) FROM migration")
            )
        }
        #expect(tables == (true, false, 1))
    }

    @Test("a disk that is full is said so, and the database goes on afterwards", arguments: StoreUnderTest.all)
    func full(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let generation = try await store.beginGeneration(of: "shop", format: "x", origin: "-", at: Sample.start)
            let pages = try store.driver.onWriter { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
            try store.driver.onWriter { try $0.execute(sql: "PRAGMA max_page_count = \(pages + 2)") }
            let many = (0..<200).map { Sample.product("\($0)") }

            #expect(await trouble { try await store.add(many, diagnostics: [], to: generation.id) } == .full)
            #expect(try await store.entries(of: generation.id, from: 0, limit: 9).isEmpty)

            try store.driver.onWriter { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
            #expect(try await store.add(many, diagnostics: [], to: generation.id) == 200)
        }
    }

    @Test(
        "a full disk and a refused verb hurt none of those that share their transaction",
        arguments: StoreUnderTest.all
    )
    func neighbours(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let generation = try await store.beginGeneration(of: "shop", format: "x", origin: "-", at: Sample.start)
            let pages = try store.driver.onWriter { try Int.fetchOne($0, sql: "PRAGMA page_count") ?? 0 }
            try store.driver.onWriter { try $0.execute(sql: "PRAGMA max_page_count = \(pages + 3)") }

            let outcomes = await withTaskGroup(of: (Int, StoreError.Kind?).self) { group in
                let gate = DispatchSemaphore(value: 0)
                store.driver.hold(until: gate)
                for index in 0..<12 {
                    group.addTask {
                        switch index {
                        case 4:
                            let many = (0..<200).map { Sample.product("\($0)") }
                            return (
                                index, await trouble { try await store.add(many, diagnostics: [], to: generation.id) }
                            )
                        case 8:
                            return (index, await trouble { try await store.pause("nowhere", until: nil, reason: nil) })
                        default:
                            let run = Run(id: RunID("r_\(index)"), plan: nil, createdAt: Sample.start)
                            return (index, await trouble { try await store.begin(run) })
                        }
                    }
                }
                while store.driver.waitingWrites < 12 { await Task.yield() }
                gate.signal()
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }

            #expect(outcomes == [4: .full, 8: .notFound])
            let runs = try await store.read { try $0.integer("SELECT count(*) FROM run") }
            #expect(runs == 10)
        }
    }

    @Test("writes that wait for each other share a transaction, and each is there when it returns")
    func group() async throws {
        try await TemporaryFolder.run { folder in
            let store = try SQLStore.open(path: folder + "/v.db")
            let reader = try SQLStore.open(path: folder + "/v.db")

            let seen = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        let id = "r_\(index)"
                        try await store.begin(Run(id: RunID(id), plan: nil, createdAt: Sample.start))
                        return try await reader.read { try $0.row("SELECT 1 FROM run WHERE id = ?1", id) != nil }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(seen.count == 60)
            #expect(seen.allSatisfy { $0 })
        }
    }

    @Test("a verb whose task was cancelled is on disk all the same", arguments: StoreUnderTest.all)
    func cancelled(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let gate = DispatchSemaphore(value: 0)
            store.driver.hold(until: gate)
            let task = Task { try await store.begin(Run(id: "r_1", plan: nil, createdAt: Sample.start)) }
            while store.driver.waitingWrites == 0 { await Task.yield() }
            task.cancel()
            gate.signal()

            try await task.value

            let runs = try await store.read { try $0.integer("SELECT count(*) FROM run") }
            #expect(runs == 1)
        }
    }

    @Test("a file that another process holds is waited for, and then said to be busy")
    func busy() async throws {
        try await TemporaryFolder.run { folder in
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let holder = try DatabaseQueue(path: folder + "/v.db", configuration: configuration)
            let store = try SQLStore.open(path: folder + "/v.db", patience: .milliseconds(20))
            let run = Run(id: "r_1", plan: nil, createdAt: Sample.start)
            try await holder.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }

            #expect(await trouble { try await store.begin(run) } == .busy)

            try await holder.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            #expect(await trouble { try await store.begin(run) } == nil)
        }
    }

    @Test("a copy of a database in use is whole", arguments: StoreUnderTest.all)
    func copy(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await TemporaryFolder.run { folder in
                try await importing((0..<300).map { Sample.product("\($0)") }, into: store)
                async let writes: Void = {
                    for index in 0..<20 {
                        try await store.begin(Run(id: RunID("r_\(index)"), plan: nil, createdAt: Sample.start))
                    }
                }()

                try await store.copy(to: folder + "/copy.db")
                try await writes

                let copy = try SQLStore.open(path: folder + "/copy.db")
                let entries = try await copy.entries(ProductQuery(), offset: 0, limit: 999)
                #expect(entries.count == 300)
                let check = try await copy.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
                #expect(check == "ok")
                #expect(await trouble { try await store.copy(to: folder + "/copy.db") } == .conflict)
            }
        }
    }
}
