import Foundation
import Logging
import VitrineCore

/// What a runner does about work that goes wrong at its provider; a job's history is read only here.
extension JobRunner {
    /// How often the link of the clip at hand has died already; nil when the history cannot be read.
    func lapses(of job: Job) async -> Int? {
        guard let events = await history(of: job) else { return nil }
        var count = 0
        for record in events.reversed() {
            switch record.event {
            case .lapsed: count += 1
            case .accepted, .adopted, .fetched, .retried: return count
            default: continue
            }
        }
        return count
    }

    /// Whether a job was sent once more already, although it had been refused or had failed, since a person decided about it.
    func hasHadSecondTry(_ job: Job) async -> Bool {
        guard let events = await history(of: job) else { return true }
        for record in events.reversed() {
            switch record.event {
            case .turnedAway(let failure, _) where failure.kind.isVerdict: return true
            case .fetched, .retried: return false
            default: continue
            }
        }
        return false
    }

    /// Whether a provider has had a job for longer than it renders.
    func hasOverrun(_ job: Job, _ provider: any VideoProvider) async -> Bool {
        let latest = time.now().adding(.zero - provider.longestRendering)
        guard job.createdAt < latest, let events = await history(of: job) else { return false }
        let begun = events.last { $0.event.name == .accepted || $0.event.name == .adopted }
        return begun.map { $0.at < latest } ?? false
    }

    /// Gives a job up, unless somebody else of its list may make what this provider would not.
    ///
    /// One that its provider has and may have billed can be adopted, and its failure says how.
    func giveUp(_ job: Job, _ failure: JobFailure, key: SubmissionKey? = nil, token: String) async -> Job? {
        var failure = failure
        if case .rendering(let remote) = job.state, failure.mayBeBilled { failure = failure.parked(job.id, remote) }
        let passed = PassedProvider(job.request.provider, .refused, failure)
        if let next = await fallBack(job, passed, token: token) { return next }
        return await record(.gaveUp(failure), for: job, key: key, token: token)
    }

    /// Asks a provider to stop, and ends the job.
    ///
    /// Money: it counts as paid unless the provider says at once that it stopped the work at no cost; then the work is turned away
    /// first, which frees the money, and the next step cancels what is queued.
    func stop(_ job: Job, _ remote: RemoteJob, _ provider: any VideoProvider, token: String) async -> Job? {
        await provider.cancel(remote)
        do throws(ProviderError) {
            let order = try await orderOrFailure(for: job, key: SubmissionKey(remote.id))
            switch try await provider.check(remote, order: order) {
            case .failed(let failure), .broke(let failure):
                guard failure.billed == .no else { break }
                return await record(.turnedAway(failure, retryAt: time.now()), for: job, token: token)
            case .rendering, .rendered: break
            }
        } catch {
            log.debug("not known whether it was stopped", metadata: ["job.id": "\(job.id)"])
        }
        return await record(.cancelled, for: job, token: token)
    }

    /// Why a job is not waited for any longer.
    static func endless(_ provider: any VideoProvider) -> JobFailure {
        let hours = Int(provider.longestRendering.seconds / 3600)
        return JobFailure(
            .unknownOutcome,
            "`\(provider.id)` has been rendering for more than \(hours) hours",
            billed: .unknown
        )
    }

    private func history(of job: Job) async -> [JobEventRecord]? {
        do throws(StoreError) {
            return try await jobs.events(of: job.id)
        } catch {
            log.warning("history not read", metadata: ["job.id": "\(job.id)", "store": "\(error.kind)"])
            return nil
        }
    }
}

extension JobFailure {
    /// The failure of a job that its provider has and that nobody looks at any more, with the way back to it.
    fileprivate func parked(_ job: JobID, _ remote: RemoteJob) -> JobFailure {
        JobFailure(
            .unknownOutcome,
            message + "; the work is `\(remote.id)` there, and may have been billed",
            hint:
                "look at the provider's own list: `vitrine jobs adopt \(job) \(remote.id)` goes on with it, `retry` pays again, "
                + "`cancel` gives it up",
            billed: .unknown
        )
    }
}
