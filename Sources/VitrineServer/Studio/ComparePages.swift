import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// Two takes of one shape side by side in step, or one over the photo that it was made from.
struct ComparePages: Sendable {
    let studio: Studio

    private struct Choice {
        var value: String
        var word: String
        var isChosen: Bool
    }

    private struct Model {
        var address: String
        var title: String
        var shape: String
        var style: String
        var left: Side
        var right: Side?
        var photo: String?
        var lefts: [Choice]
        var rights: [Choice]
    }

    private struct Side {
        var word: String
        var facts: String
        var file: String
        var poster: String
    }

    func show(_ visit: Visit) async throws -> Response {
        let query = try Query(visit.request, knows: ["shape", "left", "right"])
        let entry = try await studio.home.desk.product(named: try visit.context.path("product"))
        let store = studio.home.store
        let records = try await store.slots(of: [entry.product.id])[entry.product.id] ?? []
        guard let placement = try query.word("shape", Placement.self),
            let record = records.first(where: { $0.slot.placement == placement && $0.slot.variant == nil })
        else { throw RequestError(.notFound, "the product has no video of this shape") }
        let takes = record.takes.filter { $0.video != nil }
        let shown = StudioMedia.shown(of: record) ?? takes.last
        guard
            let left = try query.number("left", within: 1...1_000_000).flatMap({ number in
                takes.first { $0.number == number }
            }) ?? shown
        else { throw RequestError(.notFound, "the product has no video of this shape") }
        let wanted = try query.text("right")
        let other = takes.last { $0.number != left.number }
        let right = wanted == "photo" ? nil : takes.first { "\($0.number)" == wanted } ?? other
        let media = StudioMedia(home: studio.home)
        guard let leftVideo = try await video(of: left) else {
            throw RequestError(.notFound, "this video is not there any more")
        }
        let rightVideo = if let right { try await video(of: right) } else { Video?.none }
        let model = Model(
            address: "/studio/products/\(entry.product.id)",
            title: entry.product.title,
            shape: placement.rawValue,
            style: placement.style,
            left: Self.side(left, leftVideo, media),
            right: right.flatMap { take in rightVideo.map { Self.side(take, $0, media) } },
            photo: right == nil ? media.pictures(of: entry).first : nil,
            lefts: takes.map {
                Choice(value: "\($0.number)", word: "Take \($0.number)", isChosen: $0.number == left.number)
            },
            rights: takes.map {
                Choice(value: "\($0.number)", word: "Take \($0.number)", isChosen: $0.number == right?.number)
            } + [Choice(value: "photo", word: "The photo", isChosen: right == nil)]
        )
        return studio.answer(.compare, model, title: "Compare", at: .catalogue, to: visit)
    }

    private func video(of take: Take) async throws -> Video? {
        guard let id = take.video else { return nil }
        return try await studio.home.store.video(id)
    }

    private static func side(_ take: Take, _ video: Video, _ media: StudioMedia) -> Side {
        Side(
            word: "Take \(take.number)",
            facts: "\(take.request.provider) \(take.request.model) · \(take.preset.name) · seed \(take.request.seed)",
            file: media.address(of: video.clip.file),
            poster: media.address(of: video.clip.poster)
        )
    }
}
