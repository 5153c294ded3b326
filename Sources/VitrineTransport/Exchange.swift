import Foundation
import VitrineCore

/// One request to one address, without redirects: what a pool is asked for.
struct Exchange: Sendable {
    /// What to ask.
    var request: HTTPRequest
    /// Whom to ask.
    var address: WebAddress
    /// Where the connection may lead.
    var rule: AddressRule
    /// The time that is left for it.
    var deadline: Duration
    /// The file that takes a body with a 2xx status.
    var path: String?

    /// Whether a key would cross the network unencrypted.
    var carriesKeyInTheClear: Bool {
        address.scheme == "http" && request.headers.keys.contains { RequestCheck.isSecret($0) }
    }
}

/// What came back.
struct Answer: Sendable {
    /// The answer.
    var response: HTTPResponse
    /// Where it redirects to, as an absolute address.
    var location: String?
    /// How long it took.
    var elapsed: Duration
}
