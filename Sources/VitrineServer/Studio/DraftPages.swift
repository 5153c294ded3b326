import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// Clips that are made to look at while a preset is written.
struct DraftPages: Sendable {
    let studio: Studio

    /// One clip, as far as it is.
    struct Draft {
        var address: String
        var id: String
        var title: String
        var style: String
        var file: String?
        var poster: String?
        var isOpen: Bool
        var trouble: String?
    }

    private struct Model {
        var draft: Draft
    }

    func show(_ visit: Visit) async throws -> Response {
        let query = try Query(visit.request, knows: ["shape"])
        let shape = try query.word("shape", Placement.self) ?? .square
        let key = Fingerprint(rawValue: try visit.context.path("draft"))
        guard studio.home.drafts.state(of: key) != nil else {
            throw RequestError(.notFound, "this draft is not kept any more", hint: "make it again in the editor")
        }
        return studio.answer(.draft, Model(draft: draft(key, shape: shape)), title: "Draft", at: .presets, to: visit)
    }

    func draft(_ key: Fingerprint, shape: Placement) -> Draft {
        var draft = Draft(
            address: "/studio/drafts/\(key.rawValue)?shape=\(shape.rawValue.inAddress)",
            id: "draft-" + key.rawValue.prefix(12),
            title: shape.title,
            style: shape.style,
            isOpen: false
        )
        switch studio.home.drafts.state(of: key) {
        case .making?: draft.isOpen = true
        case .made(let clip)?:
            let media = StudioMedia(home: studio.home)
            draft.file = media.address(of: clip.file)
            draft.poster = media.address(of: clip.poster)
        case .failed(let failure)?:
            draft.trouble = [failure.message.asSentence, failure.hint?.asSentence].compactMap(\.self)
                .joined(separator: " ")
        case nil: draft.trouble = "It is not kept any more. Make it again."
        }
        return draft
    }
}
