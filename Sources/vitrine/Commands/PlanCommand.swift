import ArgumentParser
import Foundation
import VitrineCore
import VitrinePipeline
import VitrinePresets

/// `vitrine plan [FEED]`.
struct PlanCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say what would be made, why, and what it costs; spend nothing.",
        discussion: """
            The plan is kept under an id; `vitrine apply` makes exactly that.

              vitrine plan
              vitrine plan products.csv --placement 9:16 --limit 20
              vitrine plan --unmatched

            \(ExitHelp.text)
            """
    )

    @Argument(help: "A feed to import first.")
    var feed: String?

    @OptionGroup(title: "What is planned") var arguments: PlanArguments
    @OptionGroup(title: "Feed") var feedArguments: FeedArguments
    @OptionGroup(title: "Applying") var applyArguments: ApplyArguments
    @Flag(help: "List the categories that only the fallback takes, by product count.") var unmatched = false
    @Flag(help: "Keep nothing, not even the plan.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        let output = global.output
        var diagnostics = try await services.presets.checkedLibrary().diagnostics
        var name = feedArguments.name.map { FeedName($0) }
        if let feed {
            let step = ImportStep(services: services, output: output)
            let summary = try await step.run(feed, feedArguments, skipsImages: false)
            diagnostics += try await step.diagnostics(of: summary)
            name = summary.generation.feed
        }
        if unmatched { return try await listUnmatched(services, feed: name) }
        let step = PlanStep(services: services, output: output)
        let options = step.options(arguments, feed: name)
        var rows: [PlannedRequest] = []
        let plan = try await services.presets.maker().plan(options, listsUnchanged: global.json || global.verbose) {
            rows.append($0)
        }
        if output.isJSON {
            output.json(PlanReport(plan, rows, diagnostics))
        } else {
            step.say(diagnostics)
            step.say(plan, rows)
        }
        let cap = applyArguments.budget
        let isAbove = plan.totals.price.contains { $0.currency == cap?.currency && $0.micros > (cap?.micros ?? .max) }
        if let cap, isAbove {
            output.say("the plan costs more than the \(cap) of `--budget`: it will not be applied under it")
        }
        if isAbove || plan.totals[.blocked] > 0 || diagnostics.contains(where: { $0.severity == .error }) {
            throw ExitCode.partly
        }
    }

    private func listUnmatched(_ services: Services, feed: FeedName?) async throws {
        let library = try await services.presets.library()
        var counts: [String: Int] = [:]
        var offset = 0
        while true {
            let entries = try await services.store.entries(ProductQuery(feed: feed), offset: offset, limit: 1000)
            if entries.isEmpty { break }
            offset += entries.count
            for entry in entries {
                if let category = library.unmatchedCategory(of: entry.product) {
                    counts[category, default: 0] += 1
                }
            }
        }
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        if global.json {
            global.output.json(sorted.map { UnmatchedCategory(category: $0.key, products: $0.value) })
        } else if sorted.isEmpty {
            global.output.say("every product has a preset of its own")
        } else {
            global.output.table(["PRODUCTS", "CATEGORY"], sorted.map { ["\($0.value)", $0.key] })
        }
    }

    private struct UnmatchedCategory: Encodable {
        var category: String
        var products: Int
    }
}

/// Planning as several commands share it.
struct PlanStep {
    let services: Services
    let output: Output

    func options(_ arguments: PlanArguments, feed: FeedName?) -> PlanOptions {
        var options = PlanOptions()
        options.feed = feed
        options.products = arguments.product
        options.category = arguments.category
        options.preset = arguments.preset
        for placement in arguments.placement?.placements ?? [] where !options.placements.contains(placement) {
            options.placements.append(placement)
        }
        options.providers = arguments.provider?.providers ?? []
        options.model = arguments.model
        options.tier = arguments.tier ?? .draft
        options.isPerVariant = arguments.per == .variant
        options.limit = arguments.limit
        options.locale = arguments.locale
        options.route = arguments.route
        return options
    }

    func say(_ diagnostics: [Diagnostic]) {
        output.say(diagnostics, of: diagnostics.count, showAll: "run with `--verbose`, or `--json` for all of them")
    }

    /// The plan for a person: what it costs before how to go on.
    func say(_ plan: Plan, _ rows: [PlannedRequest]) {
        let shown = output.isVerbose ? rows : Array(rows.prefix(40))
        if !shown.isEmpty {
            output.table(
                ["CHANGE", "SHAPE", "PRODUCT", "PRESET", "PRICE", "WHY"],
                shown.map { row in
                    [
                        row.change.rawValue,
                        row.slot.placement.rawValue,
                        (row.title.isEmpty ? row.slot.product.rawValue : row.title)
                            + (row.slot.variant.map { " · \($0)" } ?? ""),
                        row.preset?.name ?? "",
                        row.change.isWork ? row.price.map { $0.isZero ? "free" : $0.description } ?? "" : "",
                        row.change == .new ? row.because : row.why,
                    ]
                }
            )
            if rows.count > shown.count { output.line("… and \(rows.count - shown.count) more") }
        }
        let counts = Change.allCases.filter { plan.totals[$0] > 0 }.map { "\(plan.totals[$0]) \($0.rawValue)" }
        output.line(counts.isEmpty ? "nothing to plan" : counts.joined(separator: ", "))
        output.line("price: " + PlanStep.text(plan.totals))
        if Change.allCases.contains(where: { $0.isWork && plan.totals[$0] > 0 }) {
            output.say("make it with `vitrine apply \(plan.id)`, then `vitrine work --until-idle`")
        }
    }

    static func text(_ totals: PlanTotals) -> String {
        let price = text(totals.price)
        guard totals.atMost != totals.price else { return price }
        return "\(price), and at most \(text(totals.atMost)) where others of a preset's list must make it"
    }

    static func text(_ price: [Money]) -> String {
        price.allSatisfy(\.isZero) ? "free" : price.map(\.description).joined(separator: " + ")
    }
}
