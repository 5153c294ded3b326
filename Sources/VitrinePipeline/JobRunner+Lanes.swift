import Foundation
import Logging
import VitrineCore

extension JobRunner {
    /// Records trouble on the way, and pauses the lane where its whole account is meant.
    func stumble(
        _ job: Job,
        over error: ProviderError,
        _ provider: any VideoProvider,
        token: String
    ) async -> Job? {
        await pauseLane(of: provider, after: error)
        guard error.isPassing, let wait = options.following.wait(after: job.failures + 1, unit: random.unit()) else {
            var failure = error.failure
            // Money: trouble on the way says nothing about work that the provider has.
            if job.state.name == .rendering { failure.billed = .unknown }
            return await giveUp(job, failure, token: token)
        }
        let retryAt = time.now().adding(error.retryAfter ?? wait)
        return await record(.stumbled(error.failure, retryAt: retryAt), for: job, token: token)
    }

    /// How long a job that was turned away waits before it is sent again; nil when it is not.
    func wait(before job: Job, after error: ProviderError, isLanePaused: Bool) async -> Duration? {
        // The lane's pause holds the job: when it ends or is lifted, the job is ready.
        if error.pausesLane, isLanePaused { return options.submitting.first }
        if error.isPassing {
            // Being asked to wait is no failing of the job, however often.
            let policy = error.failure.kind == .tooMany ? options.following : options.submitting
            return error.retryAfter ?? policy.wait(after: job.failures + 1, unit: random.unit())
        }
        guard error.mayHelpOnce, await !hasHadSecondTry(job) else { return nil }
        return error.retryAfter ?? options.secondTry
    }

    /// Pauses a lane where its provider says so or is in trouble, and gives back whether it did; a submission that was one too many teaches its pace.
    @discardableResult
    func pauseLane(of provider: any VideoProvider, after error: ProviderError, isRefusal: Bool = false) async -> Bool {
        let lane = provider.lane.id
        var pause = error.pausesLane ? error.retryAfter ?? .seconds(300) : nil
        switch error.failure.kind {
        // A quota that is spent for longer says nothing about a pace.
        case .tooMany where isRefusal && (error.retryAfter ?? .zero) <= .seconds(60):
            switch await lesson(of: lane) {
            case .nothing: pause = pause ?? health.refused(lane)
            case .limit: break
            // Our own trial is over: the job waits for as long as is asked, the lane for none of it.
            case .trial: pause = nil
            }
        case .tooMany: pause = pause ?? health.refused(lane)
        case .unreachable, .busy: pause = pause ?? health.troubled(lane)
        default: break
        }
        guard let pause else { return false }
        await self.pause(lane, until: time.now().adding(pause), reason: error.failure.message)
        return true
    }

    private func lesson(of lane: LaneID) async -> RefusalLesson {
        do throws(StoreError) {
            return try await jobs.slow(lane, at: time.now())
        } catch {
            log.warning("refusal not noted", metadata: ["lane": "\(lane)", "store": "\(error.kind)"])
            return .nothing
        }
    }

    func pause(_ lane: LaneID, until: Date, reason: String) async {
        do throws(StoreError) {
            try await jobs.pause(lane, until: until, reason: reason)
        } catch {
            log.warning("lane not paused", metadata: ["lane": "\(lane)", "store": "\(error.kind)"])
        }
    }
}
