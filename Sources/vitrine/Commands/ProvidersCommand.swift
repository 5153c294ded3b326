import ArgumentParser
import Foundation
import VitrineCore
import VitrineProviders
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

    @Argument(help: "The provider; all by default.") var name: String?

    func run() async throws {
        let settings = Settings()
        let remote = try ProviderSettings(settings)
        let prices = try PriceList.here(settings)
        // Those that are at hand begin with the model that an operator named.
        let atHand = remote.offers(of: prices)
        let others = prices.offers.filter { offer in !atHand.contains { $0.provider == offer.provider } }
        let rows = Dictionary(grouping: atHand + others, by: \.provider)
        let providers = (LocalProvider.offers + prices.offers).map(\.provider).reduce(into: [ProviderID]()) {
            if !$0.contains($1) { $0.append($1) }
        }
        let offers = providers.flatMap { $0 == .local ? LocalProvider.offers : rows[$0] ?? [] }
            .filter { name == nil || $0.provider.rawValue == name }
        guard !offers.isEmpty else { throw CommandFailure.noProvider(name ?? "") }
        if global.json { return global.output.json(offers.map { Row($0, remote.absent[$0.provider]) }) }
        global.output.table(
            ["PROVIDER", "MODEL", "MODE", "SIZE", "SHAPES", "SECONDS", "SOUND", "PRICE", "READ ON", "KEY"],
            offers.map { offer in
                [
                    offer.provider.rawValue, offer.model, offer.mode ?? "", "\(offer.shortSide)P",
                    offer.shapes?.map(\.rawValue).joined(separator: " ") ?? "as the picture",
                    ListProviders.lengths(offer.seconds), offer.sound ? "yes" : "no",
                    offer.price.isZero ? "free" : "\(offer.price) a \(offer.unit.rawValue)", offer.date,
                    remote.absent[offer.provider] == nil ? "ready" : "no",
                ]
            }
        )
        for provider in Providers.all where name == nil || provider.rawValue == name {
            if let why = remote.absent[provider] { global.output.say(why) }
        }
    }

    /// `3–15` for whole seconds in a row, else each length.
    private static func lengths(_ seconds: [Double]) -> String {
        guard let first = seconds.first, let last = seconds.last, seconds.count > 4 else {
            return seconds.map { $0.formatted() }.joined(separator: " ")
        }
        return first.formatted() + "–" + last.formatted()
    }

    private struct Row: Encodable {
        var offer: Offer
        var ready: Bool
        var why: String?

        init(_ offer: Offer, _ why: String?) {
            self.offer = offer
            ready = why == nil
            self.why = why
        }

        func encode(to encoder: any Encoder) throws {
            try offer.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(ready, forKey: .ready)
            try container.encodeIfPresent(why, forKey: .why)
        }

        private enum Key: String, CodingKey { case ready, why }
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
        if let name, let why = services.remote.absent[ProviderID(name)] { throw CommandFailure(why) }
        var providers = services.remoteProviders
        if name == nil || name == ProviderID.local.rawValue {
            providers = services.providers(tools: try await VideoTools.here(), concurrency: 1)
        }
        providers = providers.filter { name == nil || $0.id.rawValue == name }
        guard !providers.isEmpty else { throw CommandFailure.noProvider(name ?? "") }
        var report: [Standing] = []
        for provider in providers {
            do throws(ProviderError) {
                try await provider.prove()
                report.append(Standing(provider: provider.id, ready: true))
            } catch {
                report.append(
                    Standing(
                        provider: provider.id,
                        ready: false,
                        message: error.failure.message,
                        hint: error.failure.hint
                    )
                )
            }
        }
        for place in report.indices where report[place].ready {
            report[place].callbacks = try await services.callbackAddress(of: report[place].provider)
        }
        try await open(report, services)
        if global.json {
            global.output.json(report)
        } else {
            for line in report {
                global.output.line("\(line.provider): \(line.message ?? "ready")")
                if let hint = line.hint { global.output.say("hint: \(hint)") }
                if let address = line.callbacks { global.output.line("  callbacks, to be set there: \(address)") }
            }
        }
        if report.contains(where: { !$0.ready }) { throw ExitCode.failure }
    }

    /// Whoever is proved to be ready need not be waited for any longer, neither by what is queued nor by what it renders.
    private func open(_ report: [Standing], _ services: Services) async throws {
        let ready = Set(report.filter(\.ready).map { LaneID($0.provider.rawValue) })
        for lane in try await services.store.lanes() where lane.pauseReason != nil && ready.contains(lane.id) {
            try await services.store.pause(lane.id, until: nil, reason: nil)
        }
        let rendering = try await services.store.jobs(JobQuery(states: [.rendering]), offset: 0, limit: 10_000)
        for job in rendering where job.lastFailure != nil && ready.contains(job.providerLane) {
            _ = try await services.store.wake(job.id, at: services.time.now())
        }
    }

    private struct Standing: Encodable {
        var provider: ProviderID
        var ready: Bool
        var message: String?
        var hint: String?
        var callbacks: String?
    }
}

extension CommandFailure {
    /// Nobody of that name.
    fileprivate static func noProvider(_ name: String) -> CommandFailure {
        CommandFailure("no provider `\(name)`", hint: "see `vitrine providers list`")
    }
}
