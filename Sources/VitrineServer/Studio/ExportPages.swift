import Foundation
import Hummingbird
import VitrineCore
import VitrinePipeline

/// Videos out: which ones go, and a table or a feed of them for each channel.
struct ExportPages: Sendable {
    let studio: Studio

    private struct Model {
        struct Format {
            var address: String
            var title: String
            var words: String
        }
        struct Feed {
            var name: String
            var products: String
        }

        var isPublic: Bool
        var feeds: [Feed]
        var hasFeeds: Bool
        var formats: [Format]
        var approved: String
        var waiting: String?
    }

    func show(_ visit: Visit) async throws -> Response {
        _ = try Query(visit.request)
        let store = studio.home.store
        let feeds = try await store.feeds()
        let approved = try await count(of: .approved)
        let waiting = try await count(of: .new)
        let model = Model(
            isPublic: studio.home.options.publicURL != nil,
            feeds: feeds.map { Model.Feed(name: $0.feed.rawValue, products: "\($0.products)") },
            hasFeeds: feeds.count > 1,
            formats: Exporter.Format.allCases.map { format in
                let (title, words) = Self.words(of: format)
                return Model.Format(address: "/studio/export/\(format.rawValue)", title: title, words: words)
            },
            approved: approved + (approved == "1" ? " video is" : " videos are") + " approved",
            waiting: waiting == "0" ? nil : waiting + (waiting == "1" ? " waits" : " wait") + " to be looked at"
        )
        return studio.answer(.export, model, title: "Export", at: .export, to: visit)
    }

    /// Sends the browser to the document that a form describes, without what was left open in it.
    func begin(_ visit: Visit) async throws -> Response {
        let names = ["feed", "placement", "approved_only", "media_url"]
        let query = try Query(visit.request, knows: Set(names))
        let fields = try names.compactMap { name in
            try query.text(name, atMost: 1800).map { "\(name)=\($0.inAddress)" }
        }
        let format = try visit.context.path("format")
        return Visit.redirect(to: "/v1/exports/\(format.inAddress)?" + fields.joined(separator: "&"))
    }

    private func count(of state: Video.State) async throws -> String {
        let page = try await studio.home.store.videos(VideoQuery(states: [state]), after: nil, limit: 500)
        return page.next == nil ? "\(page.items.count)" : "More than \(page.items.count)"
    }

    private static func words(of format: Exporter.Format) -> (title: String, words: String) {
        switch format {
        case .google: ("Google Merchant", "A supplemental feed with the videos of each product.")
        case .meta: ("Meta", "A catalogue table with the videos of each item.")
        case .same: ("Your own feed", "The file that you imported, with a column for the videos.")
        case .csv: ("Table", "One row a video, for spreadsheets and other systems.")
        case .json: ("JSON", "Everything that is known of each video, for programs.")
        }
    }
}
