import Logging
import Testing
import VitrineTesting

@testable import VitrineSimulator

@Suite("A simulator stops")
struct StoppingTests {
    @Test("a simulator that is stopped while clients come in ends by itself")
    func stopping() async throws {
        for _ in 1...20 {
            let stage = try await Stage()
            let (ports, listening) = AsyncStream.makeStream(of: Int.self)
            let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let run = Task { try await stage.simulator.run(port: 0, log: log) { listening.yield($0) } }
            let port = try #require(await ports.first { _ in true })
            let coming = Task { LoopbackClient.crowd(at: port, most: 200).count }

            await Task.yield()
            run.cancel()

            _ = await run.result
            _ = await coming.value
        }
    }
}
