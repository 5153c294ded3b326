import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Videos and reviews in storage")
struct VideoStoreTests {
    private func make(_ store: SQLStore, takes: Int = 3) async throws -> JobCourse {
        let course = try await JobCourse.begin(store)
        for take in 1...takes {
            try await course.bring(
                Sample.job(JobID("j_\(take)"), take: take, prompt: "\(take)"),
                to: .finished,
                at: Sample.later(Double(take))
            )
        }
        return course
    }

    @Test("approve, reject and choose change what they say", arguments: StoreUnderTest.all)
    func review(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            _ = try await make(store)

            #expect(try await store.review("v_j_1", .approve, at: Sample.start).state == .approved)
            #expect(try await store.review("v_j_1", .choose, at: Sample.start).isChosen)
            let chosen = try await store.review("v_j_2", .choose, at: Sample.start)
            #expect(chosen.isChosen && chosen.state == .new)
            #expect(try await store.video("v_j_1")?.isChosen == false)
            #expect(try await store.video("v_j_2") == chosen)
            let rejected = try await store.review("v_j_2", .reject, at: Sample.start)
            #expect(rejected.state == .rejected && !rejected.isChosen && rejected.reason == nil)
            let told = try await store.review("v_j_2", .reject, because: "the handle is cut", at: Sample.start)
            #expect(told.reason == "the handle is cut")
            #expect(try await store.video("v_j_2") == told)
            let again = try await store.review("v_j_2", .choose, at: Sample.start)
            #expect(again.state == .new && again.isChosen)
            #expect(await trouble { try await store.review("v_none", .approve, at: Sample.start) } == .notFound)
        }
    }

    @Test("a quarantined video is not decided about", arguments: ReviewDecision.allCases)
    func quarantined(decision: ReviewDecision) async throws {
        let store = try SQLStore.inMemory()
        let course = try await JobCourse.begin(store)
        let job = try await course.bring(Sample.job("j_1"), to: .fetched)
        try await course.record(.attached(Sample.video("v_1", of: job, state: .quarantined)), "j_1")

        #expect(await trouble { try await store.review("v_1", decision, at: Sample.start) } == .conflict)
        let video = try await store.video("v_1")
        #expect(video?.state == .quarantined)
    }

    @Test("videos are listed by slot and take, and by what is asked", arguments: StoreUnderTest.all)
    func list(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            try await importing([Sample.product("a")], into: store)
            let course = try await make(store)
            try await store.begin(Run(id: "r_2", plan: nil, createdAt: Sample.start))
            let wide = Sample.slot("a", .wide)
            let square = Sample.slot("a", .square)
            try await course.bring(Sample.job("j_4", slot: wide, run: "r_2"), to: .finished)
            try await course.bring(Sample.job("j_5", slot: square), to: .finished)
            let variant = Slot(product: Sample.slot().product, variant: "red", placement: .square)
            try await course.bring(Sample.job("j_6", slot: variant), to: .finished)
            try await course.bring(Sample.job("j_7", slot: Sample.slot("orphan")), to: .finished)
            _ = try await store.review("v_j_2", .reject, at: Sample.start)
            func ids(_ query: VideoQuery, offset: Int = 0, limit: Int = 99) async throws -> [VideoID] {
                try await store.videos(query, offset: offset, limit: limit).map(\.id)
            }

            let all = try await store.videos(VideoQuery(), offset: 0, limit: 99)
            #expect(all.map(\.slot) == all.map(\.slot).sorted())
            #expect(try await ids(VideoQuery(feed: "shop")) == ["v_j_5", "v_j_1", "v_j_2", "v_j_3", "v_j_4", "v_j_6"])
            #expect(try await ids(VideoQuery(feed: "shop"), offset: 1, limit: 2) == ["v_j_1", "v_j_2"])
            #expect(try await ids(VideoQuery(run: "r_2")) == ["v_j_4"])
            #expect(try await ids(VideoQuery(slot: Sample.slot(), states: [.new, .approved])) == ["v_j_1", "v_j_3"])
            #expect(try await ids(VideoQuery(product: Sample.slot("orphan").product)) == ["v_j_7"])
        }
    }

    @Test("pruning drops old takes that nobody needs, and what was rejected stays known", arguments: StoreUnderTest.all)
    func prune(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            _ = try await make(store, takes: 6)
            _ = try await store.review("v_j_1", .reject, at: Sample.start)
            _ = try await store.review("v_j_2", .approve, at: Sample.start)
            _ = try await store.review("v_j_4", .choose, at: Sample.start)

            #expect(try await store.prune(before: Sample.later(1)) == [])
            #expect(try await store.prune(before: Sample.later(99)) == ["v_j_1", "v_j_3", "v_j_5"])
            #expect(try await store.prune(before: Sample.later(99)) == [])

            #expect(try await store.video("v_j_1") == nil)
            let kept = try await store.videos(VideoQuery(), offset: 0, limit: 9).map(\.id)
            #expect(kept == ["v_j_2", "v_j_4", "v_j_6"])
            let takes = try #require(
                try await store.slots(of: [Sample.slot().product])[Sample.slot().product]?.first?.takes
            )
            #expect(takes.map(\.video) == [nil, "v_j_2", nil, "v_j_4", nil, "v_j_6"])
            #expect(takes[0].videoState == .rejected)
        }
    }

    @Test("media that something still needs is named, and nothing else", arguments: StoreUnderTest.all)
    func neededMedia(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            func clip(_ name: String) -> Clip { Clip(file: MediaFile(digest: Digest(of: name), bytes: 1, kind: "mp4")) }
            func finish(_ take: Int) async throws {
                let id = JobID("j_\(take)")
                let job = try await course.bring(
                    Sample.job(id, take: take, prompt: "\(take)"),
                    to: .rendered,
                    at: Sample.later(Double(take))
                )
                try await course.record(.fetched(clip("clip \(take)")), id, at: Sample.later(Double(take)))
                var video = Sample.video(VideoID("v_\(take)"), of: job, at: Sample.later(Double(take)))
                video.clip.file.digest = Digest(of: "video \(take)")
                video.clip.poster.digest = Digest(of: "poster \(take)")
                try await course.record(.attached(video), id, at: Sample.later(Double(take)))
            }
            try await finish(1)
            try await finish(2)
            _ = try await store.enqueue([Sample.job("j_9", slot: Sample.slot("b"))])
            let product = Sample.product("a")
            let generation = try await importing([product], into: store)
            let picture = ResolvedPicture(reference: "a.jpg", image: Digest(of: "picture"))
            try await store.resolve([product.id: [picture]], diagnostics: [], in: generation.id)

            let made = Sample.job("j_1").job.slot
            let names = [
                "feed", "picture", "clip 2", "video 2", "poster 2", "picture of \(Sample.slot("b"))",
                "picture of \(made)",
            ]
            let needed = Set(names.map { Digest(of: $0) })
            let old = Set(["clip 1", "video 1", "poster 1"].map { Digest(of: $0) })
            #expect(try await store.neededMedia(keepingSupersededSince: Sample.start) == needed.union(old))
            #expect(try await store.neededMedia(keepingSupersededSince: Sample.later(99)) == needed)
            _ = try await store.prune(before: Sample.later(99))
            #expect(try await store.neededMedia(keepingSupersededSince: Sample.start) == needed)
        }
    }
}
