import CCurl
import Foundation
import Synchronization
import VitrineCore

/// One pool of connections and the one thread that drives it.
final class CurlMulti: Sendable {
    private let inbox: Inbox
    private let count = Atomic<UInt64>(0)

    /// A pool that serves at most `perHost` requests to one host at a time; throws `notKept` when there is no memory.
    init(name: String, perHost: Int) throws(TransportError) {
        guard CurlMulti.isReady, let multi = curl_multi_init() else {
            throw TransportError(.notKept, "libcurl cannot start", mayHaveBeenSent: false)
        }
        let inbox = Inbox(multi)
        self.inbox = inbox
        let thread = Thread { CurlLoop(inbox, perHost: perHost).run() }
        thread.name = name
        thread.stackSize = 1 << 20
        thread.start()
    }

    deinit {
        inbox.close()
    }

    /// Does one exchange; ends it when the task is cancelled.
    func run(_ exchange: Exchange) async throws(TransportError) -> Answer {
        let ticket = Ticket(number: count.add(1, ordering: .relaxed).newValue)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                inbox.add(Order(ticket: ticket, exchange: exchange, continuation: continuation))
            }
        } onCancel: {
            inbox.cancel(ticket)
        }
        return try outcome.get()
    }

    /// Libcurl asks to be set up once in a process, before any thread uses it.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
}

/// What identifies an order, and whether it is still wanted.
final class Ticket: Sendable {
    let number: UInt64
    let isCancelled = Atomic<Bool>(false)

    init(number: UInt64) { self.number = number }
}

/// An exchange and who waits for it.
struct Order: Sendable {
    var ticket: Ticket
    var exchange: Exchange
    var continuation: CheckedContinuation<Swift.Result<Answer, TransportError>, Never>
}

/// The one place where the pool's thread and its callers meet.
final class Inbox: Sendable {
    private struct State {
        var orders: [Order] = []
        var cancelled: [UInt64] = []
        var isClosed = false
    }

    /// Other threads only call `curl_multi_wakeup` on it, which curl allows from any thread.
    nonisolated(unsafe) let multi: UnsafeMutableRawPointer
    private let state = Mutex(State())

    init(_ multi: UnsafeMutableRawPointer) { self.multi = multi }

    func add(_ order: Order) {
        change { $0.orders.append(order) }
    }

    /// Race: a task may be cancelled before its order is added.
    ///
    /// The mark on the ticket is set first and read when the order is taken, so that whichever comes second sees the other.
    func cancel(_ ticket: Ticket) {
        ticket.isCancelled.store(true, ordering: .sequentiallyConsistent)
        change { $0.cancelled.append(ticket.number) }
    }

    func close() {
        change { $0.isClosed = true }
    }

    /// Race: the loop frees the handle once it has seen that it is closed, so it is woken before the lock is given back.
    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            guard !state.isClosed else { return }
            body(&state)
            curl_multi_wakeup(multi)
        }
    }

    func take() -> (orders: [Order], cancelled: [UInt64], isClosed: Bool) {
        state.withLock { state in
            defer {
                state.orders = []
                state.cancelled = []
            }
            return (state.orders, state.cancelled, state.isClosed)
        }
    }
}
