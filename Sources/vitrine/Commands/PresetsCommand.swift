import ArgumentParser
import Foundation
import VitrineCore
import VitrineImaging
import VitrinePipeline
import VitrinePresets
import VitrineProviders
import VitrineVideo

/// `vitrine presets list|show|check|explain|render|test|new|schema`.
struct PresetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "presets",
        abstract: "Look at presets, check them, and see what they do.",
        discussion: ExitHelp.text,
        subcommands: [
            ListPresets.self, ShowPreset.self, CheckPresets.self, ExplainPreset.self, RenderPreset.self,
            TestPresets.self, NewPreset.self, PresetSchemaCommand.self,
        ],
        defaultSubcommand: ListPresets.self
    )
}

extension GlobalOptions {
    /// The shipped presets with the merchant's own on top: no home is touched.
    func library() throws -> Checked<PresetLibrary> {
        let folder = presets ?? Settings().text(Settings.presets)
        return try PresetFolder.library(adding: folder.isEmpty ? nil : folder)
    }
}

struct ListPresets: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List presets.",
        discussion: ExitHelp.text
    )

    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let library = try global.library().value
        if global.json { return global.output.json(library.presets.map(PresetReport.init)) }
        global.output.table(
            ["PRESET", "MOTION", "STYLE", "SHAPES", "TITLE"],
            library.presets.map { preset in
                [
                    preset.name, preset.video.motion.rawValue, preset.video.style ?? "",
                    preset.frame.placements.map(\.rawValue).joined(separator: " "), preset.title,
                ]
            }
        )
    }
}

struct ShowPreset: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show one preset with all that it inherits.",
        discussion: ExitHelp.text
    )

    @Argument(help: "The preset's name.") var name: String
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let preset = try PresetNames.preset(name, in: try global.library().value)
        if global.json { return global.output.json(PresetReport(preset)) }
        let output = global.output
        output.line("\(preset.name): \(preset.title)")
        output.line("  from: \(preset.file):\(preset.line)")
        output.line(
            "  shapes: \(preset.frame.placements.map(\.rawValue).joined(separator: ", ")), \(preset.frame.fit.rawValue)"
        )
        output.line(
            "  video: \(preset.video.seconds.formatted()) s, \(preset.video.motion.rawValue), style \(preset.video.style ?? "none")"
        )
        output.line("  prompt: \(preset.prompt.text)")
        output.line("  avoid: \(preset.avoid.text)")
    }
}

/// Finding presets by name.
enum PresetNames {
    static func preset(_ name: String, in library: PresetLibrary) throws -> Preset {
        guard let preset = library.preset(name) else {
            throw CommandFailure("no preset `\(name)`", hint: "see the names with `vitrine presets list`")
        }
        return preset
    }
}

struct CheckPresets: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Look for mistakes, with file and line.",
        discussion: "  vitrine presets check --presets my-presets\n\n" + ExitHelp.text
    )

    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let checked = try global.library()
        let table = LocalProvider.offers + (try PriceList.here(Settings())).offers
        let diagnostics = PresetCheck(offers: table).diagnostics(of: checked)
        if global.json {
            global.output.json(diagnostics)
        } else {
            for diagnostic in diagnostics { global.output.say(diagnostic) }
            global.output.line(
                "\(counted(checked.value.presets.count, "preset")), \(counted(diagnostics.count, "complaint"))"
            )
        }
        if diagnostics.contains(where: { $0.severity == .error }) { throw ExitCode.failure }
    }
}

struct ExplainPreset: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a product gets its preset, and why not the others.",
        discussion: "  vitrine presets explain SKU-1\n\n" + ExitHelp.text
    )

    @Argument(help: "The product, by `p_…` or SKU.") var product: String
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global)
        let entry = try await services.desk.product(named: product)
        let verdicts = try await services.presets.library().explain(entry.product)
        if global.json {
            return global.output.json(
                verdicts.map { Row(preset: $0.preset, matches: $0.matches, reason: $0.reason, weight: $0.weight) }
            )
        }
        let shown = global.verbose ? verdicts : verdicts.filter(\.matches)
        global.output.line(entry.product.title)
        global.output.table(
            ["", "PRESET", "BECAUSE"],
            shown.enumerated().map { index, verdict in
                [index == 0 && verdict.matches ? "→" : verdict.matches ? "+" : "-", verdict.preset, verdict.reason]
            }
        )
        if !global.verbose { global.output.say("run with `--verbose` for those that do not match") }
    }

    private struct Row: Encodable {
        var preset: String
        var matches: Bool
        var reason: String
        var weight: Int
    }
}

struct RenderPreset: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Print a product's final prompt, and write its first frame.",
        discussion: "  vitrine presets render SKU-1 --placement 9:16 --out frame.png\n\n" + ExitHelp.text
    )

    @Argument(help: "The product, by `p_…` or SKU.") var product: String
    @OptionGroup(title: "What is planned") var arguments: PlanArguments
    @Option(help: ArgumentHelp("The file for the first frame.", valueName: "file")) var out: String?
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let services = try await Services.open(global, isDryRun: true)
        defer { services.close() }
        let step = PlanStep(services: services, output: global.output)
        var options = step.options(arguments, feed: nil)
        options.products = [try await services.desk.product(named: product).product.id.rawValue]
        var rows: [PlannedRequest] = []
        let plan = try await services.presets.maker().plan(options, listsUnchanged: true) { rows.append($0) }
        guard let row = rows.first, let request = row.request else {
            throw CommandFailure("`\(product)` cannot be rendered: \(rows.first?.why ?? "it has no slot")")
        }
        if let out {
            let (_, path) = try await frame(for: request, services)
            try Data(contentsOf: URL(filePath: path)).write(to: URL(filePath: out))
        }
        if global.json { return global.output.json(PlanReport(plan, rows, [])) }
        let output = global.output
        output.line("preset: \(row.preset?.name ?? "")  (\(row.because))")
        output.line("prompt: \(request.prompt)")
        output.line("avoid: \(request.avoid)")
        if let out { output.line("first frame: \(out), \(request.size.width)×\(request.size.height) px") }
    }

    /// The frame, composed from the real home's pictures, since a dry run has none.
    private func frame(for request: VideoRequest, _ services: Services) async throws -> (FirstFrame, String) {
        let real = try await Services.open(global)
        do throws(JobFailure) {
            return try await real.frames.firstFrame(for: request)
        } catch {
            throw CommandFailure(error.message, hint: error.hint)
        }
    }
}

struct TestPresets: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the tests inside presets.",
        discussion: ExitHelp.text
    )

    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let results = try global.library().value.runTests()
        let failed = results.filter { !$0.passed }
        if global.json {
            global.output.json(results.map { Row(preset: $0.preset, title: $0.title, failures: $0.failures) })
        } else {
            for diagnostic in failed.flatMap(\.diagnostics) { global.output.say(diagnostic) }
            global.output.line("\(counted(results.count, "test")), \(failed.count) failed")
        }
        if !failed.isEmpty { throw ExitCode.failure }
    }

    private struct Row: Encodable {
        var preset: String
        var title: String
        var failures: [String]
    }
}

struct NewPreset: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a new preset to begin with.",
        discussion: "  vitrine presets new ceramic-mugs --extends kitchen --presets my-presets\n\n" + ExitHelp.text
    )

    @Argument(help: "Its name, in kebab-case.") var name: String
    @Option(name: .customLong("extends"), help: ArgumentHelp("The preset that it extends.", valueName: "name"))
    var parent = "fallback"
    @Flag(help: "Print it, write nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        guard let text = PresetStarter.text(name: name, extends: parent) else {
            throw CommandFailure("expected a name in kebab-case, such as `ceramic-mugs`, but got `\(name)`")
        }
        let folder = global.presets ?? Settings().text(Settings.presets)
        if dryRun || folder.isEmpty {
            global.output.write(Data(text.utf8))
            if folder.isEmpty { global.output.say("name a folder with `--presets DIR` to have it written there") }
            return
        }
        let path = folder + "/" + name + ".yaml"
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure("`\(path)` is there already", hint: "edit it, or choose another name")
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
        global.output.line(path)
    }
}

struct PresetSchemaCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of the preset language, for editors.",
        discussion: ExitHelp.text
    )

    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        global.output.write(Data(PresetSchema.json().utf8))
    }
}
