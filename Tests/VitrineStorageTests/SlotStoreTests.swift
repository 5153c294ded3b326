import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Slots in storage")
struct SlotStoreTests {
    @Test("a slot comes with its takes, oldest first, and what a person changed", arguments: StoreUnderTest.all)
    func slots(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            let other = Slot(product: Sample.slot().product, variant: "red", placement: .square)
            let finished = try await course.bring(Sample.job("j_1"), to: .finished)
            _ = try await store.enqueue([Sample.job("j_2", take: 2, prompt: "again"), Sample.job("j_3", slot: other)])
            var override = SlotOverride()
            override.prompt = "warmer"
            override.seed = UInt64.max
            try await store.keep(override, for: Sample.slot())
            _ = try await store.review("v_j_1", .choose, at: Sample.start)

            let slots = try await store.slots(of: [Sample.slot().product, "p_none"])

            let records = try #require(slots[Sample.slot().product])
            #expect(slots.count == 1)
            #expect(records.map(\.slot) == [Sample.slot(), other])
            #expect(records[0].override == override)
            #expect(records[0].takes.map(\.number) == [1, 2])
            #expect(
                records[0].takes[0]
                    == Take(
                        number: 1,
                        job: "j_1",
                        jobState: .finished,
                        request: finished.request,
                        fingerprint: finished.fingerprint,
                        preset: finished.preset,
                        video: "v_j_1",
                        videoState: .new,
                        isChosen: true
                    )
            )
            #expect(records[0].takes[1].jobState == .queued)
            #expect(records[0].takes[1].video == nil)
            #expect(records[1].override.isEmpty)
            try await store.keep(SlotOverride(), for: Sample.slot())
            #expect(
                try await store.slots(of: [Sample.slot().product])[Sample.slot().product]?.first?.override.isEmpty
                    == true
            )
        }
    }

    @Test("an override may be kept for a slot that has no take yet", arguments: StoreUnderTest.all)
    func early(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            var override = SlotOverride()
            override.preset = "shoes"

            try await store.keep(override, for: Sample.slot())

            let record = try await store.slots(of: [Sample.slot().product])[Sample.slot().product]
            #expect(record == [SlotRecord(slot: Sample.slot(), override: override)])
        }
    }

    @Test("slots of a product that left its feed are orphaned until it comes back", arguments: StoreUnderTest.all)
    func orphaned(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await importing([Sample.product("a"), Sample.product("b")], into: store)
            try await course.bring(Sample.job("j_1"), to: .finished)
            try await course.bring(Sample.job("j_2", slot: Sample.slot("b")), to: .finished)
            #expect(try await store.orphanedSlots(feed: nil, limit: 9).isEmpty)

            try await importing([Sample.product("b")], into: store)
            let orphans = try await store.orphanedSlots(feed: "shop", limit: 9)
            #expect(orphans.map(\.slot) == [Sample.slot()])
            #expect(orphans.map(\.takes.count) == [1])
            #expect(try await store.orphanedSlots(feed: "other", limit: 9).isEmpty)
            #expect(try await store.orphanedSlots(feed: nil, limit: 0).isEmpty)

            try await importing([Sample.product("a"), Sample.product("b")], into: store)
            #expect(try await store.orphanedSlots(feed: nil, limit: 9).isEmpty)
        }
    }

    @Test("a product with a new identity keeps its videos by the overlap of its SKUs", arguments: StoreUnderTest.all)
    func renamed(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            let course = try await JobCourse.begin(store)
            try await importing(
                [
                    Sample.product("old", skus: ["S1", "S2"]), Sample.product("gone", skus: ["T1", "T2"]),
                    Sample.product("stays"),
                ],
                into: store
            )
            try await course.bring(Sample.job("j_1", slot: Sample.slot("old")), to: .finished)
            try await course.bring(Sample.job("j_2", slot: Sample.slot("gone")), to: .finished)

            let heirs = [
                Sample.product("new", skus: ["S2", "S3"]), Sample.product("left", skus: ["T1"]),
                Sample.product("right", skus: ["T2"]), Sample.product("stays", skus: ["S1"]),
            ]
            try await importing(heirs, into: store)

            let moved = try #require(try await store.slots(of: [heirs[0].id])[heirs[0].id])
            #expect(moved.map(\.slot) == [Sample.slot("new")])
            #expect(moved.flatMap(\.takes).map(\.job) == ["j_1"])
            #expect(moved.flatMap(\.takes).map(\.request.slot) == [Sample.slot("new")])
            let video = try #require(try await store.video("v_j_1"))
            #expect(video.slot == Sample.slot("new"))
            let job = try #require(try await store.job("j_1"))
            #expect(job.slot == Sample.slot("new"))
            #expect(job.request.slot == Sample.slot("new"))
            #expect(try await store.videos(VideoQuery(product: heirs[0].id), offset: 0, limit: 9) == [video])
            #expect(try await store.orphanedSlots(feed: nil, limit: 9).map(\.slot) == [Sample.slot("gone")])
            #expect(try await store.slots(of: [Sample.slot("old").product]).isEmpty)
        }
    }
}
