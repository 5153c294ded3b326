import Foundation
public import VitrineCore
public import VitrinePresets

/// Says for every product what would be made, with what, at what price, and why: pure but for what it is given.
public struct Planner: Sendable {
    /// The presets.
    public let library: PresetLibrary
    /// What the providers at hand can do.
    public let offers: [Offer]
    /// Providers that are not at hand, each with the reason and the remedy.
    public let absent: [ProviderID: String]
    /// Providers whose lanes are held for a while: passed over where a tier names others.
    public let held: Set<ProviderID>
    /// What may still be spent, by currency: who costs more for one video is passed over where a tier names others.
    public let left: [String: Money]
    /// Who won how often, where plans are routed by that.
    var standings: [ModelStanding] = []

    /// A planner over these presets and offers.
    public init(
        library: PresetLibrary,
        offers: [Offer],
        absent: [ProviderID: String] = [:],
        held: Set<ProviderID> = [],
        left: [String: Money] = [:]
    ) {
        self.library = library
        self.offers = offers
        self.absent = absent
        self.held = held
        self.left = left
    }

    /// The identity of everything but the catalogue that decides a plan.
    public func key(for options: PlanOptions) -> Digest {
        var text = CanonicalText("vitrine.plan.1")
        text.write("presets", library.version.hexadecimal)
        text.write("options", StoredJSON.text(options))
        for offer in offers { text.write("offer", StoredJSON.text(offer)) }
        for standing in standings { text.write("standing", StoredJSON.text(standing)) }
        return text.digest
    }

    /// The rows of one product: what each of its slots asks for, compared with its takes.
    ///
    /// `images` holds the pictures of the entry and those that its takes were made from.
    public func rows(
        for entry: CatalogEntry,
        slots: [SlotRecord],
        images: [Digest: SourceImage],
        options: PlanOptions
    ) -> [PlannedRequest] {
        let product = entry.product
        var usable: [String: SourceImage] = [:]
        for picture in entry.pictures {
            if let digest = picture.image, let image = images[digest] { usable[picture.reference] = image }
        }
        let pictures = VariantPictures(product: product, images: usable)
        let match = match(for: product, options: options)
        let variants = options.isPerVariant ? pictures.deservingOwnSlot : []
        var rows: [PlannedRequest] = []
        for variant in [nil] + variants.map(Optional.some) {
            let placements = options.placements.isEmpty ? match.preset.frame.placements : options.placements
            for placement in placements {
                let slot = Slot(product: product.id, variant: variant?.key, placement: placement)
                let record = slots.first { $0.slot == slot } ?? SlotRecord(slot: slot)
                let made = Set(record.takes.compactMap(\.request.pictures.first))
                let preset = preset(of: record, matched: match).preset
                let picture =
                    variant.map { pictures.own($0) } ?? pictures.main(madeFrom: made, wantingOne: preset.frame.isAlone)
                for provider in options.providers.count > 1 ? options.providers.map(Optional.some) : [nil] {
                    let subject = Subject(
                        product: product,
                        variant: variant,
                        pictures: pictures,
                        picture: picture,
                        match: match,
                        record: record,
                        provider: provider
                    )
                    rows.append(row(for: subject, images: images, options: options))
                }
            }
        }
        return rows
    }

    // MARK: One row

    private struct Subject {
        var product: Product
        var variant: Variant?
        var pictures: VariantPictures
        var picture: (image: SourceImage, reference: String)?
        var match: PresetMatch
        var record: SlotRecord
        var provider: ProviderID?
    }

    private func match(for product: Product, options: PlanOptions) -> PresetMatch {
        if let name = options.preset, let preset = library.preset(name) {
            return PresetMatch(preset: preset, because: "preset `\(name)` was asked for")
        }
        return library.match(product)
    }

    private func preset(of record: SlotRecord, matched match: PresetMatch) -> PresetMatch {
        guard let name = record.override.preset, let preset = library.preset(name) else { return match }
        return PresetMatch(preset: preset, because: "preset `\(name)` was chosen in a regeneration")
    }

    private func row(for subject: Subject, images: [Digest: SourceImage], options: PlanOptions) -> PlannedRequest {
        let match = preset(of: subject.record, matched: subject.match)
        guard let picture = subject.picture else {
            return blocked(subject, match, why: missingPicture(of: subject))
        }
        let shown = subject.variant.map { [$0] } ?? subject.pictures.shown(by: picture.image)
        let others = others(for: subject, picture: picture.image, shown, match.preset)
        let chooser = ModelChooser(
            offers: offers,
            absent: absent,
            held: held,
            left: left,
            preset: match.preset,
            options: options,
            override: subject.record.override,
            takes: subject.record.takes,
            provider: subject.provider,
            placement: subject.record.slot.placement,
            others: others.count,
            votes: VoteOrder(standings, category: subject.product.categories.first?.segments.first)
        )
        let choice: ModelChoice
        do throws(NoOffer) {
            choice = try chooser.choice()
        } catch {
            return blocked(subject, match, why: error.why, shown: shown)
        }
        let identity = identity(of: picture.image, takes: subject.record.takes, images: images)
        let askedOf = { (choice: ModelChoice, take: Int) in
            request(
                for: subject,
                preset: match.preset,
                choice: choice,
                pictures: [identity] + others.prefix(choice.offer.references),
                shown: shown,
                take: take,
                options
            )
        }
        let asked = { askedOf(choice, $0) }
        if let why = tooLong(asked(1), choice.offer) { return blocked(subject, match, why: why, shown: shown) }
        let verdict = RequestComparison(slot: subject.record, asked: asked, provider: subject.provider).verdict
        return PlannedRequest(
            slot: subject.record.slot,
            skus: shown.compactMap(\.sku),
            title: subject.product.title,
            category: subject.product.categories.first?.description,
            change: verdict.change,
            why: why(verdict, subject, match.preset, reference: picture.reference),
            because: ([match.because] + choice.notes).joined(separator: "; "),
            preset: match.preset.use,
            picture: .init(digest: identity, size: picture.image.size, source: picture.reference),
            request: verdict.request,
            price: verdict.change == .refinish ? .zero(choice.offer.price.currency) : choice.price,
            take: verdict.take,
            alternatives: verdict.change.isWork && verdict.change != .refinish
                ? alternatives(chooser.alternatives(to: choice), to: subject.record, take: verdict.take, askedOf) : []
        )
    }

    /// What the others of a list would be asked, but for what they were asked already.
    private func alternatives(
        _ choices: [ModelChoice],
        to record: SlotRecord,
        take: Int,
        _ asked: (ModelChoice, Int) -> VideoRequest
    ) -> [Alternative] {
        choices.compactMap { choice in
            let request = asked(choice, take)
            let isKnown = record.takes.contains { $0.fingerprint == asked(choice, $0.number).fingerprint }
            guard !isKnown, tooLong(request, choice.offer) == nil else { return nil }
            return Alternative(request: request, price: choice.price, lane: lane(of: choice.offer.provider))
        }
    }

    private func why(_ verdict: SlotVerdict, _ subject: Subject, _ preset: Preset, reference: String) -> String {
        guard subject.variant == nil,
            let passed = subject.pictures.passedOver(for: reference, wantingOne: preset.frame.isAlone)
        else { return verdict.why }
        return verdict.why + "; " + passed
    }

    private func blocked(
        _ subject: Subject,
        _ match: PresetMatch,
        why: String,
        shown: [Variant] = []
    ) -> PlannedRequest {
        PlannedRequest(
            slot: subject.record.slot,
            skus: (shown.isEmpty ? subject.product.variants : shown).compactMap(\.sku),
            title: subject.product.title,
            category: subject.product.categories.first?.description,
            change: .blocked,
            why: why,
            because: match.because,
            preset: match.preset.use,
            take: (subject.record.takes.map(\.number).max() ?? 0) + 1
        )
    }

    private func missingPicture(of subject: Subject) -> String {
        let count = subject.product.images.count
        return switch count {
        case 0: "the feed names no picture for it"
        case 1: "its picture `\(subject.product.images[0].reference)` cannot be used"
        default: "none of its \(count) pictures can be used"
        }
    }

    /// The picture a take was made from, when today's is the same picture encoded anew; else today's.
    private func identity(of image: SourceImage, takes: [Take], images: [Digest: SourceImage]) -> Digest {
        for take in takes.reversed() {
            if let digest = take.request.pictures.first, let earlier = images[digest], earlier.shows(image) {
                return digest
            }
        }
        return image.digest
    }

    /// More pictures of what is shown, as many as the preset asks for; never a sibling's.
    private func others(
        for subject: Subject,
        picture: SourceImage,
        _ shown: [Variant],
        _ preset: Preset
    ) -> [Digest] {
        let most = preset.video.references
        guard most > 0 else { return [] }
        let others = subject.product.variants.filter { !shown.contains($0) }
        let siblings = others.compactMap { subject.pictures.own($0)?.image }
        var taken = [picture]
        for source in subject.product.images {
            guard taken.count <= most, let image = subject.pictures.images[source.reference] else { continue }
            if (taken + siblings).contains(where: { $0.shows(image) }) { continue }
            taken.append(image)
        }
        return taken.dropFirst().map(\.digest)
    }

    /// Why a prompt cannot be sent: it is longer than its provider counts.
    private func tooLong(_ request: VideoRequest, _ offer: Offer) -> String? {
        guard let limit = offer.prompt else { return nil }
        let prompts = request.shots.isEmpty ? [request.prompt] : request.shots.map(\.prompt)
        guard let length = prompts.map(limit.length).max(), length > limit.most else { return nil }
        return "its prompt is \(length) long as `\(offer.provider)` counts, and `\(offer.model)` takes \(limit.most)"
    }

    private func request(
        for subject: Subject,
        preset: Preset,
        choice: ModelChoice,
        pictures: [Digest],
        shown: [Variant],
        take: Int,
        _ options: PlanOptions
    ) -> VideoRequest {
        let override = subject.record.override
        let colors = Set(shown.compactMap { $0.color?.lowercased() })
        let variant = subject.variant ?? (colors.count <= 1 || shown.count == 1 ? shown.first : nil)
        let words = PromptSubject(product: subject.product, variant: variant)
        let rendered = preset.prompt(
            for: words,
            provider: choice.offer.provider,
            locale: options.locale,
            styles: library.styles
        )
        let slot = subject.record.slot
        let earlier = subject.record.takes.first { $0.number == take }
        let style = preset.style(provider: choice.offer.provider, locale: options.locale, styles: library.styles)
        return VideoRequest(
            slot: slot,
            pictures: pictures,
            frame: FrameRecipe(
                placement: slot.placement,
                shortSide: choice.offer.shortSide,
                fit: preset.frame.fit,
                background: preset.frame.background,
                productSize: preset.frame.productSize
            ),
            prompt: override.prompt ?? rendered.prompt,
            avoid: rendered.avoid,
            style: style?.resolved ?? .init(words: "", tag: nil, look: .studio),
            motion: preset.video.motion,
            seconds: choice.seconds,
            fps: choice.fps,
            sound: sound(of: preset, tier: choice.tier),
            seed: override.seed ?? earlier?.request.seed ?? Planner.seed(of: slot, take: take),
            provider: choice.offer.provider,
            model: choice.offer.model,
            mode: choice.offer.mode,
            tier: choice.tier,
            shots: shots(of: preset, subject: words, lengths: choice.shots),
            finish: preset.finish(for: words)
        )
    }

    private func sound(of preset: Preset, tier: Tier) -> VideoRequest.Sound {
        var sound = preset.sound
        if let isOn = preset.settings(for: tier).soundOn { sound.isOn = isOn }
        return sound
    }

    private func shots(of preset: Preset, subject: PromptSubject, lengths: [Double]) -> [VideoRequest.Shot] {
        zip(preset.shots, lengths).map { shot, length in
            VideoRequest.Shot(
                from: shot.from,
                prompt: preset.prompt(for: shot, subject: subject, styles: library.styles),
                motion: shot.motion ?? preset.video.motion,
                seconds: length
            )
        }
    }

    /// The seed of a take, unless a person says otherwise: the same for ever, and another one for each slot and take; below 2³¹, as every provider takes it.
    public static func seed(of slot: Slot, take: Int) -> UInt64 {
        Digest(of: "\(slot)#\(take)").number & 0x7FFF_FFFF
    }
}
