import VitrineCore

/// Which rows of a plan are to be applied: all, unless a person names fewer.
struct RowFilter {
    private var products: Set<ProductID>?
    private var arguments: PlanArguments?

    /// All rows.
    init() {}

    /// The rows that these options name; throws when a product is not there.
    init(_ arguments: PlanArguments, services: Services) async throws {
        self.arguments = arguments
        var query = ProductQuery(names: arguments.product)
        query.category = arguments.category.map { CategoryPath($0) }
        guard !query.names.isEmpty || query.category != nil || arguments.limit != nil else { return }
        var found = Set<ProductID>()
        while true {
            let limit = min(1000, (arguments.limit ?? .max) - found.count)
            let entries = limit > 0 ? try await services.store.entries(query, offset: found.count, limit: limit) : []
            if entries.isEmpty { break }
            found.formUnion(entries.map(\.product.id))
        }
        products = found
    }

    /// Whether the row is one of them.
    func isMeant(_ row: PlannedRequest) -> Bool {
        if let products, !products.contains(row.slot.product) { return false }
        guard let arguments, let request = row.request else { return true }
        if let placement = arguments.placement, !placement.placements.contains(row.slot.placement) { return false }
        if let preset = arguments.preset, row.preset?.name != preset { return false }
        if let asked = arguments.provider, !asked.providers.contains(request.provider) { return false }
        if let model = arguments.model, request.model != model { return false }
        if let tier = arguments.tier, request.tier != tier { return false }
        return true
    }
}
