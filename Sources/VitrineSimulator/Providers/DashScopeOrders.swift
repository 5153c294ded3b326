import Foundation
import VitrineCore

/// The body of a create call in Alibaba's form, which its own hosts and gateways before them share.
struct DashScopeOrders: Sendable {
    /// What one model takes.
    struct Model: Sendable {
        var resolutions: [String]
        var seconds: ClosedRange<Int>
        /// How many of each kind of medium.
        var media: [String: Int]
        /// Whether it takes a medium at least.
        var needsMedia = true
        var hasRatio = false
        var hasNegativePrompt = false
        var hasPromptExtension = false
        var hasSoundSwitch = false
        /// Millionths of a dollar a second, by resolution.
        var prices: [String: Int64]
    }

    let pictures: PictureDoor

    static let rules = PictureRules(bytes: 10 << 20, ways: [.dataURI, .address, .upload])

    static let models: [String: Model] = {
        let horse = ["480P": Int64(70_000), "720P": 140_000, "1080P": 180_000]
        let older = ["720P": Int64(140_000), "1080P": 240_000]
        var models: [String: Model] = [:]
        for (version, prices) in [("1.1", horse), ("1.0", older)] {
            let resolutions = ["480P", "720P", "1080P"].filter { prices[$0] != nil }
            let base = Model(resolutions: resolutions, seconds: 3...15, media: [:], prices: prices)
            var picture = base, text = base, references = base
            picture.media = ["first_frame": 1]
            (text.needsMedia, text.hasRatio) = (false, true)
            (references.media, references.hasRatio) = (["reference_image": 9], true)
            models["happyhorse-\(version)-i2v"] = picture
            models["happyhorse-\(version)-t2v"] = text
            models["happyhorse-\(version)-r2v"] = references
        }
        var seven = Model(
            resolutions: ["720P", "1080P"],
            seconds: 2...15,
            media: ["first_frame": 1, "last_frame": 1, "driving_audio": 1, "first_clip": 1],
            prices: ["720P": 100_000, "1080P": 150_000]
        )
        seven.hasNegativePrompt = true
        seven.hasPromptExtension = true
        models["wan2.7-i2v"] = seven
        models["wan2.7-i2v-2026-04-25"] = seven
        for (name, prices) in [
            ("wan3.0-video", ["480P": Int64(50_000), "720P": 100_000, "1080P": 200_000]),
            ("wan3.0-video-prime", ["480P": 68_000, "720P": 140_000, "1080P": 280_000]),
        ] {
            models[name] = Model(
                resolutions: ["480P", "720P", "1080P"],
                seconds: 2...30,
                media: [
                    "first_frame": 1, "last_frame": 1, "reference_image": 10, "reference_video": 5,
                    "reference_audio": 5, "file": 1, "link": 1,
                ],
                needsMedia: false,
                hasRatio: true,
                hasPromptExtension: true,
                hasSoundSwitch: true,
                prices: prices
            )
        }
        return models
    }()

    /// The order that a create call holds; refuses what Alibaba would refuse.
    func order(from call: Call, rules: PictureRules, defaultResolution: String, takesExtension: Bool = false)
        async throws(Refusal) -> ClipOrder
    {
        var fields = try call.fields()
        let name = try fields.neededText("model")
        guard let model = DashScopeOrders.models[name] else {
            throw Refusal(.unknownModel, "Model not exist: `\(name)`.", field: "model")
        }
        var input = try fields.object("input")
        var parameters = try fields.object("parameters")
        try fields.end()
        let prompt = try input.text("prompt") ?? ""
        if model.hasNegativePrompt { _ = try input.text("negative_prompt", upTo: 500) }
        let media = try media(&input, of: model)
        try input.end()

        let resolution = try parameters.choice("resolution", of: model.resolutions) ?? defaultResolution
        let seconds = try seconds(&parameters, of: model)
        _ = try parameters.flag("watermark")
        let seed = try parameters.integer("seed", in: (model.hasSoundSwitch ? -1 : 0)...2_147_483_647)
        if model.hasPromptExtension || takesExtension { _ = try parameters.flag("prompt_extend") }
        let hasSound = model.hasSoundSwitch ? try parameters.flag("audio") ?? true : true
        let shapes = ["16:9", "9:16", "1:1", "4:3", "3:4"] + (model.hasSoundSwitch ? ["21:9", "adaptive"] : [])
        let ratio = model.hasRatio ? try parameters.choice("ratio", of: shapes) : nil
        try parameters.end()

        var order = ClipOrder(
            model: name,
            prompt: prompt,
            seconds: Double(seconds),
            size: PixelSize(width: 1280, height: 720),
            hasSound: hasSound,
            seed: seed,
            price: Desk.price(model.prices[resolution] ?? 0, seconds: Double(seconds)),
            echo: ["resolution": .text(resolution)]
        )
        let side = Int(resolution.dropLast()) ?? 720
        do throws(Refusal) {
            for medium in media where ["first_frame", "reference_image"].contains(medium.kind) {
                try checkHeaders(of: call, for: medium.url)
                order.pictures.append(
                    try await pictures.picture(at: medium.url, field: "input.media.url", rules: rules, bond: name)
                )
            }
        } catch  where error.kind == .picture {
            order.pictureTrouble = error.message
        }
        let isAdaptive = ratio == nil || ratio == "adaptive"
        let shape = isAdaptive ? order.pictures.first?.size : nil
        order.size = Desk.size(following: shape ?? DashScopeOrders.shape(ratio), shortSide: side)
        return order
    }

    private func media(_ input: inout Fields, of model: Model) throws(Refusal) -> [(kind: String, url: String)] {
        var media: [(kind: String, url: String)] = []
        for var item in try input.objects("media") {
            let kind = try item.neededText("type")
            let url = try item.neededText("url")
            try item.end()
            media.append((kind, url))
            let count = media.count { $0.kind == kind }
            guard let most = model.media[kind], count <= most else {
                throw Refusal(
                    .field,
                    "`input.media`: expected at most \(model.media[kind] ?? 0) of `\(kind)`",
                    field: "input.media"
                )
            }
        }
        if media.isEmpty, model.needsMedia {
            throw Refusal(.field, "Field required: input.media", field: "input.media")
        }
        let kinds = Set(media.map(\.kind))
        let frames = kinds.intersection(["first_frame", "last_frame"])
        if !frames.isEmpty,
            !kinds.isDisjoint(with: ["reference_image", "reference_video", "reference_audio", "file", "link"])
        {
            throw Refusal(.field, "`input.media`: frames and references do not mix", field: "input.media")
        }
        if frames == ["last_frame"] {
            throw Refusal(.field, "`input.media`: a last frame needs a first one", field: "input.media")
        }
        return media
    }

    private func seconds(_ parameters: inout Fields, of model: Model) throws(Refusal) -> Int {
        let range = model.hasSoundSwitch ? -1...model.seconds.upperBound : model.seconds
        guard let seconds = try parameters.integer("duration", in: range), seconds != -1 else { return 5 }
        guard model.seconds.contains(seconds) else {
            throw Refusal(
                .field,
                "`parameters.duration`: expected \(model.seconds) or -1 but got \(seconds)",
                field: "duration"
            )
        }
        return seconds
    }

    private func checkHeaders(of call: Call, for url: String) throws(Refusal) {
        if url.hasPrefix("oss://"), call.headers["x-dashscope-ossresourceresolve"] != "enable" {
            throw Refusal(
                .field,
                "an oss:// address needs the header X-DashScope-OssResourceResolve: enable",
                field: "url"
            )
        }
    }

    private static func shape(_ ratio: String?) -> PixelSize {
        let sides = (ratio ?? "16:9").split(separator: ":").compactMap { Int($0) }
        return sides.count == 2 ? PixelSize(width: sides[0], height: sides[1]) : PixelSize(width: 16, height: 9)
    }
}
