import Foundation
import VitrineCore

/// The body of Runway's create call, model by model.
struct RunwayOrders: Sendable {
    let pictures: PictureDoor

    private struct Model {
        var ratios: [String] = []
        var isRatioNeeded = true
        var isTextNeeded = false
        var text = 1000
        var seconds: [Int] = Array(2...10)
        var hasSoundSwitch = false
        var isSilent = false
        var hasSeed = true
        var hasLastFrame = false
        /// Credits a second, with sound where there is a switch.
        var credits: Int64
        /// Credits a second without.
        var silentCredits: Int64?
    }

    private static let rules = PictureRules(
        bytes: 200 << 20,
        smallestSide: 1,
        largestSide: 8000,
        ways: [.dataURI, .address, .upload]
    )

    private static let models: [String: Model] = {
        let wide = ["1280:720", "720:1280", "1104:832", "960:960", "832:1104", "1584:672"]
        var models: [String: Model] = [:]
        models["gen4.5"] = Model(ratios: wide, isTextNeeded: true, isSilent: true, credits: 12)
        models["gen4_turbo"] = Model(ratios: wide, isSilent: true, credits: 5)
        let veo = ["1280:720", "720:1280", "1080:1920", "1920:1080"]
        for (name, credits, silent) in [("veo3.1", Int64(40), Int64(20)), ("veo3.1_fast", 15, 10)] {
            var model = Model(ratios: veo, seconds: [4, 6, 8], hasSoundSwitch: true, hasSeed: false, credits: credits)
            (model.hasLastFrame, model.silentCredits) = (true, silent)
            models[name] = model
        }
        models["happyhorse_1_0"] = Model(
            isRatioNeeded: false,
            text: 2500,
            seconds: Array(3...15),
            hasSeed: true,
            credits: 14
        )
        let tiers = [
            "1280:720", "720:1280", "960:960", "1112:834", "834:1112", "1470:630", "864:496", "496:864", "640:640",
            "752:560", "560:752", "992:432", "1920:1080", "1080:1920", "1440:1440", "1664:1248", "1248:1664",
            "2206:946",
        ]
        for name in ["seedance2", "seedance2_fast", "seedance2_mini", "seedance2_5"] {
            var model = Model(ratios: tiers, text: name == "seedance2_5" ? 15_000 : 3500, credits: 36)
            model.seconds = Array(4...(name == "seedance2_5" ? 30 : 15))
            (model.hasSoundSwitch, model.hasLastFrame) = (true, true)
            models[name] = model
        }
        for name in ["wan3", "wan3_prime"] {
            var model = Model(ratios: ["auto_480p", "auto_720p", "auto_1080p"], isTextNeeded: true, credits: 10)
            (model.seconds, model.hasSoundSwitch, model.hasLastFrame) = (Array(2...30), true, true)
            models[name] = model
        }
        return models
    }()

    func order(from call: Call) async throws(Refusal) -> ClipOrder {
        var fields = try call.fields()
        let name = try fields.choice("model", of: RunwayOrders.models.keys.sorted())
        guard let name, let model = RunwayOrders.models[name] else {
            throw Refusal(.field, "`model`: field required", field: "model")
        }
        let picture = try await picture(&fields, model)
        let text = try fields.text("promptText", upTo: model.text) ?? ""
        if model.isTextNeeded, text.isEmpty {
            throw Refusal(.field, "`promptText`: field required", field: "promptText")
        }
        let ratio = try ratio(&fields, model)
        let seconds = try seconds(&fields, model)
        let seed = model.hasSeed ? try fields.integer("seed", in: 0...4_294_967_295) : nil
        let hasSound = model.hasSoundSwitch ? try fields.flag("audio") ?? true : !model.isSilent
        if name.hasPrefix("veo") { _ = try fields.text("negativePrompt", upTo: 1000) }
        let resolution = name == "happyhorse_1_0" ? try fields.choice("resolution", of: ["720p", "1080p"]) : nil
        if name.hasPrefix("gen4") {
            var moderation = try fields.object("contentModeration")
            _ = try moderation.choice("publicFigureThreshold", of: ["auto", "low"])
            try moderation.end()
            if name == "gen4.5" { _ = fields.any("outputFormat") }
        }
        try fields.end()
        let credits = hasSound ? model.credits : model.silentCredits ?? model.credits
        return ClipOrder(
            model: name,
            prompt: text,
            seconds: Double(seconds),
            size: size(ratio, resolution, following: picture.size),
            hasSound: hasSound,
            seed: seed,
            pictures: [picture],
            price: Desk.price(credits * (resolution == "1080p" ? 2 : 1) * 10_000, seconds: Double(seconds))
        )
    }

    private func picture(_ fields: inout Fields, _ model: Model) async throws(Refusal) -> SimulatedPicture {
        var addresses: [(url: String, position: String)] = []
        switch fields.any("promptImage") {
        case .text(let url): addresses = [(url, "first")]
        case .list(let items):
            for item in items {
                var item = Fields(item.map ?? [:], at: "promptImage.")
                let url = try item.neededText("uri")
                let position = try item.choice("position", of: model.hasLastFrame ? ["first", "last"] : ["first"])
                try item.end()
                addresses.append((url, position ?? "first"))
            }
        default: throw Refusal(.field, "`promptImage`: field required", field: "promptImage")
        }
        guard let first = addresses.first(where: { $0.position == "first" }) else {
            throw Refusal(.field, "`promptImage`: expected a first frame", field: "promptImage")
        }
        if first.url.hasPrefix("data:"), first.url.utf8.count > 5 << 20 {
            throw Refusal(.picture, "`promptImage`: a data URI has at most 5 MB; upload it", field: "promptImage")
        }
        return try await pictures.picture(at: first.url, field: "promptImage", rules: RunwayOrders.rules)
    }

    private func ratio(_ fields: inout Fields, _ model: Model) throws(Refusal) -> String? {
        guard !model.ratios.isEmpty else { return nil }
        let ratio = try fields.choice("ratio", of: model.ratios)
        if model.isRatioNeeded, ratio == nil { throw Refusal(.field, "`ratio`: field required", field: "ratio") }
        return ratio
    }

    private func seconds(_ fields: inout Fields, _ model: Model) throws(Refusal) -> Int {
        let least = model.seconds.first ?? 2
        guard let seconds = try fields.integer("duration", in: least...(model.seconds.last ?? 10)) else {
            if model.isTextNeeded { throw Refusal(.field, "`duration`: field required", field: "duration") }
            return model.seconds.contains(5) ? 5 : model.seconds.last ?? 5
        }
        guard model.seconds.contains(seconds) else {
            throw Refusal(.field, "`duration`: expected one of \(model.seconds) but got \(seconds)", field: "duration")
        }
        return seconds
    }

    private func size(_ ratio: String?, _ resolution: String?, following picture: PixelSize) -> PixelSize {
        let sides = (ratio ?? "").split(separator: ":").compactMap { Int($0) }
        if sides.count == 2 { return PixelSize(width: sides[0], height: sides[1]) }
        let digits = (ratio ?? resolution ?? "720p").filter(\.isNumber)
        return Desk.size(following: picture, shortSide: Int(digits) ?? 720)
    }
}
