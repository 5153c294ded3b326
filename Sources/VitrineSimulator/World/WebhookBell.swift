import Foundation
import Synchronization
import VitrineCore

/// One webhook that is to be sent.
struct Ring: Sendable {
    var provider: String
    var job: String
    var address: String
    var dueAt: Date
    var attempt = 0
    /// Makes headers and body when it is sent.
    var letter: @Sendable (Date) throws -> Letter
}

/// Headers and body of a webhook.
struct Letter: Sendable {
    var headers: [String: String]
    var body: Data

    /// It with a body that was changed on the way, so that no signature fits.
    var forged: Letter { Letter(headers: headers, body: body + Data(" ".utf8)) }
}

/// One webhook that was sent, and what was answered.
struct RungBell: Sendable {
    var provider: String
    var job: String
    var address: String
    var at: Date
    /// Zero when nobody answered.
    var status: Int
}

/// Sends the providers' webhooks: in order and once, unless the scenario says otherwise.
struct WebhookBell: Sendable {
    let world: SimulatedWorld
    let transport: any HTTPTransport

    /// Puts a webhook on the list, with what the scenario does to it.
    func add(_ ring: Ring) {
        let deeds = world.state.withLock { $0.faults.deeds(webhookOf: ring.provider) }
        var rings = [ring]
        for deed in deeds {
            switch deed {
            case .lose: rings = []
            case .late(let wait): rings = rings.map { $0.moved(by: wait) }
            case .double: rings += rings.map { $0.moved(by: .milliseconds(50)) }
            case .reorder: rings = rings.map { $0.moved(by: .seconds(1)) }
            case .forge:
                var forged = ring
                forged.letter = { try ring.letter($0).forged }
                rings.insert(forged, at: 0)
            default: break
            }
        }
        let found = rings
        world.state.withLock { state in
            state.rings += found
            state.rings.sort { $0.dueAt < $1.dueAt }
        }
    }

    /// Sends what is due, and gives back when the next one is.
    func sendDue() async -> Date? {
        let now = world.now
        let due = world.state.withLock { state in
            let due = Array(state.rings.prefix { $0.dueAt <= now })
            state.rings.removeFirst(due.count)
            return due
        }
        await withTaskGroup(of: Void.self) { group in
            for (index, ring) in due.enumerated() {
                if index >= 32 { await group.next() }
                group.addTask { await send(ring, at: now) }
            }
        }
        return world.state.withLock { $0.rings.first?.dueAt }
    }

    /// Sends webhooks until its task is cancelled.
    func run() async throws {
        while true {
            let next = await sendDue()
            let wait =
                next.map { Duration.milliseconds($0.milliseconds - world.now.milliseconds) } ?? .milliseconds(100)
            try await world.time.sleep(min(max(wait, .milliseconds(5)), .milliseconds(100)))
        }
    }

    private func send(_ ring: Ring, at now: Date) async {
        var status = 0
        do {
            let letter = try ring.letter(now)
            let answer = try await transport.send(
                HTTPRequest(
                    "POST",
                    ring.address,
                    headers: letter.headers,
                    body: letter.body,
                    deadline: .seconds(15),
                    followsRedirects: false,
                    isOperators: true
                )
            )
            status = answer.status
        } catch {
            // Nobody answered: it is rung again.
        }
        let isAnswered = (200..<300).contains(status)
        let answered = status
        world.state.withLock { state in
            state.rung.append(
                RungBell(
                    provider: ring.provider,
                    job: ring.job,
                    address: ring.address,
                    at: now,
                    status: answered
                )
            )
            guard !isAnswered, ring.attempt < 3 else { return }
            var again = ring.moved(by: .seconds(1 << ring.attempt))
            again.attempt += 1
            state.rings.append(again)
            state.rings.sort { $0.dueAt < $1.dueAt }
        }
    }
}

extension Ring {
    fileprivate func moved(by wait: Duration) -> Ring {
        var ring = self
        ring.dueAt = dueAt.adding(wait)
        return ring
    }
}
