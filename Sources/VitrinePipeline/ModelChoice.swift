import VitrineCore
import VitrinePresets

/// Who makes a video, with which model, and how long it will be.
struct ModelChoice {
    var offer: Offer
    var seconds: Double
    /// The lengths of the shots, if there are several.
    var shots: [Double] = []
    var fps: Int
    var tier: Tier
    /// In words, what differs from what the preset asks.
    var notes: [String] = []

    /// What it costs.
    var price: Money {
        guard !shots.isEmpty else { return offer.price(seconds: seconds) }
        let micros = shots.reduce(Int64(0)) { $0 + offer.price(seconds: $1).micros }
        return Money(micros: micros, currency: offer.price.currency)
    }
}

/// Why no provider at hand can make what is asked.
struct NoOffer: Error {
    var why: String
}

/// Picks the offer for a preset, a tier and what a person asked instead.
struct ModelChooser {
    let offers: [Offer]
    /// Providers that are not at hand, each with the reason and the remedy.
    var absent: [ProviderID: String] = [:]
    /// Providers whose lanes are held for a while.
    var held: Set<ProviderID> = []
    /// What may still be spent, by currency; no limit where none is set.
    var left: [String: Money] = [:]
    let preset: Preset
    let options: PlanOptions
    let override: SlotOverride
    /// The takes of the slot: what a provider made or refused before.
    var takes: [Take] = []
    let provider: ProviderID?
    let placement: Placement
    /// How many more pictures of the same product there are to send.
    var others = 0
    /// Who goes first by votes, where that was asked for.
    var votes = VoteOrder([], category: nil)

    func choice() throws(NoOffer) -> ModelChoice {
        let atHand = wanted.filter { name in offers.contains { $0.provider == name } }
        guard !atHand.isEmpty else { throw NoOffer(why: notAtHand(wanted)) }
        // What was made stays with who made it; else the list is gone through in order.
        if let made = takes.last(where: { $0.isGood && $0.request.tier == tier })?.request.provider,
            atHand.contains(made)
        {
            return try choice(of: made)
        }
        var able: [ModelChoice] = []
        var first: NoOffer?
        for name in atHand {
            if atHand.count > 1, let failure = refusal(of: name) {
                first =
                    first ?? NoOffer(why: "`\(name)` has failed (\(failure.rawValue)), and nobody else is left to ask")
                continue
            }
            do throws(NoOffer) {
                let choice = try choice(of: name)
                able.append(choice)
                if !held.contains(name), !isTooDear(choice) { break }
            } catch {
                first = first ?? error
            }
        }
        let free = able.filter { !held.contains($0.offer.provider) }
        guard var choice = free.first(where: { !isTooDear($0) }) ?? free.first ?? able.last else {
            throw first ?? NoOffer(why: notAtHand(wanted))
        }
        let name = choice.offer.provider
        if let why = votes.why(choice.offer, before: settings.providers.first, model(of:)) { choice.notes.append(why) }
        if name != wanted.first { choice.notes.append("by `\(name)`: " + passedOver(before: name, able)) }
        return choice
    }

    /// Who else of the list can make it, in its order: whom the job goes on with when that one will not, is out or is too dear.
    func alternatives(to chosen: ModelChoice) -> [ModelChoice] {
        wanted.compactMap { name in
            guard name != chosen.offer.provider, offers.contains(where: { $0.provider == name }),
                refusal(of: name) == nil
            else { return nil }
            do throws(NoOffer) {
                return try choice(of: name)
            } catch {
                return nil
            }
        }
    }

    private var tier: Tier { override.tier ?? options.tier }
    private var settings: Preset.TierSettings { preset.settings(for: tier) }

    /// Who may be asked, in order.
    private var wanted: [ProviderID] {
        let asked = provider ?? override.provider ?? options.providers.first
        return asked.map { [$0] } ?? votes.ordered(settings.providers, model(of:))
    }

    /// The model that a provider would be asked for.
    private func model(of name: ProviderID) -> String? {
        let rows = offers.filter { $0.provider == name }
        let named = override.model ?? options.model ?? settings.model
        return rows.contains { $0.model == named } ? named : rows.first?.model
    }

    /// The failure for which a provider is passed over for this slot.
    private func refusal(of name: ProviderID) -> JobFailure.Kind? {
        for take in takes.reversed() where take.request.tier == tier {
            if take.request.provider == name {
                let isRefused = take.jobState == .failed && take.failure?.allowsFallback == true && !take.mayHaveCost
                return isRefused ? take.failure : nil
            }
            if let failure = take.refusals[name], failure.allowsFallback { return failure }
        }
        return nil
    }

    private func isTooDear(_ choice: ModelChoice) -> Bool {
        left[choice.price.currency].map { choice.price.micros > $0.micros } ?? false
    }

    private func passedOver(before name: ProviderID, _ able: [ModelChoice]) -> String {
        wanted.prefix { $0 != name }.map { other in
            if let failure = refusal(of: other) { return "`\(other)` failed (\(failure.rawValue))" }
            if held.contains(other) { return "`\(other)` is held" }
            if let choice = able.first(where: { $0.offer.provider == other }), isTooDear(choice) {
                let rest = left[choice.price.currency] ?? choice.price
                return "`\(other)` is too dear: it costs \(choice.price), and \(rest) are left"
            }
            return absent[other] == nil ? "`\(other)` does not make this" : "`\(other)` is not at hand"
        }.joined(separator: ", ")
    }

    private func notAtHand(_ wanted: [ProviderID]) -> String {
        if let name = wanted.first(where: { absent[$0] != nil }), let why = absent[name] { return why }
        let known = Set(offers.map(\.provider)).union(absent.keys)
        if let name = wanted.first(where: { !known.contains($0) }) {
            let names = known.map { "`\($0)`" }.sorted().joined(separator: ", ")
            return "no provider is called `\(name)`: there are \(names)"
        }
        let names = wanted.map { "`\($0)`" }.joined(separator: ", ")
        return "no provider at hand of \(names): set a key, or ask for `--provider local`"
    }

    // MARK: One provider

    private func choice(of chosen: ProviderID) throws(NoOffer) -> ModelChoice {
        let rows = offers.filter { $0.provider == chosen }
        let isListed = settings.providers.contains(chosen)
        let named = override.model ?? options.model ?? (isListed ? settings.model : nil)
        // A model that a list names is some of its providers' own; the others take their first.
        let isCommon = override.model != nil || options.model != nil || settings.providers.count == 1
        let model = isCommon || rows.contains { $0.model == named } ? named : nil
        guard let name = model ?? rows.first?.model, rows.contains(where: { $0.model == name }) else {
            let names = unique(rows.map(\.model)).map { "`\($0)`" }.joined(separator: ", ")
            throw NoOffer(why: "provider `\(chosen)` has no model `\(model ?? "")`: it has \(names)")
        }
        let mode = isListed ? settings.mode : nil
        var fitting = rows.filter { $0.model == name }
        if fitting.contains(where: { $0.mode != nil }), let mode { fitting = fitting.filter { $0.mode == mode } }
        fitting = try shaped(fitting, settings.shortSide, settings.soundOn ?? preset.sound.isOn)
        if preset.shots.contains(where: { $0.from == .text }), !fitting.contains(where: \.takesText) {
            throw NoOffer(why: "\(words(fitting)) needs a picture: it cannot make the shot that begins from text")
        }
        return try timed(fitting, tier)
    }

    /// The rows of the shape, the size and the sound that are asked.
    private func shaped(_ rows: [Offer], _ side: Int?, _ wantsSound: Bool) throws(NoOffer) -> [Offer] {
        let shaped = rows.filter { $0.makes(placement, followingPicture: followsPicture($0)) }
        guard let first = shaped.first else {
            if let row = rows.first, row.shapes == nil {
                let names = (row.ratios ?? []).map(\.rawValue).joined(separator: ", ")
                throw NoOffer(
                    why:
                        "\(words(rows)) makes \(placement.rawValue) only by following the first frame, and \(unled) has none "
                        + "to follow: it makes \(names)" + instead(side, wantsSound)
                )
            }
            let shapes = unique(rows.flatMap { $0.shapes ?? [] }).map(\.rawValue).joined(separator: ", ")
            throw NoOffer(
                why: "\(words(rows)) does not make \(placement.rawValue)"
                    + (shapes.isEmpty ? "" : ": it makes \(shapes)")
                    + instead(side, wantsSound)
            )
        }
        // Without a size in the preset, the one nearest to 1080.
        let wanted = side ?? shaped.map(\.shortSide).min { abs($0 - 1080) < abs($1 - 1080) } ?? first.shortSide
        let sized = shaped.filter { $0.shortSide == wanted }
        if sized.isEmpty {
            let sides = Set(shaped.map(\.shortSide)).sorted().map(String.init).joined(separator: ", ")
            throw NoOffer(
                why: "\(words(rows)) does not make \(wanted) px on the short side: it makes \(sides)"
                    + instead(side, wantsSound)
            )
        }
        let heard = sized.filter { $0.sound == wantsSound }
        // A model that is always heard is taken for a silent video too: its sound is dropped in finishing.
        if !heard.isEmpty || !wantsSound { return heard.isEmpty ? sized : heard }
        throw NoOffer(why: "\(words(rows)) makes no sound" + instead(side, wantsSound))
    }

    /// Whether every clip that a row makes begins with the first frame.
    private func followsPicture(_ row: Offer) -> Bool {
        min(others, row.references) == 0 && !preset.shots.contains { $0.from == .text }
    }

    /// What makes clips that do not begin with the first frame.
    private var unled: String {
        preset.shots.contains { $0.from == .text } ? "a shot that begins from text" : "a clip of several `references`"
    }

    /// The row for the length that is asked: the nearest that the model knows, the shorter of two as near.
    private func timed(_ rows: [Offer], _ tier: Tier) throws(NoOffer) -> ModelChoice {
        let wanted = override.seconds ?? preset.video.seconds
        let lengths = Set(rows.flatMap(\.seconds)).sorted()
        guard let near = nearest(to: wanted, in: lengths) else { throw NoOffer(why: "\(words(rows)) has no length") }
        if override.seconds != nil, near != wanted {
            throw NoOffer(why: "\(words(rows)) does not make \(wanted.plain) s: the nearest is \(near.plain) s")
        }
        let shots = preset.shots.map { shot in
            nearest(to: shot.seconds ?? wanted / Double(preset.shots.count), in: lengths) ?? near
        }
        let needed = shots.isEmpty ? [near] : shots
        guard let row = rows.first(where: { row in needed.allSatisfy(row.seconds.contains) }) else {
            throw NoOffer(why: "\(words(rows)) does not make shots of these lengths")
        }
        let fps = preset.video.fps.flatMap { row.fps.contains($0) ? $0 : nil } ?? row.fps.first ?? 24
        let total = shots.isEmpty ? near : shots.reduce(0, +)
        var choice = ModelChoice(offer: row, seconds: total, shots: shots, fps: fps, tier: tier)
        if total != wanted {
            choice.notes.append("\(wanted.plain) s become \(total.plain) s, which \(words(rows)) makes")
        }
        let shared = preset.shots.dropFirst().reduce(0) { $0 + $1.join.seconds }
        if shared > 0 { choice.notes.append("its cross-fades make it \(shared.plain) s shorter") }
        return choice
    }

    private func nearest(to wanted: Double, in lengths: [Double]) -> Double? {
        lengths.min { (abs($0 - wanted), $0) < (abs($1 - wanted), $1) }
    }

    /// Another model at hand that can make it, as advice.
    private func instead(_ side: Int?, _ wantsSound: Bool) -> String {
        let able = offers.first { row in
            row.makes(placement, followingPicture: followsPicture(row)) && (side == nil || row.shortSide == side)
                && (!wantsSound || row.sound) && row.provider != .local
        }
        return able.map { "; `\($0.provider)` `\($0.model)` can" } ?? ""
    }

    private func words(_ rows: [Offer]) -> String {
        rows.first.map { "`\($0.provider)` `\($0.model)`" } ?? "nobody"
    }

    private func unique<Value: Equatable>(_ values: [Value]) -> [Value] {
        values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}

extension Take {
    /// Whether it is there, or on its way.
    fileprivate var isGood: Bool {
        jobState != .failed && jobState != .cancelled && videoState != .rejected && !wasDropped
    }
}

extension Double {
    /// The number without needless decimals.
    var plain: String {
        self == rounded() ? String(Int(self)) : String(self)
    }
}
