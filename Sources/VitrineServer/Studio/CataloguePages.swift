import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// The catalogue: products with their pictures and videos, and what many of them get at once.
struct CataloguePages: Sendable {
    let studio: Studio

    private static let length = 100
    private static let mostAtOnce = 100

    private struct Model {
        struct Chip {
            var word: String
            var address: String
            var isOn: Bool
        }
        struct Shape {
            var name: String
            var mark: StateMark
        }
        struct Choice {
            var value: String
            var word: String
            var isOn: Bool
        }
        struct Card {
            var id: String
            var address: String
            var title: String
            var detail: String
            var mark: StateMark
            var shapes: [Shape]
            var hasShapes: Bool
            var picture: String?
            var poster: String?
            var video: String?
        }

        var form: String
        var mayGenerate: Bool
        var search: String
        var state: String?
        var chips: [Chip]
        var filters: [Chip]
        var categories: [Choice]
        var hasCategories: Bool
        var presets: [Choice]
        var cards: [Card]
        var next: String?
        var isBare: Bool
        var isEmpty: Bool
        var made: String?
    }

    func show(_ visit: Visit) async throws -> Response {
        let query = try Query(visit.request, knows: ["q", "state", "category", "preset", "cursor", "made"])
        let narrowing = Narrowing(
            text: try query.text("q"),
            state: try query.text("state").flatMap(ProductState.init(rawValue:)),
            category: try query.text("category"),
            preset: try query.text("preset", atMost: 80)
        )
        let cursor = try query.cursor
        let store = studio.home.store
        let page = try await store.products(
            narrowing.query,
            states: narrowing.state.map { [$0] } ?? [],
            after: cursor,
            limit: Self.length
        )
        let slots = try await store.slots(of: page.items.map(\.entry.product.id))
        let media = StudioMedia(home: studio.home)
        var cards: [Model.Card] = []
        for listed in page.items {
            let product = listed.entry.product
            let records = slots[product.id] ?? []
            let video = try await media.video(of: records)
            cards.append(
                Model.Card(
                    id: product.id.rawValue,
                    address: "/studio/products/\(product.id)",
                    title: product.title,
                    detail: [product.brand, product.price?.description].compactMap(\.self).joined(separator: " · "),
                    mark: StateMark(listed.state),
                    shapes: Self.shapes(records),
                    hasShapes: !records.isEmpty,
                    picture: media.thumbnail(of: listed.entry),
                    poster: video.map { media.thumbnail(of: $0.clip.poster.digest) },
                    video: video.map { media.address(of: $0.clip.file) }
                )
            )
        }
        let categories = Self.categories(try await store.feeds(), chosen: narrowing.category)
        let isNarrowed = narrowing != Narrowing() || cursor != nil
        let made = try query.number("made", within: 1...100_000)
        let model = Model(
            form: visit.formToken ?? "",
            mayGenerate: visit.mayGenerate,
            search: narrowing.text ?? "",
            state: narrowing.state?.rawValue,
            chips: Self.chips(narrowing),
            filters: Self.filters(narrowing),
            categories: categories,
            hasCategories: categories.count > 1,
            presets: try await studio.home.presets.list().map { preset in
                Model.Choice(value: preset.name, word: preset.title, isOn: preset.name == narrowing.preset)
            },
            cards: cards,
            next: page.next.map { narrowing.address(cursor: $0.text) },
            isBare: cards.isEmpty && !isNarrowed,
            isEmpty: cards.isEmpty && isNarrowed,
            made: made.map { $0 == 1 ? "One video is being made." : "\($0) videos are being made." }
        )
        return studio.answer(.catalogue, model, title: "Catalogue", at: .catalogue, to: visit)
    }

    /// How each shape of a product stands: by the take that is shown, else by its newest.
    private static func shapes(_ records: [SlotRecord]) -> [Model.Shape] {
        records.sorted { $0.slot < $1.slot }.compactMap { record in
            (StudioMedia.shown(of: record) ?? record.takes.last).map {
                Model.Shape(name: record.slot.placement.rawValue, mark: StateMark($0))
            }
        }
    }

    private static func chips(_ narrowing: Narrowing) -> [Model.Chip] {
        let states: [ProductState?] = [nil, .new, .inFlight, .approved, .failed, .rejected, ProductState.none]
        return states.map { state in
            var other = narrowing
            other.state = state
            return Model.Chip(
                word: state.map { StateMark($0).word } ?? "All",
                address: other.address(),
                isOn: state == narrowing.state
            )
        }
    }

    /// The categories of all feeds with those that they stand in, by name.
    private static func categories(_ feeds: [Generation], chosen: String?) -> [Model.Choice] {
        var names = Set(chosen.map { [$0] } ?? [])
        for category in feeds.flatMap(\.categories) {
            for depth in 1...max(1, category.segments.count) {
                names.insert(category.segments.prefix(depth).joined(separator: " > "))
            }
        }
        return names.filter { !$0.isEmpty }.sorted().map { name in
            let depth = name.components(separatedBy: " > ").count - 1
            let last = name.components(separatedBy: " > ").last ?? name
            return Model.Choice(
                value: name,
                word: String(repeating: "\u{2003}", count: depth) + last,
                isOn: name == chosen
            )
        }
    }

    /// What narrows the list beside the state, each with the address of the list without it.
    private static func filters(_ narrowing: Narrowing) -> [Model.Chip] {
        var without = (category: narrowing, preset: narrowing)
        without.category.category = nil
        without.preset.preset = nil
        return [
            narrowing.category.map { Model.Chip(word: $0, address: without.category.address(), isOn: true) },
            narrowing.preset.map { Model.Chip(word: "made by " + $0, address: without.preset.address(), isOn: true) },
        ].compactMap(\.self)
    }

    /// Which products of the catalogue are shown.
    private struct Narrowing: Equatable {
        var text: String?
        var state: ProductState?
        var category: String?
        var preset: String?

        var query: ProductQuery {
            ProductQuery(category: category.map { CategoryPath($0) }, text: text, preset: preset)
        }

        func address(cursor: String? = nil) -> String {
            let fields = [
                ("q", text), ("state", state?.rawValue), ("category", category), ("preset", preset), ("cursor", cursor),
            ]
            let query = fields.compactMap { name, value in value.map { "\(name)=\($0.inAddress)" } }
            return query.isEmpty ? "/studio" : "/studio?" + query.joined(separator: "&")
        }
    }

    // MARK: Many at once

    private struct Confirmation {
        struct Line {
            var title: String
            var shapes: String
            var price: String
            var trouble: String?
        }

        var form: String
        var once: String
        var products: [String]
        var lines: [Line]
        var count: String
        var price: String
        var hasSome: Bool
    }

    /// Says what the chosen products would get and what it costs; makes it once that was confirmed.
    func generate(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let names = (form["product"] ?? []).filter { !$0.isEmpty }
        guard !names.isEmpty else { return Visit.redirect(to: "/studio") }
        guard names.count <= Self.mostAtOnce else {
            throw RequestError(.invalid, "choose at most \(Self.mostAtOnce) products at once")
        }
        if let once = form["once"]?.first, !once.isEmpty { return try await make(names, once: once, visit) }
        var lines: [Confirmation.Line] = []
        var total = MoneySum()
        var count = 0
        for name in names {
            let entry = try await studio.home.desk.product(named: name)
            let rows = try await studio.home.desk.preview(of: entry)
            let ready = rows.filter { $0.request != nil }
            for row in ready { total.add(row.price ?? .zero("USD")) }
            count += ready.count
            lines.append(
                Confirmation.Line(
                    title: entry.product.title,
                    shapes: ready.map { $0.slot.placement.rawValue }.joined(separator: ", "),
                    price: Self.words(of: ready.map { $0.price ?? .zero("USD") }),
                    trouble: rows.first { $0.request == nil }.map { $0.why.asSentence }
                )
            )
        }
        let model = Confirmation(
            form: visit.formToken ?? "",
            once: studio.home.random.identifier("f"),
            products: names,
            lines: lines,
            count: count == 1 ? "one video" : "\(count) videos",
            price: total.words,
            hasSome: count > 0
        )
        return studio.answer(.confirm, model, title: "Make videos", at: .catalogue, to: visit)
    }

    private static func words(of prices: [Money]) -> String {
        var sum = MoneySum()
        for price in prices { sum.add(price) }
        return sum.words
    }

    private func make(_ names: [String], once: String, _ visit: Visit) async throws -> Response {
        let desk = studio.home.desk
        var made = 0
        for name in names {
            let entry = try await desk.product(named: name)
            for row in try await desk.preview(of: entry) where row.request != nil {
                _ = try await desk.regenerate(
                    row.slot,
                    in: entry,
                    override: SlotOverride(),
                    once: IdempotencyKey(
                        caller: visit.context.caller.id,
                        text: "\(once)-\(row.slot.product)-\(row.slot.placement.rawValue)",
                        asked: Digest(of: "studio \(name)")
                    ),
                    requestID: visit.context.requestID
                ) { $0.id.rawValue }
                made += 1
            }
        }
        return Visit.redirect(to: made == 0 ? "/studio" : "/studio?made=\(made)")
    }
}
