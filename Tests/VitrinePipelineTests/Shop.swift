import Foundation
import Testing
import VitrineCore
import VitrinePipeline
import VitrinePresets
import VitrineStorage
import VitrineTesting

/// A small shop in memory: a catalogue that can be imported again with changes, two presets, and one provider.
struct Shop {
    let workshop: Workshop
    var library: PresetLibrary
    let provider: ScriptedProvider

    var store: SQLStore { workshop.store }

    static let presets = """
        preset: kitchen
        title: Kitchen
        match: {title: [mug, bowl]}
        frame: {placements: ["1:1"], fit: pad, background: auto, product_size: 0.8}
        video: {seconds: 6, style: studio, motion: orbit}
        prompt: "{{title}}{{#color}} in {{color}}{{/color}}, slow turn"
        avoid: warped handle
        tiers: {draft: {provider: scripted}, final: {provider: scripted, resolution: 1080P}}
        ---
        preset: other
        title: Everything else
        match: {}
        weight: -100
        frame: {placements: ["1:1"]}
        video: {seconds: 6, style: studio, motion: push-in}
        prompt: "{{title}}"
        tiers: {draft: {provider: scripted}}
        """

    static let styles = """
        styles:
          - {style: studio, title: Studio, words: soft light, tag: null, look: studio}
        """

    init(presets: String = Shop.presets, price: Money = Money(micros: 1_000_000, currency: "USD")) throws {
        workshop = try Workshop()
        library = try Self.library(presets)
        var script = ScriptedProvider.Script()
        script.price = price
        provider = ScriptedProvider("scripted", script)
    }

    static func library(_ presets: String) throws -> PresetLibrary {
        let read = PresetLibrary.read([
            PresetFile(name: "styles.yaml", text: styles), PresetFile(name: "shop.yaml", text: presets),
        ])
        try #require(read.diagnostics.filter { $0.severity == .error } == [])
        return read.value
    }

    var maker: PlanMaker {
        PlanMaker(
            catalog: store,
            jobs: store,
            planner: Planner(library: library, offers: provider.offers),
            time: workshop.time.source,
            random: workshop.random.source
        )
    }

    var desk: ReviewDesk {
        ReviewDesk(
            catalog: store,
            jobs: store,
            maker: { maker },
            time: workshop.time.source,
            random: workshop.random.source
        )
    }

    /// A product with one picture of one variant, or as changed.
    static func product(
        _ key: String,
        title: String = "Blue mug",
        line: Int = 2,
        sku: String? = nil,
        picture: String? = "mug.jpg",
        _ change: (inout Product) -> Void = { _ in }
    ) -> Product {
        var product = Product(feed: "shop", key: key, line: line, title: title)
        if let picture { product.images = [ImageSource(reference: picture, line: line, field: "Image Src")] }
        product.variants = [Variant(key: "1", line: line, sku: SKU(sku ?? "SKU-" + key))]
        change(&product)
        return product
    }

    /// A picture all of one colour.
    static func picture(_ name: String, value: UInt8 = 100, size: Int = 800) -> SourceImage {
        SourceImage(
            digest: Digest(of: name),
            format: .jpeg,
            size: PixelSize(width: size, height: size),
            bytes: 10,
            hasTransparency: false,
            signature: Data(repeating: value, count: 768)
        )
    }

    /// Imports these products as the whole feed; `pictures` says what each reference turned out to be.
    func `import`(_ products: [Product], pictures: [String: SourceImage] = ["mug.jpg": picture("mug")]) async throws {
        let now = workshop.time.now
        let generation = try await store.beginGeneration(of: "shop", format: "shopify", origin: "shop.csv", at: now)
        _ = try await store.add(products, diagnostics: [], to: generation.id)
        try await store.remember(
            pictures.map { KnownPicture(location: $0.key, image: $0.value, checkedAt: now) }
        )
        var resolved: [ProductID: [ResolvedPicture]] = [:]
        for product in products {
            let references = (product.images + product.variants.compactMap(\.image)).map(\.reference)
            resolved[product.id] = references.map { ResolvedPicture(reference: $0, image: pictures[$0]?.digest) }
        }
        try await store.resolve(resolved, diagnostics: [], in: generation.id)
        try await store.turnOn(generation, at: now)
    }

    /// The rows that a plan lists, unchanged ones too.
    func rows(_ options: PlanOptions = PlanOptions()) async throws -> [PlannedRequest] {
        var rows: [PlannedRequest] = []
        _ = try await maker.plan(options, listsUnchanged: true) { rows.append($0) }
        return rows
    }

    /// Plans, applies, and works until all is made.
    func make(_ options: PlanOptions = PlanOptions()) async throws {
        try await store.setBudget(Money(micros: 1_000_000_000, currency: "USD"))
        let plan = try await maker.plan(options)
        _ = try await maker.apply(plan.id)
        try await workshop.runToIdle(provider)
    }

    func videos() async throws -> [Video] {
        try await store.videos(VideoQuery(), offset: 0, limit: 100)
    }
}
