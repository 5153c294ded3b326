import VitrineCore

/// A product as it is written: made beside the writer, which is then busy with the database alone.
struct ProductRow: Sendable {
    struct Name: Sendable {
        var sku: String
        var line: Int
    }

    var id: String
    var hash: UInt64
    var title: String
    var text: ProductText
    var skus: [Name]

    init(_ product: Product, _ writer: inout ProductWriter) {
        id = product.id.rawValue
        hash = ProductPlaces.hash(id)
        title = product.title
        text = writer.text(of: product)
        skus = []
        for variant in product.variants {
            guard let sku = variant.sku, !sku.rawValue.isEmpty else { continue }
            skus.append(Name(sku: sku.rawValue, line: variant.line))
        }
    }

    /// The rows of many products, in their order; long lists are made in two halves at once.
    static func rows(of products: [Product]) async -> [ProductRow] {
        guard products.count > 100 else { return rows(of: products[...]) }
        let middle = products.count / 2
        async let later = rows(of: products[middle...])
        return rows(of: products[..<middle]) + (await later)
    }

    private static func rows(of products: ArraySlice<Product>) -> [ProductRow] {
        var writer = ProductWriter()
        var rows: [ProductRow] = []
        rows.reserveCapacity(products.count)
        for index in products.indices { rows.append(ProductRow(products[index], &writer)) }
        return rows
    }
}
