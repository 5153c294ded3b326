public import Foundation

/// What a lane's provider was seen to take, learned from refusals that do not say how many are allowed.
///
/// A refusal has two readings: too many in flight, or too many in the last minute. Both are held until one is disproved: what
/// only one of them allows is tried, one submission at a time. The reading that stays is raised by little when much was taken; lowered by as little when it
/// is refused, and by a quarter when nothing was taken since the last refusal.
public struct LearnedPace: Hashable, Sendable, Codable {
    /// For how long a submission counts for the minute, once it was answered: a little more, since clocks are read at different moments.
    public static let minute: Duration = .milliseconds(60_050)
    /// For how long after a refusal others teach nothing: they were on their way already.
    static let grace: Duration = .seconds(2)
    private static let firstRaise = 50
    private static let lastRaise = 1600

    /// The most in flight, unless that was disproved.
    public private(set) var inFlight: Int?
    /// The most in a minute, unless that was disproved.
    public private(set) var perMinute: Int?
    /// How far what was taken speaks for the limit in flight (above zero) or for the one a minute.
    private var leaning = 0
    /// Submissions taken since the last raise or refusal.
    private var taken = 0
    /// How many must be taken before the next raise.
    private var raiseAfter = LearnedPace.firstRaise
    /// Whether the last change was a raise that nothing has proved.
    private var isRaised = false
    private var refusedAt: Date

    /// What one refusal says, with so many in flight and so many taken in the last minute; nil when it says nothing, since there were none.
    public init?(refusedWith inFlight: Int, lastMinute: Int, at now: Date) {
        guard inFlight > 0 || lastMinute > 0 else { return nil }
        self.inFlight = max(1, inFlight)
        perMinute = max(1, lastMinute)
        refusedAt = now
    }

    /// How many more may be begun while nothing was learned: at most a quarter of those in flight are on their way at once, 8 to 16, so that few
    /// meet a limit that nobody tells.
    public static func firstRoom(inFlight: Int, onTheWay: Int) -> Int {
        max(0, min(max(8, inFlight / 4), 16) - onTheWay)
    }

    /// How many more may be begun, with so many in flight and so many begun in the last minute, those on their way among them.
    public func room(inFlight: Int, lastMinute: Int, onTheWay: Int, at now: Date) -> Int {
        switch (self.inFlight, perMinute) {
        case (let limit?, nil): max(0, limit - inFlight)
        case (nil, let rate?): max(0, rate - lastMinute)
        case (let limit?, let rate?):
            onTheWay == 0 && !isEarly(now) && (inFlight < limit || lastMinute < rate) ? 1 : 0
        case (nil, nil): Int.max
        }
    }

    /// Learns from another refusal, with so many in flight and so many taken in the last minute.
    public mutating func refused(inFlight: Int, lastMinute: Int, at now: Date) -> RefusalLesson {
        guard isRaised || !isEarly(now) else { return .limit }
        var lesson = RefusalLesson.limit
        if let limit = self.inFlight, let rate = perMinute {
            switch (inFlight < limit, lastMinute < rate) {
            case (true, false): self.inFlight = nil
            case (false, true): perMinute = nil
            case (true, true):
                self.inFlight = LearnedPace.lower(limit, inFlight)
                perMinute = LearnedPace.lower(rate, lastMinute)
            case (false, false): break
            }
        } else if isRaised || taken > 0 {
            lesson = .trial
            self.inFlight = self.inFlight.map { max(1, $0 - LearnedPace.step($0 - 1)) }
            perMinute = perMinute.map { max(1, $0 - LearnedPace.step($0 - 1)) }
            raiseAfter = min(raiseAfter * 2, LearnedPace.lastRaise)
        } else {
            self.inFlight = self.inFlight.map { LearnedPace.lower($0, inFlight) }
            perMinute = perMinute.map { LearnedPace.lower($0, lastMinute) }
        }
        isRaised = false
        taken = 0
        refusedAt = now
        return lesson
    }

    /// Learns from a submission that was taken, with so many in flight and so many taken in the last minute, this one among them.
    public mutating func accepted(inFlight: Int, lastMinute: Int) {
        if let limit = self.inFlight, let rate = perMinute {
            let isBeyond = (limit: inFlight > limit, rate: lastMinute > rate)
            if isBeyond.limit { self.inFlight = inFlight }
            if isBeyond.rate { perMinute = lastMinute }
            if isBeyond.rate, !isBeyond.limit { leaning += 1 }
            if isBeyond.limit, !isBeyond.rate { leaning -= 1 }
            // Thrice, because a job may have ended that we have not looked at since.
            if leaning >= 3 { perMinute = nil }
            if leaning <= -3 { self.inFlight = nil }
            return
        }
        taken += 1
        let isProved = inFlight >= self.inFlight ?? .max || lastMinute >= perMinute ?? .max
        if isRaised, isProved {
            isRaised = false
            raiseAfter = max(LearnedPace.firstRaise, raiseAfter / 2)
        }
        self.inFlight = self.inFlight.map { max($0, inFlight) }
        perMinute = perMinute.map { max($0, lastMinute) }
        // What was never used to the full is not raised: nothing would be learned.
        guard taken >= raiseAfter, isProved else { return }
        self.inFlight = self.inFlight.map { $0 + LearnedPace.step($0) }
        perMinute = perMinute.map { $0 + LearnedPace.step($0) }
        isRaised = true
        taken = 0
    }

    private func isEarly(_ now: Date) -> Bool { now < refusedAt.adding(LearnedPace.grace) }

    /// One in fifty more, at least one.
    private static func step(_ limit: Int) -> Int { max(1, limit / 50) }

    /// A quarter less than what is allowed, or than what was there if that is less.
    private static func lower(_ limit: Int, _ seen: Int) -> Int { max(1, min(limit, max(1, seen)) * 3 / 4) }
}
