public import ArgumentParser
import Foundation
public import VitrineCore
import VitrinePipeline
import VitrineProviders

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Flag(help: "Print one JSON document on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    @Flag(name: .shortAndLong, help: "Say everything.")
    var verbose = false

    @Option(help: ArgumentHelp("The folder that holds everything of one shop.", valueName: "dir"))
    var home: String?

    @Option(help: ArgumentHelp("A folder of the merchant's own presets.", valueName: "dir"))
    var presets: String?

    var output: Output { Output(isJSON: json, isQuiet: quiet, isVerbose: verbose) }
}

/// A command that works on a home.
protocol HomeCommand: AsyncParsableCommand {
    var global: GlobalOptions { get }
}

/// How a feed is read.
struct FeedArguments: ParsableArguments {
    @Option(
        name: .customLong("feed"),
        help: ArgumentHelp("The feed's name; the stem of its file by default.", valueName: "name")
    )
    var name: String?

    @Option(help: ArgumentHelp("The feed's format; found by its content by default.", valueName: "format"))
    var format: String?

    @Option(
        help: ArgumentHelp(
            "The folder where relative pictures, and those of unreachable addresses, are found.",
            valueName: "dir"
        )
    )
    var images: String?

    @Option(help: ArgumentHelp("The columns of an unknown table: see docs/feeds.md.", valueName: "file"))
    var map: String?

    @Flag(help: "Take drafts too.")
    var all = false
}

/// What is to be planned.
struct PlanArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Only this product, by `p_…` or SKU; repeatable.", valueName: "id-or-sku"))
    var product: [String] = []

    @Option(help: ArgumentHelp("Only products within this category.", valueName: "path"))
    var category: String?

    @Option(help: ArgumentHelp("This preset instead of the one that matches.", valueName: "name"))
    var preset: String?

    @Option(
        help: ArgumentHelp("Shapes, separated by commas: 1:1, 4:5, 3:4, 9:16, 16:9.", valueName: "shapes"),
        transform: PlacementList.init(argument:)
    )
    var placement: PlacementList?

    @Option(
        help: ArgumentHelp("Providers, separated by commas; several make one take each.", valueName: "names"),
        transform: ProviderList.init(argument:)
    )
    var provider: ProviderList?

    @Option(help: ArgumentHelp("The provider's model.", valueName: "name"))
    var model: String?

    @Option(help: "How good: draft or final; draft by default.")
    var tier: Tier?

    @Option(help: "One video a product, or also one for each variant that looks different.")
    var per: Per = .product

    @Option(help: ArgumentHelp("Only the first products in feed order, made or not.", valueName: "n"))
    var limit: Int?

    @Option(help: ArgumentHelp("The language of prompts, such as zh-CN.", valueName: "locale"))
    var locale: String?

    @Option(help: "Order the providers of a preset's list by votes: who was surely found better goes first.")
    var route: PlanOptions.Route?

    enum Per: String, ExpressibleByArgument, CaseIterable { case product, variant }

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit: expected a whole number from 1 but got \(limit)") }
    }
}

/// How work is applied.
struct ApplyArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("The most that may be spent, such as 25USD.", valueName: "amount"),
        transform: BudgetArgument.money(from:)
    )
    var budget: Money?

    @Option(help: ArgumentHelp("How many videos are made at once.", valueName: "n"))
    var concurrency: Int?

    @Flag(help: "Spend without asking.")
    var yes = false

    func validate() throws {
        if let concurrency, !(1...256).contains(concurrency) {
            throw ValidationError("--concurrency: expected a whole number from 1 to 256 but got \(concurrency)")
        }
    }
}

/// Shapes as they are typed.
struct PlacementList {
    var placements: [Placement]

    init(argument: String) throws {
        placements = try argument.split(separator: ",").map { part in
            guard let placement = Placement(rawValue: part.trimmed) else {
                let known = Placement.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--placement: expected some of \(known) but got `\(part)`")
            }
            return placement
        }
    }
}

/// Providers as they are typed, each once.
struct ProviderList {
    private(set) var providers: [ProviderID] = []

    init(argument: String) throws {
        for part in argument.split(separator: ",") {
            let provider = try ProviderList.provider(String(part))
            if !providers.contains(provider) { providers.append(provider) }
        }
    }

    /// One provider as it is typed.
    static func provider(_ argument: String) throws -> ProviderID {
        let known = [ProviderID.local] + Providers.all
        guard let provider = known.first(where: { $0.rawValue == argument.trimmed }) else {
            let names = known.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--provider: expected some of \(names) but got `\(argument)`")
        }
        return provider
    }
}

/// Amounts as they are typed: `25USD`, `USD 25`, `25.50 eur`.
enum BudgetArgument {
    static func money(from argument: String) throws -> Money {
        let letters = argument.filter(\.isLetter)
        let digits = argument.filter { $0.isNumber || $0 == "." }
        let rest = argument.filter { !$0.isLetter && !$0.isNumber && $0 != "." && $0 != " " }
        guard letters.count == 3, rest.isEmpty, let money = Money(digits, currency: letters) else {
            throw ValidationError("expected an amount such as 25USD but got `\(argument)`")
        }
        return money
    }
}

extension Tier: ExpressibleByArgument {}

extension PlanOptions.Route: ExpressibleByArgument {}
