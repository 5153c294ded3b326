import VitrineCore
import VitrinePresets

/// Who makes a video, with which model, and how long it will be.
struct ModelChoice {
    var offer: Offer
    var seconds: Double
    var fps: Int
    var tier: Tier
}

/// Why no provider at hand can make what is asked.
struct NoOffer: Error {
    var why: String
}

/// Picks the offer for a preset, a tier and what a person asked instead.
struct ModelChooser {
    let offers: [Offer]
    let preset: Preset
    let options: PlanOptions
    let override: SlotOverride
    let provider: ProviderID?
    let placement: Placement

    func choice() throws(NoOffer) -> ModelChoice {
        let tier = override.tier ?? options.tier
        let settings = preset.settings(for: tier)
        let asked = provider ?? override.provider ?? options.providers.first
        let wanted = asked.map { [$0] } ?? settings.providers
        guard let chosen = wanted.first(where: { name in offers.contains { $0.provider == name } }) else {
            let names = wanted.map { "`\($0)`" }.joined(separator: ", ")
            throw NoOffer(why: "no provider at hand of \(names): set a key, or ask for `--provider local`")
        }
        let rows = offers.filter { $0.provider == chosen }
        let model = override.model ?? options.model ?? (settings.providers.contains(chosen) ? settings.model : nil)
        let ofModel = rows.filter { model == nil || $0.model == model }
        guard !ofModel.isEmpty else {
            let names = Set(rows.map(\.model)).sorted().map { "`\($0)`" }.joined(separator: ", ")
            throw NoOffer(why: "provider `\(chosen)` has no model `\(model ?? "")`: it has \(names)")
        }
        let mode = settings.providers.contains(chosen) ? settings.mode : nil
        let shortSide = settings.shortSide ?? 1080
        let seconds = override.seconds ?? preset.video.seconds
        let fps = preset.video.fps
        for row in ofModel {
            let rate = fps ?? row.fps.first ?? 24
            if row.serves(
                model: row.model,
                mode: mode,
                placement: placement,
                shortSide: shortSide,
                seconds: seconds,
                fps: rate
            ) {
                return ModelChoice(offer: row, seconds: seconds, fps: rate, tier: tier)
            }
        }
        throw NoOffer(why: advice(chosen, ofModel, seconds: seconds, shortSide: shortSide, fps: fps))
    }

    private func advice(
        _ provider: ProviderID,
        _ rows: [Offer],
        seconds: Double,
        shortSide: Int,
        fps: Int?
    ) -> String {
        let model = rows[0].model
        let shaped = rows.filter { $0.shapes?.contains(placement) ?? true }
        if shaped.isEmpty { return "`\(provider)` `\(model)` does not make \(placement.rawValue)" }
        let sized = shaped.filter { $0.shortSide == shortSide }
        if sized.isEmpty {
            let sides = Set(shaped.map(\.shortSide)).sorted().map(String.init).joined(separator: ", ")
            return "`\(provider)` `\(model)` does not make \(shortSide) px on the short side: it makes \(sides)"
        }
        let nearest = sized.flatMap(\.seconds).min { abs($0 - seconds) < abs($1 - seconds) } ?? seconds
        if nearest != seconds {
            return "`\(provider)` `\(model)` does not make \(seconds.plain) s: the nearest is \(nearest.plain) s"
        }
        return "`\(provider)` `\(model)` does not make \(fps.map(String.init) ?? "that many") frames a second"
    }
}

extension Double {
    /// The number without needless decimals.
    var plain: String {
        self == rounded() ? String(Int(self)) : String(self)
    }
}
