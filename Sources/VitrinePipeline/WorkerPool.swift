import Foundation
public import Logging
import Synchronization
public import VitrineCore

/// Workers over one home: each lane has some, and a full or broken lane never starves another.
public struct WorkerPool: Sendable {
    /// When a pool has done its work.
    public enum Goal: Hashable, Sendable {
        /// Never: until it is cancelled.
        case forever
        /// When every job is final or held.
        case idle
        /// When every job of that run is final or held; no other job is touched.
        case run(RunID)

        var run: RunID? {
            if case .run(let run) = self { run } else { nil }
        }
    }

    let runner: JobRunner
    let jobs: any JobStore
    let lanes: [Lane]
    private let widths: [LaneID: Int]
    /// Whether these workers are alive.
    public let pulse = WorkerPulse()
    let name: WorkerName
    let time: TimeSource
    let random: RandomSource
    let log: Logger

    /// A pool over the lanes of these providers and the finishing lane, with at most `concurrency` workers a lane.
    public init(
        runner: JobRunner,
        jobs: any JobStore,
        providers: [any VideoProvider],
        concurrency: Int,
        name: WorkerName = .unknown,
        time: TimeSource,
        random: RandomSource,
        log: Logger
    ) {
        self.runner = runner
        self.jobs = jobs
        self.name = name
        self.time = time
        self.random = random
        self.log = log
        let width = max(1, concurrency)
        lanes = providers.map(\.lane) + [Lane(id: .finishing, limit: width)]
        // A worker gives a job back while its provider renders, so some of them keep a long lane full: a quarter as many as it has
        // places, since each of those must be looked at often while others are begun.
        widths = Dictionary(
            lanes.map { lane in
                let isOurs = lane.id == .local || lane.id == .finishing
                return (lane.id, min(lane.limit, isOurs ? width : max(width, 8, min(64, lane.limit / 4))))
            }
        ) { $1 }
    }

    /// Works until the goal is reached.
    ///
    /// Cancelling its task ends it after the steps at hand.
    public func run(until goal: Goal) async throws {
        try await jobs.register(lanes)
        try await takeUpFromTheDead()
        let reached = Signal()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in lanes {
                // Who fetched a clip goes on and finishes it, unless many do: the finishing lane is for what was left there.
                let width = widths[lane.id] ?? 1
                group.addTask {
                    try await serve(lane.id, width: width, until: goal, reached)
                    reached.ring()
                }
            }
            try await group.waitForAll()
        }
    }

    /// Steps everything that is due now in the calling task, lane by lane; gives back how many claims it worked on.
    @discardableResult
    public func drain() async throws -> Int {
        try await jobs.register(lanes)
        var worked = 0
        var isBusy = true
        while isBusy {
            isBusy = false
            for lane in lanes {
                if try await passOn(from: lane.id, run: nil) > 0 { isBusy = true }
                let token = random.identifier(name.name)
                for job in try await claim(lane.id, run: nil, token: token, limit: 10) {
                    await runner.work(on: job, token: token)
                    worked += 1
                    isBusy = true
                }
            }
        }
        return worked
    }

    /// Keeps up to `width` jobs of a lane at work.
    ///
    /// Those that ended while the last claim was on its way are followed by one claim for all. A lane that rests is woken when
    /// another one has seen the goal.
    private func serve(_ lane: LaneID, width: Int, until goal: Goal, _ reached: Signal) async throws {
        let ended = EndedCount()
        try await withThrowingTaskGroup(of: Wake.self) { group in
            var begun = 0
            var seenEnding = 0
            var isLooking = false
            var idle = 0
            while !Task.isCancelled {
                let rings = reached.rings
                let token = random.identifier(name.name)
                let free = width - (begun - seenEnding)
                for job in try await claim(lane, run: goal.run, token: token, limit: free) {
                    begun += 1
                    idle = 0
                    group.addTask {
                        pulse.working(1)
                        await runner.work(on: job, token: token)
                        pulse.working(-1)
                        ended.count.withLock { $0 += 1 }
                        return .ended
                    }
                }
                if begun - seenEnding < width { _ = try await passOn(from: lane, run: goal.run) }
                if begun == seenEnding, try await isReached(goal) { break }
                if begun - seenEnding < width, !isLooking {
                    idle += 1
                    if idle % 10 == 0 { try await takeUpFromTheDead() }
                    let wait = try await pauseBeforeNextLook(at: lane)
                    isLooking = true
                    group.addTask {
                        await rest(wait, or: reached, beyond: rings)
                        return .rested
                    }
                }
                repeat {
                    switch try await group.next() {
                    case .ended: seenEnding += 1
                    case .rested, nil: isLooking = false
                    }
                } while seenEnding < ended.count.withLock { $0 }
            }
            group.cancelAll()
        }
    }

    private func rest(_ wait: Duration, or reached: Signal, beyond rings: Int) async {
        await withTaskGroup(of: Void.self) { group in
            // Only cancellation ends it early, and the loop asks for that itself.
            group.addTask { try? await time.sleep(wait) }
            group.addTask { await reached.wait(beyond: rings) }
            await group.next()
            group.cancelAll()
        }
    }

    /// What wakes a lane's loop.
    private enum Wake {
        case ended
        case rested
    }

    /// How many jobs have ended, told by the tasks that worked on them.
    private final class EndedCount: Sendable {
        let count = Mutex(0)
    }

    private func claim(_ lane: LaneID, run: RunID?, token: String, limit: Int) async throws -> [Job] {
        let now = time.now()
        pulse.looked(at: now)
        do throws(StoreError) {
            let lease = lanes.first { $0.id == lane }.map { longestLease(in: $0.id) } ?? .seconds(180)
            return try await jobs.claim(
                lane: lane,
                run: run,
                token: token,
                until: now.adding(lease),
                limit: limit,
                at: now
            )
        } catch {
            guard error.kind == .busy || error.kind == .full else { throw error }
            log.warning("could not claim", metadata: ["lane": "\(lane)", "store": "\(error.kind)"])
            return []
        }
    }

    /// Lets what waits in a lane that is held go on in others that are served here.
    private func passOn(from lane: LaneID, run: RunID?) async throws -> Int {
        do throws(StoreError) {
            return try await jobs.passOn(
                from: lane,
                run: run,
                among: Set(lanes.map(\.id)),
                limit: 500,
                at: time.now()
            )
        } catch {
            guard error.kind == .busy || error.kind == .full else { throw error }
            log.warning("could not pass on", metadata: ["lane": "\(lane)", "store": "\(error.kind)"])
            return 0
        }
    }

    /// Gives back the leases of processes that are certainly gone.
    ///
    /// What they had sent is doubtful to whoever claims it next.
    private func takeUpFromTheDead() async throws {
        for (job, token) in try await jobs.leases() where name.isGone(token) {
            log.warning("a worker is gone; its job is taken up", metadata: ["job.id": "\(job)"])
            try await jobs.release([job], token: token)
        }
    }

    private func longestLease(in lane: LaneID) -> Duration {
        if lane == .finishing { return runner.options.finishing }
        let leases = runner.providers.values.filter { $0.lane.id == lane }.map { runner.lease(for: $0.id) }
        return leases.max() ?? .seconds(300)
    }

    private func isReached(_ goal: Goal) async throws -> Bool {
        let query: JobQuery
        switch goal {
        case .forever: return false
        case .idle: query = JobQuery()
        case .run(let run): query = JobQuery(run: run)
        }
        let counts = try await jobs.counts(query)
        if counts.open == 0 { return true }
        guard counts.open == counts[.queued] else { return false }
        // A short pause is waited for; a long one holds what waits behind it, unless somebody else may make it.
        let now = time.now()
        let paused = Set(try await jobs.lanes().filter { $0.isHeld(at: now) }.map(\.id))
        for lane in paused where try await passOn(from: lane, run: query.run) > 0 { return false }
        let lanes = Set(
            try await jobs.jobs(JobQuery(run: query.run, states: [.queued]), offset: 0, limit: 1000).map(\.providerLane)
        )
        let served = Set(self.lanes.map(\.id))
        return lanes.allSatisfy { paused.contains($0) || !served.contains($0) }
    }

    /// Until something can be gone on with in a lane: never so short that looking is all that is done, never so long that what others queue waits.
    private func pauseBeforeNextLook(at lane: LaneID) async throws -> Duration {
        let now = time.now()
        guard let next = try await jobs.nextDue(in: lane, at: now) else { return .seconds(1) }
        let wait = Duration.milliseconds(next.milliseconds - now.milliseconds)
        return min(max(wait, .milliseconds(20)), .seconds(1))
    }
}
