public import ArgumentParser
import Foundation
public import VitrineCore
import VitrinePipeline

/// `vitrine webhooks add|list|remove|on|deliveries|replay|test`.
struct WebhooksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhooks",
        abstract: "Addresses of the shop that are told what happened: see docs/webhooks.md.",
        discussion: """
            `vitrine serve` and `vitrine work` send the messages. One that is not taken is sent again for three days.

            \(ExitHelp.text)
            """,
        subcommands: [
            AddWebhook.self, ListWebhooks.self, RemoveWebhook.self, SwitchOnWebhook.self, TestWebhook.self,
            ListDeliveries.self, ReplayDeliveries.self,
        ],
        defaultSubcommand: ListWebhooks.self
    )
}

struct AddWebhook: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add an address; the secret that signs its messages is printed once.",
        discussion: """
              vitrine webhooks add https://erp.shop.example/vitrine
              vitrine webhooks add https://erp.shop.example/failures --event job.failed --event video.quarantined

            \(ExitHelp.text)
            """
    )

    @Argument(help: "An http or https address.") var url: String
    @Option(help: ArgumentHelp("Only this event; repeatable. All events by default.", valueName: "event"))
    var event: [WebhookEvent] = []
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func validate() throws {
        guard Webhook.isAddress(url) else {
            throw ValidationError("expected an http or https address without name, password and fragment")
        }
    }

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        let webhook = Webhook(
            id: WebhookID(services.random.identifier("w")),
            url: url,
            events: Set(event.isEmpty ? WebhookEvent.allCases : event),
            secret: WebhookSecret(random: services.random),
            createdAt: services.time.now()
        )
        try await services.store.add(webhook)
        if global.json { return global.output.json(WebhookReport(webhook, showsSecret: true)) }
        global.output.line(webhook.secret.text)
        global.output.say("webhook `\(webhook.id)`: this is the only time that its secret is shown")
        global.output.say("see whether it answers: `vitrine webhooks test \(webhook.id)`")
    }
}

struct ListWebhooks: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List addresses, what they are told of, and how they do.",
        discussion: ExitHelp.text
    )

    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        let webhooks = try await services.store.webhooks()
        if global.json { return global.output.json(webhooks.map { WebhookReport($0) }) }
        global.output.table(
            ["WEBHOOK", "ADDRESS", "EVENTS", "STATE"],
            webhooks.map { webhook in
                let all = webhook.events.count == WebhookEvent.allCases.count
                let events = all ? "all" : webhook.events.map(\.rawValue).sorted().joined(separator: " ")
                return [webhook.id.rawValue, webhook.url, events, Self.state(of: webhook)]
            }
        )
    }

    private static func state(of webhook: Webhook) -> String {
        if let off = webhook.off { return "off since \(ReportJSON.text(off.since)): \(off.reason)" }
        return webhook.failingSince.map { "failing since \(ReportJSON.text($0))" } ?? "on"
    }
}

struct RemoveWebhook: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Drop an address, with all that it was to be told.",
        discussion: ExitHelp.text
    )

    @Argument(help: "The webhook, `w_…`.") var webhook: String
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        try await services.store.remove(WebhookID(webhook))
        if global.json { return global.output.json(["removed": webhook]) }
        global.output.line("\(webhook): removed")
    }
}

struct SwitchOnWebhook: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "on",
        abstract: "Tell an address again that was switched off because it took nothing.",
        discussion: "  vitrine webhooks on w_… && vitrine webhooks replay --missed w_…\n\n" + ExitHelp.text
    )

    @Argument(help: "The webhook, `w_…`.") var webhook: String
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        let found = try await services.store.switchOn(WebhookID(webhook))
        if global.json { return global.output.json(WebhookReport(found)) }
        global.output.line("\(found.id): on")
        global.output.say("what it missed is sent by `vitrine webhooks replay --missed \(found.id)`")
    }
}

struct TestWebhook: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send an address a signed message of no meaning, now, and say what it answers.",
        discussion: ExitHelp.text
    )

    @Argument(help: "The webhook, `w_…`.") var webhook: String
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        guard let found = try await services.store.webhooks().first(where: { $0.id.rawValue == webhook }) else {
            throw CommandFailure("no webhook `\(webhook)`", hint: "`vitrine webhooks list` shows those that there are")
        }
        let answer = await services.webhooks.test(found)
        guard case .taken = answer else {
            throw CommandFailure(
                "the address did not take the message: \(answer.words)",
                hint:
                    "it must answer with a status of 2xx within 15 seconds; a private address stands in `VITRINE_ALLOW_HOSTS`"
            )
        }
        if global.json { return global.output.json(["webhook": webhook, "answer": answer.words]) }
        global.output.line("\(found.id): taken (\(answer.words))")
    }
}

extension WebhookEvent: ExpressibleByArgument {}

/// An address as `--json` prints it; with its secret only when it was just made.
private struct WebhookReport: Encodable {
    var id: WebhookID
    var url: String
    var events: [WebhookEvent]
    var createdAt: Date
    var failingSince: Date?
    var offSince: Date?
    var offReason: String?
    var secret: String?

    init(_ webhook: Webhook, showsSecret: Bool = false) {
        id = webhook.id
        url = webhook.url
        events = webhook.events.sorted { $0.rawValue < $1.rawValue }
        createdAt = webhook.createdAt
        failingSince = webhook.failingSince
        offSince = webhook.off?.since
        offReason = webhook.off?.reason
        secret = showsSecret ? webhook.secret.text : nil
    }
}
