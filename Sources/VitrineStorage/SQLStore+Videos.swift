public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `JobStore.videos`.
    public func videos(_ query: VideoQuery, offset: Int, limit: Int) async throws(StoreError) -> [Video] {
        let cache = requests
        return try await read { database in
            var sql = ""
            var values: [(any StatementValue)?] = [max(0, limit), max(0, offset)]
            func require(_ column: String, _ value: String?) {
                guard let value else { return }
                values.append(value)
                sql += " AND \(column) = ?\(values.count)"
            }
            require("s.feed", query.feed?.rawValue)
            require("s.product", query.product?.rawValue)
            require("s.name", query.slot?.description)
            require("j.run", query.run?.rawValue)
            let states = Set(query.states.map(\.rawValue)).sorted()
            if !states.isEmpty {
                sql += " AND v.state IN (\(places(states.count, from: values.count + 1)))"
                values += states
            }
            return try database.rows(
                StoredVideo.select(joining: query.run == nil ? "" : " CROSS JOIN job j") + " WHERE v.slot = s.id"
                    + (query.run == nil ? "" : " AND j.id = v.job") + " AND v.dropped_at IS NULL" + sql
                    + " ORDER BY s.product, coalesce(s.variant, ''), s.placement_rank, v.take, v.id LIMIT ?1 OFFSET ?2",
                values: values
            ).map { try StoredVideo.video($0, cache) }
        }
    }

    /// See `JobStore.video`.
    public func video(_ id: VideoID) async throws(StoreError) -> Video? {
        let cache = requests
        return try await read { try StoredVideo.find(id, $0, cache) }
    }

    /// See `JobStore.review`.
    public func review(
        _ video: VideoID,
        _ decision: ReviewDecision,
        because reason: String?,
        at now: Date
    ) async throws(StoreError) -> Video {
        let cache = requests
        return try await write { database in
            guard let found = try StoredVideo.find(video, database, cache) else {
                throw StoreError(.notFound, "no video `\(video)`")
            }
            guard found.state != .quarantined else {
                throw StoreError(.conflict, "video `\(video)` is quarantined by its checks")
            }
            var decided = found
            decided.reason = reason
            switch decision {
            case .approve:
                decided.state = .approved
            case .reject:
                decided.state = .rejected
                decided.isChosen = false
            case .choose:
                if decided.state == .rejected { decided.state = .new }
                decided.isChosen = true
                try database.run(
                    "UPDATE video SET is_chosen = 0 WHERE is_chosen = 1 AND slot = (SELECT slot FROM video WHERE id = ?1)",
                    video.rawValue
                )
            }
            try database.run(
                "UPDATE video SET state = ?2, is_chosen = ?3 WHERE id = ?1",
                video.rawValue,
                decided.state.rawValue,
                decided.isChosen ? 1 : 0
            )
            try database.run(
                """
                INSERT INTO decision (video, number, at, decision, reason)
                SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4 FROM decision WHERE video = ?1
                """,
                video.rawValue,
                now.milliseconds,
                decision.rawValue,
                reason
            )
            if let slot = try database.integer("SELECT slot FROM video WHERE id = ?1", video.rawValue) {
                try SQLStore.unsettle(slot: slot, database)
            }
            try HomeEvents(database).tell(
                .video,
                decided.id.rawValue,
                decided.state.rawValue,
                product: decided.slot.product,
                at: now
            )
            return decided
        }
    }
}

/// Videos as they stand in their rows.
enum StoredVideo {
    private static let columns = """
        v.id, s.product, s.variant, s.placement, v.take, v.job, v.fingerprint, v.finish_fingerprint, v.provider, v.model, v.tier,
        v.preset, v.clip, v.state, v.is_chosen, v.created_at,
        (SELECT d.reason FROM decision d WHERE d.video = v.id ORDER BY d.number DESC LIMIT 1)
        """

    /// The beginning of each statement that reads videos: `v` is the video, `s` its slot.
    static func select(joining tables: String = "") -> String {
        "SELECT \(columns) FROM slot s CROSS JOIN video v\(tables)"
    }

    /// The beginning of a statement that reads videos in the order in which they were made.
    static let selectNewest = "SELECT \(columns) FROM video v CROSS JOIN slot s"

    static func find(_ id: VideoID, _ database: Database, _ cache: RequestCache) throws -> Video? {
        try database.row(
            "SELECT \(columns) FROM video v CROSS JOIN slot s WHERE s.id = v.slot AND v.dropped_at IS NULL AND v.id = ?1",
            id.rawValue
        ).map { try video($0, cache) }
    }

    static func video(_ row: Row, _ cache: RequestCache) throws -> Video {
        guard let placement = Placement(rawValue: row[3]), let tier = Tier(rawValue: row[10]),
            let state = Video.State(rawValue: row[13])
        else {
            throw StoreError(.damaged, "the database holds a video with an unknown placement, tier or state")
        }
        return Video(
            id: VideoID(rawValue: row[0]),
            slot: Slot(product: ProductID(rawValue: row[1]), variant: row[2], placement: placement),
            take: row[4],
            job: JobID(rawValue: row[5]),
            fingerprint: Fingerprint(rawValue: row[6]),
            finishFingerprint: Fingerprint(rawValue: row[7]),
            provider: ProviderID(rawValue: row[8]),
            model: row[9],
            tier: tier,
            preset: try cache.preset(row[11]),
            clip: try StoredJSON.value(row[12]),
            state: state,
            isChosen: row[14] != 0,
            reason: row[16],
            createdAt: Date(milliseconds: row[15])
        )
    }
}
