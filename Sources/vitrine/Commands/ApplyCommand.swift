import ArgumentParser
import Foundation
import VitrineCore
import VitrinePipeline

/// `vitrine apply [PLAN]`.
struct ApplyCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Queue exactly what a plan says; the latest plan by default.",
        discussion: """
            Rows that would be asked differently by now, or cost something else, are left out and listed.
            `vitrine work` makes what is queued.

              vitrine plan && vitrine apply && vitrine work --until-idle

            \(ExitHelp.text)
            """
    )

    @Argument(help: "The plan's id.")
    var plan: String?

    @OptionGroup(title: "Only these rows of the plan") var planArguments: PlanArguments
    @OptionGroup(title: "Applying") var arguments: ApplyArguments
    @Flag(help: "Say what would be queued, queue nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        let output = global.output
        let applied = try await ApplyStep(services: services, output: output)
            .run(plan.map { PlanID($0) }, arguments, only: try await RowFilter(planArguments, services: services))
        if output.isJSON {
            output.json(AppliedReport(applied))
        } else {
            for row in applied.leftOut {
                output.say("left out: \(row.title) \(row.slot.placement.rawValue): \(row.why)")
            }
            output.line("queued \(counted(applied.jobs.count, "job")), \(PlanStep.text(applied.price))")
            if !applied.jobs.isEmpty { output.say("make them with `vitrine work --until-idle`") }
        }
        if !applied.leftOut.isEmpty { throw ExitCode.partly }
    }
}

/// Applying as several commands share it: paid work needs a budget and a yes.
struct ApplyStep {
    let services: Services
    let output: Output

    func run(
        _ id: PlanID?,
        _ arguments: ApplyArguments,
        only filter: RowFilter = RowFilter()
    ) async throws -> AppliedPlan {
        guard let plan = try await services.store.plan(id) else {
            throw CommandFailure(
                id.map { "no plan `\($0)`" } ?? "there is no plan yet",
                hint: "make one with `vitrine plan`"
            )
        }
        let paid = plan.totals.price.filter { !$0.isZero }
        if !paid.isEmpty {
            let budgets = try await services.store.budgets()
            var caps: [Money] = []
            for amount in paid where !budgets.contains(where: { $0.cap.currency == amount.currency }) {
                guard let cap = arguments.budget, cap.currency == amount.currency else {
                    throw CommandFailure(
                        "the plan costs \(amount), and no budget is set",
                        hint: "set one with `vitrine budget set \(amount.amount)\(amount.currency)`"
                    )
                }
                caps.append(cap)
            }
            try confirm(paid, arguments)
            for cap in caps { try await services.store.setBudget(cap) }
        }
        return try await services.presets.maker().apply(plan.id, atMost: arguments.budget, only: filter.isMeant)
    }

    private func confirm(_ price: [Money], _ arguments: ApplyArguments) throws {
        if arguments.yes { return }
        guard isatty(0) == 1, output.isTerminal else {
            throw CommandFailure("the plan costs \(PlanStep.text(price))", hint: "pass `--yes` to spend it")
        }
        output.say("spend \(PlanStep.text(price))? [y/N]")
        guard let answer = readLine(), answer.lowercased().hasPrefix("y") else {
            throw CommandFailure("nothing was spent")
        }
    }
}
