import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// `/v1/products/{product}/links`: lasting links for channels, which show whichever take the shop shows.
struct LinksAPI {
    let home: ServedHome

    private var desk: LinkDesk {
        LinkDesk(
            jobs: home.store,
            links: home.store,
            base: home.options.publicURL,
            time: home.time,
            random: home.random
        )
    }

    func create(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let (product, placement) = try await meant(request, context)
        return JSONAnswer(ListAnswer(try await desk.create(to: product, placement), next: nil))
    }

    func revoke(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let (product, placement) = try await meant(request, context)
        return JSONAnswer(["revoked": try await desk.revoke(to: product, placement)])
    }

    private func meant(
        _ request: Request,
        _ context: ServerContext
    ) async throws -> (product: ProductID, placement: Placement?) {
        let query = try Query(request, knows: ["placement"])
        let entry = try await home.desk.product(named: try context.path("product"))
        return (entry.product.id, try query.word("placement", Placement.self))
    }
}
