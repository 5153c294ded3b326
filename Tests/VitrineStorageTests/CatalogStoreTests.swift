import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

/// Imports products and turns them on.
@discardableResult
func importing(
    _ products: [Product],
    into store: SQLStore,
    feed: FeedName = "shop",
    diagnostics: [Diagnostic] = []
) async throws -> Generation {
    var generation = try await store.beginGeneration(of: feed, format: "shopify", origin: "-", at: Sample.start)
    generation.products = try await store.add(products, diagnostics: diagnostics, to: generation.id)
    generation.rows = 7
    generation.variants = 3
    generation.skipped = 1
    generation.file = MediaFile(digest: Digest(of: "feed"), bytes: 4, kind: "csv")
    try await store.turnOn(generation, at: Sample.later(5))
    generation.turnedOnAt = Sample.later(5)
    return generation
}

@Suite("The catalogue in storage")
struct CatalogStoreTests {
    private func keys(_ entries: [CatalogEntry]) -> [String] { entries.map(\.product.key) }

    @Test("products are seen in feed order once their import is turned on", arguments: StoreUnderTest.all)
    func turnOn(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let products = [Sample.product("b", line: 2), Sample.product("a", line: 3)]
            let begun = try await store.beginGeneration(
                of: "shop",
                format: "shopify",
                origin: "x.csv",
                at: Sample.start
            )
            #expect(try await store.add(products, diagnostics: [], to: begun.id) == 2)
            #expect(try await store.entries(ProductQuery(), offset: 0, limit: 9).isEmpty)
            #expect(try await store.feeds().isEmpty)
            #expect(try await store.entries(of: begun.id, from: 0, limit: 9).map(\.product) == products)
            try await store.abandon(begun.id)
            #expect(try await store.entries(of: begun.id, from: 0, limit: 9).isEmpty)

            let generation = try await importing(products, into: store)

            #expect(try await store.feeds() == [generation])
            let entries = try await store.entries(ProductQuery(), offset: 0, limit: 9)
            #expect(entries.map(\.product) == products)
            #expect(entries.map(\.position) == [0, 1])
            #expect(try await store.entry(products[1].id) == entries[1])
            #expect(try await store.entry("p_none") == nil)
            #expect(try await store.entries(of: generation.id, from: 1, limit: 9) == [entries[1]])
            #expect(await trouble { try await store.turnOn(generation, at: Sample.start) } == .conflict)
            #expect(await trouble { try await store.abandon(generation.id) } == .conflict)
            #expect(await trouble { try await store.add(products, diagnostics: [], to: generation.id) } == .conflict)
            #expect(await trouble { try await store.add(products, diagnostics: [], to: 99) } == .notFound)
        }
    }

    @Test("a later import replaces the earlier one of its feed, and no other", arguments: StoreUnderTest.all)
    func replaced(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let first = try await importing([Sample.product("a"), Sample.product("b", skus: ["S"])], into: store)
            let other = try await importing([Sample.product("z", feed: "b-shop")], into: store, feed: "b-shop")
            let crashed = try await store.beginGeneration(of: "shop", format: "shopify", origin: "-", at: Sample.start)
            _ = try await store.add([Sample.product("lost")], diagnostics: [], to: crashed.id)

            let second = try await importing([Sample.product("c")], into: store)

            #expect(second.id > crashed.id)
            #expect(try await store.feeds() == [other, second])
            #expect(keys(try await store.entries(ProductQuery(), offset: 0, limit: 9)) == ["z", "c"])
            #expect(try await store.entries(of: first.id, from: 0, limit: 9).isEmpty)
            #expect(try await store.entries(of: crashed.id, from: 0, limit: 9).isEmpty)
            #expect(try await store.products(named: "S").isEmpty)
        }
    }

    @Test("rows of the same product that come later are absorbed", arguments: StoreUnderTest.all)
    func absorbed(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            var first = Sample.product("a", skus: ["S1"])
            var second = Sample.product("a", line: 9)
            second.variants = [Variant(key: "late", line: 9, sku: "S2")]
            second.attributes = ["color": "red"]
            let generation = try await store.beginGeneration(of: "shop", format: "x", origin: "-", at: Sample.start)

            #expect(try await store.add([first, Sample.product("b")], diagnostics: [], to: generation.id) == 2)
            #expect(try await store.add([second, Sample.product("c")], diagnostics: [], to: generation.id) == 1)
            try await store.turnOn(generation, at: Sample.start)

            first.absorb(second)
            let entries = try await store.entries(ProductQuery(), offset: 0, limit: 9)
            #expect(entries.map(\.product) == [first, Sample.product("b"), Sample.product("c")])
            #expect(entries.map(\.position) == [0, 1, 2])
            #expect(try await store.products(named: "S2") == [first.id])
        }
    }

    @Test("two processes may write one import, and find each other's products")
    func shared() async throws {
        try await TemporaryFolder.run { folder in
            let mine = try SQLStore.open(path: folder + "/vitrine.db")
            let other = try SQLStore.open(path: folder + "/vitrine.db")
            let generation = try await mine.beginGeneration(of: "shop", format: "x", origin: "-", at: Sample.start)
            var late = Sample.product("a", line: 9)
            late.variants = [Variant(key: "late", line: 9, sku: "S9")]

            #expect(try await mine.add([Sample.product("a")], diagnostics: [], to: generation.id) == 1)
            #expect(try await other.add([Sample.product("b"), late], diagnostics: [], to: generation.id) == 1)
            #expect(
                try await mine.add([Sample.product("b"), Sample.product("c")], diagnostics: [], to: generation.id) == 1
            )
            try await other.turnOn(generation, at: Sample.start)

            let entries = try await mine.entries(ProductQuery(), offset: 0, limit: 9)
            #expect(keys(entries) == ["a", "b", "c"])
            #expect(entries[0].product.variants.contains { $0.key == "late" })
            #expect(try await mine.entry(entries[2].product.id) == entries[2])
            #expect(try await mine.products(named: "S9") == [late.id])
        }
    }

    @Test("SKUs that name several products are told with their lines", arguments: StoreUnderTest.all)
    func doubled(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let generation = try await store.beginGeneration(of: "shop", format: "x", origin: "-", at: Sample.start)
            let products = [
                Sample.product("a", line: 2, skus: ["twice", "once", "once", nil]),
                Sample.product("b", line: 10, skus: ["early", "twice"]),
                Sample.product("c", line: 20, skus: ["twice"]),
                Sample.product("d", line: 1, skus: ["early"]),
            ]
            _ = try await store.add(products, diagnostics: [], to: generation.id)

            let doubled = try await store.doubledSKUs(in: generation.id, limit: 10)

            #expect(doubled.map(\.sku) == ["early", "twice"])
            #expect(doubled.map(\.lines) == [[1, 10], [2, 11, 20]])
            #expect(try await store.doubledSKUs(in: generation.id, limit: 1).map(\.sku) == ["early"])
        }
    }

    @Test("diagnostics come by line, those without one last", arguments: StoreUnderTest.all)
    func diagnostics(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            func diagnostic(_ line: Int?, _ message: String) -> Diagnostic {
                Diagnostic(
                    .warning,
                    "row.odd",
                    file: "f.csv",
                    line: line,
                    field: "title",
                    product: "p_1",
                    message,
                    hint: "mend it"
                )
            }
            let generation = try await importing(
                [Sample.product("a")],
                into: store,
                diagnostics: [diagnostic(9, "late"), diagnostic(nil, "whole"), diagnostic(2, "first")]
            )
            try await store.resolve([:], diagnostics: [diagnostic(2, "second")], in: generation.id)

            let all = try await store.diagnostics(of: generation.id, offset: 0, limit: 9)

            #expect(all.map(\.message) == ["first", "second", "late", "whole"])
            #expect(all[2] == diagnostic(9, "late"))
            #expect(try await store.diagnostics(of: generation.id, offset: 1, limit: 2) == Array(all[1...2]))
        }
    }

    @Test("a person finds products by identity, key and SKU", arguments: StoreUnderTest.all)
    func named(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let a = Sample.product("a", skus: ["S1"])
            let b = Sample.product("b", skus: ["S1", "S2"])
            let z = Sample.product("a", feed: "a-shop", skus: ["S2"])
            try await importing([a, b], into: store)
            try await importing([z], into: store, feed: "a-shop")

            #expect(try await store.products(named: a.id.rawValue) == [a.id])
            #expect(try await store.products(named: "S1") == [a.id, b.id])
            #expect(try await store.products(named: "S2") == [z.id, b.id])
            #expect(try await store.products(named: "a") == [z.id, a.id])
            #expect(try await store.products(named: "nothing").isEmpty)
        }
    }

    @Test(
        "queries keep feed order, page, and hold together",
        arguments: [
            (ProductQuery(), 0, 9, ["z", "a", "b", "c"]),
            (ProductQuery(), 1, 2, ["a", "b"]),
            (ProductQuery(), 3, 9, ["c"]),
            (ProductQuery(), 0, 0, []),
            (ProductQuery(feed: "shop"), 1, 9, ["b", "c"]),
            (ProductQuery(feed: "nowhere"), 0, 9, []),
            (ProductQuery(names: ["S-b", "c", "z"]), 0, 9, ["z", "b", "c"]),
            (ProductQuery(feed: "shop", names: ["S-b", "z"]), 0, 9, ["b"]),
            (ProductQuery(text: "PRODUCT b"), 0, 9, ["b"]),
            (ProductQuery(text: "s-"), 1, 9, ["a", "b", "c"]),
            (ProductQuery(text: "ÜBER"), 0, 9, ["c"]),
            (ProductQuery(category: CategoryPath("apparel")), 0, 2, ["z", "a"]),
            (ProductQuery(category: CategoryPath("Apparel > Shoes")), 1, 9, ["a", "b"]),
            (ProductQuery(category: CategoryPath("Shoes")), 0, 9, []),
            (ProductQuery(names: ["a", "c"], category: CategoryPath("Garden"), text: "über"), 0, 9, ["c"]),
            (ProductQuery(category: CategoryPath("Garden"), text: "product"), 0, 9, []),
        ]
    )
    func queries(query: ProductQuery, offset: Int, limit: Int, expected: [String]) async throws {
        let store = try SQLStore.inMemory()
        var c = Sample.product("c", skus: ["S-c"])
        c.title = "Über alles"
        c.categories = [CategoryPath("Garden")]
        try await importing([Sample.product("a", skus: ["S-a"]), Sample.product("b", skus: ["S-b"]), c], into: store)
        try await importing([Sample.product("z", feed: "a-shop", skus: ["S-z"])], into: store, feed: "a-shop")

        let found = try await store.entries(query, offset: offset, limit: limit)

        #expect(keys(found) == expected)
    }

    @Test("a product's pictures come back and are part of its version", arguments: StoreUnderTest.all)
    func pictures(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let product = Sample.product("a")
            let pictures = [
                ResolvedPicture(reference: "a.jpg", image: Digest(of: "a")),
                ResolvedPicture(reference: "b.jpg", image: nil),
            ]
            let generation = try await importing([product, Sample.product("b")], into: store)
            let before = try await store.entries(ProductQuery(), offset: 0, limit: 9)

            try await store.resolve([product.id: pictures], diagnostics: [], in: generation.id)

            let after = try await store.entries(ProductQuery(), offset: 0, limit: 9)
            #expect(after[0].pictures == pictures)
            #expect(after[0].version != before[0].version)
            #expect(after[1] == before[1])
            try await store.resolve([product.id: pictures], diagnostics: [], in: generation.id)
            #expect(try await store.entry(product.id)?.version == after[0].version)
            try await store.resolve([product.id: []], diagnostics: [], in: generation.id)
            #expect(try await store.entry(product.id)?.version != after[0].version)
        }
    }

    @Test("what is known of pictures is remembered by place, and images by digest", arguments: StoreUnderTest.all)
    func knownPictures(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let image = SourceImage(
                digest: Digest(of: "a"),
                format: .jpeg,
                size: PixelSize(width: 800, height: 600),
                bytes: 9,
                hasTransparency: false,
                signature: Data(repeating: 7, count: 768)
            )
            let good = KnownPicture(
                location: "https://example.com/a.jpg",
                etag: "\"x\"",
                lastModified: "yesterday",
                image: image,
                checkedAt: Sample.start
            )
            let bad = KnownPicture(
                location: "/b.png",
                refusal: ImageRefusal(.tooSmall, "too small", hint: "larger"),
                checkedAt: Sample.start
            )

            try await store.remember([good, bad])
            #expect(
                try await store.knownPictures(at: [good.location, bad.location, "/c"])
                    == [good.location: good, bad.location: bad]
            )
            #expect(try await store.images([image.digest, Digest(of: "none")]) == [image.digest: image])

            var later = bad
            later.refusal = nil
            later.image = image
            later.checkedAt = Sample.later(9)
            try await store.remember([later])
            #expect(try await store.knownPictures(at: [bad.location]) == [bad.location: later])
            #expect(try await store.knownPictures(at: []).isEmpty)
        }
    }
}
