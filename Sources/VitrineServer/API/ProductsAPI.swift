import Hummingbird
import VitrineCore
import VitrinePipeline

/// `/v1/products`: the catalogue with its slots and takes.
struct ProductsAPI {
    let home: ServedHome

    func list(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let query = try Query(request, knows: ["q", "category", "feed", "preset", "state", "limit", "cursor"])
        let meant = ProductQuery(
            feed: try query.text("feed").map { FeedName($0) },
            category: try query.text("category").map { CategoryPath($0) },
            text: try query.text("q"),
            preset: try query.text("preset")
        )
        let states = try query.word("state", ProductState.self).map { [$0] } ?? []
        let page = try await home.store.products(
            meant,
            states: states,
            after: try query.cursor,
            limit: try query.limit
        )
        return JSONAnswer(ListAnswer(page) { ListedProductReport($0) })
    }

    func show(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        let entry = try await home.desk().product(named: try context.path("product"))
        let slots = try await home.store.slots(of: [entry.product.id])[entry.product.id] ?? []
        return JSONAnswer(ProductReport(entry, slots))
    }
}
