import Foundation
import Testing
import VitrineCore
import VitrinePipeline
import VitrinePresets
import VitrineStorage
import VitrineTesting

@Suite("Where presets and styles are written")
struct PresetDeskTests {
    private func desk(_ shop: Shop) -> PresetDesk {
        PresetDesk(
            store: shop.store,
            files: Checked([PresetFile(name: "shop.yaml", text: Shop.presets)]),
            offers: shop.provider.offers,
            frames: ReadyFrames(),
            time: shop.workshop.time.source,
            random: shop.workshop.random.source
        )
    }

    private static let mugs = """
        preset: mugs
        title: Mugs
        match: {title: [mug]}
        weight: 20
        frame: {placements: ["1:1"], fit: pad, background: auto, product_size: 0.8}
        video: {seconds: 6, motion: orbit}
        prompt: "{{title}}, close"
        tiers: {draft: {provider: scripted}}
        """

    @Test("what a preset would change is counted with its price before anything is saved")
    func effect() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug"), Shop.product("bowl", title: "Bowl")])
        let desk = desk(shop)

        let before = try await desk.effect(of: try await desk.show(.preset("kitchen")).text, as: .preset("kitchen"))
        #expect(before.looked == 2 && before.isWhole && before.moved == 0 && before.videos == 0)

        let effect = try await desk.effect(of: Self.mugs, as: .preset("mugs"))
        #expect(effect.moved == 1 && effect.videos == 1)
        #expect(effect.price.amounts == [Money(micros: 1_000_000, currency: "USD")])
        #expect(effect.sample.map(\.title) == ["Blue mug"])
        #expect(try await shop.store.savedPresets().isEmpty)
        #expect(try await desk.list().allSatisfy { $0.name != "mugs" })
    }

    @Test("a preset with an error has no effect but the words that say so")
    func brokenEffect() async throws {
        let shop = try Shop()
        let desk = desk(shop)
        await #expect(throws: PipelineError.self) {
            _ = try await desk.effect(of: "preset: mugs\nvideo: {motion: jump}\n", as: .preset("mugs"))
        }
    }

    @Test("a saved style stands in place of the shipped one, under its own name alone, and can be ended")
    func styles() async throws {
        let shop = try Shop()
        let desk = desk(shop)
        let shipped = try await desk.show(.style("studio"))
        #expect(shipped.version == 0 && shipped.text.contains("look: studio"))

        let text = shipped.text.replacing("softbox", with: "candle")
        let wrong = try await desk.save(.style("other"), text, expecting: 0, by: .local)
        #expect(wrong.value == nil && wrong.diagnostics.contains { $0.message.contains("expected one style `other`") })
        let saved = try await desk.save(.style("studio"), text, expecting: 0, by: .local)
        #expect(saved.value?.version == 1)
        #expect(try await desk.styles().first { $0.name == "studio" }?.words.contains("candle") == true)
        await #expect(throws: StoreError.self) {
            _ = try await desk.save(.style("studio"), text, expecting: 0, by: .local)
        }
        try await desk.delete(.style("studio"), expecting: 1, by: .local)
        #expect(try await desk.styles().first { $0.name == "studio" }?.words.contains("candle") == false)
    }

    @Test("every shipped style is written so that it is read as the same style")
    func styleTexts() async throws {
        for style in PresetLibrary.shipped().value.styles.all {
            let read = PresetLibrary.read([PresetFile(name: "style.yaml", text: style.text)])
            #expect(read.value.styles[style.name] == style)
            #expect(read.diagnostics.filter { $0.severity == .error && $0.field == "style" }.isEmpty)
        }
    }

    @Test("a new preset for products like one is read without a complaint, and takes that product")
    func starter() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug", title: "Mug \"Tide\": 30 % off")])
        let desk = desk(shop)
        let product = try #require(try await shop.store.entries(ProductQuery(), offset: 0, limit: 1).first?.product)

        let text = try await desk.starter("tide", like: product.id.rawValue)
        let complaints = try await desk.check(text, as: .preset("tide"))
        #expect(complaints.allSatisfy { $0.severity != .error }, "\(complaints.map(\.message))")
        let preview = try await desk.preview(
            text,
            as: .preset("tide"),
            for: product.id.rawValue,
            placement: nil,
            tier: .draft
        )
        #expect(preview.preset == "tide")
        await #expect(throws: PipelineError.self) { _ = try await desk.starter("No Name") }
    }

    @Test("a style is tried on the preset that a product gets")
    func styleTrial() async throws {
        let shop = try Shop()
        try await shop.import([Shop.product("mug")])
        let desk = desk(shop)
        let text =
            "styles:\n  - {style: dusk, title: Dusk, words: the last light of the day, tag: null, look: studio}\n"
        let product = try #require(try await shop.store.entries(ProductQuery(), offset: 0, limit: 1).first?.product)

        let preview = try await desk.preview(
            text,
            as: .style("dusk"),
            for: product.id.rawValue,
            placement: nil,
            tier: .draft
        )
        let prompt = try #require(preview.requests.first { $0.provider == "scripted" }?.prompt)
        #expect(prompt.contains("the last light of the day"))
        #expect(preview.diagnostics.isEmpty)
    }

    @Test("a draft clip is made once however often it is asked for, and belongs to no job")
    func drafts() async throws {
        let shop = try Shop(price: .zero("USD"))
        try await shop.import([Shop.product("mug")])
        let request = try #require(try await shop.rows().first?.request)
        let folder = FileManager.default.temporaryDirectory.path + "/vitrine-drafts-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clips = DraftClips(
            provider: shop.provider,
            finisher: ReadyFinisher(),
            frames: ReadyFrames(),
            media: try MediaDirectory(path: folder + "/media"),
            work: folder,
            time: shop.workshop.time.source
        )
        #expect(clips.state(of: request.fingerprint) == nil)

        try await clips.begin(request)
        try await clips.begin(request)
        while case .making? = clips.state(of: request.fingerprint) {
            shop.workshop.time.advance(by: .seconds(60))
            await Task.yield()
        }
        guard case .made? = clips.state(of: request.fingerprint) else {
            Issue.record("\(String(describing: clips.state(of: request.fingerprint)))")
            return
        }
        try await clips.begin(request)
        #expect(shop.provider.billed == 1)
        #expect(try await shop.store.counts(JobQuery()).all == 0)
    }
}
