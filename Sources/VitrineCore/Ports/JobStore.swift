public import Foundation

/// What a job is enqueued from.
public struct NewJob: Hashable, Sendable {
    /// The job as it will be: queued.
    public var job: Job
    /// The row of the plan it came from, if it came from one.
    public var plan: PlanID?

    /// A job to enqueue.
    public init(job: Job, plan: PlanID? = nil) {
        self.job = job
        self.plan = plan
    }
}

/// One apply.
public struct Run: Hashable, Sendable, Codable {
    /// Its identity.
    public var id: RunID
    /// The plan it applied, if it applied one.
    public var plan: PlanID?
    /// When it began.
    public var createdAt: Date

    /// One apply.
    public init(id: RunID, plan: PlanID?, createdAt: Date) {
        self.id = id
        self.plan = plan
        self.createdAt = createdAt
    }
}

/// Which jobs are meant.
///
/// Everything given must hold.
public struct JobQuery: Hashable, Sendable {
    /// Only of this run.
    public var run: RunID?
    /// Only of this product.
    public var product: ProductID?
    /// Only in these states; all when empty.
    public var states: [JobState.Name]

    /// All jobs, or fewer.
    public init(run: RunID? = nil, product: ProductID? = nil, states: [JobState.Name] = []) {
        self.run = run
        self.product = product
        self.states = states
    }
}

/// Which videos are meant.
///
/// Everything given must hold.
public struct VideoQuery: Hashable, Sendable {
    /// Only of this feed's products.
    public var feed: FeedName?
    /// Only of this product.
    public var product: ProductID?
    /// Only made by this run.
    public var run: RunID?
    /// Only of this slot.
    public var slot: Slot?
    /// Only in these states; all when empty.
    public var states: [Video.State]

    /// All videos, or fewer.
    public init(
        feed: FeedName? = nil,
        product: ProductID? = nil,
        run: RunID? = nil,
        slot: Slot? = nil,
        states: [Video.State] = []
    ) {
        self.feed = feed
        self.product = product
        self.run = run
        self.slot = slot
        self.states = states
    }
}

/// How many jobs are in each state, and when the next one is due.
public struct JobCounts: Hashable, Sendable {
    /// Jobs by state.
    public var states: [JobState.Name: Int]
    /// When the earliest job that is not final is due or its lease ends; nil when there is none.
    public var nextDueAt: Date?

    /// Counts.
    public init(states: [JobState.Name: Int] = [:], nextDueAt: Date? = nil) {
        self.states = states
        self.nextDueAt = nextDueAt
    }

    /// How many jobs are in that state.
    public subscript(state: JobState.Name) -> Int { states[state] ?? 0 }
    /// How many jobs are not final.
    public var open: Int { states.filter { !$0.key.isFinal }.values.reduce(0, +) }
    /// How many jobs there are.
    public var all: Int { states.values.reduce(0, +) }
}

/// Jobs, submissions, lanes, videos and money: the one place where a state changes.
///
/// Every verb is one transaction that is on disk when it returns.
public protocol JobStore: Sendable {
    /// Begins a run.
    func begin(_ run: Run) async throws(StoreError)

    /// Enqueues jobs, with their slots, each unless a job of the same slot, fingerprint and take is there; gives back the ids of those it enqueued.
    func enqueue(_ jobs: [NewJob]) async throws(StoreError) -> [JobID]

    /// Claims up to `limit` jobs of a lane that are due, for the worker with that token, urgent ones first.
    /// Of the queued ones no more than the lane's limit, rate, pause and learned pace allow, and with a run only that run's; others always:
    /// going on with what was sent already costs nothing more, and holds a place in its lane until it is done.
    func claim(
        lane: LaneID,
        run: RunID?,
        token: String,
        until: Date,
        limit: Int,
        at now: Date
    ) async throws(StoreError) -> [Job]

    /// Records an event of a claimed job, with its submission, money, lane and video, and gives back the job as it is then.
    /// Throws `leaseLost` when the token holds no lease that is still running, except for an answer to a submission
    /// (`accepted`, `turnedAway`), which is recorded by its key whatever the job has become: a paid remote job never lives only in a log.
    /// The video of an `attached` that the job has already keeps its identity and what people decided about it.
    /// `begun` throws `overBudget` when a price above zero finds no budget that covers it; so does `fellBack` after the money of the one
    /// passed over was settled or given back, and `conflict` when the same is a job of its own already.
    /// `keepingLeaseUntil` renews the lease; nil gives it back.
    func record(
        _ event: JobEvent,
        for job: JobID,
        submission: SubmissionKey?,
        token: String,
        keepingLeaseUntil: Date?,
        at now: Date
    ) async throws(StoreError) -> Job

    /// Lets queued jobs of a lane that is held, at most `limit` and with a run only that run's, go on with the first of their alternatives
    /// whose lane is among those served, is not held, and whose price the budget covers; gives back how many did.
    /// A job that somebody has claimed is left to them; one whose price finds no budget in its currency at all waits for a person to set one.
    func passOn(
        from lane: LaneID,
        run: RunID?,
        among served: Set<LaneID>,
        limit: Int,
        at now: Date
    ) async throws(StoreError) -> Int

    /// Gives leases back without recording anything.
    func release(_ jobs: [JobID], token: String) async throws(StoreError)

    /// All leases that are held, with the tokens of those who hold them.
    func leases() async throws(StoreError) -> [JobID: String]

    /// Records what a person did to a job: `cancelled`, `retried`, `adopted`. Throws `conflict` when the state does not allow it.
    /// `cancelled` is a wish while the job is leased, and while its provider has it: whoever works on it next asks the provider
    /// to stop. A wish that nobody has heeded for a minute is fulfilled by a second one. A job that failed although it may have
    /// been billed counts as paid once it is cancelled.
    func decide(_ event: JobEvent, for job: JobID, at now: Date) async throws(StoreError) -> Job

    /// Ends a job that failed or was cancelled and for which, as a person found, the provider billed nothing: its money is free.
    /// Throws `conflict` for every other job, and for one whose clip was made.
    func release(_ job: JobID, at now: Date) async throws(StoreError) -> Job

    /// Begins a new finish of a finished job from the clip it holds, with the request that differs in its finish alone, in the given run.
    func refinish(_ job: JobID, request: VideoRequest, run: RunID, at now: Date) async throws(StoreError) -> Job

    /// Gives the jobs of these slots that are not final to a run, so that it waits for them too.
    func moveOpenJobs(of slots: [Slot], to run: RunID) async throws(StoreError)

    /// One job.
    func job(_ id: JobID) async throws(StoreError) -> Job?

    /// Jobs, newest first, after the `offset` first ones.
    func jobs(_ query: JobQuery, offset: Int, limit: Int) async throws(StoreError) -> [Job]

    /// Counts of the jobs meant by the query.
    func counts(_ query: JobQuery) async throws(StoreError) -> JobCounts

    /// The history of a job, oldest first.
    func events(of job: JobID) async throws(StoreError) -> [JobEventRecord]

    /// The submissions of a job, oldest first.
    func submissions(of job: JobID) async throws(StoreError) -> [Submission]

    /// The submissions to a provider that were begun since a moment, oldest first.
    func submissions(to provider: ProviderID, since: Date) async throws(StoreError) -> [Submission]

    /// Writes lanes that are not there yet, and the limits of those that are.
    func register(_ lanes: [Lane]) async throws(StoreError)

    /// All lanes.
    func lanes() async throws(StoreError) -> [Lane]

    /// Pauses a lane until a moment for a reason, unless it is paused for longer; opens it with nil.
    func pause(_ lane: LaneID, until: Date?, reason: String?) async throws(StoreError)

    /// Notes that a submission was turned away because there were too many, and how many the lane's provider had then: claims keep to what it was
    /// seen to take.
    func slow(_ lane: LaneID, at now: Date) async throws(StoreError) -> RefusalLesson

    /// When the next job of a lane can be gone on with: one that was begun and that nobody holds, one that waits for a moment of its own, or the
    /// lane's own next moment; nil when there is none of these.
    func nextDue(in lane: LaneID, at now: Date) async throws(StoreError) -> Date?

    /// The slots of these products with all their takes.
    func slots(of products: [ProductID]) async throws(StoreError) -> [ProductID: [SlotRecord]]

    /// Slots that have takes but whose product is not in the catalogue, at most `limit`.
    func orphanedSlots(feed: FeedName?, limit: Int) async throws(StoreError) -> [SlotRecord]

    /// Keeps what a person changed for a slot.
    func keep(_ override: SlotOverride, for slot: Slot) async throws(StoreError)

    /// Videos, oldest take first within their slot, slots in order, after the `offset` first ones.
    func videos(_ query: VideoQuery, offset: Int, limit: Int) async throws(StoreError) -> [Video]

    /// One video.
    func video(_ id: VideoID) async throws(StoreError) -> Video?

    /// Records a decision about a video, with the reason where one is given, and gives it back; throws `conflict` for a quarantined one.
    func review(_ video: VideoID, _ decision: ReviewDecision, because reason: String?, at now: Date)
        async throws(StoreError) -> Video

    /// Records findings about takes of one slot, the newest about two of them being the one that counts; throws `conflict` for takes of different slots.
    func vote(_ votes: [Vote]) async throws(StoreError)

    /// All findings, oldest first.
    func votes() async throws(StoreError) -> [Vote]

    /// Sets the most that may be spent in a currency.
    func setBudget(_ cap: Money) async throws(StoreError)

    /// Sets the most that may be spent in a currency in each day or month of a time zone, beside what may be spent in all.
    func setBudget(_ cap: Money, each period: BudgetPeriod, in zone: TimeZone) async throws(StoreError)

    /// All budgets, those of a day and a month as they stand at a moment.
    func budgets(at now: Date) async throws(StoreError) -> [Budget]

    /// All budgets without a period.
    func budgets() async throws(StoreError) -> [Budget]

    /// What was settled and reserved, summed by one thing: days in a time zone, providers, presets or products.
    func spend(by axis: SpendAxis, in zone: TimeZone) async throws(StoreError) -> [SpendSum]

    /// What was settled and reserved, by day in a time zone (whose offset is in whole quarters of an hour), provider and currency.
    func spend(in zone: TimeZone) async throws(StoreError) -> [SpendLine]

    /// The digests of media that something of the home still needs; all others may go.
    func neededMedia(keepingSupersededSince: Date) async throws(StoreError) -> Set<Digest>

    /// Drops rejected and superseded takes older than a moment, never a chosen, approved or newest one; gives back their ids.
    func prune(before: Date) async throws(StoreError) -> [VideoID]

    /// Writes a consistent copy of the whole database to a path, while others go on.
    func copy(to path: String) async throws(StoreError)
}

/// By what spending is summed.
public enum SpendAxis: String, Hashable, Sendable, Codable, CaseIterable {
    /// By day.
    case day
    /// By provider.
    case provider
    /// By the preset that asked.
    case preset
    /// By the product that it was for.
    case product
}

/// What was spent on one day, provider, preset or product, in one currency.
public struct SpendSum: Hashable, Sendable, Codable {
    /// The day, or the name.
    public var name: String
    /// How many submissions.
    public var submissions: Int
    /// What has left.
    public var settled: Money
    /// What is set aside.
    public var reserved: Money

    /// One sum.
    public init(name: String, submissions: Int, settled: Money, reserved: Money) {
        self.name = name
        self.submissions = submissions
        self.settled = settled
        self.reserved = reserved
    }
}

/// What one provider was paid on one day.
public struct SpendLine: Hashable, Sendable, Codable {
    /// The day, `YYYY-MM-DD`.
    public var day: String
    /// To whom.
    public var provider: ProviderID
    /// How many submissions.
    public var submissions: Int
    /// What has left.
    public var settled: Money
    /// What is set aside.
    public var reserved: Money

    /// One line.
    public init(day: String, provider: ProviderID, submissions: Int, settled: Money, reserved: Money) {
        self.day = day
        self.provider = provider
        self.submissions = submissions
        self.settled = settled
        self.reserved = reserved
    }
}

extension JobStore {
    /// The same without a reason.
    public func review(_ video: VideoID, _ decision: ReviewDecision, at now: Date) async throws(StoreError) -> Video {
        try await review(video, decision, because: nil, at: now)
    }
}
