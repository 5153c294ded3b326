import CCurl
import Foundation
import VitrineCore

/// One exchange while it runs: what curl's callbacks write to.
///
/// Only the thread of its pool touches it.
final class Transfer {
    /// Why we ended it ourselves.
    private enum Stop {
        case headers
        case bytes
        case address(String)
        case stalled
        case repeated
        case file(String)
    }

    /// The most bytes of all header fields together.
    static let headerLimit = 64 << 10
    /// The most bytes that are kept of a body that nobody asked for: of a redirect, or of an error instead of a file.
    static let asideLimit = 64 << 10

    /// What was asked.
    let exchange: Exchange
    /// Curl's side of it.
    let easy: UnsafeMutableRawPointer
    /// When the next byte is due.
    private(set) var stallsAt: SuspendingClock.Instant

    private let stall: Duration
    private let fields: UnsafeMutablePointer<curl_slist>?
    private var stop: Stop?
    private var requests = 0
    private var status = 0
    private var headers: [String: String] = [:]
    private var headerBytes = 0
    private var body = Data()
    private var bodyBytes = 0
    private var file: PartialFile?
    private var progress: Int64 = 0

    /// A transfer on a fresh easy handle.
    ///
    /// Curl holds it unretained: it must outlive the handle's use.
    init(_ exchange: Exchange, on easy: UnsafeMutableRawPointer) {
        self.exchange = exchange
        self.easy = easy
        stall = max(exchange.request.stall, .milliseconds(1))
        stallsAt = SuspendingClock.now.advanced(by: stall)
        fields = Transfer.fields(of: exchange.request)
        vt_set_list(easy, CURLOPT_HTTPHEADER, fields)
        setLimits()
        setRequest()
        setCallbacks()
    }

    deinit {
        curl_slist_free_all(fields)
    }

    /// Whether the other side may have got it.
    var mayHaveBeenSent: Bool { requests > 0 }

    /// Marks it as ended for want of bytes.
    func markStalled() { stop = .stalled }

    /// Whether a connection to the address may be opened.
    func opens(_ address: UnsafeMutablePointer<curl_sockaddr>) -> Bool {
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return false }
        let raw = UnsafeRawPointer(address).advanced(by: offset)
        let bytes: UnsafeRawBufferPointer
        switch address.pointee.family {
        case AF_INET: bytes = UnsafeRawBufferPointer(start: raw.advanced(by: 4), count: 4)
        case AF_INET6: bytes = UnsafeRawBufferPointer(start: raw.advanced(by: 8), count: 16)
        default: return false
        }
        return permits(Array(bytes))
    }

    /// Whether the request may go out over a connection, new or used, to the address.
    func sends(to address: String) -> Bool {
        guard permits(AddressGuard.bytes(of: address) ?? []) else { return false }
        let method = exchange.request.method
        guard requests == 0 || method == "GET" || method == "HEAD" else {
            stop = .repeated
            return false
        }
        requests += 1
        stallsAt = SuspendingClock.now.advanced(by: stall)
        return true
    }

    /// Takes a line of the answer's head; false ends the transfer.
    func takes(header line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= Transfer.headerLimit else {
            stop = .headers
            return false
        }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            headers = [:]
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0.trimmed) } ?? 0
        } else if let colon = text.firstIndex(of: ":") {
            headers[text[..<colon].trimmed.lowercased()] = text[text.index(after: colon)...].trimmed
        }
        stallsAt = SuspendingClock.now.advanced(by: stall)
        return true
    }

    /// Takes a piece of the answer's body; false ends the transfer.
    func takes(body piece: UnsafeRawBufferPointer) -> Bool {
        bodyBytes += piece.count
        guard bodyBytes <= exchange.request.byteLimit else {
            stop = .bytes
            return false
        }
        if let path = exchange.path, isFine {
            do throws(PartialFile.Failure) {
                try open(path).write(piece)
            } catch {
                stop = .file(error.reason)
                return false
            }
        } else if exchange.path != nil || (isRedirect && exchange.request.followsRedirects) {
            body.append(contentsOf: piece.prefix(max(0, Transfer.asideLimit - body.count)))
        } else {
            body.append(contentsOf: piece)
        }
        return true
    }

    /// Notes how many bytes have gone either way.
    func moves(to total: Int64) {
        guard total != progress else { return }
        progress = total
        stallsAt = SuspendingClock.now.advanced(by: stall)
    }

    /// What came of it.
    func outcome(_ code: CURLcode) -> Swift.Result<Answer, TransportError> {
        guard code == CURLE_OK, stop == nil else { return .failure(trouble(code)) }
        if let path = exchange.path, isFine {
            do throws(PartialFile.Failure) {
                try open(path).keep()
            } catch {
                stop = .file(error.reason)
                return .failure(trouble(code))
            }
        }
        var elapsed: curl_off_t = 0
        vt_get_size(easy, CURLINFO_TOTAL_TIME_T, &elapsed)
        let response = HTTPResponse(status: status, headers: headers, body: body, url: exchange.address.text)
        return .success(Answer(response: response, location: location, elapsed: .microseconds(elapsed)))
    }

    private var isFine: Bool { (200..<300).contains(status) }

    private var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) }

    private var location: String? {
        var text: UnsafeMutablePointer<CChar>?
        guard isRedirect, vt_get_text(easy, CURLINFO_REDIRECT_URL, &text) == CURLE_OK, let text else { return nil }
        return String(cString: text)
    }

    private func permits(_ address: [UInt8]) -> Bool {
        if exchange.rule.permits(address, carriesKeyInTheClear: exchange.carriesKeyInTheClear) { return true }
        let isKey = exchange.rule.permits(address, carriesKeyInTheClear: false)
        stop = .address(isKey ? "over plain http a key goes to this machine only" : "its address is not public")
        return false
    }

    private func open(_ path: String) throws(PartialFile.Failure) -> PartialFile {
        if let file { return file }
        let opened = try PartialFile(for: path)
        file = opened
        return opened
    }

    private func trouble(_ code: CURLcode) -> TransportError {
        let shown = exchange.address.shown
        let limit = exchange.request.byteLimit
        switch stop {
        case .headers: return error(.tooLarge, "the head of `\(shown)` has more than `\(Transfer.headerLimit)` bytes")
        case .bytes: return error(.tooLarge, "`\(shown)` has more than `\(limit)` bytes")
        case .address(let why): return error(.forbiddenAddress, "`\(shown)` is not asked: \(why)")
        case .stalled: return error(.timedOut, "`\(shown)` sent nothing for `\(stall.seconds)` s")
        case .repeated: return error(.broken, "the connection to `\(exchange.address.host)` broke; not sent again")
        case .file(let reason): return error(.notKept, "the body of `\(shown)` could not be written: \(reason)")
        case nil: return error(curl: code)
        }
    }

    private func error(curl code: CURLcode) -> TransportError {
        let shown = exchange.address.shown
        let host = exchange.address.host
        switch code {
        case CURLE_UNSUPPORTED_PROTOCOL where mayHaveBeenSent: return error(.broken, "`\(host)` does not speak HTTP")
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            return error(.badAddress, "expected an http or https address but got `\(shown)`")
        case CURLE_COULDNT_RESOLVE_HOST: return error(.unreachable, "no host `\(host)` is known")
        case CURLE_COULDNT_CONNECT: return error(.unreachable, "`\(host)` cannot be reached")
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CONNECT_ERROR:
            return error(.untrusted, "no trusted connection to `\(host)`: \(String(cString: curl_easy_strerror(code)))")
        case CURLE_OPERATION_TIMEDOUT:
            return error(.timedOut, "`\(shown)` took longer than `\(exchange.request.deadline.seconds)` s")
        case CURLE_FILESIZE_EXCEEDED:
            return error(.tooLarge, "`\(shown)` has more than `\(exchange.request.byteLimit)` bytes")
        case CURLE_PARTIAL_FILE: return error(.truncated, "`\(shown)` ended after `\(bodyBytes)` bytes, before its end")
        default:
            return error(
                .broken,
                "the connection to `\(host)` broke: \(String(cString: curl_easy_strerror(code)).lowercased())"
            )
        }
    }

    private func error(_ kind: TransportError.Kind, _ message: String) -> TransportError {
        TransportError(kind, message, mayHaveBeenSent: mayHaveBeenSent)
    }
}
