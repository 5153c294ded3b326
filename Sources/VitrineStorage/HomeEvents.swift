import Foundation
import GRDB
public import VitrineCore

/// Writes what changed beside the change itself, inside its transaction.
///
/// What happened to jobs is in their history already.
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
            VALUES (\(HomeEvents.nextNumber), ?1, ?2, ?3, ?4, ?5)
            """,
            now.milliseconds,
            topic.rawValue,
            subject,
            state,
            product?.rawValue
        )
    }

    /// The number after all that were given to events of both tables.
    static let nextNumber = """
        (SELECT max(coalesce((SELECT max(number) FROM home_event), 0), coalesce((SELECT max(number) FROM job_event), 0)) + 1)
        """
}

extension SQLStore {
    /// See `EventLog.latestEvent`.
    public func latestEvent() async throws(StoreError) -> Int64 {
        try await read { try ($0.integer("SELECT \(HomeEvents.nextNumber)") ?? 1) - 1 }
    }

    /// See `EventLog.stamp`.
    public func stamp() throws(StoreError) -> Int64 {
        try StoreError.wrapping { try driver.stamp() }
    }

    /// See `EventLog.events`.
    public func events(after number: Int64, limit: Int) async throws(StoreError) -> [HomeEvent] {
        try await read { database in
            try database.rows(
                """
                SELECT number, at, topic, subject, state, product FROM home_event WHERE number > ?1
                UNION ALL
                SELECT e.number, e.at, 'job', e.job, e.state, s.product FROM job_event e
                    CROSS JOIN job j ON j.id = e.job CROSS JOIN slot s ON s.id = j.slot
                    WHERE e.number > ?1 AND e.name <> 'looked'
                ORDER BY number LIMIT ?2
                """,
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
