/// A product as it is kept: a text that says nothing twice, and beside it what is looked up or changes with the order of the file.
public struct ProductRecord: Hashable, Sendable {
    /// A SKU and where it stands.
    public struct Name: Hashable, Sendable {
        /// The SKU; never empty.
        public var sku: SKU
        /// The line of its variant.
        public var line: Int
    }

    /// The product's identity.
    public var id: ProductID
    /// Its title.
    public var title: String
    /// JSON that holds no line numbers, so that a reordered file says the same.
    public var body: String
    /// The lines in the order product, pictures, variants, variants' pictures, with a space between.
    public var lines: String
    /// The identity of the body: half of its SHA-256 in hexadecimal.
    public var version: String
    /// The SKUs of its variants in feed order.
    public var names: [Name]

    /// How many digits a version has.
    public static let versionLength = 32
}

extension ProductRecord {
    /// The record of a product.
    public init(_ product: Product) {
        var writer = ProductRecordWriter()
        self = writer.record(of: product)
    }

    /// The records of many products, in their order.
    public static func records(of products: [Product]) -> [ProductRecord] {
        var writer = ProductRecordWriter()
        var records: [ProductRecord] = []
        records.reserveCapacity(products.count)
        for product in products { records.append(writer.record(of: product)) }
        return records
    }
}
