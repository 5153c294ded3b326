import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Lasting links in storage")
struct LinkTests {
    @Test("the first secret of a home stays its secret", arguments: StoreUnderTest.all)
    func secret(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let first = LinkSecret(bytes: [1, 2, 255])
            let made = try await store.linkSecret(orElse: first)
            let kept = try await store.linkSecret(orElse: LinkSecret(bytes: [4]))
            #expect(made == first && kept == first)
        }
    }

    @Test("a slot keeps its token until that is revoked, and then gets another", arguments: StoreUnderTest.all)
    func tokens(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let slots = [Sample.slot("a"), Sample.slot("b")]
            #expect(try await !store.revokeLink(to: slots[0], at: Sample.start))
            let links = try await store.links(to: slots, random: .system, at: Sample.start)
            #expect(Set(links.keys) == Set(slots) && Set(links.values).count == 2)
            #expect(try await store.links(to: slots, random: .system, at: Sample.later(1)) == links)

            #expect(try await store.revokeLink(to: slots[0], at: Sample.later(2)))
            #expect(try await !store.revokeLink(to: slots[0], at: Sample.later(3)))
            let next = try await store.links(to: slots, random: .system, at: Sample.later(4))
            #expect(next[slots[0]] != links[slots[0]])
            #expect(next[slots[1]] == links[slots[1]])
        }
    }

    @Test("a link shows the take that the shop shows, and nothing once it has ended", arguments: StoreUnderTest.all)
    func video(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let slot = Sample.slot()
            let course = try await JobCourse.begin(store)
            let links = try await store.links(to: [slot], random: .system, at: Sample.start)
            let link = try #require(links[slot])
            #expect(try await store.video(at: link) == nil)

            try await course.bring(Sample.job("j_1", take: 1, prompt: "1"), to: .finished)
            try await course.bring(Sample.job("j_2", take: 2, prompt: "2"), to: .finished)
            #expect(try await store.video(at: link)?.id == "v_j_2")
            _ = try await store.review("v_j_1", .choose, at: Sample.start)
            #expect(try await store.video(at: link)?.id == "v_j_1")
            _ = try await store.review("v_j_1", .reject, at: Sample.start)
            #expect(try await store.video(at: link)?.id == "v_j_2")

            _ = try await store.revokeLink(to: slot, at: Sample.later(1))
            #expect(try await store.video(at: link) == nil)
            #expect(try await store.video(at: "unknown") == nil)
        }
    }
}
