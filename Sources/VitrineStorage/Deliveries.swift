import Foundation
import GRDB
import VitrineCore

/// What a shop's systems are told of a job, a video or an import: the `data` of a message.
struct Told: Encodable {
    var job: JobID?
    var video: VideoID?
    var product: ProductID?
    var variant: String?
    var placement: Placement?
    var take: Int?
    var preset: String?
    var provider: ProviderID?
    var failure: String?
    var message: String?
    var hint: String?
    var `import`: ImportID?
    var feed: FeedName?
    var products: Int?
    var requestID: String?

    private enum CodingKeys: String, CodingKey {
        case job, video, product, variant, placement, take, preset, provider, failure, message, hint, `import`, feed
        case products
        case requestID = "request_id"
    }

    init(of job: Job, video: Video) {
        self.init(job)
        self.video = video.id
    }

    init(of job: Job, _ failure: JobFailure) {
        self.init(job)
        self.failure = failure.kind.rawValue
        message = failure.message
        hint = failure.hint
    }

    init(of request: ImportRequest) {
        `import` = request.id
        feed = request.feed
        products = request.counts.products
        message = request.failure?.message
        hint = request.failure?.hint
    }

    private init(_ job: Job) {
        self.job = job.id
        product = job.slot.product
        variant = job.slot.variant
        placement = job.slot.placement
        take = job.take
        preset = job.preset.name
        provider = job.request.provider
        requestID = job.requestID
    }
}

/// Writes the intent to tell an address beside what it is told of, inside the same transaction.
struct Deliveries {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// What is said of a message that was never tried, because its address is switched off.
    static let neverTried = "never tried: the address is switched off"

    /// Makes one message to each address that wants to know of it.
    func intend(_ event: WebhookEvent, _ told: Told, about subject: String, at now: Date) throws {
        guard try database.integer("SELECT 1 FROM webhook LIMIT 1") != nil else { return }
        let webhooks = try database.rows("SELECT id, events, off_since FROM webhook ORDER BY number")
        for row in webhooks where row.text("events").split(separator: " ").contains(Substring(event.rawValue)) {
            let isOff = row.optionalDate("off_since") != nil
            let number = (try database.integer("SELECT max(number) FROM delivery") ?? 0) + 1
            let id = "d_" + Digest(of: "\(row.text("id")) \(number) \(subject) \(now.milliseconds)").digits(20)
            try database.run(
                """
                INSERT INTO delivery
                    (id, number, webhook, event, body, state, attempts, due_at, created_at, begun_at, last_answer)
                VALUES (?1, ?2, ?3, ?4, ?5, ?7, 0, ?6, ?6, ?6, ?8)
                """,
                id,
                number,
                row.text("id"),
                event.rawValue,
                Deliveries.body(event, told, at: now),
                now.milliseconds,
                isOff ? Delivery.State.givenUp.rawValue : Delivery.State.waiting.rawValue,
                isOff ? Deliveries.neverTried : nil
            )
        }
    }

    private struct Message: Encodable {
        var type: WebhookEvent
        var timestamp: String
        var data: Told
    }

    private static func body(_ event: WebhookEvent, _ told: Told, at now: Date) -> String {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return StoredJSON.text(Message(type: event, timestamp: now.formatted(style), data: told))
    }
}
