import HTTPTypes
import VitrineCore

/// Why a request cannot be served, for the person who sent it.
struct RequestError: Error, Hashable, Sendable {
    /// The kinds, each with one status.
    enum Kind: String, CaseIterable, Sendable {
        case invalid
        case unauthorized
        case forbidden
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case notAcceptable = "not-acceptable"
        case conflict
        case gone
        case preconditionFailed = "precondition-failed"
        case tooLarge = "too-large"
        case unsupportedType = "unsupported-type"
        case badRange = "bad-range"
        case unprocessable
        case preconditionRequired = "precondition-required"
        case tooMany = "too-many"
        case unavailable

        var status: HTTPStatus {
            switch self {
            case .invalid: .badRequest
            case .unauthorized: .unauthorized
            case .forbidden: .forbidden
            case .notFound: .notFound
            case .methodNotAllowed: .methodNotAllowed
            case .notAcceptable: .notAcceptable
            case .conflict: .conflict
            case .gone: .gone
            case .preconditionFailed: .preconditionFailed
            case .tooLarge: .contentTooLarge
            case .unsupportedType: .unsupportedMediaType
            case .badRange: .rangeNotSatisfiable
            case .unprocessable: .unprocessableContent
            case .preconditionRequired: .preconditionRequired
            case .tooMany: .tooManyRequests
            case .unavailable: .serviceUnavailable
            }
        }
    }

    var kind: Kind
    var message: String
    var hint: String?
    var headers: HTTPFields
    /// What is wrong with a file that was sent, place by place.
    var diagnostics: [Diagnostic]

    init(
        _ kind: Kind,
        _ message: String,
        hint: String? = nil,
        headers: HTTPFields = [:],
        diagnostics: [Diagnostic] = []
    ) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.headers = headers
        self.diagnostics = diagnostics
    }

    /// A body that is larger than its route takes; the connection is closed, so that the rest of it is not read.
    static func tooLarge(_ limit: Int) -> RequestError {
        RequestError(
            .tooLarge,
            "the body has more than the \(limit) bytes that this address takes",
            headers: [.connection: "close"]
        )
    }
}
