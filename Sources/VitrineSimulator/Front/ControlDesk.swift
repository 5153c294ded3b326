import Foundation
import Synchronization
import VitrineCore

/// What tests and people ask the simulator itself, below `/_simulator`: the ledger, the visits, the scenario.
struct ControlDesk: Sendable {
    static let name = "_simulator"

    let world: SimulatedWorld

    func reply(to call: Call) -> Reply {
        switch (call.method, call.path.joined(separator: "/")) {
        case ("GET", "ledger"): return encoded(LedgerReport(world.ledger))
        case ("GET", "visits"): return .json(visits)
        case ("GET", "counts"): return .json(counts)
        case ("GET", "webhooks"): return .json(webhooks)
        case ("GET", "picture.png"): return .file(ClipMaker.ground("a product"), kind: "image/png", for: call)
        case ("POST", "reset"):
            world.reset()
            return .empty(204)
        case ("PUT", "scenario"):
            do throws(ScenarioProblem) {
                world.play(try Scenario(yaml: String(decoding: call.body, as: UTF8.self)))
                return .empty(204)
            } catch {
                return .json(["error": "line \(error.line): \(error.message)"], status: 400)
            }
        default:
            let routes = """
                GET ledger, visits, counts, webhooks, picture.png; POST reset; PUT scenario
                """
            return .json(["error": .text("there are: \(routes)")], status: 404)
        }
    }

    private var visits: JSON {
        .list(
            world.state.withLock(\.visits).map { visit in
                [
                    "provider": .text(visit.provider), "exchange": .text(visit.exchange.rawValue),
                    "method": .text(visit.method), "path": .text(visit.path), "status": .integer(visit.status),
                    "key": .text(visit.key), "shape": .list(visit.shape.map(JSON.text)),
                    "headers": .list(visit.headers.map(JSON.text)),
                    "at": .text(visit.at.ISO8601Format()),
                ]
            }
        )
    }

    private var counts: JSON {
        world.state.withLock { state in
            var providers: [String: JSON] = [:]
            for name in Simulator.providers {
                var exchanges: [String: JSON] = [:]
                for exchange in Exchange.allCases {
                    if let count = state.counts["\(name) \(exchange.rawValue)"] {
                        exchanges[exchange.rawValue] = .integer(count)
                    }
                }
                guard !exchanges.isEmpty else { continue }
                let connections = state.connections[name]?.count ?? 0
                providers[name] = ["connections": .integer(connections), "exchanges": .map(exchanges)]
            }
            return .map(providers)
        }
    }

    private var webhooks: JSON {
        .list(
            world.state.withLock(\.rung).map { bell in
                [
                    "provider": .text(bell.provider), "job": .text(bell.job), "address": .text(bell.address),
                    "status": .integer(bell.status), "at": .text(bell.at.ISO8601Format()),
                ]
            }
        )
    }

    private func encoded(_ value: some Encodable) -> Reply {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            let body = try encoder.encode(value)
            return Reply(status: 200, headers: ["content-type": "application/json"], body: body)
        } catch {
            preconditionFailure("a ledger is made of text and numbers: \(error)")
        }
    }
}

private struct LedgerReport: Encodable {
    var entries: [BillLedger.Entry]
    var billed: [Money]
    var doubled: Int

    init(_ ledger: BillLedger) {
        entries = ledger.entries
        billed = ledger.billed
        doubled = ledger.doubled.count
    }
}
