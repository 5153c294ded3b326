import Foundation
import Logging
import VitrineCore
import VitrineSimulator
import VitrineTransport
import VitrineVideo

/// A simulator on real sockets in this process, with a doorbell beside it.
struct RunningSimulator {
    let simulator: Simulator
    let doorbell: Doorbell
    let place: SimulatedShop.Place

    /// Runs `body` while they listen.
    static func whileRunning<Value: Sendable>(
        _ scenario: String = "",
        folder: String,
        time: TimeSource,
        _ body: (RunningSimulator) async throws -> Value
    ) async throws -> Value {
        let simulator = Simulator(
            scenario: try Scenario(yaml: scenario),
            transport: CurlTransport(),
            tools: try await VideoTools.find(environment: ProcessInfo.processInfo.environment),
            folder: folder,
            time: time
        )
        let doorbell = Doorbell()
        let (ports, opened) = AsyncStream.makeStream(of: (isBell: Bool, port: Int).self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let log = Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() }
                try await simulator.run(port: 0, log: log) { opened.yield((false, $0)) }
            }
            group.addTask { try await doorbell.run { opened.yield((true, $0)) } }
            var place = SimulatedShop.Place(simulator: 0)
            for await (isBell, port) in ports {
                if isBell { place.doorbell = port } else { place.simulator = port }
                if place.simulator != 0, place.doorbell != nil { break }
            }
            let value = try await body(
                RunningSimulator(simulator: simulator, doorbell: doorbell, place: place)
            )
            group.cancelAll()
            return value
        }
    }
}
