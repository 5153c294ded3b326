import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Events of a home in storage")
struct HomeEventTests {
    @Test("each state of a job is told once, in order, and read from any number on", arguments: StoreUnderTest.all)
    func job(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            #expect(try await store.latestEvent() == 0)
            let rings = store.eventSignal.rings
            let course = try await JobCourse.begin(store)
            try await course.bring(Sample.job("j_1"), to: .finished)

            let events = try await store.events(after: 0, limit: 100)
            #expect(events.map(\.number) == Array(1...Int64(events.count)))
            let states = events.filter { $0.topic == .job }
            #expect(states.map(\.state) == ["queued", "submitting", "rendering", "rendered", "fetched", "finished"])
            #expect(states.allSatisfy { $0.subject == "j_1" && $0.product == Sample.slot().product })
            #expect(events.filter { $0.topic == .video }.map(\.subject) == ["v_j_1"])
            #expect(try await store.latestEvent() == events.last?.number)
            #expect(try await store.events(after: 2, limit: 2) == Array(events[2..<4]))
            #expect(try await store.events(after: try await store.latestEvent(), limit: 9).isEmpty)
            #expect(store.eventSignal.rings > rings)
        }
    }

    @Test("what is undone is not told", arguments: StoreUnderTest.all)
    func undone(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await course.bring(Sample.job("j_1"), to: .queued)
            let latest = try await store.latestEvent()

            let stranger = JobCourse(store: store, token: "stranger")
            #expect(
                await trouble { try await stranger.record(.begun("k-1", reserving: .zero("USD")), "j_1") } == .leaseLost
            )
            #expect(try await store.latestEvent() == latest)
        }
    }

    @Test("imports are told from waiting to their end", arguments: StoreUnderTest.all)
    func imports(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            var request = ImportRequest(
                id: "i_1",
                feed: "shop",
                file: "shop.csv",
                digest: Digest(of: "feed"),
                bytes: 4,
                options: "{}",
                createdAt: Sample.start
            )
            try await store.add(request)
            _ = try await store.claimImport(token: "one", until: Sample.later(60), at: Sample.later(1))
            request.state = .finished
            try await store.end(request, token: "one", at: Sample.later(2))

            let events = try await store.events(after: 0, limit: 9)
            #expect(events.map(\.state) == ["waiting", "running", "finished"])
            #expect(events.allSatisfy { $0.topic == .import && $0.subject == "i_1" && $0.product == nil })
            #expect(events.map(\.at) == [Sample.start, Sample.later(1), Sample.later(2)])
        }
    }
}
