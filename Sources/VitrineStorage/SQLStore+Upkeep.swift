public import Foundation
import GRDB
public import VitrineCore

extension SQLStore {
    /// See `JobStore.neededMedia`.
    public func neededMedia(keepingSupersededSince moment: Date) async throws(StoreError) -> Set<Digest> {
        let cache = requests
        return try await read { database in
            var needed = Set<Digest>()
            try database.each("SELECT file FROM generation WHERE file IS NOT NULL", values: []) { row in
                needed.insert((try row.value("file") as MediaFile).digest)
            }
            try database.each("SELECT image FROM known_picture WHERE image IS NOT NULL", values: []) { row in
                if let digest = Digest(hexadecimal: row.text("image")) { needed.insert(digest) }
            }
            try database.each("SELECT pictures FROM product WHERE pictures IS NOT NULL", values: []) { row in
                for picture in try row.value("pictures") as [ResolvedPicture] {
                    if let digest = picture.image { needed.insert(digest) }
                }
            }
            let droppable = Set(try SQLStore.droppable(before: moment, database).map(\.job))
            let dropped = try database.rows("SELECT job FROM video WHERE dropped_at IS NOT NULL").map { $0.text("job") }
            let gone = droppable.union(dropped)
            try database.each(StoredJob.select + " WHERE s.id = j.slot", values: []) { row in
                let stored = try StoredJob(row, cache)
                // A picture encoded anew goes by the digest of the first one, for as long as a take of the slot remembers it.
                needed.formUnion(stored.job.request.pictures)
                guard !gone.contains(stored.job.id.rawValue) else { return }
                needed.formUnion(stored.media)
                needed.formUnion(stored.job.request.finishFiles)
            }
            try database.each("SELECT job, clip FROM video WHERE dropped_at IS NULL", values: []) { row in
                guard !gone.contains(row.text("job")) else { return }
                let clip: FinishedClip = try row.value("clip")
                needed.insert(clip.file.digest)
                needed.insert(clip.poster.digest)
            }
            return needed
        }
    }

    /// See `JobStore.prune`.
    public func prune(before moment: Date) async throws(StoreError) -> [VideoID] {
        try await write { database in
            let videos = try SQLStore.droppable(before: moment, database)
            for video in videos {
                try database.run("UPDATE video SET dropped_at = ?2 WHERE id = ?1", video.id, moment.milliseconds)
                try SQLStore.unsettle(slot: video.slot, database)
            }
            return videos.map { VideoID(rawValue: $0.id) }
        }
    }

    /// See `JobStore.copy`.
    public func copy(to path: String) async throws(StoreError) {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw StoreError(.conflict, "a file is there already: `\(path)`")
        }
        try await driver.copy(to: path)
    }

    /// Rejected and superseded videos older than a moment; never one that is chosen, approved or the newest of its slot.
    private static func droppable(
        before moment: Date,
        _ database: Database
    ) throws -> [(id: String, slot: Int64, job: String)] {
        try database.rows(
            """
            SELECT v.id AS id, v.slot AS slot, v.job AS job FROM video v
            WHERE v.dropped_at IS NULL AND v.is_chosen = 0 AND v.state <> 'approved' AND v.created_at < ?1
                AND EXISTS (SELECT 1 FROM video newer WHERE newer.slot = v.slot AND newer.dropped_at IS NULL AND newer.take > v.take
                    AND (v.state IN ('rejected', 'quarantined') OR newer.state IN ('new', 'approved')))
            ORDER BY v.slot, v.take
            """,
            moment.milliseconds
        ).map { (id: $0.text("id"), slot: $0.number("slot"), job: $0.text("job")) }
    }
}

extension StoredJob {
    /// The clips that the job needs.
    fileprivate var media: [Digest] {
        var media = shots.map(\.file.digest)
        if let clip { media.append(clip.file.digest) }
        if case .fetched(let clip) = job.state { media.append(clip.file.digest) }
        return media
    }

    private var shots: [Clip] { job.shots }
}
