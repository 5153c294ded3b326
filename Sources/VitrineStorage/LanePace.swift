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

    /// Jobs that have left the queue and still occupy the lane.
    func moving() throws -> Int { try count("TRUE") }

    /// Jobs that the provider has, as far as we know.
    func inFlight() throws -> Int { try count("state = 'rendering'") }

    /// Jobs whose submission is on its way.
    func onTheWay() throws -> Int { try count("state = 'submitting'") }

    /// Submissions of the last minute but for those that were turned away; a lane bears its provider's name.
    func lastMinute() throws -> Int {
        let since = now.milliseconds - LearnedPace.minute.milliseconds
        return Int(
            try database.integer(
                """
                SELECT count(*) FROM submission WHERE begun_at > ?1 AND outcome <> 'turned-away' AND provider = ?2
                """,
                since,
                lane.rawValue
            ) ?? 0
        )
    }

    /// Learns that a submission was turned away; gives back whether that told anything.
    func refused() throws -> Bool {
        let (flight, minute) = try (inFlight(), lastMinute() - onTheWay())
        guard var pace = try learned() else {
            guard let pace = LearnedPace(refusedWith: flight, lastMinute: minute, at: now) else { return false }
            try keep(pace)
            return true
        }
        pace.refused(inFlight: flight, lastMinute: minute, at: now)
        try keep(pace)
        return true
    }

    /// Learns that a submission was taken, where something was learned before.
    func accepted() throws {
        guard var pace = try learned() else { return }
        pace.accepted(inFlight: try inFlight(), lastMinute: try lastMinute() - onTheWay())
        try keep(pace)
    }

    private func keep(_ pace: LearnedPace) throws {
        try database.run("UPDATE lane SET pace = ?2 WHERE id = ?1", lane.rawValue, StoredJSON.text(pace))
    }

    private func count(_ condition: String) throws -> Int {
        let sql = "SELECT count(*) FROM job WHERE lane = ?1 AND \(SQLStore.isMoving) AND \(condition)"
        return Int(try database.integer(sql, lane.rawValue) ?? 0)
    }
}
