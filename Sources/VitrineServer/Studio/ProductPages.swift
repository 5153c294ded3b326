import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// One product: its pictures, every take of every shape, and what can be done with them.
struct ProductPages: Sendable {
    let studio: Studio

    private struct Model {
        struct Shape {
            var name: String
            var title: String
            var style: String
            var takes: [TakeCard]
            var compare: String?
        }

        var form: String
        var mayGenerate: Bool
        var address: String
        var title: String
        var facts: [String]
        var category: String?
        var categoryAddress: String
        var pictures: [String]
        var frames: [Still]
        var hasFrames: Bool
        var shapes: [Shape]
        var hasTakes: Bool
        var choices: [Choice]
        var presets: [Offered]
        var models: [Offered]
        var hasModels: Bool
        var isFinal: Bool
        var prompt: String
        var seed: String
        var isOpen: Bool
        var quote: String?
        var trouble: String?
    }

    /// The first frame of one shape.
    private struct Still {
        var file: String
        var shape: String
    }

    /// A model or a preset that can be asked for.
    private struct Offered {
        var value: String
        var word: String
        var isChosen: Bool
    }

    /// A shape that can be made anew.
    private struct Choice {
        var placement: String
        var title: String
        var price: String
        var isChosen: Bool
    }

    /// One take as a card.
    struct TakeCard {
        var number: String
        var style: String
        var mark: StateMark
        var facts: String
        var seed: String
        var prompt: String
        var isShown: Bool
        var video: String?
        var poster: String?
        var file: String?
        var form: String
        var isDecidable: Bool
        var canApprove: Bool
        var canPromote: Bool
        var job: String
        var isOpen: Bool
        var canRetry: Bool
        var trouble: String?
        var remedy: String?
        var isParked: Bool
        var reason: String?
        var history: [String]
    }

    func show(_ visit: Visit) async throws -> Response {
        _ = try Query(visit.request)
        return try await page(try await studio.home.desk.product(named: try visit.context.path("product")), visit)
    }

    /// The page, with what somebody is about to ask for and what that costs.
    private func page(_ entry: CatalogEntry, _ visit: Visit, wish: TakeWish? = nil) async throws -> Response {
        let product = entry.product
        let media = StudioMedia(home: studio.home)
        let records = try await studio.home.store.slots(of: [product.id])[product.id] ?? []
        var shapes: [Model.Shape] = []
        for record in records.sorted(by: { $0.slot.placement < $1.slot.placement }) where !record.takes.isEmpty {
            let shown = StudioMedia.shown(of: record)?.number
            var cards: [TakeCard] = []
            for take in record.takes.reversed() {
                cards.append(try await card(take, of: record.slot, isShown: take.number == shown, media, visit))
            }
            shapes.append(
                Model.Shape(
                    name: record.slot.placement.rawValue,
                    title: record.slot.placement.title,
                    style: record.slot.placement.style,
                    takes: cards,
                    compare: record.slot.variant == nil && shown != nil
                        ? "/studio/products/\(product.id)/compare?shape=\(record.slot.placement.rawValue.inAddress)"
                        : nil
                )
            )
        }
        let rows = visit.mayGenerate ? try await studio.home.desk.preview(of: entry) : []
        let ready = rows.filter { $0.request != nil }
        let placement = wish?.placement ?? ready.first?.slot.placement
        let kept = records.first { $0.slot.placement == placement && $0.slot.variant == nil }?.override
        let shown = wish?.override ?? kept ?? SlotOverride()
        let isChanged = shown.preset != nil || shown.prompt != nil || shown.model != nil
        let models = Self.models(studio.home.offers, chosen: shown)
        let frames = await stills(ready.compactMap(\.request), media)
        let model = Model(
            form: visit.formToken ?? "",
            mayGenerate: visit.mayGenerate && !ready.isEmpty,
            address: "/studio/products/\(product.id)",
            title: product.title,
            facts: Self.facts(of: product),
            category: product.categories.first?.description,
            categoryAddress: "/studio?category=" + (product.categories.first?.description ?? "").inAddress,
            pictures: media.pictures(of: entry),
            frames: frames,
            hasFrames: !frames.isEmpty,
            shapes: shapes,
            hasTakes: !shapes.isEmpty,
            choices: ready.enumerated().map { index, row in
                Choice(
                    placement: row.slot.placement.rawValue,
                    title: row.slot.placement.title,
                    price: row.price?.words ?? "free",
                    isChosen: wish.map { $0.placement == row.slot.placement } ?? (index == 0)
                )
            },
            presets: try await studio.home.presets.list().map { preset in
                Offered(value: preset.name, word: preset.title, isChosen: preset.name == shown.preset)
            },
            models: models,
            hasModels: models.count > 1,
            isFinal: wish?.override.tier == .final,
            prompt: shown.prompt ?? "",
            seed: wish?.override.seed.map { "\($0)" } ?? "",
            isOpen: wish != nil || isChanged,
            quote: wish?.quote,
            trouble: visit.mayGenerate ? rows.first { $0.request == nil }.map { $0.why.asSentence } : nil
        )
        return studio.answer(.product, model, title: product.title, at: .catalogue, to: visit)
    }

    private static func models(_ offers: [Offer], chosen: SlotOverride?) -> [Offered] {
        var seen: Set<String> = []
        return offers.compactMap { offer in
            let value = "\(offer.provider) \(offer.model)"
            let isChosen = chosen?.provider == offer.provider && chosen?.model == offer.model
            return seen.insert(value).inserted ? Offered(value: value, word: value, isChosen: isChosen) : nil
        }
    }

    /// What each shape begins with, as far as it can be composed.
    private func stills(_ requests: [VideoRequest], _ media: StudioMedia) async -> [Still] {
        var stills: [Still] = []
        for request in requests {
            if let frame = await studio.home.presets.firstFrame(of: request) {
                stills.append(Still(file: media.thumbnail(of: frame), shape: request.slot.placement.rawValue))
            }
        }
        return stills
    }

    private static func facts(of product: Product) -> [String] {
        let skus = product.skus.prefix(4).map(\.rawValue).joined(separator: ", ")
        return [
            product.brand, product.price?.description,
            skus.isEmpty ? nil : "SKU " + skus,
        ].compactMap(\.self)
    }

    private func card(
        _ take: Take,
        of slot: Slot,
        isShown: Bool,
        _ media: StudioMedia,
        _ visit: Visit
    ) async throws -> TakeCard {
        let store = studio.home.store
        let video = if let id = take.video { try await store.video(id) } else { Video?.none }
        let job = video == nil ? try await store.job(take.job) : nil
        let events = try await store.events(of: take.job)
        let request = take.request
        let isOpen = !take.jobState.isFinal
        let isParked = take.jobState == .failed && job?.lastFailure?.mayBeBilled == true
        let progress = job?.progress.map { " · \(Int(($0 * 100).rounded())) %" } ?? ""
        return TakeCard(
            number: "\(take.number)",
            style: slot.placement.style,
            mark: job?.isCancelWanted == true && isOpen ? .stopping : StateMark(take),
            facts: "\(take.preset.name) · \(request.provider) \(request.model) · \(request.tier.rawValue)"
                + (isOpen ? progress : ""),
            seed: "\(request.seed)",
            prompt: request.prompt,
            isShown: isShown,
            video: video?.id.rawValue,
            poster: video.map { media.address(of: $0.clip.poster) },
            file: video.map { media.address(of: $0.clip.file) },
            form: visit.formToken ?? "",
            isDecidable: visit.mayGenerate && video != nil,
            canApprove: take.videoState != .approved,
            canPromote: request.tier == .draft && (take.videoState == .approved || take.videoState == .new),
            job: take.job.rawValue,
            isOpen: visit.mayGenerate && isOpen && job?.isCancelWanted != true,
            canRetry: visit.mayGenerate && take.jobState == .failed && !isParked,
            trouble: job?.lastFailure?.message.asSentence,
            remedy: isParked ? nil : job?.lastFailure?.remedy,
            isParked: visit.mayGenerate && isParked,
            reason: video?.reason?.asSentence,
            history: events.map { "\(studio.moment($0.at)) · \(Self.words(of: $0.event.name))" }
        )
    }

    /// What happened to a job, in words.
    private static func words(of event: JobEvent.Name) -> String {
        switch event {
        case .staged: "Its picture was handed to the provider"
        case .begun: "The order was written down"
        case .turnedAway: "The provider turned it away; it will be sent again"
        case .accepted: "The provider took it"
        case .looked: "Nobody knows yet whether the provider took it"
        case .stillRendering: "Rendering"
        case .rendered: "Rendered"
        case .lapsed: "The link ended before the clip was fetched; a new one was asked for"
        case .stumbled: "Something went wrong on the way; it will be tried again"
        case .fetched: "Fetched"
        case .attached: "Checked and attached to the product"
        case .refinished: "Its finish is made anew"
        case .fellBack: "Another provider was asked instead"
        case .gaveUp: "Given up"
        case .cancelled: "Cancelled"
        case .adopted: "Found at the provider and taken over"
        case .retried: "Asked for again"
        }
    }

    // MARK: What people do

    /// Makes the take that a form describes, or says what it would cost.
    func regenerate(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let desk = studio.home.desk
        let entry = try await desk.product(named: try visit.context.path("product"))
        var wish = try TakeWish(form)
        let slot = Slot(product: entry.product.id, placement: wish.placement)
        if form["do"]?.first == "price" {
            let row = try await desk.preview(of: slot, in: entry, override: wish.override, replacing: true)
            wish.quote =
                row.request.map { request in
                    "\(request.provider) \(request.model), \(String(format: "%g", request.seconds)) s: "
                        + (row.price?.words ?? "free")
                } ?? row.why.asSentence
            return try await page(entry, visit, wish: wish)
        }
        _ = try await desk.regenerate(
            slot,
            in: entry,
            override: wish.override,
            replacing: true,
            once: nil,
            requestID: visit.context.requestID
        ) { $0.id.rawValue }
        return Visit.redirect(to: "/studio/products/\(entry.product.id)")
    }

    func decide(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let id = VideoID(try visit.context.path("video"))
        guard let video = try await studio.home.store.video(id) else {
            throw RequestError(.notFound, "this video is not there any more")
        }
        switch try visit.context.path("decision") {
        case "approve": _ = try await studio.home.desk.decide(.approve, about: id)
        case "reject":
            let reason = form["reason"]?.first?.trimmed.nonEmpty
            guard reason?.utf8.count ?? 0 <= 500 else {
                throw RequestError(.invalid, "the reason may have 500 bytes at most")
            }
            _ = try await studio.home.desk.decide(.reject, about: id, because: reason)
        case "choose": _ = try await studio.home.desk.decide(.choose, about: id)
        case "promote": _ = try await studio.home.desk.promote(id)
        case "again":
            _ = try await studio.home.desk.regenerate(video.slot, override: SlotOverride())
        default: throw RequestError(.notFound, "nothing is at this address")
        }
        return Visit.redirect(to: Self.back(form, "/studio/products/\(video.slot.product)"))
    }

    func decideJob(_ visit: Visit) async throws -> Response {
        let form = try await visit.form()
        let id = JobID(try visit.context.path("job"))
        let store = studio.home.store
        let now = studio.home.time.now()
        let job: Job
        switch try visit.context.path("decision") {
        case "cancel": job = try await store.decide(.cancelled, for: id, at: now)
        case "retry": job = try await store.decide(.retried, for: id, at: now)
        case "unbilled": job = try await store.release(id, at: now)
        case "adopt":
            guard let remote = form["remote"]?.first?.trimmed.nonEmpty, remote.utf8.count <= 300 else {
                throw RequestError(.invalid, "name the work as the provider does, in at most 300 bytes")
            }
            job = try await store.decide(.adopted(RemoteJob(id: remote), pollAt: now), for: id, at: now)
        default: throw RequestError(.notFound, "nothing is at this address")
        }
        return Visit.redirect(to: Self.back(form, "/studio/products/\(job.slot.product)"))
    }

    /// The page that a form came from, where it names one of ours.
    private static func back(_ form: [String: [String]], _ otherwise: String) -> String {
        guard let path = form["to"]?.first, path.hasPrefix("/studio/review"),
            path.utf8.allSatisfy({ (33...126).contains($0) })
        else { return otherwise }
        return path
    }
}
