import Foundation
import GRDB
import VitrineCore

extension Recorder {
    /// The video as it will be kept: of the job's slot and take, and the same one, as people decided about it, when it is finished anew.
    func keep(_ video: Video) throws -> Video {
        var video = video
        video.slot = stored.job.slot
        video.take = stored.job.take
        guard try database.integer("SELECT 1 FROM video WHERE job = ?1", stored.job.id.rawValue) != nil,
            let row = try database.row("SELECT id, state, is_chosen FROM video WHERE job = ?1", stored.job.id.rawValue)
        else { return video }
        let earlier: Video.State = try row.name("state")
        video.id = VideoID(rawValue: row.text("id"))
        if video.state != .quarantined {
            video.isChosen = row.flag("is_chosen")
            if earlier != .quarantined { video.state = earlier }
        }
        return video
    }

    func insert(_ video: Video) throws {
        let texts = told.texts(of: video)
        try database.run(
            """
            INSERT INTO video (id, slot, take, job, fingerprint, finish_fingerprint, provider, model, tier, preset, clip, state,
                is_chosen, created_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            ON CONFLICT (id) DO UPDATE SET finish_fingerprint = excluded.finish_fingerprint, preset = excluded.preset,
                clip = excluded.clip, state = excluded.state, is_chosen = excluded.is_chosen, created_at = excluded.created_at,
                dropped_at = NULL
            """,
            video.id.rawValue,
            stored.slot,
            video.take,
            stored.job.id.rawValue,
            video.fingerprint.rawValue,
            video.finishFingerprint.rawValue,
            video.provider.rawValue,
            video.model,
            video.tier.rawValue,
            texts.preset,
            texts.clip,
            video.state.rawValue,
            video.isChosen ? 1 : 0,
            video.createdAt.milliseconds
        )
    }
}
