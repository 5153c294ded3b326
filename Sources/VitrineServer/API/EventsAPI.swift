import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import VitrineCore
import VitrinePipeline

/// `/v1/events`: what changes, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).
struct EventsAPI {
    let home: ServedHome
    let feed: EventFeed

    func stream(_ request: Request, _ context: ServerContext) async throws -> Response {
        _ = try Query(request)
        let start = try await position(request)
        let feed = feed
        let body = ResponseBody { writer in
            // Whoever reconnects waits two seconds first.
            try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
            var number = start
            while true {
                let rings = feed.bell.rings
                let events = try await feed.events(after: number)
                if let last = events.last {
                    try await writer.write(Self.text(events))
                    number = last.number
                    continue
                }
                if feed.isStopped || Task.isCancelled { break }
                await feed.bell.wait(beyond: rings)
                // A comment keeps the connection alive, and finds out whether it still is.
                if !feed.isStopped { try await writer.write(ByteBuffer(string: ": \n\n")) }
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: body
        )
    }

    /// Where a stream begins: after what the caller had last, else now.
    private func position(_ request: Request) async throws -> Int64 {
        guard let name = HTTPField.Name("Last-Event-ID"), let text = request.headers[name], !text.isEmpty else {
            return try await feed.latest()
        }
        guard let number = Int64(text), number >= 0 else {
            throw RequestError(.invalid, "`Last-Event-ID`: expected the number of an event")
        }
        return number
    }

    private static func text(_ events: [HomeEvent]) -> ByteBuffer {
        var buffer = ByteBuffer()
        for event in events {
            let data = ReportJSON.data(
                Body(at: event.at, id: event.subject, state: event.state, product: event.product)
            )
            buffer.writeString("id: \(event.number)\nevent: \(event.topic.rawValue)\ndata: ")
            buffer.writeBytes(data)
            buffer.writeString("\n\n")
        }
        return buffer
    }

    private struct Body: Encodable {
        var at: Date
        var id: String
        var state: String
        var product: ProductID?
    }
}
