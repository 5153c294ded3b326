import Foundation
import GRDB
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("The schema defends itself")
struct SchemaTests {
    private static let begun =
        "INSERT INTO submission (key, number, job, provider, begun_at, outcome, reserved, currency"

    private static let refused = [
        "UPDATE job SET state = 'running'",
        "UPDATE job SET state = 'rendering'",
        "UPDATE job SET state_data = '{}'",
        "UPDATE job SET lease_token = 'w'",
        "UPDATE job SET lease_until = 5",
        "UPDATE job SET state = 'cancelled', lease_token = 'w', lease_until = 5",
        "UPDATE job SET state = 'finished', state_data = '\"v\"', lease_token = 'w', lease_until = 5",
        "UPDATE job SET state = 'failed', state_data = '{}', lease_token = 'w', lease_until = 5",
        "UPDATE job SET take = 0",
        "UPDATE job SET price = -1",
        "UPDATE job SET urgent = 2",
        "UPDATE job SET cancel_wanted = 2",
        "UPDATE job SET failures = -1",
        "UPDATE job SET looks = -1",
        "UPDATE job SET run = 'r_none'",
        "UPDATE job SET slot = 99",
        "UPDATE job SET fingerprint = (SELECT fingerprint FROM job WHERE id = 'j_1'), slot = (SELECT slot FROM job WHERE id = 'j_1') WHERE id = 'j_2'",
        "DELETE FROM run",
        "DELETE FROM slot",
        "DELETE FROM job WHERE id = 'j_1'",
        "UPDATE slot SET placement = '2:1'",
        "UPDATE slot SET is_orphaned = 2",
        "UPDATE slot SET name = 'same'",
        begun + ") VALUES ('k2', 2, 'j_1', 'local', 0, 'open', 0, 'USD')",
        begun + ") VALUES ('k2', 2, 'j_1', 'local', 0, 'doubtful', 0, 'USD')",
        begun + ") VALUES ('k1', 2, 'j_2', 'local', 0, 'open', 0, 'USD')",
        begun + ") VALUES ('k2', 2, 'j_2', 'local', 0, 'sent', 0, 'USD')",
        begun + ") VALUES ('k2', 2, 'j_2', 'local', 0, 'open', -1, 'USD')",
        begun + ") VALUES ('k2', 2, 'j_2', 'local', 0, 'accepted', 0, 'USD')",
        begun + ") VALUES ('k2', 2, 'j_9', 'local', 0, 'open', 0, 'USD')",
        begun + ", settled, settled_currency) VALUES ('k2', 2, 'j_2', 'local', 0, 'open', 0, 'USD', 0, 'USD')",
        begun + ", settled) VALUES ('k2', 2, 'j_2', 'local', 0, 'doubtful', 0, 'USD', 0)",
        begun + ", settled, settled_currency) VALUES ('k2', 2, 'j_2', 'local', 0, 'doubtful', 0, 'USD', -1, 'USD')",
        "UPDATE video SET state = 'liked'",
        "UPDATE video SET is_chosen = 1, state = 'rejected'",
        "UPDATE video SET is_chosen = 1, state = 'quarantined'",
        "UPDATE video SET is_chosen = 2",
        "UPDATE video SET is_chosen = 1",
        "UPDATE video SET tier = 'best'",
        "UPDATE video SET take = 0",
        "UPDATE video SET dropped_at = 1, state = 'approved'",
        "UPDATE video SET dropped_at = 1, is_chosen = 1",
        "UPDATE video SET job = 'j_3'",
        "INSERT INTO decision (video, number, at, decision) VALUES ('v_j_3', 1, 0, 'love')",
        "INSERT INTO decision (video, number, at, decision) VALUES ('v_none', 1, 0, 'approve')",
        "INSERT INTO job_event (job, number, at, actor, name, state, body) VALUES ('j_1', 9, 0, 'cat', 'begun', 'queued', '{}')",
        "INSERT INTO job_event (job, number, at, actor, name, state, body) VALUES ('j_9', 9, 0, 'worker', 'begun', 'queued', '{}')",
        "INSERT INTO budget (currency, cap, spent, reserved) VALUES ('USD', -1, 0, 0)",
        "INSERT INTO budget (currency, cap, spent, reserved) VALUES ('USD', 0, -1, 0)",
        "INSERT INTO budget (currency, cap, spent, reserved) VALUES ('USD', 0, 0, -1)",
        "UPDATE lane SET in_flight_limit = -1",
        "UPDATE lane SET interval_length = -1",
        "UPDATE generation SET is_current = 1",
        "UPDATE generation SET is_current = 2, turned_on_at = 1",
        "UPDATE generation SET is_current = 1, turned_on_at = 1",
        "INSERT INTO product (generation, position, id, version, title, lines, body) VALUES (9, 1, 'p', '', '', '', '')",
        "INSERT INTO product (generation, position, id, version, title, lines, body) VALUES (1, -1, 'p', '', '', '', '')",
        "INSERT INTO product (generation, position, id, version, title, lines, body) SELECT 1, position, 'q', '', '', '', '' FROM product",
        "INSERT INTO product_name (generation, id, position) VALUES (1, 'p', 1), (1, 'p', 2)",
        "INSERT INTO product_name (generation, id, position) VALUES (9, 'p', 1)",
        "INSERT INTO sku (generation, sku, position, line) VALUES (1, '', 1, 1)",
        "INSERT INTO sku (generation, sku, position, line) VALUES (9, 'S', 1, 1)",
        "INSERT INTO diagnostic (generation, place, number, body) VALUES (9, 1, 1, '')",
        "DELETE FROM generation",
        "INSERT INTO known_picture (location, image, checked_at) VALUES ('/a', 'none', 1)",
        "INSERT INTO plan_row (plan, number, slot, change, body) VALUES ('plan_none', 1, '', 'new', '{}')",
        "INSERT INTO plan_row (plan, number, slot, change, body) VALUES ('plan_1', 1, '', 'maybe', '{}')",
        "INSERT INTO settled (product, plan_key, version, slots) VALUES ('p', '', '', -1)",
    ]

    @Test("a value that must not be is refused")
    func refuses() async throws {
        let store = try SQLStore.inMemory()
        let course = try await JobCourse.begin(store)
        try await course.bring(Sample.job("j_3", slot: Sample.slot("c")), to: .finished)
        try await course.bring(Sample.job("j_4", slot: Sample.slot("c"), take: 2), to: .finished)
        _ = try await store.enqueue([Sample.job("j_1"), Sample.job("j_2", slot: Sample.slot("b"))])
        try await store.begin(Plan(id: "plan_1", createdAt: Sample.start, feed: nil))
        let generation = try await store.beginGeneration(of: "shop", format: "x", origin: "-", at: Sample.start)
        _ = try await store.beginGeneration(of: "shop", format: "x", origin: "-", at: Sample.start)
        _ = try await store.add([Sample.product("a")], diagnostics: [], to: generation.id)
        try store.driver.onWriter { database in
            try database.execute(sql: SchemaTests.begun + ") VALUES ('k1', 1000, 'j_1', 'local', 0, 'open', 0, 'USD')")
        }

        let before = try store.driver.onWriter(SchemaTests.contents)
        for sql in SchemaTests.refused {
            let error = #expect(throws: DatabaseError.self, "\(sql)") {
                try store.driver.onWriter { try $0.execute(sql: sql) }
            }
            #expect(error?.resultCode == .SQLITE_CONSTRAINT, "\(sql)")
        }

        let after = try store.driver.onWriter(SchemaTests.contents)
        #expect(after == before)
    }

    private static func contents(_ database: Database) throws -> [String] {
        let tables = try String.fetchAll(
            database,
            sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        )
        return try tables.flatMap { try Row.fetchAll(database, sql: "SELECT * FROM \($0)").map(\.description) }
    }

    @Test("every query of the queue goes by an index")
    func indexes() async throws {
        let store = try SQLStore.inMemory()
        let plans = try store.driver.onWriter { database in
            try [
                "SELECT id FROM job WHERE lane = 'local' AND state = 'queued' ORDER BY urgent DESC, due_at, number",
                "SELECT id FROM job WHERE lane = 'local' AND \(SQLStore.isMoving) ORDER BY urgent DESC, due_at, number",
            ].map { sql in
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql).map { $0.text("detail") }.joined(
                    separator: "; "
                )
            }
        }
        #expect(plans[0].contains("job_waiting") && !plans[0].contains("TEMP B-TREE"))
        #expect(plans[1].contains("job_moving") && !plans[1].contains("TEMP B-TREE"))
    }
}
