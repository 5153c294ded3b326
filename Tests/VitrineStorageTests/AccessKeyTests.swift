import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Keys of the service in storage")
struct AccessKeyTests {
    private func key(_ id: KeyID, _ scopes: Set<Scope>) -> AccessKey {
        AccessKey(id: id, name: "for \(id)", scopes: scopes, digest: Digest(of: id.rawValue), createdAt: Sample.start)
    }

    @Test(
        "keys come back as they were kept, oldest first, and one identity is kept once",
        arguments: StoreUnderTest.all
    )
    func keep(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let second = key("k_b", [.read])
            let first = key("k_z", [.generate, .author])
            try await store.add(first)
            try await store.add(second)

            #expect(try await store.keys() == [first, second])
            #expect(try await store.key("k_z") == first)
            #expect(try await store.key("k_none") == nil)
            #expect(await trouble { try await store.add(key("k_b", [.admin])) } == .conflict)
            #expect(try await store.key("k_b") == second)
        }
    }

    @Test("a revoked key stays listed, and keeps the moment when it ended first", arguments: StoreUnderTest.all)
    func revoke(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await store.add(key("k_a", [.admin]))

            let revoked = try await store.revoke("k_a", at: Sample.later(1))
            #expect(revoked.revokedAt == Sample.later(1) && !revoked.allows(.read))
            #expect(try await store.revoke("k_a", at: Sample.later(9)) == revoked)
            #expect(try await store.keys() == [revoked])
            #expect(await trouble { try await store.revoke("k_none", at: Sample.start) } == .notFound)
        }
    }

    @Test("a use is noted at most once a minute", arguments: StoreUnderTest.all)
    func use(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await store.add(key("k_a", [.read]))

            try await store.noteUse(of: "k_a", at: Sample.start)
            try await store.noteUse(of: "k_a", at: Sample.later(59.9))
            #expect(try await store.key("k_a")?.lastUsedAt == Sample.start)
            try await store.noteUse(of: "k_a", at: Sample.later(60))
            #expect(try await store.key("k_a")?.lastUsedAt == Sample.later(60))
        }
    }
}
