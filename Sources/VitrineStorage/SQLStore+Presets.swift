public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `PresetStore.save`.
    public func save(
        preset name: String,
        _ text: String?,
        expecting version: Int?,
        by author: KeyID,
        at now: Date
    ) async throws(StoreError) -> PresetVersion {
        try await write { database in
            let newest = try database.row(
                "SELECT version, body FROM preset_version WHERE name = ?1 ORDER BY version DESC LIMIT 1",
                name
            )
            let isThere = newest?.optionalText("body") != nil
            let current = isThere ? newest?.count("version") ?? 0 : 0
            if let version, version != current {
                throw StoreError(.stale, "preset `\(name)` is at version \(current) by now, not \(version)")
            }
            guard text != nil || isThere else { throw StoreError(.notFound, "no preset `\(name)` was saved") }
            let next = (newest?.count("version") ?? 0) + 1
            try database.run(
                """
                INSERT INTO preset_version (name, version, number, body, saved_at, author)
                SELECT ?1, ?2, coalesce(max(number), 0) + 1, ?3, ?4, ?5 FROM preset_version
                """,
                name,
                next,
                text,
                now.milliseconds,
                author.rawValue
            )
            return PresetVersion(name: name, version: next, text: text, savedAt: now, author: author)
        }
    }

    /// See `PresetStore.savedPresets`.
    public func savedPresets() async throws(StoreError) -> [PresetVersion] {
        try await read { database in
            try database.rows(
                """
                SELECT p.* FROM preset_version p
                JOIN (SELECT name, max(version) AS version FROM preset_version GROUP BY name) newest
                    ON newest.name = p.name AND newest.version = p.version
                WHERE p.body IS NOT NULL ORDER BY p.name
                """
            ).map(SQLStore.preset)
        }
    }

    /// See `PresetStore.savedPreset`.
    public func savedPreset(_ name: String, version: Int?) async throws(StoreError) -> PresetVersion? {
        try await read { database in
            try database.row(
                """
                SELECT * FROM preset_version WHERE name = ?1 AND (CAST(?2 AS BIGINT) IS NULL OR version = ?2)
                ORDER BY version DESC LIMIT 1
                """,
                name,
                version
            ).map(SQLStore.preset)
        }
    }

    /// See `PresetStore.versions`.
    public func versions(ofPreset name: String, after cursor: PageCursor?, limit: Int) async throws(StoreError)
        -> Page<PresetVersion>
    {
        try await read { database in
            let page = try NumberPage(cursor, limit)
            let select = "SELECT * FROM preset_version v WHERE v.name = ?3"
            return try page.rows(select, "v", values: [name], database).map(SQLStore.preset)
        }
    }

    /// See `PresetStore.presetsNumber`.
    public func presetsNumber() async throws(StoreError) -> Int64 {
        try await read { try $0.integer("SELECT max(number) FROM preset_version") ?? 0 }
    }

    private static func preset(_ row: Row) -> PresetVersion {
        PresetVersion(
            name: row.text("name"),
            version: row.count("version"),
            text: row.optionalText("body"),
            savedAt: row.date("saved_at"),
            author: KeyID(row.text("author"))
        )
    }
}
