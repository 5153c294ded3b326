import Foundation
import Synchronization
import VitrineCore
import VitrinePipeline
import VitrineTesting

/// What a worker process is told: which home, and when it is to die.
struct WorkerOrder {
    /// How it dies.
    enum Death: String {
        /// By its own hand, before a call of the store or the network.
        case before
        /// By its own hand, after such a call took effect.
        case after
        /// By its own hand, while a call of the network is going on.
        case during
        /// By its parent.
        case byOthers = "by-others"
    }

    static let verb = "worker"

    var home: String
    var place: SimulatedShop.Place
    var ahead: Int64
    var provider: ProviderID?
    var death: Death
    var number = 0

    var arguments: [String] {
        [
            Self.verb, home, "\(place.simulator)", "\(place.doorbell ?? 0)", "\(ahead)", provider?.rawValue ?? "",
            death.rawValue, "\(number)",
        ]
    }

    init(
        home: String,
        place: SimulatedShop.Place,
        ahead: Int64,
        provider: ProviderID? = nil,
        death: Death,
        number: Int = 0
    ) {
        self.home = home
        self.place = place
        self.ahead = ahead
        self.provider = provider
        self.death = death
        self.number = number
    }

    /// What the arguments say; nil when they say nothing of the kind.
    init?(_ arguments: [String]) {
        guard arguments.count == 8, arguments[0] == Self.verb, let simulator = Int(arguments[2]),
            let ahead = Int64(arguments[4]), let death = Death(rawValue: arguments[6]), let number = Int(arguments[7])
        else { return nil }
        home = arguments[1]
        place = SimulatedShop.Place(simulator: simulator, doorbell: Int(arguments[3]))
        self.ahead = ahead
        provider = arguments[5].isEmpty ? nil : ProviderID(arguments[5])
        self.death = death
        self.number = number
    }

    /// Works as told; comes back only where death did not come.
    func work() async throws {
        let time = ShiftedTime(by: ahead)
        let moment: Faults.Moment = death == .after ? .after : .before
        let isOwn = death == .before || death == .after
        let faults = Faults(at: isOwn ? number : .max, moment) { kill(getpid(), SIGKILL) }
        let shop = try SimulatedShop(
            folder: home,
            place: place,
            time: time.source,
            providers: provider.map { [$0] } ?? SimulatedShop.names,
            store: { FaultyStore(wrapping: $0, faults) },
            transport: { LethalTransport($0, faults, within: death == .during ? number : nil) }
        )
        let pool = shop.pool(FaultyStore(wrapping: shop.store, faults))
        if death == .byOthers { try await pool.run(until: .idle) } else { try await pool.drain() }
    }
}

/// The network of a worker that dies of it.
struct LethalTransport: HTTPTransport {
    private let transport: any HTTPTransport
    private let faults: Faults
    private let within: Int?
    private let calls = Calls()

    private final class Calls: Sendable {
        let count = Atomic<Int>(0)
    }

    /// The network behind faults; `within` kills the process in the middle of that call.
    init(_ transport: any HTTPTransport, _ faults: Faults, within: Int?) {
        self.transport = transport
        self.faults = faults
        self.within = within
    }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        arm()
        return try await faults.call(dead: Self.dead) { () throws(TransportError) in
            try await transport.send(request)
        }
    }

    func download(_ request: HTTPRequest, to path: String) async throws(TransportError) -> HTTPResponse {
        arm()
        return try await faults.call(dead: Self.dead) { () throws(TransportError) in
            try await transport.download(request, to: path)
        }
    }

    /// Lets the process be killed some milliseconds into the call: at another one of its moments for each number.
    private func arm() {
        guard let within, calls.count.add(1, ordering: .relaxed).newValue == (within + 2) / 3 else { return }
        let wait = [3, 20, 45][within % 3]
        let killer = Thread {
            usleep(UInt32(wait * 1000))
            kill(getpid(), SIGKILL)
        }
        killer.start()
    }

    private static let dead = TransportError(.broken, "dead", mayHaveBeenSent: true)
}
