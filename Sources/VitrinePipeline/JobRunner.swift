// VitrinePipeline: the verbs of the house: import, plan, apply, run, review.
// It knows storage, providers, the network and ffmpeg by their ports alone.
// The commands call it, and so does the HTTP service.

import Foundation
public import Logging
public import VitrineCore

/// Takes a claimed job forward, one outside effect and one recorded event at a time.
///
/// No step throws: what goes wrong becomes an event. Money has one door, `begin`: the worker that recorded the intent sends in that
/// same step, and nobody else ever sends that key.
public struct JobRunner: Sendable {
    /// What a runner may be told.
    public struct Options: Sendable {
        /// How refused and broken submissions are tried again.
        public var submitting = RetryPolicy()
        /// How long work that a provider has already is waited for.
        public var following = RetryPolicy(first: .seconds(2), longest: .seconds(300), limit: 60)
        /// The wait between two looks at a provider that does not say when to come back.
        public var look: Duration = .seconds(5)
        /// How long finishing one clip may take, with everything that it runs.
        public var finishing: Duration = .seconds(1200)
        /// The wait before work that broke is sent once more.
        public var secondTry: Duration = .seconds(30)
        /// How much longer than the longest call a lease lasts.
        public var leaseMargin: Duration = .seconds(60)

        /// The defaults.
        public init() {}
    }

    let jobs: any JobStore
    let media: any MediaStore
    let providers: [ProviderID: any VideoProvider]
    let finisher: any ClipFinisher
    let frames: any FirstFrameSource
    let work: String
    let time: TimeSource
    let random: RandomSource
    let log: Logger
    let reach: PublicAddresses?
    let metrics: PipelineMetrics
    let health = LaneHealth()
    let finishing = FinishingGate()
    let options: Options

    /// A runner over these stores and providers; downloads go through the folder `work`.
    public init(
        jobs: any JobStore,
        media: any MediaStore,
        providers: [any VideoProvider],
        finisher: any ClipFinisher,
        frames: any FirstFrameSource,
        work: String,
        time: TimeSource,
        random: RandomSource,
        log: Logger,
        reach: PublicAddresses? = nil,
        metrics: PipelineMetrics = PipelineMetrics(),
        options: Options = Options()
    ) {
        self.reach = reach
        self.metrics = metrics
        self.jobs = jobs
        self.media = media
        self.providers = Dictionary(uniqueKeysWithValues: providers.map { ($0.id, $0) })
        self.finisher = finisher
        self.frames = frames
        self.work = work
        self.time = time
        self.random = random
        self.log = log
        self.options = options
    }

    /// How long a job of that provider may be held without a sign of life.
    public func lease(for provider: ProviderID) -> Duration {
        (providers[provider]?.longestCall ?? .seconds(120)) + options.leaseMargin
    }

    /// How long a job may be held in the stage it has reached: finishing remuxes, decodes and probes a clip in one step.
    func lease(for job: Job) -> Duration {
        job.lane == .finishing ? options.finishing : lease(for: job.request.provider)
    }

    /// Works on a claimed job for as long as something is due and the lease holds.
    public func work(on claimed: Job, token: String) async {
        var job = claimed
        var isFinishing = false
        defer { if isFinishing { finishing.leave() } }
        while let next = await step(job, token: token) {
            job = next
            var isDue = !job.state.isFinal && (job.dueAt <= time.now() || job.isCancelWanted)
            if job.lease?.token != token { return }
            if isDue, job.lane == .finishing, !isFinishing {
                isFinishing = finishing.enter()
                isDue = isFinishing
            }
            if !isDue || Task.isCancelled {
                await release(job, token: token)
                return
            }
        }
    }

    /// Takes one step; gives back the job as it is then, or nil when nothing could be recorded.
    public func step(_ job: Job, token: String) async -> Job? {
        let start = time.now()
        let next = await nextStep(of: job, token: token)
        let duration = Duration.milliseconds(time.now().milliseconds - start.milliseconds)
        metrics.stepped(from: job.state.name, job.request.provider, after: duration)
        return next
    }

    private func nextStep(of job: Job, token: String) async -> Job? {
        if job.isCancelWanted, !job.state.isFinal {
            guard case .rendering(let remote) = job.state, let provider = providers[job.request.provider] else {
                return await record(.cancelled, for: job, token: token)
            }
            return await stop(job, provider.located(remote, for: job.request), provider, token: token)
        }
        if case .fetched(let clip) = job.state { return await finish(job, clip, token: token) }
        guard let provider = providers[job.request.provider] else {
            let billed: JobFailure.Billed =
                switch job.state.name {
                case .queued: .no
                case .submitting, .rendering: .unknown
                default: .yes
                }
            let failure = JobFailure(
                .missing,
                "provider `\(job.request.provider)` is not configured",
                hint: "set its key and retry the job",
                billed: billed
            )
            if job.state == .queued,
                let next = await fallBack(job, PassedProvider(job.request.provider, .out, failure), token: token)
            {
                return next
            }
            return await giveUp(job, failure, token: token)
        }
        switch job.state {
        case .queued: return await begin(job, provider, token: token)
        case .submitting(let key): return await clear(job, key, provider, token: token)
        case .rendering(let remote): return await look(job, remote, provider, token: token)
        case .rendered(let video): return await fetch(job, video, provider, token: token)
        case .fetched, .finished, .failed, .cancelled: return nil
        }
    }

    // MARK: The steps

    private func begin(_ job: Job, _ provider: any VideoProvider, token: String) async -> Job? {
        let key = SubmissionKey(random.identifier("s"))
        var order: SubmissionOrder
        do {
            order = try await self.order(for: job, key: key)
        } catch  where error.isOfTheMachine {
            await pause(job.providerLane, until: time.now().adding(.seconds(60)), reason: error.message)
            await release(job, token: token)
            return nil
        } catch {
            return await record(.gaveUp(error), for: job, token: token)
        }
        switch await pictures(for: order, of: job, provider) {
        case .ready(let addresses): order.addresses = addresses
        case .toUpload: return await stage(order, job, provider, token: token)
        case .unreachable(let failure): return await record(.gaveUp(failure), for: job, token: token)
        }
        order.callback = reach?.callback(job.id, provider.id)
        guard let begun = await record(.begun(key, reserving: job.nextPrice), for: job, key: key, token: token) else {
            return nil
        }
        guard begun.state == .submitting(key) else { return begun }
        return await submit(order, begun, key, provider, token: token)
    }

    private func submit(
        _ order: SubmissionOrder,
        _ job: Job,
        _ key: SubmissionKey,
        _ provider: any VideoProvider,
        token: String
    ) async -> Job? {
        metrics.submitted(to: provider.id)
        log.info(
            "work is sent",
            metadata: [
                "job.id": "\(job.id)", "provider.id": "\(provider.id)", "submission.key": "\(key)",
                "request.id": "\(job.requestID ?? "-")",
            ]
        )
        switch await answer(of: { () throws(ProviderError) in try await provider.submit(order) }) {
        case .success(let remote):
            health.accepted(provider.lane.id)
            return await record(.accepted(remote, pollAt: time.now()), for: job, key: key, token: token)
        case .failure(let error) where error.mayHaveBeenSent:
            log.warning("submission unanswered", metadata: ["job.id": "\(job.id)", "failure": "\(error.failure.kind)"])
            await pauseLane(of: provider, after: error)
            return await lookedInVain(job, key, token: token)
        case .failure(let error):
            let isPaused = await pauseLane(of: provider, after: error, isRefusal: true)
            guard let wait = await wait(before: job, after: error, isLanePaused: isPaused) else {
                return await giveUp(job, error.failure, key: key, token: token)
            }
            let retryAt = time.now().adding(wait)
            return await record(.turnedAway(error.failure, retryAt: retryAt), for: job, key: key, token: token)
        }
    }

    /// Clears up a job that was claimed while submitting: somebody may have sent it.
    ///
    /// It is looked for, never sent again, unless the provider is known to make nothing twice under one key.
    private func clear(_ job: Job, _ key: SubmissionKey, _ provider: any VideoProvider, token: String) async -> Job? {
        let order: SubmissionOrder
        do {
            order = try await self.order(for: job, key: key)
        } catch {
            log.warning("frame not composed", metadata: ["job.id": "\(job.id)", "failure": "\(error.kind)"])
            return await lookedInVain(job, key, token: token)
        }
        if provider.honoursSubmissionKey {
            return await submit(order, job, key, provider, token: token)
        }
        do throws(ProviderError) {
            let search = await search(for: key, of: job)
            if let remote = try await provider.find(order, search) {
                return await record(.accepted(remote, pollAt: time.now()), for: job, key: key, token: token)
            }
        } catch {
            log.warning("look-up failed", metadata: ["job.id": "\(job.id)", "failure": "\(error.failure.kind)"])
        }
        return await lookedInVain(job, key, token: token)
    }

    private func lookedInVain(_ job: Job, _ key: SubmissionKey, token: String) async -> Job? {
        if let wait = RetryPolicy.nextLook(after: job.looks) {
            return await record(.looked(nextAt: time.now().adding(wait)), for: job, key: key, token: token)
        }
        return await record(.gaveUp(Self.unknownOutcome), for: job, key: key, token: token)
    }

    private func look(_ job: Job, _ remote: RemoteJob, _ provider: any VideoProvider, token: String) async -> Job? {
        do throws(ProviderError) {
            let order = try await orderOrFailure(for: job, key: SubmissionKey(remote.id))
            switch try await provider.check(provider.located(remote, for: job.request), order: order) {
            case .rendering(let progress, let wait):
                if await hasOverrun(job, provider) {
                    return await giveUp(job, Self.endless(provider), token: token)
                }
                let advised = wait ?? options.look
                let jittered = Double(advised.milliseconds) * (1 + random.unit() / 10)
                let pollAt = time.now().adding(.milliseconds(Int64(jittered)))
                return await record(.stillRendering(progress: progress, pollAt: pollAt), for: job, token: token)
            case .rendered(let video):
                return await record(.rendered(video), for: job, token: token)
            case .failed(let failure):
                return await giveUp(job, failure, token: token)
            case .broke(let failure):
                // Money: only what certainly cost nothing is sent once more.
                guard failure.billed == .no, await !hasHadSecondTry(job) else {
                    return await giveUp(job, failure, token: token)
                }
                let retryAt = time.now().adding(options.secondTry)
                return await record(.turnedAway(failure, retryAt: retryAt), for: job, token: token)
            }
        } catch {
            return await stumble(job, over: error, provider, token: token)
        }
    }

    // MARK: What the steps share

    private func order(for job: Job, key: SubmissionKey) async throws(JobFailure) -> SubmissionOrder {
        let (frame, path) = try await beginning(of: job)
        let references = try await frames.references(for: job.request)
        return SubmissionOrder(
            key: key,
            request: job.request,
            shot: job.shots.count,
            frame: frame,
            framePath: path,
            references: references,
            requestID: job.requestID
        )
    }

    /// What the clip that is next begins from: the composed picture, or the last frame of the shot before.
    private func beginning(of job: Job) async throws(JobFailure) -> (frame: FirstFrame, path: String) {
        let shots = job.request.shots
        guard shots.indices.contains(job.shots.count), shots[job.shots.count].from == .previous,
            let last = job.shots.last
        else { return try await frames.firstFrame(for: job.request) }
        do throws(ProviderError) {
            return try await finisher.lastFrame(of: last, for: job.request)
        } catch {
            throw error.failure
        }
    }

    func orderOrFailure(for job: Job, key: SubmissionKey) async throws(ProviderError) -> SubmissionOrder {
        do throws(JobFailure) {
            return try await order(for: job, key: key)
        } catch {
            throw ProviderError(error, isPassing: error.isOfTheMachine)
        }
    }

    /// Runs a submit where no cancellation reaches it: a shutdown must not make a submission doubtful.
    private func answer(
        of submit: @escaping @Sendable () async throws(ProviderError) -> RemoteJob
    ) async -> Result<RemoteJob, ProviderError> {
        await Task {
            do throws(ProviderError) {
                return .success(try await submit())
            } catch {
                return .failure(error)
            }
        }.value
    }

    func release(_ job: Job, token: String) async {
        do throws(StoreError) {
            try await jobs.release([job.id], token: token)
        } catch {
            log.debug("lease not given back; it ends by itself", metadata: ["job.id": "\(job.id)"])
        }
    }

    static func failure(of error: StoreError) -> JobFailure {
        error.kind == .full
            ? JobFailure(.diskFull, "no room on the disk", hint: "free some room; the job goes on by itself")
            : JobFailure(.downloadFailed, "the clip could not be kept")
    }

    private static let unknownOutcome = JobFailure(
        .unknownOutcome,
        "the submission was not answered: it may have been billed",
        hint:
            "look at the provider's own list: adopt the job if the work is there; else retry it, and pay again, or cancel it",
        billed: .unknown
    )
}

extension JobFailure {
    /// Whether this machine is to blame, so that trying again may help.
    var isOfTheMachine: Bool { kind == .diskFull || kind == .fault }
}
