import Foundation
import GRDB
import VitrineCore

/// What a lane has learned about its provider's limit, inside one transaction.
struct LanePace {
    let lane: LaneID
    let database: Database
    let now: Date

    init(_ lane: LaneID, at now: Date, _ database: Database) {
        self.lane = lane
        self.database = database
        self.now = now
    }

    /// What was learned; nil while nothing was.
    func learned() throws -> LearnedPace? {
        let text = try database.row("SELECT pace FROM lane WHERE id = ?1", lane.rawValue)?.optionalText("pace")
        return try text.map { try StoredJSON.value($0) }
    }

    /// How many jobs of the lane have left the queue, by how far they are.
    struct Places {
        /// Their submission is on its way.
        var onTheWay = 0
        /// The provider has them, as far as we know.
        var inFlight = 0
        /// Their clip is made and not fetched yet.
        var unfetched = 0
    }

    /// Who stands where in the lane.
    func places() throws -> Places {
        var places = Places()
        let sql = "SELECT state, count(*) AS jobs FROM job WHERE lane = ?1 AND \(SQLStore.isMoving) GROUP BY state"
        for row in try database.rows(sql, lane.rawValue) {
            let state: JobState.Name = try row.name("state")
            switch state {
            case .submitting: places.onTheWay = row.count("jobs")
            case .rendering: places.inFlight = row.count("jobs")
            default: places.unfetched += row.count("jobs")
            }
        }
        return places
    }

    /// Submissions that count for the last minute, from their answer on, and those that have none yet; not those that were turned away.
    ///
    /// A lane bears its provider's name. An answer takes ten minutes at most.
    func lastMinute() throws -> Int {
        let since = now.milliseconds - LearnedPace.minute.milliseconds
        return Int(
            try database.integer(
                """
                SELECT count(*) FROM submission WHERE begun_at > ?1 AND outcome <> 'turned-away' AND provider = ?3
                    AND (outcome = 'open' OR coalesce(answered_at, begun_at) > ?2)
                """,
                since - Duration.seconds(600).milliseconds,
                since,
                lane.rawValue
            ) ?? 0
        )
    }

    /// Learns that a submission was turned away.
    func refused() throws -> RefusalLesson {
        let places = try places()
        let (flight, minute) = (places.inFlight, try lastMinute() - places.onTheWay)
        guard var pace = try learned() else {
            guard let pace = LearnedPace(refusedWith: flight, lastMinute: minute, at: now) else { return .nothing }
            try keep(pace)
            return .limit
        }
        let lesson = pace.refused(inFlight: flight, lastMinute: minute, at: now)
        try keep(pace)
        return lesson
    }

    /// Learns that a submission was taken, where something was learned before.
    func accepted() throws {
        guard var pace = try learned() else { return }
        let places = try places()
        pace.accepted(inFlight: places.inFlight, lastMinute: try lastMinute() - places.onTheWay)
        try keep(pace)
    }

    private func keep(_ pace: LearnedPace) throws {
        try database.run("UPDATE lane SET pace = ?2 WHERE id = ?1", lane.rawValue, StoredJSON.text(pace))
    }
}
