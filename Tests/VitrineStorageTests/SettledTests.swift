import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Settled products")
struct SettledTests {
    private let key = Digest(of: "presets and options")

    private func settle(_ store: SQLStore, slots: Int = 2) async throws {
        let entries = try await store.entries(ProductQuery(), offset: 0, limit: 99)
        try await store.settle(entries.map { (id: $0.product.id, version: $0.version, slots: slots) }, key: key)
    }

    private func open(_ store: SQLStore, feed: FeedName? = nil) async throws -> [String] {
        try await store.unsettled(feed: feed, key: key, offset: 0, limit: 99).map(\.product.key)
    }

    @Test("settled products are counted and not looked at again until they change", arguments: StoreUnderTest.all)
    func settled(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await importing([Sample.product("a"), Sample.product("b")], into: store)
            try await importing([Sample.product("z", feed: "a-shop")], into: store, feed: "a-shop")
            #expect(try await open(store) == ["z", "a", "b"])
            #expect(try await open(store, feed: "shop") == ["a", "b"])
            #expect(try await store.settledSlots(feed: nil, key: key) == 0)

            try await settle(store)
            #expect(try await open(store).isEmpty)
            #expect(try await store.settledSlots(feed: nil, key: key) == 6)
            #expect(try await store.settledSlots(feed: "shop", key: key) == 4)
            #expect(try await store.settledSlots(feed: nil, key: Digest(of: "other")) == 0)
            #expect(try await store.unsettled(feed: nil, key: Digest(of: "other"), offset: 0, limit: 99).count == 3)

            var changed = Sample.product("b", line: 77)
            changed.title = "Another"
            try await importing([changed, Sample.product("a", line: 99)], into: store)
            #expect(try await open(store) == ["b"])
            #expect(try await store.settledSlots(feed: nil, key: key) == 4)
        }
    }

    @Test("pages of unsettled products go on where the last one ended", arguments: StoreUnderTest.all)
    func pages(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await importing((1...7).map { Sample.product("b\($0)") }, into: store)
            try await importing((1...3).map { Sample.product("a\($0)", feed: "a-shop") }, into: store, feed: "a-shop")

            var found: [String] = []
            while true {
                let page = try await store.unsettled(feed: nil, key: key, offset: found.count, limit: 2)
                if page.isEmpty { break }
                #expect(page.count <= 2)
                found += page.map(\.product.key)
            }

            #expect(found == ["a1", "a2", "a3", "b1", "b2", "b3", "b4", "b5", "b6", "b7"])
            let fresh = try await store.unsettled(feed: "shop", key: key, offset: 5, limit: 9)
            #expect(fresh.map(\.product.key) == ["b6", "b7"])
            let across = try await store.unsettled(feed: nil, key: Digest(of: "x"), offset: 2, limit: 3)
            #expect(across.map(\.product.key) == ["a3", "b1", "b2"])
        }
    }

    @Test("whatever happens to a slot of a product unsettles it", arguments: StoreUnderTest.all)
    func unsettled(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await importing([Sample.product("a"), Sample.product("b")], into: store)
            func check(_ what: String, _ body: () async throws -> Void) async throws {
                try await settle(store)
                try await body()
                let found = try await open(store)
                #expect(found == ["a"], "\(what)")
            }

            try await check("enqueue") { _ = try await store.enqueue([Sample.job("j_1")]) }
            try await check("cancelled") { _ = try await store.decide(.cancelled, for: "j_1", at: Sample.start) }
            try await check("retried") { _ = try await store.decide(.retried, for: "j_1", at: Sample.start) }
            _ = try await course.claim()
            try await check("gaveUp") { try await course.record(.gaveUp(JobFailure(.refused, "no")), "j_1") }
            try await check("attached") { try await course.bring(Sample.job("j_2", take: 2), to: .finished) }
            try await check("review") { _ = try await store.review("v_j_2", .approve, at: Sample.start) }
            try await check("override") { try await store.keep(SlotOverride(), for: Sample.slot()) }
            try await check("refinish") {
                _ = try await store.refinish(
                    "j_2",
                    request: Sample.request(finish: ["logo": "x"]),
                    run: "r_1",
                    at: Sample.start
                )
            }
        }
    }
}
