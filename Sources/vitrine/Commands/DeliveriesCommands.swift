public import ArgumentParser
import Foundation
public import VitrineCore
import VitrinePipeline

/// `vitrine webhooks deliveries`.
struct ListDeliveries: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliveries",
        abstract: "List messages, newest first, and what came of them.",
        discussion: "  vitrine webhooks deliveries w_… --state given-up\n\n" + ExitHelp.text
    )

    @Argument(help: "Only those to this webhook, `w_…`.") var webhook: String?
    @Option(help: "Only waiting, delivered or given-up ones.") var state: Delivery.State?
    @Option(help: ArgumentHelp("At most so many.", valueName: "n")) var limit = 50
    @OptionGroup(title: "General") var global: GlobalOptions

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit: expected a whole number from 1 but got \(limit)") }
    }

    func run() async throws {
        let services = try await Services.open(global)
        let deliveries = try await deliveries(services.store)
        if global.json { return global.output.json(deliveries.map { DeliveryReport($0) }) }
        global.output.table(
            ["DELIVERY", "WEBHOOK", "EVENT", "STATE", "TRIES", "MADE", "LAST ANSWER"],
            deliveries.map { delivery in
                [
                    delivery.id.rawValue, delivery.webhook.rawValue, delivery.event.rawValue, delivery.state.rawValue,
                    "\(delivery.attempts)", ReportJSON.text(delivery.createdAt), delivery.lastAnswer ?? "",
                ]
            }
        )
    }

    private func deliveries(_ store: any WebhookStore) async throws -> [Delivery] {
        var found: [Delivery] = []
        var cursor: PageCursor?
        repeat {
            let page = try await store.deliveries(of: webhook.map { WebhookID($0) }, after: cursor, limit: 500)
            found += page.items.filter { state == nil || $0.state == state }
            cursor = page.next
        } while cursor != nil && found.count < limit
        return Array(found.prefix(limit))
    }
}

/// `vitrine webhooks replay`.
struct ReplayDeliveries: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send messages again, whatever became of them, under their own ids.",
        discussion: """
              vitrine webhooks replay d_…
              vitrine webhooks replay --missed w_…

            \(ExitHelp.text)
            """
    )

    @Argument(help: "Messages, `d_…`.") var delivery: [String] = []
    @Option(help: ArgumentHelp("Everything that was given up of this webhook.", valueName: "w_…")) var missed: String?
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func validate() throws {
        if delivery.isEmpty, missed == nil { throw ValidationError("name messages, or a webhook by `--missed`") }
    }

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        let now = services.time.now()
        var count = 0
        for id in delivery {
            _ = try await services.store.replay(DeliveryID(id), at: now)
            count += 1
        }
        if let missed { count += try await services.store.replayMissed(of: WebhookID(missed), at: now) }
        if global.json { return global.output.json(["replayed": count]) }
        global.output.line("\(counted(count, "message")) to be sent again")
    }
}

/// A message as `--json` prints it.
private struct DeliveryReport: Encodable {
    var id: DeliveryID
    var webhook: WebhookID
    var event: WebhookEvent
    var state: Delivery.State
    var tries: Int
    var createdAt: Date
    var dueAt: Date?
    var lastAnswer: String?
    var body: String

    init(_ delivery: Delivery) {
        id = delivery.id
        webhook = delivery.webhook
        event = delivery.event
        state = delivery.state
        tries = delivery.attempts
        createdAt = delivery.createdAt
        dueAt = delivery.state == .waiting ? delivery.dueAt : nil
        lastAnswer = delivery.lastAnswer
        body = delivery.body
    }
}

extension Delivery.State: ExpressibleByArgument {}
