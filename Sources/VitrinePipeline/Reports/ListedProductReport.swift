public import VitrineCore

/// A product in a list, as the API prints it: without its slots.
public struct ListedProductReport: Encodable, Sendable {
    var id: ProductID
    var feed: FeedName
    var skus: [SKU]
    var title: String
    var brand: String?
    var categories: [CategoryPath]
    var price: Money?
    var variants: Int
    var pictures: Int
    var state: ProductState

    /// What a list tells of a product.
    public init(_ listed: ListedProduct) {
        let product = listed.entry.product
        id = product.id
        feed = product.feed
        skus = product.skus
        title = product.title
        brand = product.brand
        categories = product.categories
        price = product.price
        variants = product.variants.count
        pictures = listed.entry.pictures.count { $0.image != nil }
        state = listed.state
    }
}
