import Foundation

extension ProductRecord {
    /// The product of that identity that was kept as this body with these lines; throws `DecodingError`.
    public static func product(_ id: ProductID, body: String, lines: String) throws -> Product {
        var product = try JSONDecoder().decode(Body.self, from: Data(body.utf8)).product(id)
        var numbers = lines.utf8.split(separator: UInt8(ascii: " ")).lazy.map { digits in
            digits.reduce(0) { $0 &* 10 &+ Int($1 &- UInt8(ascii: "0")) }
        }.makeIterator()
        product.line = numbers.next() ?? 0
        for index in product.images.indices { product.images[index].line = numbers.next() ?? 0 }
        for index in product.variants.indices { product.variants[index].line = numbers.next() ?? 0 }
        for index in product.variants.indices where product.variants[index].image != nil {
            product.variants[index].image?.line = numbers.next() ?? 0
        }
        return product
    }

    /// What the body says: a file format.
    ///
    /// What it leaves out is empty, or for a variant as with its product.
    private struct Body: Decodable {
        var feed: FeedName
        var key: String
        var title: String
        var description: String?
        var brand: String?
        var categories: [CategoryPath]?
        var type: String?
        var tags: [String]?
        var link: String?
        var price: Money?
        var status: Product.Status?
        var attributes: [String: String]?
        var images: [Picture]?
        var variants: [Form]?

        func product(_ id: ProductID) -> Product {
            var product = Product(
                id: id,
                feed: feed,
                key: key,
                line: 0,
                title: title,
                description: description ?? "",
                brand: brand,
                categories: categories ?? [],
                type: type,
                tags: tags ?? [],
                link: link,
                price: price,
                status: status ?? .active,
                attributes: attributes ?? [:],
                images: (images ?? []).map(\.source)
            )
            product.variants = (variants ?? []).map { $0.variant(of: product) }
            return product
        }
    }

    private struct Picture: Decodable {
        var reference: String
        var field: String
        var alt: String?

        var source: ImageSource { ImageSource(reference: reference, line: 0, field: field, alt: alt) }
    }

    /// One variant: `as` is the place among the product's pictures of its own one, `without` names what the product has and it has not.
    private struct Form: Decodable {
        enum CodingKeys: String, CodingKey {
            case key, sku, title, options, price, image, attributes, without
            case isUnpriced = "unpriced"
            case place = "as"
        }

        var key: String
        var sku: SKU?
        var title: String?
        var options: [[String]]?
        var price: Money?
        var isUnpriced: Bool?
        var image: Picture?
        var place: Int?
        var attributes: [String: String]?
        var without: [String]?

        func variant(of product: Product) -> Variant {
            let lacks = Set(without ?? [])
            var known = product.attributes.filter { !lacks.contains($0.key) }
            known.merge(attributes ?? [:]) { _, own in own }
            let shared = place.flatMap { product.images.indices.contains($0) ? product.images[$0] : nil }
            return Variant(
                key: key,
                line: 0,
                sku: sku,
                title: title,
                options: (options ?? []).compactMap {
                    $0.count == 2 ? Variant.Option(name: $0[0], value: $0[1]) : nil
                },
                price: price ?? (isUnpriced == true ? nil : product.price),
                image: shared ?? image?.source,
                attributes: known
            )
        }
    }
}
