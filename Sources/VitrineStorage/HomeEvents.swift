import Foundation
import GRDB
public import VitrineCore

/// Writes what changed beside the change itself, inside its transaction.
struct HomeEvents {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// Tells how something stands now.
    func tell(
        _ topic: HomeEvent.Topic,
        _ subject: String,
        _ state: String,
        product: ProductID? = nil,
        at now: Date
    ) throws {
        try database.run(
            """
            INSERT INTO home_event (number, at, topic, subject, state, product)
            SELECT coalesce(max(number), 0) + 1, ?1, ?2, ?3, ?4, ?5 FROM home_event
            """,
            now.milliseconds,
            topic.rawValue,
            subject,
            state,
            product?.rawValue
        )
    }

    /// Tells how a job stands now.
    func tell(of job: Job, at now: Date) throws {
        try tell(.job, job.id.rawValue, job.state.name.rawValue, product: job.slot.product, at: now)
    }
}

extension SQLStore {
    /// See `EventLog.latestEvent`.
    public func latestEvent() async throws(StoreError) -> Int64 {
        try await read { try $0.integer("SELECT max(number) FROM home_event") ?? 0 }
    }

    /// See `EventLog.events`.
    public func events(after number: Int64, limit: Int) async throws(StoreError) -> [HomeEvent] {
        try await read { database in
            try database.rows(
                "SELECT * FROM home_event WHERE number > ?1 ORDER BY number LIMIT ?2",
                number,
                max(0, limit)
            ).map { row in
                HomeEvent(
                    number: row.number("number"),
                    at: row.date("at"),
                    topic: try row.name("topic"),
                    subject: row.text("subject"),
                    state: row.text("state"),
                    product: row.optionalText("product").map { ProductID(rawValue: $0) }
                )
            }
        }
    }
}
