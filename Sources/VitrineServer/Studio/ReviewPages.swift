import Foundation
import Hummingbird
import VitrineCore

/// The queue of videos that nobody has looked at: one after the other, decided with one key.
struct ReviewPages: Sendable {
    let studio: Studio

    private static let ahead = 12

    private struct Model {
        struct Next {
            var poster: String
            var style: String
        }

        var form: String
        var mayGenerate: Bool
        var isDone: Bool
        var count: String
        var video: String
        var file: String
        var poster: String
        var style: String
        var title: String
        var address: String
        var facts: String
        var prompt: String
        var picture: String?
        var here: String
        var skip: String?
        var next: [Next]
    }

    func show(_ visit: Visit) async throws -> Response {
        let query = try Query(visit.request, knows: ["cursor"])
        let store = studio.home.store
        let cursor = try query.cursor
        let page = try await store.videos(VideoQuery(states: [.new]), after: cursor, limit: Self.ahead)
        let media = StudioMedia(home: studio.home)
        let video = page.items.first
        let entry = if let video { try await store.entry(video.slot.product) } else { CatalogEntry?.none }
        let prompt = if let video { try await store.job(video.job)?.request.prompt } else { String?.none }
        // The place behind the first one: what is decided leaves the list, and what is skipped stays before it.
        let rest = try await store.videos(VideoQuery(states: [.new]), after: cursor, limit: 1)
        let here = "/studio/review" + (cursor.map { "?cursor=" + $0.text.inAddress } ?? "")
        let model = Model(
            form: visit.formToken ?? "",
            mayGenerate: visit.mayGenerate,
            isDone: video == nil,
            count: page.next == nil ? "\(page.items.count)" : "\(page.items.count)+",
            video: video?.id.rawValue ?? "",
            file: video.map { media.address(of: $0.clip.file) } ?? "",
            poster: video.map { media.address(of: $0.clip.poster) } ?? "",
            style: video?.slot.placement.style ?? "",
            title: entry?.product.title ?? video?.slot.product.rawValue ?? "",
            address: video.map { "/studio/products/\($0.slot.product)" } ?? "",
            facts: video.map {
                "\($0.slot.placement.title) · take \($0.take) · \($0.preset.name) · \($0.provider) \($0.model) · \($0.tier.rawValue)"
            } ?? "",
            prompt: prompt ?? "",
            picture: entry.flatMap { media.pictures(of: $0).first },
            here: here,
            skip: rest.next.map { "/studio/review?cursor=" + $0.text.inAddress },
            next: page.items.dropFirst().map {
                Model.Next(poster: media.thumbnail(of: $0.clip.poster.digest), style: $0.slot.placement.style)
            }
        )
        return studio.answer(.review, model, title: "Review", at: .review, to: visit)
    }
}
