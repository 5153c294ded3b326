public import Foundation
public import VitrineCore

/// A job store whose every call may be the one at which its worker dies, or finds the disk full.
public struct FaultyStore: JobStore {
    private let store: any JobStore
    private let faults: Faults
    private let error: StoreError

    /// A store behind faults, which show as `error`: by default one after which a worker does not try again.
    public init(wrapping store: any JobStore, _ faults: Faults, error: StoreError = StoreError(.damaged, "dead")) {
        self.store = store
        self.faults = faults
        self.error = error
    }

    /// As the store behind, unless the worker dies.
    public func begin(_ run: Run) async throws(StoreError) {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.begin(run) }
    }

    /// As the store behind, unless the worker dies.
    public func enqueue(_ jobs: [NewJob]) async throws(StoreError) -> [JobID] {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.enqueue(jobs) }
    }

    /// As the store behind, unless the worker dies.
    public func claim(lane: LaneID, run: RunID?, token: String, until: Date, limit: Int, at now: Date)
        async throws(StoreError) -> [Job]
    {
        try await faults.call(dead: error) { () throws(StoreError) in
            try await store.claim(lane: lane, run: run, token: token, until: until, limit: limit, at: now)
        }
    }

    /// As the store behind, unless the worker dies.
    public func record(
        _ event: JobEvent,
        for job: JobID,
        submission: SubmissionKey?,
        token: String,
        keepingLeaseUntil: Date?,
        at now: Date
    ) async throws(StoreError) -> Job {
        try await faults.call(dead: error) { () throws(StoreError) in
            try await store.record(
                event,
                for: job,
                submission: submission,
                token: token,
                keepingLeaseUntil: keepingLeaseUntil,
                at: now
            )
        }
    }

    /// As the store behind, unless the worker dies.
    public func passOn(from lane: LaneID, run: RunID?, among served: Set<LaneID>, limit: Int, at now: Date)
        async throws(StoreError) -> Int
    {
        try await faults.call(dead: error) { () throws(StoreError) in
            try await store.passOn(from: lane, run: run, among: served, limit: limit, at: now)
        }
    }

    /// As the store behind, unless the worker dies.
    public func release(_ jobs: [JobID], token: String) async throws(StoreError) {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.release(jobs, token: token) }
    }

    /// As the store behind, unless the worker dies.
    public func leases() async throws(StoreError) -> [JobID: String] {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.leases() }
    }

    /// As the store behind, unless the worker dies.
    public func decide(_ event: JobEvent, for job: JobID, at now: Date) async throws(StoreError) -> Job {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.decide(event, for: job, at: now) }
    }

    /// As the store behind, unless the worker dies.
    public func release(_ job: JobID, at now: Date) async throws(StoreError) -> Job {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.release(job, at: now) }
    }

    /// As the store behind, unless the worker dies.
    public func refinish(_ job: JobID, request: VideoRequest, run: RunID, at now: Date) async throws(StoreError) -> Job
    {
        try await faults.call(dead: error) { () throws(StoreError) in
            try await store.refinish(job, request: request, run: run, at: now)
        }
    }

    /// As the store behind, unless the worker dies.
    public func moveOpenJobs(of slots: [Slot], to run: RunID) async throws(StoreError) {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.moveOpenJobs(of: slots, to: run) }
    }

    /// As the store behind, unless the worker dies.
    public func job(_ id: JobID) async throws(StoreError) -> Job? {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.job(id) }
    }

    /// As the store behind, unless the worker dies.
    public func jobs(_ query: JobQuery, offset: Int, limit: Int) async throws(StoreError) -> [Job] {
        try await faults.call(dead: error) { () throws(StoreError) in
            try await store.jobs(query, offset: offset, limit: limit)
        }
    }

    /// As the store behind, unless the worker dies.
    public func counts(_ query: JobQuery) async throws(StoreError) -> JobCounts {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.counts(query) }
    }

    /// As the store behind, unless the worker dies.
    public func events(of job: JobID) async throws(StoreError) -> [JobEventRecord] {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.events(of: job) }
    }

    /// As the store behind, unless the worker dies.
    public func submissions(of job: JobID) async throws(StoreError) -> [Submission] {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.submissions(of: job) }
    }

    /// As the store behind, unless the worker dies.
    public func submissions(to provider: ProviderID, since: Date) async throws(StoreError) -> [Submission] {
        try await faults.call(dead: error) { () throws(StoreError) in
            try await store.submissions(to: provider, since: since)
        }
    }

    /// As the store behind, unless the worker dies.
    public func setBudget(_ cap: Money, each period: BudgetPeriod, in zone: TimeZone) async throws(StoreError) {
        try await faults.call(dead: error) { () throws(StoreError) in
            try await store.setBudget(cap, each: period, in: zone)
        }
    }

    /// As the store behind, unless the worker dies.
    public func budgets(at now: Date) async throws(StoreError) -> [Budget] {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.budgets(at: now) }
    }

    /// As the store behind, unless the worker dies.
    public func spend(by axis: SpendAxis, in zone: TimeZone) async throws(StoreError) -> [SpendSum] {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.spend(by: axis, in: zone) }
    }

    /// As the store behind, unless the worker dies.
    public func vote(_ votes: [Vote]) async throws(StoreError) {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.vote(votes) }
    }

    /// As the store behind, unless the worker dies.
    public func votes() async throws(StoreError) -> [Vote] {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.votes() }
    }

    /// As the store behind, unless the worker dies.
    public func register(_ lanes: [Lane]) async throws(StoreError) {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.register(lanes) }
    }

    /// As the store behind, unless the worker dies.
    public func lanes() async throws(StoreError) -> [Lane] {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.lanes() }
    }

    /// As the store behind, unless the worker dies.
    public func pause(_ lane: LaneID, until: Date?, reason: String?) async throws(StoreError) {
        try await faults.call(dead: error) { () throws(StoreError) in
            try await store.pause(lane, until: until, reason: reason)
        }
    }

    /// As the store behind, unless the worker dies.
    public func slow(_ lane: LaneID, at now: Date) async throws(StoreError) -> RefusalLesson {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.slow(lane, at: now) }
    }

    /// As the store behind, unless the worker dies.
    public func nextDue(in lane: LaneID, at now: Date) async throws(StoreError) -> Date? {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.nextDue(in: lane, at: now) }
    }

    /// As the store behind, unless the worker dies.
    public func slots(of products: [ProductID]) async throws(StoreError) -> [ProductID: [SlotRecord]] {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.slots(of: products) }
    }

    /// As the store behind, unless the worker dies.
    public func orphanedSlots(feed: FeedName?, limit: Int) async throws(StoreError) -> [SlotRecord] {
        try await faults.call(dead: error) { () throws(StoreError) in
            try await store.orphanedSlots(feed: feed, limit: limit)
        }
    }

    /// As the store behind, unless the worker dies.
    public func keep(_ override: SlotOverride, for slot: Slot) async throws(StoreError) {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.keep(override, for: slot) }
    }

    /// As the store behind, unless the worker dies.
    public func videos(_ query: VideoQuery, offset: Int, limit: Int) async throws(StoreError) -> [Video] {
        try await faults.call(dead: error) { () throws(StoreError) in
            try await store.videos(query, offset: offset, limit: limit)
        }
    }

    /// As the store behind, unless the worker dies.
    public func video(_ id: VideoID) async throws(StoreError) -> Video? {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.video(id) }
    }

    /// As the store behind, unless the worker dies.
    public func review(
        _ video: VideoID,
        _ decision: ReviewDecision,
        because reason: String?,
        at now: Date
    ) async throws(StoreError) -> Video {
        try await faults.call(dead: error) { () throws(StoreError) in
            try await store.review(video, decision, because: reason, at: now)
        }
    }

    /// As the store behind, unless the worker dies.
    public func setBudget(_ cap: Money) async throws(StoreError) {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.setBudget(cap) }
    }

    /// As the store behind, unless the worker dies.
    public func budgets() async throws(StoreError) -> [Budget] {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.budgets() }
    }

    /// As the store behind, unless the worker dies.
    public func spend(in zone: TimeZone) async throws(StoreError) -> [SpendLine] {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.spend(in: zone) }
    }

    /// As the store behind, unless the worker dies.
    public func neededMedia(keepingSupersededSince: Date) async throws(StoreError) -> Set<Digest> {
        try await faults.call(dead: error) { () throws(StoreError) in
            try await store.neededMedia(keepingSupersededSince: keepingSupersededSince)
        }
    }

    /// As the store behind, unless the worker dies.
    public func prune(before: Date) async throws(StoreError) -> [VideoID] {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.prune(before: before) }
    }

    /// As the store behind, unless the worker dies.
    public func copy(to path: String) async throws(StoreError) {
        try await faults.call(dead: error) { () throws(StoreError) in try await store.copy(to: path) }
    }
}
