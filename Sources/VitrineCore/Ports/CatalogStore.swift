public import Foundation

/// One import of one feed.
///
/// Its products become the catalogue when it is turned on.
public struct Generation: Hashable, Sendable, Codable {
    /// Its number; later imports have larger ones.
    public var id: Int64
    /// The feed.
    public var feed: FeedName
    /// The name of the format that was read.
    public var format: String
    /// When it began.
    public var begunAt: Date
    /// When it was turned on; nil while it is being written.
    public var turnedOnAt: Date?
    /// Rows of the file.
    public var rows: Int
    /// Products taken.
    public var products: Int
    /// Variants taken.
    public var variants: Int
    /// Rows left out; each has a diagnostic.
    public var skipped: Int
    /// The first categories of its products by the words of the feed, the most common first; some hundred at most.
    public var categories: [CategoryPath]
    /// The merchant's file as it was kept, by digest, for `same`; nil if it was not.
    public var file: MediaFile?
    /// Where the feed was read from: a path, an address or `-`.
    public var origin: String
    /// How it was read, as JSON that the importer reads back; empty when by the defaults.
    public var reading: String

    /// A generation and its counts.
    public init(
        id: Int64,
        feed: FeedName,
        format: String,
        begunAt: Date,
        turnedOnAt: Date? = nil,
        rows: Int = 0,
        products: Int = 0,
        variants: Int = 0,
        skipped: Int = 0,
        categories: [CategoryPath] = [],
        file: MediaFile? = nil,
        origin: String,
        reading: String = ""
    ) {
        self.id = id
        self.feed = feed
        self.format = format
        self.begunAt = begunAt
        self.turnedOnAt = turnedOnAt
        self.rows = rows
        self.products = products
        self.variants = variants
        self.skipped = skipped
        self.categories = categories
        self.file = file
        self.origin = origin
        self.reading = reading
    }
}

/// What is known of the picture at one place: an absolute path or an address.
public struct KnownPicture: Hashable, Sendable, Codable {
    /// The absolute path or the address.
    public var location: String
    /// The server's entity tag.
    public var etag: String?
    /// The server's date, or the file's size and date: unchanged means that the bytes are.
    public var lastModified: String?
    /// The picture, if it can be used.
    public var image: SourceImage?
    /// Why it cannot be used, else.
    public var refusal: ImageRefusal?
    /// When it was last looked at.
    public var checkedAt: Date

    /// What is known of one place.
    public init(
        location: String,
        etag: String? = nil,
        lastModified: String? = nil,
        image: SourceImage? = nil,
        refusal: ImageRefusal? = nil,
        checkedAt: Date
    ) {
        self.location = location
        self.etag = etag
        self.lastModified = lastModified
        self.image = image
        self.refusal = refusal
        self.checkedAt = checkedAt
    }
}

/// Which picture a source of a product turned out to be.
public struct ResolvedPicture: Hashable, Sendable, Codable {
    /// The source's reference in the feed.
    public var reference: String
    /// The picture; nil when it was refused.
    public var image: Digest?

    /// A source and its picture.
    public init(reference: String, image: Digest?) {
        self.reference = reference
        self.image = image
    }
}

/// A product of the catalogue with the pictures that were fetched for it, in the order of its sources.
public struct CatalogEntry: Hashable, Sendable {
    /// The product.
    public var product: Product
    /// Its fetched pictures: those that were looked at.
    public var pictures: [ResolvedPicture]
    /// The identity of product and pictures together: equal means that nothing a plan reads has changed.
    public var version: String
    /// Its place in the feed, from 0.
    public var position: Int64

    /// An entry.
    public init(product: Product, pictures: [ResolvedPicture], version: String, position: Int64) {
        self.product = product
        self.pictures = pictures
        self.version = version
        self.position = position
    }
}

/// Which products are meant.
///
/// Everything given must hold.
public struct ProductQuery: Hashable, Sendable {
    /// Only of this feed.
    public var feed: FeedName?
    /// Only these: `p_…` or SKU, as a person typed them.
    public var names: [String]
    /// Only within this category, by the words of the feed.
    public var category: CategoryPath?
    /// Only those whose title or SKU holds this text.
    public var text: String?
    /// Only those with a take that this preset made; honoured by `ListStore` alone.
    public var preset: String?

    /// All products, or fewer.
    public init(
        feed: FeedName? = nil,
        names: [String] = [],
        category: CategoryPath? = nil,
        text: String? = nil,
        preset: String? = nil
    ) {
        self.feed = feed
        self.names = names
        self.category = category
        self.text = text
        self.preset = preset
    }
}

/// Feeds, products, pictures and plans.
///
/// All verbs may be called from any number of tasks and processes. A page of results is never longer than its `limit`.
public protocol CatalogStore: Sendable {
    /// Begins an import. Products added to it are not seen until it is turned on.
    func beginGeneration(of feed: FeedName, format: String, origin: String, at now: Date) async throws(StoreError)
        -> Generation

    /// Writes products with their places in the feed, and complaints, in one short transaction.
    /// A product that the generation has already is absorbed into the earlier one (`Product.absorb`).
    /// Gives back how many were new.
    func add(
        _ records: [ProductRecord],
        diagnostics: [Diagnostic],
        to generation: Int64
    ) async throws(StoreError) -> Int

    /// The diagnostics of an import, ordered by line, those without a line last, after the `offset` first ones.
    func diagnostics(of generation: Int64, offset: Int, limit: Int) async throws(StoreError) -> [Diagnostic]

    /// SKUs that name more than one product of the generation, with the lines where they stand, in the order of their first line.
    func doubledSKUs(in generation: Int64, limit: Int) async throws(StoreError) -> [(sku: SKU, lines: [Int])]

    /// Makes the generation the catalogue of its feed, with its counts and file and how it was read, and drops the older ones, all in one moment for readers.
    /// Products that were not resolved keep the pictures that they had in the catalogue before.
    /// Slots follow their product when its identity changed but its SKUs overlap with one product that left.
    func turnOn(_ generation: Generation, at now: Date) async throws(StoreError)

    /// Drops an import that did not end, with all it wrote.
    func abandon(_ generation: Int64) async throws(StoreError)

    /// The generation that is the catalogue of each feed, by feed name.
    func feeds() async throws(StoreError) -> [Generation]

    /// The products of a generation, turned on or not, in feed order from a place on.
    func entries(of generation: Int64, from position: Int64, limit: Int) async throws(StoreError) -> [CatalogEntry]

    /// Products of the catalogue in feed order (feeds by name), with `offset` left out first.
    func entries(_ query: ProductQuery, offset: Int, limit: Int) async throws(StoreError) -> [CatalogEntry]

    /// One product of the catalogue.
    func entry(_ id: ProductID) async throws(StoreError) -> CatalogEntry?

    /// The products that a person may mean by a `p_…`, a key or a SKU: none, one or many.
    func products(named name: String) async throws(StoreError) -> [ProductID]

    /// Records which pictures belong to products of a generation, by id; a diagnostic goes with them.
    func resolve(
        _ pictures: [ProductID: [ResolvedPicture]],
        diagnostics: [Diagnostic],
        in generation: Int64
    ) async throws(StoreError)

    /// What is known of the pictures at these places.
    func knownPictures(at locations: [String]) async throws(StoreError) -> [String: KnownPicture]

    /// Remembers what was found at places.
    func remember(_ pictures: [KnownPicture]) async throws(StoreError)

    /// Validated pictures by digest.
    func images(_ digests: [Digest]) async throws(StoreError) -> [Digest: SourceImage]

    /// Begins a plan.
    func begin(_ plan: Plan) async throws(StoreError)

    /// Writes rows of a plan, in order.
    func add(_ rows: [PlannedRequest], to plan: PlanID) async throws(StoreError)

    /// Ends a plan with its sums, or records the run that applied it.
    func update(_ plan: Plan) async throws(StoreError)

    /// A plan; the latest when no id is given.
    func plan(_ id: PlanID?) async throws(StoreError) -> Plan?

    /// Rows of a plan in order, after the `offset` first ones, only those of some kinds if any are given.
    func rows(of plan: PlanID, changes: [Change], offset: Int, limit: Int) async throws(StoreError) -> [PlannedRequest]

    /// Under a planning key (presets, options and prices as one digest), how many slots were found unchanged for products
    /// whose version is still the same: these need not be planned again.
    func settledSlots(feed: FeedName?, key: Digest) async throws(StoreError) -> Int

    /// The products of the catalogue in feed order that are not settled under the key, from a place on.
    func unsettled(feed: FeedName?, key: Digest, offset: Int, limit: Int) async throws(StoreError) -> [CatalogEntry]

    /// Records that all slots of these products, in these versions, were found unchanged under the key.
    /// Any later event on a slot of the product, decision or regeneration unsettles it.
    func settle(_ products: [(id: ProductID, version: String, slots: Int)], key: Digest) async throws(StoreError)
}

extension CatalogStore {
    /// The same from products.
    public func add(
        _ products: [Product],
        diagnostics: [Diagnostic],
        to generation: Int64
    ) async throws(StoreError) -> Int {
        try await add(ProductRecord.records(of: products), diagnostics: diagnostics, to: generation)
    }
}
