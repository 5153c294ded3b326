import ArgumentParser
import Foundation
import VitrineCore
import VitrinePipeline
import VitrinePresets

/// `vitrine regenerate PRODUCT`.
struct RegenerateCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "regenerate",
        abstract: "Queue a new take of a product's video, before all bulk work.",
        discussion: """
            What is changed here stays with the slot. `vitrine work` makes the take.

              vitrine regenerate SKU-1 --placement 9:16 --preset footwear
              vitrine regenerate SKU-1 --prompt "the mug on a windowsill, morning light"

            \(ExitHelp.text)
            """
    )

    @Argument(help: "The product, by `p_…` or SKU.") var product: String
    @Option(help: ArgumentHelp("Another preset.", valueName: "name")) var preset: String?
    @Option(
        help: ArgumentHelp("Shapes, separated by commas; those it has by default.", valueName: "shapes"),
        transform: PlacementList.init(argument:)
    )
    var placement: PlacementList?
    @Option(help: ArgumentHelp("A literal prompt.", valueName: "text")) var prompt: String?
    @Option(help: ArgumentHelp("A seed.", valueName: "n")) var seed: UInt64?
    @Option(
        help: ArgumentHelp("Another provider.", valueName: "name"),
        transform: ProviderList.provider
    )
    var provider: ProviderID?
    @Option(help: ArgumentHelp("Another model.", valueName: "name")) var model: String?
    @Option(help: "Draft or final.") var tier: Tier?
    @Option(help: ArgumentHelp("Another length.", valueName: "s")) var seconds: Double?
    @Flag(help: "Say what would be queued, queue nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        let entry = try await services.desk.product(named: product)
        var override = SlotOverride()
        override.preset = preset
        override.prompt = prompt
        override.seed = seed
        override.provider = provider
        override.model = model
        override.tier = tier
        override.seconds = seconds
        var queued: [QueuedReport] = []
        var shapes = placement?.placements ?? []
        if shapes.isEmpty { shapes = try await services.desk.placements(of: entry) }
        for placement in shapes {
            let slot = Slot(product: entry.product.id, placement: placement)
            let job = try await services.desk.regenerate(slot, override: override)
            queued.append(QueuedReport(job))
            if !global.json {
                global.output.line("queued \(job.id): \(placement.rawValue), take \(job.take), at most \(job.price)")
            }
        }
        if global.json {
            global.output.json(queued)
        } else {
            global.output.say("make it with `vitrine work --until-idle`")
        }
    }
}
