import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Jobs in storage")
struct JobStoreTests {
    @Test("a job goes from queued to finished, and each step is in its history", arguments: StoreUnderTest.all)
    func course(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)

            let finished = try await course.bring(Sample.job("j_1"), to: .finished)

            #expect(finished.state == .finished("v_j_1"))
            #expect(finished.lease == nil)
            #expect(try await store.job("j_1") == finished)
            let names = try await store.events(of: "j_1").map(\.event.name)
            #expect(names == [.begun, .accepted, .rendered, .fetched, .attached])
            let video = try #require(try await store.video("v_j_1"))
            #expect(video == Sample.video("v_j_1", of: finished))
            let submissions = try await store.submissions(of: "j_1")
            #expect(submissions.map(\.outcome) == [.accepted])
            #expect(submissions.map(\.remote) == [Sample.remote])
            #expect(submissions.map(\.settled) == [Money.zero("USD")])
        }
    }
}
