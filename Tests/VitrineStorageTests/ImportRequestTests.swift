import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Uploaded feeds in storage")
struct ImportRequestTests {
    private func request(_ id: ImportID) -> ImportRequest {
        ImportRequest(
            id: id,
            feed: "shop",
            file: "shop.csv",
            digest: Digest(of: id.rawValue),
            bytes: 7,
            options: "{}",
            createdAt: Sample.start
        )
    }

    @Test("imports are listed newest first in pages, and one identity is kept once", arguments: StoreUnderTest.all)
    func list(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            for id in ["i_c", "i_a", "i_b"] { try await store.add(request(ImportID(id))) }

            let first = try await store.imports(after: nil, limit: 2)
            #expect(first.items.map(\.id) == ["i_b", "i_a"])
            let second = try await store.imports(after: first.next, limit: 2)
            #expect(second.items == [request("i_c")] && second.next == nil)
            #expect(try await store.importRequest("i_a") == request("i_a"))
            #expect(try await store.importRequest("i_none") == nil)
            #expect(await trouble { try await store.add(request("i_a")) } == .conflict)
            let foreign = PageCursor(text: "foreign")
            #expect(await trouble { try await store.imports(after: foreign, limit: 2) } == .badCursor)
        }
    }

    @Test("one import is worked on at a time, and it ends with what came of it", arguments: StoreUnderTest.all)
    func course(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await store.add(request("i_1"))
            try await store.add(request("i_2"))

            var claimed = try #require(
                try await store.claimImport(token: "one", until: Sample.later(60), at: Sample.start)
            )
            #expect(claimed.id == "i_1" && claimed.state == .running)
            let rings = store.eventSignal.rings
            #expect(try await store.claimImport(token: "two", until: Sample.later(60), at: Sample.later(59)) == nil)
            #expect(store.eventSignal.rings == rings, "looking in vain is no news: it would wake the next look")
            #expect(try await store.importLeases() == ["i_1": "one"])

            claimed.counts.rows = 9
            try await store.note(claimed.counts, of: "i_1", token: "one", until: Sample.later(99), at: Sample.later(59))
            #expect(try await store.importRequest("i_1") == claimed)
            #expect(try await store.claimImport(token: "two", until: Sample.later(99), at: Sample.later(98)) == nil)

            claimed.state = .failed
            claimed.format = "shopify"
            claimed.failure = ImportRequest.Failure("no rows", hint: "send some")
            try await store.end(claimed, token: "one", at: Sample.later(98))
            claimed.endedAt = Sample.later(98)
            #expect(try await store.importRequest("i_1") == claimed)
            #expect(try await store.importLeases().isEmpty)
            let next = try await store.claimImport(token: "two", until: Sample.later(120), at: Sample.later(98))
            #expect(next?.id == "i_2")
        }
    }

    @Test(
        "what a dead worker left is begun again, and nothing more is taken from that worker",
        arguments: StoreUnderTest.all
    )
    func deadWorker(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await store.add(request("i_1"))
            let dead = try #require(
                try await store.claimImport(token: "dead", until: Sample.later(60), at: Sample.start)
            )

            let again = try await store.claimImport(token: "heir", until: Sample.later(120), at: Sample.later(60))
            #expect(again?.id == "i_1")
            let late = Sample.later(61)
            #expect(
                await trouble {
                    try await store.note(dead.counts, of: "i_1", token: "dead", until: Sample.later(99), at: late)
                } == .leaseLost
            )
            #expect(await trouble { try await store.end(dead, token: "dead", at: late) } == .leaseLost)
            try await store.releaseImport("i_1", token: "dead")
            #expect(try await store.importLeases() == ["i_1": "heir"])

            try await store.releaseImport("i_1", token: "heir")
            #expect(try await store.importLeases().isEmpty)
            #expect(try await store.claimImport(token: "third", until: Sample.later(99), at: late)?.id == "i_1")
        }
    }

    @Test("pictures under a place are forgotten, and no others", arguments: StoreUnderTest.all)
    func forget(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let places = ["/work/i_1/a.jpg", "/work/i_1/ü.jpg", "/work/i_2/a.jpg"]
            try await store.remember(places.map { KnownPicture(location: $0, etag: "e", checkedAt: Sample.start) })

            try await store.forgetPictures(under: "")
            #expect(try await store.knownPictures(at: places).count == 3)
            try await store.forgetPictures(under: "/work/i_1/")
            #expect(try await store.knownPictures(at: places).keys.sorted() == ["/work/i_2/a.jpg"])
        }
    }
}
