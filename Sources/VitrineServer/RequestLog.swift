import Foundation
import HTTPTypes
import Hummingbird
import Logging
import VitrineCore

/// The outermost layer: gives each exchange its id, and writes one line and one measurement about it, by route rather than by address.
struct RequestLog: RouterMiddleware {
    let metrics: PrometheusText
    let time: TimeSource
    let random: RandomSource
    let share: ProcessorShare?

    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        share?.ask()
        var context = context
        context.requestID = Self.id(of: request) ?? random.identifier("q")
        context.logger[metadataKey: "request.id"] = "\(context.requestID)"
        let start = time.now()
        var response = try await next(request, context)
        if let name = Self.header { response.headers[name] = context.requestID }
        let seconds = time.now().timeIntervalSince(start)
        let method = Self.name(of: request.method)
        let route = context.endpointPath ?? "none"
        metrics.observe(
            "http_server_request_duration_seconds",
            [
                ("http_request_method", method), ("http_route", route),
                ("http_response_status_code", "\(response.status.code)"),
            ],
            seconds: seconds
        )
        context.logger.debug(
            "answered",
            metadata: [
                "http.method": "\(method)", "http.route": "\(route)", "http.status": "\(response.status.code)",
                "http.seconds": "\(seconds)",
            ]
        )
        return response
    }

    private static let header = HTTPField.Name("X-Request-Id")

    /// The id that the caller gave, where it is one that can stand in a log.
    private static func id(of request: Request) -> String? {
        guard let header, let id = request.headers[header], (1...64).contains(id.utf8.count),
            id.wholeMatch(of: /[A-Za-z0-9_-]+/) != nil
        else { return nil }
        return id
    }

    /// Methods are a label: whatever a stranger invents is one of them.
    private static func name(of method: HTTPMethod) -> String {
        let known: [HTTPMethod] = [.get, .head, .post, .put, .delete, .options, .patch]
        return known.contains(method) ? method.rawValue : "other"
    }
}
