import HTTPTypes

/// The status of an answer, which Core's own `HTTPResponse` hides.
typealias HTTPStatus = HTTPTypes.HTTPResponse.Status
/// The method of a request, which Core's own `HTTPRequest` hides.
typealias HTTPMethod = HTTPTypes.HTTPRequest.Method

extension HTTPTypes.HTTPResponse.Status {
    /// 402: the budget is spent, or none is set.
    static let paymentRequired = HTTPTypes.HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required")
    /// 507: no room on the disk.
    static let insufficientStorage = HTTPTypes.HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}
