import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Which take a person found better")
struct VoteTests {
    @Test(
        "the newest finding about two takes counts, and takes of different slots are not compared",
        arguments: StoreUnderTest.all
    )
    func votes(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await course.bring(Sample.job("j_1", take: 1), to: .finished)
            try await course.bring(Sample.job("j_2", take: 2), to: .finished)
            try await course.bring(Sample.job("j_3", slot: Sample.slot("b")), to: .finished)

            try await store.vote([Vote(winner: "v_j_1", loser: "v_j_2", at: Sample.start)])
            try await store.vote([Vote(winner: "v_j_1", loser: "v_j_2", at: Sample.later(1))])
            #expect(try await store.votes() == [Vote(winner: "v_j_1", loser: "v_j_2", at: Sample.later(1))])
            try await store.vote([Vote(winner: "v_j_2", loser: "v_j_1", at: Sample.later(2))])

            #expect(try await store.votes().map(\.winner) == ["v_j_2"])
            #expect(
                await trouble { try await store.vote([Vote(winner: "v_j_1", loser: "v_j_3", at: Sample.start)]) }
                    == .conflict
            )
        }
    }
}
