import ArgumentParser
import Foundation
import Logging
import VitrineCore
import VitrineSimulator
import VitrineTransport
import VitrineVideo

/// `vitrine simulate`.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Serve the providers' interfaces on this machine, without accounts and for free.",
        discussion: """
            Each provider answers below its own path, http://127.0.0.1:PORT/PROVIDER, as strictly as the real one; its clips are
            plain ones of the picture that was sent. What would have been billed is at /_simulator/ledger. A scenario says how
            long jobs take, what is limited and what goes wrong: see docs/simulator.md.

              vitrine simulate --print-env > simulated.env
              vitrine simulate --scenario rough-day.yaml

            \(ExitHelp.text)
            """
    )

    @Option(help: ArgumentHelp("The port on 127.0.0.1; 0 takes a free one.", valueName: "n")) var port = 8190
    @Option(help: ArgumentHelp("A scenario, in YAML.", valueName: "file")) var scenario: String?
    @Flag(help: "Print the settings that point Vitrine at these servers, and end.") var printEnv = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port: expected a number from 0 to 65535 but got \(port)")
        }
    }

    func run() async throws {
        let output = global.output
        if printEnv {
            let lines = Simulator.environment(port: port)
            guard global.json else { return lines.forEach(output.line) }
            return output.json(Dictionary(uniqueKeysWithValues: lines.map(SimulateCommand.pair)))
        }
        let tools = try await VideoTools.here()
        let folder = FileManager.default.temporaryDirectory.path + "/vitrine-simulator-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // The clips of a simulation are worth nothing once it ends.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let simulator = Simulator(
            scenario: try readScenario(),
            transport: CurlTransport(),
            tools: tools,
            folder: folder
        )
        var log = Logger(label: "vitrine.simulator") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = global.verbose ? .debug : .critical
        do {
            try await simulator.run(port: port, log: log) { port in
                output.say("simulating \(Simulator.providers.joined(separator: ", "))")
                output.line("http://127.0.0.1:\(port)")
            }
        } catch is CancellationError {
            output.say("stopped")
        }
    }

    private func readScenario() throws -> Scenario {
        guard let scenario else { return Scenario() }
        guard let text = try? String(contentsOfFile: scenario, encoding: .utf8) else {
            throw CommandFailure("no scenario at `\(scenario)`", hint: "name a YAML file; see docs/simulator.md")
        }
        do throws(ScenarioProblem) {
            return try Scenario(yaml: text)
        } catch {
            throw CommandFailure("\(scenario):\(error.line): \(error.message)", hint: "see docs/simulator.md")
        }
    }

    private static func pair(_ line: String) -> (String, String) {
        let halves = line.split(separator: "=", maxSplits: 1)
        return (String(halves[0]), String(halves[1]))
    }
}
