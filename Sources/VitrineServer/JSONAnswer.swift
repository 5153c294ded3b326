import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import VitrinePipeline

/// An answer made of one value.
struct JSONAnswer: ResponseGenerator {
    var status: HTTPResponse.Status = .ok
    var headers: HTTPFields = [:]
    var body: Data

    init(_ value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) {
        self.status = status
        self.headers = headers
        body = ReportJSON.data(value)
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }
}

/// One page of a list: `next` is the cursor of the page that follows, if one does.
struct Page<Item: Encodable>: Encodable {
    var items: [Item]
    var next: String?
}
