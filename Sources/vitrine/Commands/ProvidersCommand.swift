import ArgumentParser
import Foundation
import VitrineCore
import VitrineVideo

/// `vitrine providers list|check`.
struct ProvidersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "providers",
        abstract: "Who can make videos here, and what that costs.",
        discussion: ExitHelp.text,
        subcommands: [ListProviders.self, CheckProviders.self],
        defaultSubcommand: ListProviders.self
    )
}

struct ListProviders: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List offers and prices.",
        discussion: ExitHelp.text
    )

    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let offers = LocalProvider.offers
        if global.json { return global.output.json(offers) }
        global.output.table(
            ["PROVIDER", "MODEL", "SIZE", "SHAPES", "SECONDS", "PRICE"],
            offers.map { offer in
                let span = [offer.seconds.min(), offer.seconds.max()].compactMap { $0.map { "\($0.formatted())" } }
                return [
                    offer.provider.rawValue, offer.model, "\(offer.shortSide)P",
                    offer.shapes?.map(\.rawValue).joined(separator: " ") ?? "as the picture",
                    span.joined(separator: "–"),
                    offer.price.isZero ? "free" : "\(offer.price) a \(offer.unit.rawValue)",
                ]
            }
        )
    }
}

struct CheckProviders: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Make the cheapest call that proves that a provider can be used.",
        discussion: ExitHelp.text
    )

    @Argument(help: "The provider; all by default.") var name: String?
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        let tools = try await VideoTools.here()
        let providers = services.providers(tools: tools, concurrency: 1).filter {
            name == nil || $0.id.rawValue == name
        }
        guard !providers.isEmpty else {
            throw CommandFailure("no provider `\(name ?? "")` here", hint: "see `vitrine providers list`")
        }
        for provider in providers {
            do throws(ProviderError) {
                try await provider.prove()
                global.output.line("\(provider.id): ready")
            } catch {
                global.output.line("\(provider.id): \(error.failure.message)")
                throw ExitCode.failure
            }
        }
    }
}
