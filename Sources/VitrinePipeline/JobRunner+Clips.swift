import Foundation
import Logging
import VitrineCore

extension JobRunner {
    /// Copies a clip at once, since its link dies.
    func fetch(_ job: Job, _ video: RemoteVideo, _ provider: any VideoProvider, token: String) async -> Job? {
        let path = work + "/fetch-\(job.id)-\(token).mp4"
        do throws(ProviderError) {
            try await provider.download(video, to: path)
            let file: MediaFile
            do throws(StoreError) {
                file = try await media.adopt(fileAt: path, kind: "mp4")
            } catch {
                throw ProviderError(Self.failure(of: error), isPassing: true)
            }
            return await record(.fetched(Clip(file: file)), for: job, token: token)
        } catch {
            discard(path)
            if error.failure.kind == .missing, let lapses = await lapses(of: job) {
                guard let wait = options.following.wait(after: lapses + 1, unit: random.unit()) else {
                    return await record(.gaveUp(error.failure), for: job, token: token)
                }
                return await record(.lapsed(pollAt: time.now().adding(wait)), for: job, token: token)
            }
            return await stumble(job, over: error, provider, token: token)
        }
    }

    /// Finishes a clip that is held, judges it and attaches it.
    func finish(_ job: Job, _ clip: Clip, token: String) async -> Job? {
        do throws(ProviderError) {
            let whole = job.shots.isEmpty ? clip : try await finisher.join(job.shots + [clip], for: job.request)
            let finished = try await finisher.finish(whole, for: job.request, made: job.createdAt)
            let video = Video(
                id: VideoID(random.identifier("v")),
                slot: job.slot,
                take: job.take,
                job: job.id,
                fingerprint: job.fingerprint,
                finishFingerprint: job.request.finishFingerprint,
                provider: job.request.provider,
                model: job.request.model,
                tier: job.request.tier,
                preset: job.preset,
                clip: finished,
                state: finished.verdicts.allSatisfy(\.passed) ? .new : .quarantined,
                createdAt: time.now()
            )
            return await record(.attached(video), for: job, token: token)
        } catch {
            let mends = error.failure.kind == .diskFull || error.failure.kind == .missing && error.failure.hint != nil
            if mends { await pause(.finishing, until: time.now().adding(.seconds(60)), reason: error.failure.message) }
            let wait = options.following.wait(after: job.failures + 1, unit: random.unit())
            if let wait = mends ? .seconds(60) : wait, mends || error.isPassing {
                let retryAt = time.now().adding(wait)
                return await record(.stumbled(error.failure, retryAt: retryAt), for: job, token: token)
            }
            return await record(.gaveUp(error.failure), for: job, token: token)
        }
    }

    private func discard(_ path: String) {
        // A leftover of a failed download is of no use to anybody, and the next one has a name of its own.
        try? FileManager.default.removeItem(atPath: path)
    }
}
