import CCurl
import Foundation
import Synchronization
import VitrineCore

/// What the thread of a pool does until the pool is closed.
///
/// Nothing of it leaves that thread.
final class CurlLoop {
    private let inbox: Inbox
    private let multi: UnsafeMutableRawPointer
    private let perHost: Int
    private var lines: [String: HostLine<Order>] = [:]
    private var live: [UInt64: (order: Order, transfer: Transfer)] = [:]
    private var numbers: [UnsafeMutableRawPointer: UInt64] = [:]
    private var spare: [UnsafeMutableRawPointer] = []
    private var nextLook: SuspendingClock.Instant?

    /// A loop over the orders of an inbox.
    init(_ inbox: Inbox, perHost: Int) {
        self.inbox = inbox
        self.multi = inbox.multi
        self.perHost = perHost
    }

    /// Runs until the inbox is closed, then gives everything back.
    func run() {
        // A write of OpenSSL to a closed connection raises SIGPIPE for the writing thread: blocked, it is an error code.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        vt_set_multi(multi, CURLMOPT_MAXCONNECTS, 64)

        while true {
            let (orders, cancelled, isClosed) = inbox.take()
            for order in orders { accept(order) }
            for number in cancelled { cancel(number) }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            collect()
            endStalled()
            if isClosed, live.isEmpty { break }
            curl_multi_poll(multi, nil, 0, pause, nil)
        }
        spare.forEach { curl_easy_cleanup($0) }
        curl_multi_cleanup(multi)
    }

    private func accept(_ order: Order) {
        if order.ticket.isCancelled.load(ordering: .sequentiallyConsistent) {
            order.continuation.resume(returning: .failure(.unwanted(mayHaveBeenSent: false)))
            return
        }
        let host = order.exchange.address.host
        lines[host, default: HostLine()].join(order)
        serve(host)
    }

    private func serve(_ host: String) {
        while let order = lines[host]?.next(limit: perHost) {
            if !begin(order) { lines[host]?.leave() }
        }
        if lines[host]?.isIdle == true { lines[host] = nil }
    }

    private func begin(_ order: Order) -> Bool {
        guard let easy = spare.popLast() ?? curl_easy_init() else {
            order.continuation.resume(
                returning: .failure(TransportError(.notKept, "out of memory", mayHaveBeenSent: false))
            )
            return false
        }
        let transfer = Transfer(order.exchange, on: easy)
        live[order.ticket.number] = (order, transfer)
        numbers[easy] = order.ticket.number
        nextLook = min(nextLook ?? transfer.stallsAt, transfer.stallsAt)
        curl_multi_add_handle(multi, easy)
        return true
    }

    private func cancel(_ number: UInt64) {
        if let (_, transfer) = live[number] {
            finish(number, .failure(.unwanted(mayHaveBeenSent: transfer.mayHaveBeenSent)))
            return
        }
        for host in Array(lines.keys) {
            let gone = lines[host]?.remove { $0.ticket.number == number } ?? []
            for order in gone { order.continuation.resume(returning: .failure(.unwanted(mayHaveBeenSent: false))) }
            if lines[host]?.isIdle == true { lines[host] = nil }
        }
    }

    private func collect() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let code = vt_result(message)
            guard let number = numbers[easy], let (_, transfer) = live[number] else { continue }
            finish(number, transfer.outcome(code))
        }
    }

    /// Ends transfers without a byte for too long; looks only when the earliest of them can be due.
    private func endStalled() {
        guard let look = nextLook else { return }
        let now = SuspendingClock.now
        guard look <= now else { return }
        for (number, (_, transfer)) in live where transfer.stallsAt <= now {
            transfer.markStalled()
            finish(number, transfer.outcome(CURLE_OPERATION_TIMEDOUT))
        }
        let earliest = live.values.map(\.transfer.stallsAt).min()
        nextLook = earliest.map { max($0, now.advanced(by: .milliseconds(10))) }
    }

    private func finish(_ number: UInt64, _ outcome: Swift.Result<Answer, TransportError>) {
        guard let (order, transfer) = live.removeValue(forKey: number) else { return }
        let easy = transfer.easy
        numbers[easy] = nil
        curl_multi_remove_handle(multi, easy)
        curl_easy_reset(easy)
        if spare.count < 32 { spare.append(easy) } else { curl_easy_cleanup(easy) }
        order.continuation.resume(returning: outcome)
        let host = order.exchange.address.host
        lines[host]?.leave()
        serve(host)
    }

    private var pause: Int32 {
        guard let nextLook else { return 60_000 }
        let wait = SuspendingClock.now.duration(to: nextLook).milliseconds + 1
        return Int32(max(0, min(wait, 60_000)))
    }
}

extension TransportError {
    /// What a cancelled task gets.
    fileprivate static func unwanted(mayHaveBeenSent: Bool) -> TransportError {
        TransportError(.cancelled, "cancelled", mayHaveBeenSent: mayHaveBeenSent)
    }
}
