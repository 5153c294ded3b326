public import ArgumentParser
import Foundation
public import VitrineCore

/// `vitrine spend`.
struct SpendCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "spend",
        abstract: "What was spent and what is set aside.",
        discussion: "By day and provider, unless --by names one thing.\n\n" + ExitHelp.text
    )

    @Option(help: "Sum by one thing: day, provider, preset or product.") var by: SpendAxis?
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        let zone = try services.settings.timezone()
        if let by {
            let sums = try await services.store.spend(by: by, in: zone)
            if global.json { return global.output.json(sums) }
            return global.output.table(
                [by.rawValue.uppercased(), "SUBMISSIONS", "SPENT", "SET ASIDE"],
                sums.map { [$0.name, "\($0.submissions)", "\($0.settled)", "\($0.reserved)"] }
            )
        }
        let lines = try await services.store.spend(in: zone)
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
        let budgets = try await services.store.budgets(at: services.time.now())
        if global.json { return global.output.json(budgets) }
        if budgets.isEmpty { return global.output.say("no budget is set: nothing paid can be made") }
        global.output.table(
            ["FOR", "CAP", "SPENT", "SET ASIDE", "LEFT"],
            budgets.map {
                [
                    $0.period == .total ? "all" : "this \($0.period.rawValue)", "\($0.cap)", "\($0.spent)",
                    "\($0.reserved)", "\($0.left)",
                ]
            }
        )
    }
}

struct SetBudget: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set the most that may be spent in a currency.",
        discussion: """
              vitrine budget set 250USD
              vitrine budget set 25USD --per day

            \(ExitHelp.text)
            """
    )

    @Argument(
        help: ArgumentHelp("The amount, such as 25USD.", valueName: "amount"),
        transform: BudgetArgument.money(from:)
    )
    var amount: Money
    @Option(help: "For all of it, or for each day or month: total, day or month.") var per = BudgetPeriod.total
    @Flag(help: "Keep nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        try await services.store.setBudget(amount, each: per, in: try services.settings.timezone())
        for lane in try await services.store.lanes() where lane.pauseReason != nil {
            try await services.store.pause(lane.id, until: nil, reason: nil)
        }
        if global.json {
            global.output.json(try await services.store.budgets(at: services.time.now()))
        } else {
            global.output.line("budget: \(amount)" + (per == .total ? "" : " a \(per.rawValue)"))
        }
    }
}

extension SpendAxis: ExpressibleByArgument {}
extension BudgetPeriod: ExpressibleByArgument {}
