import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import VitrineCore
import VitrinePipeline

/// An answer made of one value.
struct JSONAnswer: ResponseGenerator {
    var status: HTTPStatus = .ok
    var headers: HTTPFields = [:]
    var body: Data

    init(_ value: some Encodable, status: HTTPStatus = .ok, headers: HTTPFields = [:]) {
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
struct ListAnswer<Item: Encodable>: Encodable {
    var items: [Item]
    var next: String?

    init<Row>(_ page: Page<Row>, _ item: (Row) throws -> Item) rethrows {
        items = try page.items.map(item)
        next = page.next?.text
    }

    init(_ items: [Item], next: PageCursor?) {
        self.items = items
        self.next = next?.text
    }
}
