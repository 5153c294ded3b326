// VitrineTransport: HTTP over libcurl, bounded in bytes and time, its addresses checked at connect.
// It never uses a proxy, keeps no cookie, knows no provider, and sends no request twice that may have an effect.
// Import calls it for feeds and pictures, providers call it for their interfaces.

import Foundation
import Synchronization
public import VitrineCore

/// The live `HTTPTransport`.
///
/// Transfers under one address rule share a pool: one thread, one set of warm connections, HTTP/2 over TLS where the server has it.
/// Rules never share connections, because a connection in use again is not opened anew and so not judged anew.
public final class CurlTransport: HTTPTransport {
    /// The most redirects that are followed.
    public static let redirectLimit = 3

    private let allowed: Set<AllowedHost>
    private let perHost: Int
    private let pools = Mutex<[AddressRule: CurlMulti]>([:])

    /// A transport that goes to public addresses and to those excepted, with at most `perHost` requests to one host at a time.
    public init(allowing allowed: Set<AllowedHost> = [], perHost: Int = 5) {
        self.allowed = allowed
        self.perHost = max(1, perHost)
    }

    /// The answer to a request, its body in memory.
    ///
    /// The deadline counts from when the request leaves the queue of its host, and over all redirects.
    public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        try await answer(to: request, path: nil)
    }

    /// The answer to a request; a whole body with a 2xx status replaces the file at `path`, any other answer leaves it as it was.
    ///
    /// Of a body with another status the first 64 kB are in the answer.
    public func download(_ request: HTTPRequest, to path: String) async throws(TransportError) -> HTTPResponse {
        try await answer(to: request, path: path)
    }

    private func answer(to request: HTTPRequest, path: String?) async throws(TransportError) -> HTTPResponse {
        var address = try WebAddress(request.url)
        try RequestCheck.check(request)
        var hop = request
        var left = request.deadline
        for count in 0... {
            let exchange = Exchange(
                request: hop,
                address: address,
                rule: rule(for: address, of: hop),
                deadline: left,
                path: path
            )
            let answer: Answer
            do throws(TransportError) {
                answer = try await pool(exchange.rule).run(exchange)
            } catch {
                throw count == 0 ? error : TransportError(error.kind, error.message, mayHaveBeenSent: true)
            }
            guard request.followsRedirects, let location = answer.location else { return answer.response }
            guard count < CurlTransport.redirectLimit else {
                throw TransportError(
                    .tooManyRedirects,
                    "`\(address.shown)` redirects again after `\(CurlTransport.redirectLimit)` redirects",
                    mayHaveBeenSent: true
                )
            }
            let next: WebAddress
            do throws(TransportError) {
                next = try WebAddress(location)
            } catch {
                throw TransportError(
                    error.kind,
                    "redirect from `\(address.shown)`: \(error.message)",
                    mayHaveBeenSent: true
                )
            }
            hop = try hop.redirected(from: address, to: next, status: answer.response.status)
            address = next
            left -= answer.elapsed
        }
        preconditionFailure("the redirect limit ends the loop")
    }

    private func rule(for address: WebAddress, of request: HTTPRequest) -> AddressRule {
        if request.isOperators { return .operators }
        return allowed.contains { $0.host == address.host && $0.port == address.port } ? .excepted : .guarded
    }

    private func pool(_ rule: AddressRule) throws(TransportError) -> CurlMulti {
        try pools.withLock { pools throws(TransportError) -> CurlMulti in
            if let pool = pools[rule] { return pool }
            let pool = try CurlMulti(name: "curl-\(rule)", perHost: perHost)
            pools[rule] = pool
            return pool
        }
    }
}
