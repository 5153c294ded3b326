import Foundation
import Logging
import VitrineCore

extension JobRunner {
    /// Lets a job go on with the first of its alternatives that is configured, whose lane is not held and whose price the budget covers;
    /// nil when there is none, or when nobody may be asked instead.
    ///
    /// Whoever refused is not waited for: where all others are held, the first of them is taken, and the job waits in its lane.
    func fallBack(_ job: Job, _ passed: PassedProvider, token: String) async -> Job? {
        guard passed.allowsFallback, !job.alternatives.isEmpty, job.shots.isEmpty else { return nil }
        let held = await heldLanes()
        let configured = job.alternatives.filter { providers[$0.request.provider] != nil }
        let open = configured.filter { !held.contains($0.lane) }
        let waiting = passed.reason == .out ? [] : configured.filter { held.contains($0.lane) }
        for next in open + waiting {
            if let moved = await record(.fellBack(passed, to: next), for: job, token: token) { return moved }
        }
        return nil
    }

    /// Lets a job whose price the budget does not cover go on with a cheaper one of its list; nil where no budget is set at all.
    func fallBack(_ job: Job, beyond budget: StoreError, token: String) async -> Job? {
        do throws(StoreError) {
            let budgets = try await jobs.budgets()
            guard budgets.contains(where: { $0.cap.currency == job.price.currency }) else { return nil }
        } catch {
            log.warning("budgets not read", metadata: ["job.id": "\(job.id)", "store": "\(error.kind)"])
            return nil
        }
        let failure = JobFailure(.overBudget, "`\(job.request.provider)` is too dear: \(budget.message)")
        return await fallBack(job, PassedProvider(job.request.provider, .tooDear, failure), token: token)
    }

    private func heldLanes() async -> Set<LaneID> {
        let now = time.now()
        do throws(StoreError) {
            return Set(try await jobs.lanes().filter { $0.isHeld(at: now) }.map(\.id))
        } catch {
            log.warning("lanes not read", metadata: ["store": "\(error.kind)"])
            return []
        }
    }
}
