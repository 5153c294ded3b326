import Logging
import VitrineCore

extension JobRunner {
    /// Records an event where no cancellation reaches it, and again until the lease ends: what happened outside must not be forgotten.
    func record(_ event: JobEvent, for job: Job, key: SubmissionKey? = nil, token: String) async -> Job? {
        await Task { await recordUntilLeaseEnds(event, for: job, key: key, token: token) }.value
    }

    private func recordUntilLeaseEnds(_ event: JobEvent, for job: Job, key: SubmissionKey?, token: String) async -> Job?
    {
        let lease = event.name == .fetched ? options.finishing : lease(for: job)
        // Who works for one provider does not go on in another one's lane, and who has looked has nothing to do until the next look.
        let keepsLease = event.name != .fellBack && event.name != .stillRendering
        var wait = Duration.milliseconds(50)
        while true {
            let now = time.now()
            do throws(StoreError) {
                let recorded = try await jobs.record(
                    event,
                    for: job.id,
                    submission: key,
                    token: token,
                    keepingLeaseUntil: keepsLease ? now.adding(lease) : nil,
                    at: now
                )
                var metadata: Logger.Metadata = [
                    "job.id": "\(job.id)", "job.event": "\(event.name.rawValue)",
                    "job.state": "\(recorded.state.name.rawValue)", "provider.id": "\(job.request.provider)",
                ]
                if let request = job.requestID { metadata["request.id"] = "\(request)" }
                log.info("job event", metadata: metadata)
                metrics.recorded(event.name, by: job.request.provider)
                return recorded
            } catch {
                switch error.kind {
                case .overBudget where event.name == .fellBack: return nil
                case .overBudget:
                    if let next = await fallBack(job, beyond: error, token: token) { return next }
                    await pause(job.providerLane, until: now.adding(.seconds(86_400)), reason: error.message)
                    await release(job, token: token)
                    return nil
                case .busy, .full, .io:
                    log.warning("event not recorded yet", metadata: ["job.id": "\(job.id)", "store": "\(error.kind)"])
                    guard let until = job.lease?.until, now < until else { return nil }
                case .notFound, .leaseLost, .conflict, .badCursor, .stale, .reusedKey, .tooNew, .damaged:
                    log.warning("event not recorded", metadata: ["job.id": "\(job.id)", "store": "\(error.kind)"])
                    return nil
                }
            }
            do {
                try await time.sleep(wait)
            } catch {
                return nil
            }
            wait = min(wait * 2, .seconds(5))
        }
    }
}
