import Foundation
import HTTPTypes
import Hummingbird
import VitrineCore
import VitrinePipeline

/// `/v1/exports`: tables and feeds with the videos in them, streamed from a file that is gone afterwards.
struct ExportsAPI {
    let home: ServedHome

    func export(_ request: Request, _ context: ServerContext) async throws -> Response {
        let query = try Query(request, knows: ["feed", "approved_only", "siblings", "placement", "fill", "media_url"])
        let name = try context.path("format")
        guard let format = Exporter.Format(rawValue: name) else {
            let known = Exporter.Format.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            throw RequestError(.notFound, "no export format `\(name.prefix(40))`", hint: "there are \(known)")
        }
        var order = Exporter.Order(format: format)
        order.feed = try query.text("feed").map { FeedName($0) }
        order.approvedOnly = try query.flag("approved_only")
        order.siblings = try query.flag("siblings")
        order.fill = try query.flag("fill")
        order.mediaURL = try query.text("media_url", atMost: 1800)
        order.placements = try query.word("placement", Placement.self).map { [$0] } ?? []
        let path = home.work + "/export-" + home.random.identifier("x")
        do {
            let document = try await home.exporter.write(order, path)
            return try await answer(document, request, context)
        } catch {
            remove(path)
            throw error
        }
    }

    private func answer(
        _ document: Exporter.Document,
        _ request: Request,
        _ context: ServerContext
    ) async throws -> Response {
        let file = try await FileIO().loadFile(path: document.path, context: context)
        let headers: HTTPFields = [
            .contentType: document.contentType,
            .contentDisposition: "attachment; filename=\"\(document.name)\"",
        ]
        let path = document.path
        if request.method == .head {
            remove(path)
            return Response(status: .ok, headers: headers)
        }
        let body = ResponseBody(contentLength: file.contentLength) { writer in
            defer { remove(path) }
            try await file.write(writer)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private func remove(_ path: String) {
        // What stays is swept at the next start.
        try? FileManager.default.removeItem(atPath: path)
    }
}
