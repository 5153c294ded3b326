import Foundation
import VitrineCore

/// How something goes wrong.
enum Deed: Hashable, Sendable {
    // An exchange.
    case delay(Duration)
    /// The connection ends before anything is done.
    case dropBefore
    /// The connection ends when it is done, unanswered.
    case dropAfter
    case rateLimit(after: Duration?)
    /// A 5xx before anything is done.
    case error(Int)
    /// A 5xx when it is done.
    case errorAfter(Int)
    /// Half of the answer, then the connection ends.
    case truncate
    /// An answer that is no JSON.
    case garbage
    case slow(bytesPerSecond: Int)
    // A job.
    case fail
    case moderate
    case neverEnd
    case vanish
    /// The first link is dead; one asked for again lives.
    case expireLink
    // A webhook.
    case double
    case late(Duration)
    /// A forged one rings first.
    case forge
    /// It is sent after the next one.
    case reorder
    case lose

    /// What it can happen to.
    var targets: Fault.Target {
        switch self {
        case .delay, .dropBefore, .dropAfter, .rateLimit, .error, .errorAfter, .truncate, .garbage, .slow: .exchange
        case .fail, .moderate, .neverEnd, .vanish, .expireLink: .job
        case .double, .late, .forge, .reorder, .lose: .webhook
        }
    }
}

/// A rule by which things go wrong.
struct Fault: Hashable, Sendable {
    enum Target: String, Hashable, Sendable { case exchange, job, webhook }

    /// Which of the events that it is aimed at it strikes.
    enum Pick: Hashable, Sendable {
        case always
        /// Only that one, counted from 1.
        case nth(Int)
        case first(Int)
        case every(Int)
        case chance(Double)
    }

    /// The exchanges it is aimed at; empty for rules about jobs and webhooks.
    var exchanges: Set<Exchange> = []
    var deed: Deed
    var pick: Pick = .always
    /// The providers it is aimed at; nil for all.
    var providers: Set<String>?
    /// A word of the prompt, for rules about jobs; nil for all.
    var prompt: String?
}

/// Decides what goes wrong now: counts the events that each rule is aimed at, and draws chances from one seed.
struct FaultBook: Sendable {
    let faults: [Fault]
    /// How often one struck.
    private(set) var struck = 0
    private var counts: [Int]
    private var draw: UInt64

    init(_ faults: [Fault], seed: UInt64) {
        self.faults = faults
        counts = Array(repeating: 0, count: faults.count)
        draw = seed
    }

    /// What strikes an exchange.
    mutating func deeds(_ exchange: Exchange, provider: String) -> [Deed] {
        pick { $0.deed.targets == .exchange && $0.exchanges.contains(exchange) && $0.isAimed(at: provider) }
    }

    /// What strikes a job.
    mutating func deeds(job prompt: String, provider: String) -> [Deed] {
        pick { fault in
            fault.deed.targets == .job && fault.isAimed(at: provider)
                && fault.prompt.map { prompt.localizedCaseInsensitiveContains($0) } ?? true
        }
    }

    /// What strikes a webhook.
    mutating func deeds(webhookOf provider: String) -> [Deed] {
        pick { $0.deed.targets == .webhook && $0.isAimed(at: provider) }
    }

    private mutating func pick(_ isMeant: (Fault) -> Bool) -> [Deed] {
        var deeds: [Deed] = []
        for (index, fault) in faults.enumerated() where isMeant(fault) {
            counts[index] += 1
            let count = counts[index]
            let strikes =
                switch fault.pick {
                case .always: true
                case .nth(let number): count == number
                case .first(let number): count <= number
                case .every(let number): count % number == 0
                case .chance(let chance): next() < chance
                }
            if strikes {
                struck += 1
                deeds.append(fault.deed)
            }
        }
        return deeds
    }

    /// The next number in 0..<1, by SplitMix64.
    private mutating func next() -> Double {
        draw &+= 0x9E37_79B9_7F4A_7C15
        var value = draw
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((value ^ (value >> 31)) >> 11) / Double(1 << 53)
    }
}

extension Fault {
    fileprivate func isAimed(at provider: String) -> Bool { providers?.contains(provider) ?? true }
}
