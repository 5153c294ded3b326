import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import VitrineCore
import VitrinePipeline

/// `/v1/imports`: feeds in, with their pictures, as streams of any size.
struct ImportsAPI {
    let home: ServedHome

    func create(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let query = try Query(request, knows: ["feed", "format", "file", "all", "skip_images"])
        var reading = UploadedFeed.Reading()
        reading.format = try query.text("format", atMost: 60)
        reading.includesDrafts = try query.flag("all")
        reading.skipsImages = try query.flag("skip_images")
        let feed = try query.text("feed", atMost: 100).map { FeedName($0) }
        let file = try query.text("file", atMost: 200).map(UploadReceiver.name)
        let accepted = try await accept(request, feed: feed, file: file, reading: reading)
        return JSONAnswer(
            ImportReport(accepted),
            status: .accepted,
            headers: [.location: "/v1/imports/\(accepted.id)"]
        )
    }

    /// Receives the body of a request and queues its import.
    func accept(
        _ request: Request,
        feed: FeedName?,
        file: String?,
        reading: UploadedFeed.Reading
    ) async throws -> ImportRequest {
        var reading = reading
        let receiver = UploadReceiver(
            folder: home.work + "/upload-" + home.random.identifier("u"),
            limit: home.options.largestUpload,
            pool: home.files
        )
        do {
            let received = try await receiver.receive(request)
            reading.map = received.map
            let upload = UploadedFeed(
                folder: receiver.folder,
                file: file ?? received.file,
                digest: received.digest,
                bytes: Int64(received.bytes),
                feed: feed,
                reading: reading
            )
            return try await home.imports.accept(upload)
        } catch {
            receiver.discard()
            throw error
        }
    }

    func list(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let query = try Query(request, knows: ["limit", "cursor"])
        let page = try await home.store.imports(after: try query.cursor, limit: try query.limit)
        return JSONAnswer(ListAnswer(page) { ImportReport($0) })
    }

    func show(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        return JSONAnswer(ImportReport(try await found(context)))
    }

    /// All diagnostics of an import, as a page of JSON, or all of them as CSV where that is asked for.
    func diagnostics(_ request: Request, _ context: ServerContext) async throws -> Response {
        let query = try Query(request, knows: ["limit", "cursor"])
        let found = try await found(context)
        let accept = request.headers[.accept]?.lowercased() ?? ""
        guard let generation = found.generation else {
            throw RequestError(
                .conflict,
                "import `\(found.id)` is \(found.state.rawValue)",
                hint: "its diagnostics are known once it has finished"
            )
        }
        if accept.hasPrefix("text/csv") { return try await table(of: generation) }
        let offset = try query.cursor.map { try Self.offset($0) } ?? 0
        let limit = try query.limit
        let rows = try await home.store.diagnostics(of: generation, offset: offset, limit: limit)
        let next = rows.count < limit ? nil : PageCursor(after: ["\(offset + limit)"])
        return try JSONAnswer(ListAnswer(rows, next: next)).response(from: request, context: context)
    }

    private static func offset(_ cursor: PageCursor) throws(RequestError) -> Int {
        guard let offset = cursor.key(of: 1).flatMap({ Int($0[0]) }), offset >= 0 else {
            throw RequestError(.invalid, "`cursor`: this is not one of this list")
        }
        return offset
    }

    /// All diagnostics of an import as CSV.
    func table(of generation: Int64) async throws -> Response {
        let store = home.store
        let body = ResponseBody { writer in
            try await writer.write(
                ByteBuffer(string: "severity,code,file,line,field,product,message,hint\r\n")
            )
            var offset = 0
            while true {
                let rows = try await store.diagnostics(of: generation, offset: offset, limit: 1000)
                if rows.isEmpty { break }
                offset += rows.count
                try await writer.write(ByteBuffer(string: rows.map(Self.line).joined()))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"diagnostics.csv\"",
            ],
            body: body
        )
    }

    private static func line(_ diagnostic: Diagnostic) -> String {
        let cells: [String?] = [
            diagnostic.severity.rawValue, diagnostic.code, diagnostic.file, diagnostic.line.map(String.init),
            diagnostic.field, diagnostic.product?.rawValue, diagnostic.message, diagnostic.hint,
        ]
        return cells.map { cell in
            var text = cell ?? ""
            // Spreadsheets take these for formulas.
            if let first = text.first, "=+-@\t\r".contains(first) { text = "'" + text }
            return text.contains { ",\"\r\n".contains($0) } ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
        }.joined(separator: ",") + "\r\n"
    }

    /// The import that the path names.
    func found(_ context: ServerContext) async throws -> ImportRequest {
        let id = ImportID(try context.path("import"))
        guard let found = try await home.store.importRequest(id) else {
            throw RequestError(.notFound, "no import `\(id)`", hint: "send a feed to `POST /v1/imports`")
        }
        return found
    }
}
