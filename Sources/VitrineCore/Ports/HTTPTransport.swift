public import Foundation

/// Why an HTTP exchange did not happen as wanted.
public struct TransportError: Error, Hashable, Sendable {
    /// The kinds of trouble.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Not http or https, or no address at all.
        case badAddress = "bad-address"
        /// The address leads where we do not go.
        case forbiddenAddress = "forbidden-address"
        /// The host cannot be found or reached.
        case unreachable
        /// Its certificate is not in order.
        case untrusted
        /// It took too long, or stalled.
        case timedOut = "timed-out"
        /// It has more bytes than allowed.
        case tooLarge = "too-large"
        /// More than three redirects.
        case tooManyRedirects = "too-many-redirects"
        /// The connection broke.
        case broken
        /// Fewer bytes came than were announced.
        case truncated
        /// The bytes could not be kept here.
        case notKept = "not-kept"
        /// The task was cancelled.
        case cancelled
    }

    /// The kind.
    public var kind: Kind
    /// What happened, without secrets.
    public var message: String
    /// Whether the other side may have got the request: the most important Bool in the house.
    public var mayHaveBeenSent: Bool

    /// Trouble of a kind.
    public init(_ kind: Kind, _ message: String, mayHaveBeenSent: Bool) {
        self.kind = kind
        self.message = message
        self.mayHaveBeenSent = mayHaveBeenSent
    }
}

/// One HTTP request.
public struct HTTPRequest: Hashable, Sendable {
    /// The method, upper case.
    public var method: String
    /// The address.
    public var url: String
    /// Header fields in order.
    public var headers: [String: String]
    /// The body, if any.
    public var body: Data?
    /// The most bytes of an answer's body that are taken.
    public var byteLimit: Int
    /// The most time that the whole exchange may take.
    public var deadline: Duration
    /// The most time that may pass without a byte.
    public var stall: Duration
    /// Whether redirects are followed, at most three.
    public var followsRedirects: Bool
    /// Whether the operator named this address, so that it may be private.
    public var isOperators: Bool

    /// A request.
    public init(
        _ method: String = "GET",
        _ url: String,
        headers: [String: String] = [:],
        body: Data? = nil,
        byteLimit: Int = 1 << 20,
        deadline: Duration = .seconds(60),
        stall: Duration = .seconds(20),
        followsRedirects: Bool = true,
        isOperators: Bool = false
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.byteLimit = byteLimit
        self.deadline = deadline
        self.stall = stall
        self.followsRedirects = followsRedirects
        self.isOperators = isOperators
    }
}

/// One HTTP answer.
public struct HTTPResponse: Hashable, Sendable {
    /// The status.
    public var status: Int
    /// Header fields by lower-case name; the last one wins.
    public var headers: [String: String]
    /// The body; empty when it was written to a file.
    public var body: Data
    /// The address that answered, after redirects.
    public var url: String

    /// An answer.
    public init(status: Int, headers: [String: String] = [:], body: Data = Data(), url: String = "") {
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
    }
}

/// Guarded HTTP: bounded in bytes and time, addresses checked at connect, no proxy, no cookies, cancellable.
public protocol HTTPTransport: Sendable {
    /// The answer to a request, its body in memory.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
    /// The answer to a request; a body with a 2xx status goes to the file at `path`, which is made anew.
    func download(_ request: HTTPRequest, to path: String) async throws(TransportError) -> HTTPResponse
}
