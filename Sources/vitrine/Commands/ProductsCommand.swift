import ArgumentParser
import Foundation
import VitrineCore
import VitrinePipeline

/// `vitrine products list|show`.
struct ProductsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "products",
        abstract: "Look at the catalogue.",
        discussion: ExitHelp.text,
        subcommands: [ListProducts.self, ShowProduct.self]
    )
}

struct ListProducts: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List products.",
        discussion: "  vitrine products list --search mug\n\n" + ExitHelp.text
    )

    @Option(help: ArgumentHelp("Only of this feed.", valueName: "name")) var feed: String?
    @Option(help: ArgumentHelp("Only within this category.", valueName: "path")) var category: String?
    @Option(help: ArgumentHelp("Only those whose title or SKU holds this text.", valueName: "text")) var search: String?
    @Option(help: ArgumentHelp("At most so many.", valueName: "n")) var limit = 100
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        let query = ProductQuery(
            feed: feed.map { FeedName($0) },
            category: category.map { CategoryPath($0) },
            text: search
        )
        let entries = try await services.store.entries(query, offset: 0, limit: limit)
        let videos = try await services.store.slots(of: entries.map(\.product.id))
        if global.json {
            global.output.json(entries.map { ProductReport($0, videos[$0.product.id] ?? []) })
        } else {
            global.output.table(
                ["PRODUCT", "VIDEOS", "SKU", "TITLE"],
                entries.map { entry in
                    let takes = (videos[entry.product.id] ?? []).flatMap(\.takes).filter { $0.video != nil }.count
                    return [
                        entry.product.id.rawValue, "\(takes)", entry.product.skus.first?.rawValue ?? "",
                        entry.product.title,
                    ]
                }
            )
        }
    }
}

struct ShowProduct: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one product with its slots and takes.",
        discussion: "  vitrine products show SKU-1\n\n" + ExitHelp.text
    )

    @Argument(help: "The product, by `p_…` or SKU.") var product: String
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        let entry = try await services.desk.product(named: product)
        let slots = try await services.store.slots(of: [entry.product.id])[entry.product.id] ?? []
        if global.json { return global.output.json(ProductReport(entry, slots)) }
        let found = entry.product
        let output = global.output
        output.line("\(found.title)  \(found.id)")
        for (name, value) in [
            ("feed", "\(found.feed), line \(found.line)"), ("key", found.key),
            ("skus", found.skus.map(\.rawValue).joined(separator: ", ")),
            ("brand", found.brand ?? ""), ("category", found.categories.first?.description ?? found.type ?? ""),
            ("price", found.price?.description ?? ""),
            ("pictures", "\(entry.pictures.filter { $0.image != nil }.count) good of \(found.images.count)"),
        ] where !value.isEmpty {
            output.line("  \(name): \(value)")
        }
        for slot in slots {
            for take in slot.takes {
                let state = take.videoState?.rawValue ?? take.jobState.rawValue
                output.line(
                    "  \(slot.slot.placement.rawValue) take \(take.number): \(state)\(take.isChosen ? ", chosen" : "") "
                        + "\(take.video?.rawValue ?? take.job.rawValue) (\(take.preset.name), \(take.request.provider))"
                )
            }
        }
    }
}
