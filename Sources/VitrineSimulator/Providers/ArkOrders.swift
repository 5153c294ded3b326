import Foundation
import VitrineCore

/// The body of Ark's create call.
struct ArkOrders: Sendable {
    let pictures: PictureDoor

    /// What a family of models takes.
    private struct Family {
        var resolutions: [String]
        var seconds: ClosedRange<Int>
        var mayChooseSeconds = false
        /// Millionths of a dollar for a million tokens, at 480p or 720p, at 1080p, at 4k.
        var tokens: (small: Int64, large: Int64, huge: Int64)
    }

    private static let rules = PictureRules(
        bytes: 30 << 20,
        largestSide: 6000,
        aspect: 0.400_01...2.499_99,
        ways: [.dataURI, .address]
    )

    private static func family(_ model: String) -> Family? {
        let name = model.replacing("doubao-", with: "").replacing("dreamina-", with: "")
        let all = ["480p", "720p", "1080p"]
        return switch name {
        case "seedance-2-0-260128":
            Family(
                resolutions: all + ["4k"],
                seconds: 4...15,
                mayChooseSeconds: true,
                tokens: (7_000_000, 7_700_000, 4_000_000)
            )
        case "seedance-2-0-fast-260128":
            Family(
                resolutions: ["480p", "720p"],
                seconds: 4...15,
                mayChooseSeconds: true,
                tokens: (5_600_000, 5_600_000, 0)
            )
        case "seedance-2-0-mini-260615":
            Family(
                resolutions: ["480p", "720p"],
                seconds: 4...15,
                mayChooseSeconds: true,
                tokens: (3_500_000, 3_500_000, 0)
            )
        case "seedance-2-5-260628":
            Family(resolutions: all, seconds: 4...30, mayChooseSeconds: true, tokens: (7_000_000, 7_700_000, 0))
        case "seedance-1-5-pro-251215":
            Family(resolutions: all, seconds: 4...12, tokens: (2_400_000, 2_400_000, 0))
        case "seedance-1-0-pro-250528", "seedance-1-0-pro-fast-251015":
            Family(resolutions: all, seconds: 2...12, tokens: (1_200_000, 1_200_000, 0))
        // An endpoint of the account's own stands for the standard model.
        case _ where model.hasPrefix("ep-"): family("seedance-2-0-260128")
        default: nil
        }
    }

    func order(from call: Call) async throws(Refusal) -> ClipOrder {
        var fields = try call.fields()
        let model = try fields.neededText("model")
        guard let family = ArkOrders.family(model) else {
            throw Refusal(.unknownModel, "The model or endpoint \(model) does not exist.", field: "model")
        }
        let content = try await content(&fields)
        let resolution = try fields.choice("resolution", of: family.resolutions) ?? "720p"
        let ratio = try fields.choice("ratio", of: ["16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "adaptive"])
        if model.contains("2-5"), content.hasFrames, ratio != "adaptive" {
            throw Refusal(.field, "`ratio`: expected adaptive for first and last frames", field: "ratio")
        }
        let least = family.mayChooseSeconds ? -1 : family.seconds.lowerBound
        let asked = try fields.integer("duration", in: least...family.seconds.upperBound) ?? 5
        guard asked == -1 || family.seconds.contains(asked) else {
            throw Refusal(.field, "`duration`: expected \(family.seconds) but got \(asked)", field: "duration")
        }
        let hasSound = try fields.flag("generate_audio") ?? !model.contains("1-0")
        let seed = try fields.integer("seed", in: -1...2_147_483_647)
        let webhook = try fields.text("callback_url")
        let echo = try echo(&fields, model: model)
        try fields.end()
        var order = ClipOrder(
            model: model,
            prompt: content.text,
            seconds: Double(asked == -1 ? 5 : asked),
            size: ArkOrders.size(resolution, ratio, following: content.pictures.first?.size),
            hasSound: hasSound,
            seed: seed,
            pictures: content.pictures,
            price: .zero("USD"),
            webhook: webhook,
            echo: echo.merging([
                "resolution": .text(resolution), "ratio": .text(ratio ?? "adaptive"), "generate_audio": .flag(hasSound),
            ]) { $1 }
        )
        let rate =
            switch resolution {
            case "1080p": family.tokens.large
            case "4k": family.tokens.huge
            default: hasSound || !model.contains("1-5") ? family.tokens.small : family.tokens.small / 2
            }
        order.price = Money(micros: rate * Int64(ArkOrders.tokens(order)) / 1_000_000, currency: "USD")
        return order
    }

    private struct Content {
        var text = ""
        var pictures: [SimulatedPicture] = []
        var hasFrames = false
    }

    private func content(_ fields: inout Fields) async throws(Refusal) -> Content {
        var content = Content()
        var roles: [String] = []
        var index = 0
        for var item in try fields.objects("content") {
            let kind = try item.choice("type", of: ["text", "image_url", "video_url", "audio_url", "draft_task"])
            switch kind {
            case "text": content.text += try item.neededText("text")
            case "image_url":
                var image = try item.object("image_url")
                let url = try image.neededText("url")
                try image.end()
                let role =
                    try item.choice("role", of: ["first_frame", "last_frame", "reference_image"]) ?? "first_frame"
                roles.append(role)
                content.pictures.append(
                    try await pictures.picture(
                        at: url,
                        field: "content[\(index)].image_url",
                        rules: ArkOrders.rules
                    )
                )
            default:
                throw Refusal(
                    .field,
                    "`content[\(index)].type`: the simulator takes text and pictures",
                    field: "content"
                )
            }
            try item.end()
            index += 1
        }
        guard index > 0 else { throw Refusal(.field, "`content`: field required", field: "content") }
        let frames = roles.filter { $0 != "reference_image" }
        content.hasFrames = !frames.isEmpty
        if content.hasFrames, frames.count < roles.count {
            throw Refusal(.field, "`content`: frames and references do not mix", field: "content")
        }
        if Set(frames).count < frames.count || frames == ["last_frame"] {
            throw Refusal(.field, "`content`: expected one first frame and at most one last frame", field: "content")
        }
        return content
    }

    private func echo(_ fields: inout Fields, model: String) throws(Refusal) -> [String: JSON] {
        _ = try fields.flag("watermark")
        _ = try fields.flag("camera_fixed")
        _ = try fields.flag("return_last_frame")
        _ = try fields.integer("frames", in: 29...289)
        _ = fields.any("tools")
        _ = fields.any("output_format")
        _ = try fields.choice("omni_reference_task_type", of: ["auto", "reference", "edit", "extend"])
        let tier = try fields.choice("service_tier", of: ["default", "flex"]) ?? "default"
        if tier == "flex", model.contains("2-0") {
            throw Refusal(.field, "`service_tier`: flex is not for this model", field: "service_tier")
        }
        let expires = try fields.integer("execution_expires_after", in: 3600...259_200) ?? 172_800
        let priority = try fields.integer("priority", in: 0...9)
        let identifier = try fields.text("safety_identifier", upTo: 64)
        let isDraft = try fields.flag("draft") ?? false
        var echo: [String: JSON] = [
            "service_tier": .text(tier), "execution_expires_after": .integer(expires), "draft": .flag(isDraft),
        ]
        if let priority { echo["priority"] = .integer(priority) }
        if let identifier { echo["safety_identifier"] = .text(identifier) }
        return echo
    }

    private static let shapes: [(ratio: String, small: PixelSize, medium: PixelSize, large: PixelSize)] = [
        ("21:9", .init(width: 992, height: 432), .init(width: 1470, height: 630), .init(width: 2206, height: 946)),
        ("16:9", .init(width: 864, height: 496), .init(width: 1280, height: 720), .init(width: 1920, height: 1080)),
        ("4:3", .init(width: 752, height: 560), .init(width: 1112, height: 834), .init(width: 1664, height: 1248)),
        ("1:1", .init(width: 640, height: 640), .init(width: 960, height: 960), .init(width: 1440, height: 1440)),
        ("3:4", .init(width: 560, height: 752), .init(width: 834, height: 1112), .init(width: 1248, height: 1664)),
        ("9:16", .init(width: 496, height: 864), .init(width: 720, height: 1280), .init(width: 1080, height: 1920)),
    ]

    /// The size of a clip; `adaptive` takes the listed shape that is nearest to the picture's.
    static func size(_ resolution: String, _ ratio: String?, following picture: PixelSize?) -> PixelSize {
        let aspect = picture?.aspect ?? 16.0 / 9
        let named = shapes.first { $0.ratio == ratio }
        let nearest = shapes.min { abs(log($0.medium.aspect / aspect)) < abs(log($1.medium.aspect / aspect)) }
        guard let shape = named ?? nearest else { return PixelSize(width: 1280, height: 720) }
        return switch resolution {
        case "480p": shape.small
        case "1080p": shape.large
        case "4k": PixelSize(width: shape.large.width * 2, height: shape.large.height * 2)
        default: shape.medium
        }
    }

    static func tokens(_ order: ClipOrder) -> Int {
        Int(order.seconds) * order.size.area * 24 / 1024
    }
}
