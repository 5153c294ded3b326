import Foundation
import Testing
import VitrineCore

@testable import VitrineStorage

@Suite("Saved presets in storage")
struct PresetVersionTests {
    private func save(_ name: String, _ text: String?, expecting version: Int?, _ store: SQLStore) async throws
        -> PresetVersion
    {
        try await store.save(preset: name, text, expecting: version, by: "k_a", at: Sample.start)
    }

    @Test("a version is saved only after the one that its author saw", arguments: StoreUnderTest.all)
    func expecting(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            #expect(await trouble { try await save("shoes", "one", expecting: 1, store) } == .stale)
            let first = try await save("shoes", "one", expecting: 0, store)
            #expect(
                first == PresetVersion(name: "shoes", version: 1, text: "one", savedAt: Sample.start, author: "k_a")
            )
            #expect(await trouble { try await save("shoes", "two", expecting: 0, store) } == .stale)
            #expect(try await save("shoes", "two", expecting: 1, store).version == 2)
            #expect(await trouble { try await save("shoes", "three", expecting: 1, store) } == .stale)
            #expect(try await save("shoes", "three", expecting: nil, store).version == 3)
            #expect(try await store.savedPreset("shoes", version: nil)?.text == "three")
            #expect(try await store.savedPreset("shoes", version: 1) == first)
            #expect(try await store.savedPreset("shoes", version: 4) == nil)
        }
    }

    @Test("a deleted preset is there no more, keeps its versions, and may be saved anew", arguments: StoreUnderTest.all)
    func delete(kind: StoreUnderTest) async throws {
        try await kind.run { store in
            #expect(await trouble { try await save("shoes", nil, expecting: nil, store) } == .notFound)
            #expect(try await store.presetsNumber() == 0)
            _ = try await save("shoes", "one", expecting: 0, store)
            _ = try await save("bags", "one", expecting: 0, store)
            #expect(try await store.savedPresets().map(\.name) == ["bags", "shoes"])

            #expect(try await save("shoes", nil, expecting: 1, store).version == 2)
            #expect(try await store.savedPresets().map(\.name) == ["bags"])
            let deletion = try #require(try await store.savedPreset("shoes", version: nil))
            #expect(deletion.version == 2 && deletion.text == nil)
            #expect(await trouble { try await save("shoes", nil, expecting: nil, store) } == .notFound)
            #expect(await trouble { try await save("shoes", "two", expecting: 2, store) } == .stale)
            #expect(try await save("shoes", "two", expecting: 0, store).version == 3)

            #expect(try await store.presetsNumber() == 4)
            let page = try await store.versions(ofPreset: "shoes", after: nil, limit: 2)
            #expect(page.items.map(\.version) == [3, 2])
            let rest = try await store.versions(ofPreset: "shoes", after: page.next, limit: 2)
            #expect(rest.items.map(\.version) == [1] && rest.next == nil)
        }
    }
}
