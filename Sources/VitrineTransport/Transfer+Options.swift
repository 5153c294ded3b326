import CCurl
import Foundation
import VitrineCore

extension Transfer {
    /// Address, protocols, time and size.
    func setLimits() {
        let request = exchange.request
        vt_set_text(easy, CURLOPT_URL, exchange.address.text)
        vt_set_text(easy, CURLOPT_PROXY, "")
        vt_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        vt_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        vt_set_long(easy, CURLOPT_NOSIGNAL, 1)
        vt_set_long(easy, CURLOPT_QUICK_EXIT, 1)
        vt_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        vt_set_long(easy, CURLOPT_TIMEOUT_MS, Transfer.milliseconds(exchange.deadline))
        vt_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, Transfer.milliseconds(min(exchange.deadline, .seconds(15))))
        if request.byteLimit > 0, request.method != "HEAD" {
            vt_set_size(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(request.byteLimit))
        }
    }

    /// Method and body.
    func setRequest() {
        let request = exchange.request
        if request.method == "HEAD" {
            vt_set_long(easy, CURLOPT_NOBODY, 1)
            return
        }
        if request.method == "GET", request.body == nil {
            // Without TLS curl would wait for a whole answer before it opens a second connection.
            if exchange.address.scheme == "https" { vt_set_long(easy, CURLOPT_PIPEWAIT, 1) }
            return
        }
        // Money: such a request may have an effect. Curl repeats a request when a connection in use again turns out dead,
        // so this one takes none that has rested longer than servers let them (5 s is the shortest that is usual), and a second
        // attempt is refused in `sends(to:)`.
        vt_set_long(easy, CURLOPT_MAXAGE_CONN, 3)
        if let body = request.body, !body.isEmpty {
            vt_set_long(easy, CURLOPT_POST, 1)
            vt_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            body.withUnsafeBytes { _ = vt_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
        } else if request.body != nil || request.method == "POST" {
            vt_set_long(easy, CURLOPT_POST, 1)
            vt_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, 0)
            vt_set_text(easy, CURLOPT_COPYPOSTFIELDS, "")
        }
        vt_set_text(easy, CURLOPT_CUSTOMREQUEST, request.method)
    }

    /// Where curl asks and tells; C functions that capture nothing find their transfer behind the pointer.
    func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        vt_set_pointer(easy, CURLOPT_PRIVATE, context)
        vt_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
        vt_set_socket(easy) { context, purpose, address in
            guard let address, purpose == CURLSOCKTYPE_IPCXN, let transfer = Transfer.at(context) else { return -1 }
            return transfer.opens(address) ? vt_open_socket(address) : -1
        }
        vt_set_pointer(easy, CURLOPT_PREREQDATA, context)
        vt_set_request(easy) { context, address, _, _, _ in
            guard let address, let transfer = Transfer.at(context) else { return 1 }
            return transfer.sends(to: String(cString: address)) ? 0 : 1
        }
        vt_set_pointer(easy, CURLOPT_HEADERDATA, context)
        vt_set_data(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            guard let bytes, let transfer = Transfer.at(context) else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return transfer.takes(header: line) ? line.count : 0
        }
        vt_set_pointer(easy, CURLOPT_WRITEDATA, context)
        vt_set_data(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let transfer = Transfer.at(context) else { return 0 }
            let piece = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return transfer.takes(body: piece) ? piece.count : 0
        }
        vt_set_long(easy, CURLOPT_NOPROGRESS, 0)
        vt_set_pointer(easy, CURLOPT_XFERINFODATA, context)
        vt_set_progress(easy) { context, _, down, _, up in
            Transfer.at(context)?.moves(to: Int64(down &+ up))
            return 0
        }
    }

    /// The header fields as curl takes them; the caller frees them.
    static func fields(of request: HTTPRequest) -> UnsafeMutablePointer<curl_slist>? {
        let names = Set(request.headers.keys.map { $0.lowercased() })
        var lines = ["Expect:"]
        if !names.contains("content-type") { lines.append("Content-Type:") }
        if !names.contains("user-agent") { lines.append("User-Agent: vitrine") }
        for (name, value) in request.headers.sorted(by: { $0.key < $1.key }) {
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        return lines.reduce(nil) { list, line in curl_slist_append(list, line) ?? list }
    }

    /// The transfer behind curl's pointer.
    static func at(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func milliseconds(_ duration: Duration) -> Int {
        Int(max(1, min(duration.milliseconds, 1 << 30)))
    }
}
