import Foundation
import Synchronization
import VitrineCore

/// Everything that the providers' servers know: jobs, pictures, links, what was asked, what goes wrong next.
final class SimulatedWorld: Sendable {
    struct Upload: Sendable {
        var bytes: Data
        var kind: String
        /// What the upload is bound to, such as a model.
        var bond: String = ""
    }

    /// One request as it was answered.
    struct Visit: Sendable {
        var provider: String
        var exchange: Exchange
        var method: String
        var path: String
        var status: Int
        var key: String
        var shape: [String]
        /// The names of its header fields, in order.
        var headers: [String]
        var at: Date
    }

    struct State {
        var jobs: [SimulatedJob] = []
        var places: [String: Int] = [:]
        var unfinished: [String: [Int]] = [:]
        var downloads: [String: Int] = [:]
        var uploads: [String: Upload] = [:]
        var judged: [Digest: PixelSize] = [:]
        var visits: [Visit] = []
        var counts: [String: Int] = [:]
        var refusals: [String: Int] = [:]
        var connections: [String: Set<String>] = [:]
        var submits: [String: [Date]] = [:]
        var requests: [String: [Date]] = [:]
        var faults = FaultBook([], seed: 1)
        var scenario = Scenario()
        var rings: [Ring] = []
        var rung: [RungBell] = []
    }

    let time: TimeSource
    let random: RandomSource
    let state: Mutex<State>

    init(scenario: Scenario, time: TimeSource, random: RandomSource) {
        self.time = time
        self.random = random
        var state = State()
        state.scenario = scenario
        state.faults = FaultBook(scenario.faults, seed: scenario.seed)
        self.state = Mutex(state)
    }

    var now: Date { time.now() }

    func habits(of provider: String) -> Scenario.Habits { state.withLock { $0.scenario.habits(of: provider) } }

    /// Puts another scenario in place; jobs that are there go on as they were to.
    func play(_ scenario: Scenario) {
        state.withLock { state in
            state.scenario = scenario
            state.faults = FaultBook(scenario.faults, seed: scenario.seed)
        }
    }

    /// Forgets everything but the scenario.
    func reset() {
        state.withLock { state in
            let scenario = state.scenario
            state = State()
            state.scenario = scenario
            state.faults = FaultBook(scenario.faults, seed: scenario.seed)
        }
    }

    // MARK: Jobs

    /// Takes an order, or refuses it for its words, the limits or the credit.
    ///
    /// `moderatesAtOnce`: whether this provider refuses words before it takes the order. `queues`: whether it makes an account
    /// that has too much in flight wait, where others refuse.
    func accept(
        _ order: ClipOrder,
        id: String,
        call: Call,
        account: String,
        moderatesAtOnce: Bool = false,
        queues: Bool = false
    ) throws(Refusal) -> SimulatedJob {
        let now = now
        return try state.withLock { (state) throws(Refusal) in
            let habits = state.scenario.habits(of: call.provider)
            let isBlocked = habits.blocked.contains { order.prompt.localizedCaseInsensitiveContains($0) }
            if isBlocked, moderatesAtOnce { throw Refusal(.moderated, "the prompt was refused by moderation") }
            let place = call.provider + " " + account
            let begins = try state.place(now.adding(habits.wait), for: place, habits: habits, at: now, queues: queues)
            try state.charge(order.price, for: place, habits: habits, at: now)
            let deeds = state.faults.deeds(job: order.prompt, provider: call.provider)
            var job = SimulatedJob(
                id: id,
                provider: call.provider,
                order: order,
                fate: isBlocked ? .moderated : order.pictureTrouble == nil ? .succeeds : .pictureRefused,
                account: account,
                acceptedAt: now,
                beginsAt: begins,
                endsAt: begins.adding(habits.render)
            )
            for deed in deeds {
                switch deed {
                case .fail: job.fate = .fails
                case .moderate: job.fate = .moderated
                case .neverEnd: job.fate = .neverEnds
                case .vanish: job.fate = .vanishes
                case .expireLink: job.hasDeadLink = true
                default: break
                }
            }
            state.submits[place, default: []].append(now)
            state.unfinished[place, default: []].append(state.jobs.count)
            state.places[call.provider + " " + id] = state.jobs.count
            state.jobs.append(job)
            return job
        }
    }

    /// The job of that id, if it is this account's and not forgotten.
    func job(_ id: String, of provider: String, account: String?) -> SimulatedJob? {
        let now = now
        return state.withLock { state in
            guard let place = state.places[provider + " " + id] else { return nil }
            let job = state.jobs[place]
            guard account == nil || account == job.account, job.phase(at: now) != .gone else { return nil }
            return job
        }
    }

    /// The jobs of an account, newest first.
    func jobs(of provider: String, account: String) -> [SimulatedJob] {
        let now = now
        return state.withLock { state in
            state.jobs.reversed().filter {
                $0.provider == provider && $0.account == account && $0.phase(at: now) != .gone
            }
        }
    }

    func change(_ job: SimulatedJob, _ body: (inout SimulatedJob) -> Void) {
        state.withLock { state in
            guard let place = state.places[job.provider + " " + job.id] else { return }
            body(&state.jobs[place])
        }
    }

    /// What would have been billed until now.
    var ledger: BillLedger {
        let now = now
        return state.withLock { state in
            BillLedger(
                entries: state.jobs.map { job in
                    BillLedger.Entry(
                        provider: job.provider,
                        job: job.id,
                        model: job.order.model,
                        prompt: job.order.prompt,
                        picture: job.order.pictures.first?.digest,
                        seconds: job.order.seconds,
                        price: job.order.price,
                        state: .init(of: job, at: now),
                        fate: job.fate.rawValue,
                        downloads: state.downloads[job.provider + " " + job.id] ?? 0,
                        order: job.order.digest,
                        acceptedAt: job.acceptedAt
                    )
                }
            )
        }
    }

    /// Keeps bytes under the address that a client will name.
    func keep(_ upload: Upload, as address: String) {
        state.withLock { $0.uploads[address] = upload }
    }

    /// What was kept under an address.
    func upload(at address: String) -> Upload? { state.withLock { $0.uploads[address] } }

    /// The size of a picture that was judged before; nil of any other.
    func size(of picture: Digest) -> PixelSize? { state.withLock { $0.judged[picture] } }

    /// Remembers the size of a picture, so that it is decoded once.
    func judged(_ picture: Digest, _ size: PixelSize) { state.withLock { $0.judged[picture] = size } }

    func downloaded(_ job: SimulatedJob) {
        state.withLock { $0.downloads[job.provider + " " + job.id, default: 0] += 1 }
    }

    // MARK: Names

    /// 32 hexadecimal digits.
    func hexadecimal() -> String { uuid().replacing("-", with: "") }

    func uuid() -> String { random.uuid().uuidString.lowercased() }
}

extension SimulatedWorld.State {
    /// When work on an order can begin; refuses it where an account has too much in flight or asks too often.
    fileprivate mutating func place(
        _ moment: Date,
        for place: String,
        habits: Scenario.Habits,
        at now: Date,
        queues: Bool
    ) throws(Refusal) -> Date {
        if let limit = habits.submitsPerMinute {
            let recent = (submits[place] ?? []).filter { $0 > now.adding(.seconds(-60)) }
            submits[place] = recent
            if recent.count >= limit {
                let wait = Duration.milliseconds(60_000 - (now.milliseconds - (recent.first ?? now).milliseconds))
                throw Refusal(
                    .rateLimited(after: habits.hints ? wait : nil),
                    "rate limit: \(limit) submissions a minute"
                )
            }
        }
        let open = (unfinished[place] ?? []).filter { jobs[$0].isUnfinished(at: now) }
        unfinished[place] = open
        guard let limit = habits.inFlight, open.count >= limit else { return moment }
        let ends = open.map { jobs[$0].endsAt }.sorted()
        let free = ends[open.count - limit]
        if queues { return max(moment, free) }
        let wait = Duration.milliseconds(max(0, free.milliseconds - now.milliseconds))
        throw Refusal(.rateLimited(after: habits.hints ? wait : nil), "rate limit: \(limit) jobs in flight")
    }

    fileprivate func charge(
        _ price: Money,
        for place: String,
        habits: Scenario.Habits,
        at now: Date
    ) throws(Refusal) {
        guard let credit = habits.credit else { return }
        let spent = jobs.reduce(Int64(0)) { sum, job in
            let isMine = job.provider + " " + job.account == place && BillLedger.State(of: job, at: now) != .free
            return sum + (isMine ? job.order.price.micros : 0)
        }
        if spent + price.micros > credit.micros { throw Refusal(.outOfCredit, "the balance does not suffice") }
    }
}
