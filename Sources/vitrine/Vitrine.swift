import ArgumentParser
import Foundation
import VitrineCore

/// The program: parses, runs one command, and turns what went wrong into words and an exit code.
@main
struct Vitrine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vitrine",
        abstract: "Turns a merchant's product feed into showcase videos.",
        discussion: """
            The main job in one go, with no account and no network:

              vitrine generate products.csv --out videos

            Or step by step: `vitrine import products.csv`, `vitrine plan`, `vitrine apply`, `vitrine work --until-idle`,
            `vitrine export --to gallery --out videos`.

            \(ExitHelp.text)
            """,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Main job",
                subcommands: [
                    GenerateCommand.self, ImportCommand.self, PlanCommand.self, ApplyCommand.self, WorkCommand.self,
                    ServeCommand.self, ExportCommand.self,
                ]
            ),
            CommandGroup(
                name: "Review",
                subcommands: [
                    ProductsCommand.self, VideosCommand.self, JobsCommand.self, RegenerateCommand.self,
                    CompareCommand.self, SpendCommand.self, BudgetCommand.self,
                ]
            ),
            CommandGroup(
                name: "Setup",
                subcommands: [
                    PresetsCommand.self, ProvidersCommand.self, KeysCommand.self, WebhooksCommand.self,
                    LinksCommand.self,
                    BackupCommand.self, PruneCommand.self,
                    SimulateCommand.self, DoctorCommand.self,
                ]
            ),
        ]
    )

    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        let run = Task {
            var command: any ParsableCommand
            do {
                command = try parseAsRoot()
            } catch {
                exit(withError: error)
            }
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        }
        let interrupts = Interrupts { run.cancel() }
        let outcome = await run.result
        withExtendedLifetime(interrupts) {}
        guard case .failure(let error) = outcome else { return }
        let output = Output(isJSON: false, isQuiet: false, isVerbose: false)
        if interrupts.wereSeen || error is CancellationError {
            output.say("interrupted; nothing is lost: run the same command again and it goes on")
            Self.exit(withError: ExitCode.interrupted)
        }
        guard Output.words(for: error) != nil || error is CocoaError else { Self.exit(withError: error) }
        output.say(error)
        if CommandLine.arguments.contains("--json") { output.json(FailureReport(error)) }
        Self.exit(withError: ExitCode.failure)
    }
}

/// What `--json` prints when a command failed: one document all the same.
struct FailureReport: Encodable {
    struct Words: Encodable {
        var message: String
        var hint: String?
    }

    var error: Words

    init(_ error: any Error) {
        let words = Output.words(for: error)
        self.error = Words(message: words?.message ?? "the command failed", hint: words?.hint)
    }
}

/// What every help says of exit codes.
enum ExitHelp {
    static let text = """
        Exit codes: 0 done; 1 failed; 3 partly done (some rows, pictures or jobs were not made, or are held);
        64 usage; 130 interrupted.
        """
}

/// The release.
enum Version {
    static let text = "0.1.0"
}
