public import ArgumentParser
public import VitrineCore
import VitrinePipeline

/// `vitrine links create|revoke`.
struct LinksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "links",
        abstract: "Lasting links to a product's videos, for channels.",
        discussion: """
            A link stands for a product and a shape, and shows whichever take the shop shows. `vitrine serve` answers it.
            `vitrine export` makes the links that a channel's feed names by itself.

            \(ExitHelp.text)
            """,
        subcommands: [CreateLinks.self, RevokeLinks.self]
    )
}

/// Which links are meant.
struct LinkArguments: ParsableArguments {
    @Argument(help: "The product, by `p_…` or SKU.") var product: String
    @Option(help: ArgumentHelp("Only this shape.", valueName: "shape")) var placement: Placement?
    @Flag(help: "Keep nothing.") var dryRun = false
}

struct CreateLinks: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Print the links of a product, made where there is none.",
        discussion: "  vitrine links create SKU-1 --placement 9:16\n\n" + ExitHelp.text
    )

    @OptionGroup var arguments: LinkArguments
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: arguments.dryRun)
        defer { services.close() }
        let entry = try await services.desk.product(named: arguments.product)
        let links = try await services.links().create(to: entry.product.id, arguments.placement)
        if global.json { return global.output.json(links) }
        for link in links { global.output.line("\(link.placement.rawValue)  \(link.url ?? link.path)") }
        if links.isEmpty { global.output.say("`\(arguments.product)` has no videos yet") }
        if links.contains(where: { $0.url == nil }) {
            global.output.say("set `VITRINE_PUBLIC_URL` to where `vitrine serve` is reached, to see whole addresses")
        }
    }
}

struct RevokeLinks: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End the links of a product; the next ones have other addresses.",
        discussion: ExitHelp.text
    )

    @OptionGroup var arguments: LinkArguments
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: arguments.dryRun)
        defer { services.close() }
        let entry = try await services.desk.product(named: arguments.product)
        let count = try await services.links().revoke(to: entry.product.id, arguments.placement)
        if global.json { return global.output.json(["revoked": count]) }
        global.output.line("\(entry.product.id): \(counted(count, "link")) revoked")
    }
}

extension Placement: ExpressibleByArgument {}
