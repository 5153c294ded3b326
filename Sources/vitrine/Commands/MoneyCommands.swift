import ArgumentParser
import Foundation
import VitrineCore

/// `vitrine spend`.
struct SpendCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "spend",
        abstract: "What was spent and what is set aside, by day and provider.",
        discussion: ExitHelp.text
    )

    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        let lines = try await services.store.spend(in: services.settings.timezone())
        if global.json { return global.output.json(lines) }
        global.output.table(
            ["DAY", "PROVIDER", "SUBMISSIONS", "SPENT", "SET ASIDE"],
            lines.map { [$0.day, $0.provider.rawValue, "\($0.submissions)", "\($0.settled)", "\($0.reserved)"] }
        )
    }
}

/// `vitrine budget show|set`.
struct BudgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budget",
        abstract: "The most that may be spent.",
        discussion: ExitHelp.text,
        subcommands: [ShowBudget.self, SetBudget.self],
        defaultSubcommand: ShowBudget.self
    )
}

struct ShowBudget: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show the budgets and what is left of them.",
        discussion: ExitHelp.text
    )

    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        let budgets = try await services.store.budgets()
        if global.json { return global.output.json(budgets) }
        if budgets.isEmpty { return global.output.say("no budget is set: nothing paid can be made") }
        global.output.table(
            ["CAP", "SPENT", "SET ASIDE", "LEFT"],
            budgets.map { ["\($0.cap)", "\($0.spent)", "\($0.reserved)", "\($0.left)"] }
        )
    }
}

struct SetBudget: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set the most that may be spent in a currency.",
        discussion: "  vitrine budget set 25USD\n\n" + ExitHelp.text
    )

    @Argument(
        help: ArgumentHelp("The amount, such as 25USD.", valueName: "amount"),
        transform: BudgetArgument.money(from:)
    )
    var amount: Money
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        try await services.store.setBudget(amount)
        for lane in try await services.store.lanes() where lane.pauseReason != nil {
            try await services.store.pause(lane.id, until: nil, reason: nil)
        }
        if global.json {
            global.output.json(try await services.store.budgets())
        } else {
            global.output.line("budget: \(amount)")
        }
    }
}
