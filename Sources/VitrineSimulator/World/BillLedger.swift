public import Foundation
public import VitrineCore

/// What the providers would have billed: the judge of whether anything was paid for twice.
public struct BillLedger: Sendable {
    /// What became of the money of a job.
    public enum State: String, Hashable, Sendable, Codable {
        /// Work goes on.
        case pending
        /// It is owed.
        case billed
        /// It failed, or was cancelled in time.
        case free
    }

    /// One accepted submission.
    public struct Entry: Hashable, Sendable, Codable {
        /// The provider.
        public var provider: String
        /// The provider's id of the job.
        public var job: String
        /// The model.
        public var model: String
        /// The prompt.
        public var prompt: String
        /// The digest of the first picture; nil when there was none.
        public var picture: Digest?
        /// The length.
        public var seconds: Double
        /// What it costs.
        public var price: Money
        /// What became of the money.
        public var state: State
        /// What becomes of the job, such as `succeeds` or `fails`.
        public var fate: String
        /// How often its clip was fetched to the end.
        public var downloads: Int
        /// By which the same work is known again.
        public var order: Digest
        /// When.
        public var acceptedAt: Date
    }

    /// All accepted submissions, in order.
    public var entries: [Entry]

    /// What is owed, by currency.
    public var billed: [Money] {
        var sum = MoneySum()
        for entry in entries where entry.state == .billed { sum.add(entry.price) }
        return sum.amounts
    }

    /// Submissions of the same work to the same provider beyond the first that is not free: who sends again what failed at no cost
    /// doubles nothing.
    public var doubled: [Entry] {
        var seen = Set<[String]>()
        return entries.filter { entry in
            let work = [entry.provider, entry.order.hexadecimal]
            let isSeen = seen.contains(work)
            if entry.state != .free { seen.insert(work) }
            return isSeen
        }
    }
}

extension BillLedger.State {
    init(of job: SimulatedJob, at now: Date) {
        switch job.fate {
        case .fails, .pictureRefused: self = .free
        // Runway alone keeps the credits of what its input moderation refuses.
        case .moderated: self = job.provider == "runway" && now >= job.endsAt ? .billed : .free
        case .neverEnds: self = .pending
        case .succeeds, .vanishes:
            if let cancelled = job.cancelledAt, cancelled < job.endsAt {
                // Runway gives credits back only for what it had not begun.
                self = job.provider == "runway" && cancelled >= job.beginsAt ? .billed : .free
            } else {
                self = now < job.endsAt ? .pending : .billed
            }
        }
    }
}
