public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `ImportStore.add`.
    public func add(_ request: ImportRequest) async throws(StoreError) {
        try await write { database in
            try database.run(
                """
                INSERT INTO import_request (id, number, feed, file, digest, bytes, options, state, counts, created_at)
                SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?8 FROM import_request
                """,
                request.id.rawValue,
                request.feed.rawValue,
                request.file,
                request.digest.hexadecimal,
                request.bytes,
                request.options,
                StoredJSON.text(request.counts),
                request.createdAt.milliseconds
            )
            try HomeEvents(database).tell(.import, request.id.rawValue, "waiting", at: request.createdAt)
        }
    }

    /// See `ImportStore.importRequest`.
    public func importRequest(_ id: ImportID) async throws(StoreError) -> ImportRequest? {
        try await read { database in
            try database.row("SELECT * FROM import_request WHERE id = ?1", id.rawValue).map(SQLStore.importRequest)
        }
    }

    /// See `ImportStore.imports`.
    public func imports(after cursor: PageCursor?, limit: Int) async throws(StoreError) -> Page<ImportRequest> {
        try await read { database in
            let rows = try NumberPage(cursor, limit).rows("SELECT * FROM import_request r WHERE true", "r", database)
            return try rows.map(SQLStore.importRequest)
        }
    }

    /// See `ImportStore.claimImport`.
    public func claimImport(token: String, until: Date, at now: Date) async throws(StoreError) -> ImportRequest? {
        try await write { database in
            let open = try database.rows(
                "SELECT * FROM import_request WHERE state IN ('waiting', 'running') ORDER BY number"
            )
            let isBusy = open.contains { row in row.optionalDate("lease_until").map { $0 > now } ?? false }
            // One after another: two feeds at once would only be slower, and two of one feed must not overtake each other.
            guard !isBusy, let row = open.first else { return nil }
            var request = try SQLStore.importRequest(row)
            try database.run(
                "UPDATE import_request SET state = 'running', lease_token = ?2, lease_until = ?3 WHERE id = ?1",
                request.id.rawValue,
                token,
                until.milliseconds
            )
            request.state = .running
            try HomeEvents(database).tell(.import, request.id.rawValue, "running", at: now)
            return request
        }
    }

    /// See `ImportStore.importLeases`.
    public func importLeases() async throws(StoreError) -> [ImportID: String] {
        try await read { database in
            let rows = try database.rows("SELECT id, lease_token FROM import_request WHERE lease_token IS NOT NULL")
            return Dictionary(uniqueKeysWithValues: rows.map { (ImportID($0.text("id")), $0.text("lease_token")) })
        }
    }

    /// See `ImportStore.releaseImport`.
    public func releaseImport(_ id: ImportID, token: String) async throws(StoreError) {
        try await write { database in
            try database.run(
                "UPDATE import_request SET lease_token = NULL, lease_until = NULL WHERE id = ?1 AND lease_token = ?2",
                id.rawValue,
                token
            )
        }
    }

    /// See `ImportStore.note`.
    public func note(
        _ counts: ImportRequest.Counts,
        of id: ImportID,
        token: String,
        until: Date,
        at now: Date
    ) async throws(StoreError) {
        let text = StoredJSON.text(counts)
        try await write { database in
            let changed = try database.run(
                """
                UPDATE import_request SET counts = ?3, lease_until = ?4
                WHERE id = ?1 AND lease_token = ?2 AND lease_until > ?5
                """,
                id.rawValue,
                token,
                text,
                until.milliseconds,
                now.milliseconds
            )
            guard changed == 1 else { throw StoreError(.leaseLost, "the claim on import `\(id)` has ended") }
            try HomeEvents(database).tell(.import, id.rawValue, "running", at: now)
        }
    }

    /// See `ImportStore.end`.
    public func end(_ request: ImportRequest, token: String, at now: Date) async throws(StoreError) {
        try await write { database in
            let changed = try database.run(
                """
                UPDATE import_request SET state = ?3, counts = ?4, format = ?5, generation = ?6, failure = ?7, ended_at = ?8,
                    lease_token = NULL, lease_until = NULL
                WHERE id = ?1 AND lease_token = ?2
                """,
                request.id.rawValue,
                token,
                request.state.rawValue,
                StoredJSON.text(request.counts),
                request.format,
                request.generation,
                request.failure.map { StoredJSON.text($0) },
                now.milliseconds
            )
            guard changed == 1 else { throw StoreError(.leaseLost, "the claim on import `\(request.id)` has ended") }
            try HomeEvents(database).tell(.import, request.id.rawValue, request.state.rawValue, at: now)
            let event: WebhookEvent = request.state == .failed ? .importFailed : .importFinished
            try Deliveries(database).intend(event, Told(of: request), about: request.id.rawValue, at: now)
        }
    }

    /// See `ImportStore.forgetPictures`.
    public func forgetPictures(under prefix: String) async throws(StoreError) {
        guard !prefix.isEmpty else { return }
        try await writeLazily { database in
            try database.run(
                "DELETE FROM known_picture WHERE location >= ?1 AND location < ?2",
                prefix,
                prefix + "\u{10FFFF}"
            )
        }
    }

    static func importRequest(_ row: Row) throws -> ImportRequest {
        guard let digest = Digest(hexadecimal: row.text("digest")) else {
            throw StoreError(.damaged, "the database holds an import without its digest")
        }
        var request = ImportRequest(
            id: ImportID(row.text("id")),
            feed: FeedName(row.text("feed")),
            file: row.text("file"),
            digest: digest,
            bytes: row.number("bytes"),
            options: row.text("options"),
            createdAt: row.date("created_at")
        )
        request.state = try row.name("state")
        request.counts = try row.value("counts")
        request.format = row.optionalText("format")
        request.generation = row.optionalNumber("generation")
        request.failure = try row.optionalValue("failure")
        request.endedAt = row.optionalDate("ended_at")
        return request
    }
}
