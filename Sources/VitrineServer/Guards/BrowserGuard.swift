import Foundation
import HTTPTypes
import Hummingbird
import VitrineCore

/// Keeps web pages of other places from using the service through somebody's browser, keys or not.
struct BrowserGuard: RouterMiddleware {
    /// The address under which the service is published, if it is.
    let publicHost: String?

    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        if !Self.isSafe(request.method) { try refuseForeign(request, request.head.authority ?? "") }
        return try await next(request, context)
    }

    private func refuseForeign(_ request: Request, _ host: String) throws(RequestError) {
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = request.headers[name],
            site != "same-origin", site != "none"
        {
            throw RequestError(.forbidden, "a page of another site sent this request")
        }
        guard let origin = request.headers[.origin] else { return }
        let from =
            origin.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first.map(String.init) ?? ""
        guard !from.isEmpty, from == host || from == publicHost else {
            throw RequestError(.forbidden, "a page of another origin sent this request")
        }
    }

    private static func isSafe(_ method: HTTPMethod) -> Bool {
        method == .get || method == .head || method == .options
    }
}
