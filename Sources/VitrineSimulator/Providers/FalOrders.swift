import Foundation
import VitrineCore

/// The inputs of fal's models; what is wrong with one becomes the job's failure, because the queue does not look.
struct FalOrders: Sendable {
    let pictures: PictureDoor

    func order(from call: Call, endpoint: String) async throws(Refusal) -> ClipOrder {
        var fields = try call.fields()
        var order = ClipOrder(
            model: endpoint,
            prompt: (JSON(call.body)?["prompt"]?.text) ?? "",
            seconds: 5,
            size: PixelSize(width: 1280, height: 720),
            price: .zero("USD"),
            webhook: call.query("fal_webhook")
        )
        do throws(Refusal) {
            switch endpoint {
            case "alibaba/happy-horse/v1.1/image-to-video": try await readHorse(&fields, into: &order)
            case "bytedance/seedance-2.0/image-to-video", "bytedance/seedance-2.0/fast/image-to-video":
                try await readSeedance(&fields, into: &order)
            case "fal-ai/veo3.1/image-to-video": try await readVeo(&fields, into: &order)
            case "fal-ai/kling-video/v3/pro/image-to-video": try await readKling(&fields, into: &order)
            default:
                order.echo["missing"] = .text(endpoint)
                throw Refusal(.unknownModel, "Path /\(endpoint) not found")
            }
            try fields.end()
        } catch {
            order.pictureTrouble = error.message
            order.echo["field"] = JSON(error.field)
        }
        return order
    }

    private func readHorse(_ fields: inout Fields, into order: inout ClipOrder) async throws(Refusal) {
        order.prompt = try fields.text("prompt", upTo: 2500) ?? ""
        let resolution = try fields.choice("resolution", of: ["720p", "1080p"]) ?? "1080p"
        order.seconds = Double(try fields.integer("duration", in: 3...15) ?? 5)
        order.seed = try fields.integer("seed", in: 0...2_147_483_647)
        try await readPicture("image_url", &fields, into: &order, largest: 20 << 20)
        order.price = Desk.price(resolution == "1080p" ? 180_000 : 140_000, seconds: order.seconds)
        follow(resolution, &order)
    }

    private func readSeedance(_ fields: inout Fields, into order: inout ClipOrder) async throws(Refusal) {
        order.prompt = try fields.neededText("prompt")
        let resolution = try fields.choice("resolution", of: ["480p", "720p", "1080p", "4k"]) ?? "720p"
        let lengths = ["auto"] + (4...15).map(String.init)
        order.seconds = Double(try fields.choice("duration", of: lengths) ?? "auto") ?? 5
        let ratio = try fields.choice("aspect_ratio", of: ["auto", "21:9", "16:9", "4:3", "1:1", "3:4", "9:16"])
        order.hasSound = try fields.flag("generate_audio") ?? true
        order.seed = try fields.integer("seed", in: 0...2_147_483_647)
        _ = try fields.text("end_image_url")
        try await readPicture("image_url", &fields, into: &order, largest: 30 << 20)
        let shape = ratio == "auto" ? nil : ratio
        order.size = ArkOrders.size(resolution, shape, following: order.pictures.first?.size)
        let prices: [String: Int64] = ["480p": 134_600, "720p": 303_400, "1080p": 682_000, "4k": 1_364_000]
        order.price = Desk.price(prices[resolution] ?? 0, seconds: order.seconds)
    }

    private func readVeo(_ fields: inout Fields, into order: inout ClipOrder) async throws(Refusal) {
        order.prompt = try fields.neededText("prompt")
        let length = try fields.choice("duration", of: ["4s", "6s", "8s"]) ?? "8s"
        order.seconds = Double(length.dropLast()) ?? 8
        let ratio = try fields.choice("aspect_ratio", of: ["auto", "16:9", "9:16"]) ?? "auto"
        let resolution = try fields.choice("resolution", of: ["720p", "1080p", "4k"]) ?? "720p"
        order.hasSound = try fields.flag("generate_audio") ?? true
        order.seed = try fields.integer("seed", in: 0...4_294_967_295)
        try await readPicture("image_url", &fields, into: &order, largest: 8 << 20)
        let isTall = ratio == "9:16" || ratio == "auto" && (order.pictures.first?.size.aspect ?? 2) < 1
        let frame = isTall ? PixelSize(width: 9, height: 16) : PixelSize(width: 16, height: 9)
        order.size = Desk.size(
            following: frame,
            shortSide: resolution == "4k" ? 2160 : Int(resolution.dropLast()) ?? 720
        )
        order.price = Desk.price(400_000, seconds: order.seconds)
    }

    private func readKling(_ fields: inout Fields, into order: inout ClipOrder) async throws(Refusal) {
        order.prompt = try fields.text("prompt", upTo: 2500) ?? ""
        order.seconds = Double(try fields.choice("duration", of: (3...15).map(String.init)) ?? "5") ?? 5
        order.hasSound = try fields.flag("generate_audio") ?? true
        _ = try fields.text("negative_prompt", upTo: 2500)
        _ = fields.any("cfg_scale")
        _ = try fields.text("end_image_url")
        try await readPicture("start_image_url", &fields, into: &order, largest: 10 << 20)
        order.price = Desk.price(168_000, seconds: order.seconds)
        follow("1080p", &order)
    }

    private func readPicture(
        _ name: String,
        _ fields: inout Fields,
        into order: inout ClipOrder,
        largest: Int
    ) async throws(Refusal) {
        let rules = PictureRules(bytes: largest, ways: [.dataURI, .address, .upload])
        let address = try fields.neededText(name)
        order.pictures = [try await pictures.picture(at: address, field: name, rules: rules)]
    }

    private func follow(_ resolution: String, _ order: inout ClipOrder) {
        guard let picture = order.pictures.first else { return }
        order.size = Desk.size(following: picture.size, shortSide: Int(resolution.dropLast()) ?? 720)
    }
}
