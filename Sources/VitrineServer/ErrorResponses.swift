import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import VitrineCore
import VitrinePipeline

/// Turns what went wrong into words; nothing unexpected is ever told.
struct ErrorResponses: RouterMiddleware {
    func handle(
        _ request: Request,
        context: ServerContext,
        next: (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = Self.response(to: error, request, context)
        }
        SecurityHeaders.add(to: &response)
        return response
    }

    private static func response(to error: any Error, _ request: Request, _ context: ServerContext) -> Response {
        let words = PublicError(error)
        if words.status.code >= 500 {
            context.logger.error(
                "a request failed",
                metadata: ["error": "\(error)", "http.route": "\(context.endpointPath ?? "none")"]
            )
        } else {
            context.logger.debug("a request was refused", metadata: ["kind": "\(words.kind)"])
        }
        var headers = words.headers
        headers[.contentType] = "application/json"
        let body = ErrorBody(
            error: .init(
                kind: words.kind,
                message: words.message,
                hint: words.hint,
                requestId: context.requestID,
                diagnostics: (error as? RequestError).map(\.diagnostics).flatMap { $0.isEmpty ? nil : $0 }
            )
        )
        let data = ReportJSON.data(body)
        return Response(status: words.status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }

    private struct ErrorBody: Encodable {
        struct Words: Encodable {
            var kind: String
            var message: String
            var hint: String?
            var requestId: String
            var diagnostics: [Diagnostic]?
        }

        var error: Words
    }
}

/// Status and words of an error: the one switch over all of them.
struct PublicError {
    var status: HTTPStatus
    var kind: String
    var message: String
    var hint: String?
    var headers: HTTPFields = [:]

    init(_ error: any Error) {
        switch error {
        case let error as RequestError:
            self.init(error.kind.status, error.kind.rawValue, error.message, error.hint)
            headers = error.headers
        case let error as PipelineError:
            self.init(Self.status(of: error.kind), error.kind.rawValue, error.message, error.hint)
        case let error as StoreError:
            self.init(of: error)
        case let error as HTTPError where error.status == .notFound:
            self.init(.notFound, "not-found", "nothing is at this address")
        case let error as any HTTPResponseError where error.status.code < 500:
            self.init(error.status, "invalid", "the request cannot be read")
        case is CancellationError:
            self.init(
                .serviceUnavailable,
                "unavailable",
                "the service is stopping",
                "send the request again in a moment"
            )
        default:
            self.init(.internalServerError, "internal", "the service failed; the request id names the entry in its log")
        }
    }

    private init(_ status: HTTPStatus, _ kind: String, _ message: String, _ hint: String? = nil) {
        self.status = status
        self.kind = kind
        self.message = message
        self.hint = hint
    }

    private init(of error: StoreError) {
        switch error.kind {
        case .notFound: self.init(.notFound, "not-found", error.message)
        case .stale:
            self.init(.preconditionFailed, "stale", error.message, "read it again, then send the change again")
        case .reusedKey:
            self.init(.unprocessableContent, "reused-key", error.message, "give each request a key of its own")
        case .conflict, .leaseLost: self.init(.conflict, "conflict", error.message)
        case .badCursor:
            self.init(.badRequest, "invalid", error.message, "send the `next` of the page before, or no cursor")
        case .overBudget:
            self.init(.paymentRequired, "over-budget", error.message, "raise it with `PUT /v1/budget`")
        case .full: self.init(.insufficientStorage, "full", "no room on the disk of the service")
        case .busy:
            self.init(.serviceUnavailable, "busy", "the database is held by another process", "send the request again")
            headers[.retryAfter] = "5"
        case .tooNew, .damaged, .io:
            self.init(.internalServerError, "internal", "the service failed; the request id names the entry in its log")
        }
    }

    private static func status(of kind: PipelineError.Kind) -> HTTPStatus {
        switch kind {
        case .notFound: .notFound
        case .ambiguous, .conflict: .conflict
        case .overBudget: .paymentRequired
        case .feed: .unprocessableContent
        }
    }
}
