import ArgumentParser
import Foundation
import VitrineCore
import VitrinePipeline
import VitrinePresets
import VitrineVideo

/// `vitrine backup`.
struct BackupCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Make a consistent copy of a home, while others work on it.",
        discussion: "  vitrine backup --out backups/monday\n\n" + ExitHelp.text
    )

    @Option(help: ArgumentHelp("The folder for the copy; it must not be there yet.", valueName: "dir")) var out: String
    @Flag(help: "Copy nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        let path = global.home ?? Settings().text(Settings.home)
        guard FileManager.default.fileExists(atPath: path + "/vitrine.db") else {
            throw CommandFailure("there is no home at `\(path)`", hint: "name it with `--home DIR`")
        }
        let services = try await Services.open(global)
        guard !FileManager.default.fileExists(atPath: out) else {
            throw CommandFailure("`\(out)` is there already", hint: "name a new folder with `--out DIR`")
        }
        if dryRun { return global.output.say("would copy `\(services.home.path)` to `\(out)`") }
        let copy = try Home(at: out)
        try await services.store.copy(to: copy.database)
        var files = 0
        for digest in try await Services.neededMedia(of: copy) {
            guard let file = try await services.media.file(digest) else { continue }
            let from = try await services.media.path(of: file)
            let to = copy.media + from.dropFirst(services.home.media.count)
            let folder = URL(filePath: to).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: from, toPath: to)
            files += 1
        }
        if global.json {
            global.output.json(["path": copy.path, "files": "\(files)"])
        } else {
            global.output.line("\(copy.path): the database and \(counted(files, "file"))")
        }
    }
}

/// `vitrine prune`.
struct PruneCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Drop rejected and superseded takes, files that nothing needs, and old notes.",
        discussion: """
            A chosen, approved or newest take is never dropped. Old notes are those that docs/operating.md lists.

              vitrine prune --older-than 30

            \(ExitHelp.text)
            """
    )

    @Option(help: ArgumentHelp("Only takes older than so many days.", valueName: "days")) var olderThan = 30
    @Flag(help: "Drop nothing.") var dryRun = false
    @OptionGroup(title: "General") var global: GlobalOptions

    func validate() throws {
        if olderThan < 0 { throw ValidationError("--older-than: expected days from 0 but got \(olderThan)") }
    }

    func run() async throws {
        let services = try await Services.open(global, isDryRun: dryRun)
        defer { services.close() }
        let before = services.time.now().adding(.seconds(-86_400 * olderThan))
        let dropped = try await services.store.prune(before: before)
        let retired = try await services.retention.retire()
        var bytes: Int64 = 0
        if !dryRun {
            let needed = try await services.store.neededMedia(keepingSupersededSince: Date(milliseconds: 0))
            services.home.sweepWork(before: services.time.now().adding(.seconds(-3600)), rendersToo: true)
            bytes = try await services.media.sweep(
                keeping: needed,
                writtenBefore: services.time.now().adding(.seconds(-3600))
            )
        }
        if global.json {
            global.output.json(Report(videos: dropped, bytes: bytes, rows: retired))
        } else {
            let rows = counted(retired.values.reduce(0, +), "old note")
            global.output.line("dropped \(counted(dropped.count, "take")), \(bytes / 1_000_000) MB of files, \(rows)")
        }
    }

    private struct Report: Encodable {
        var videos: [VideoID]
        var bytes: Int64
        var rows: [String: Int]
    }
}

/// `vitrine doctor`.
struct DoctorCommand: HomeCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is missing on this machine, and the command that mends it.",
        discussion: ExitHelp.text
    )

    @OptionGroup(title: "General") var global: GlobalOptions

    func run() async throws {
        var findings: [Finding] = []
        do {
            let tools = try await VideoTools.here()
            findings.append(
                Finding(name: "ffmpeg", isGood: true, message: "\(tools.version), \(tools.ffmpeg)", remedy: nil)
            )
        } catch {
            guard let (message, hint) = Output.words(for: error) else { throw error }
            findings.append(Finding(name: "ffmpeg", isGood: false, message: message, remedy: hint))
        }
        do {
            let path = global.home ?? Settings().text(Settings.home)
            guard FileManager.default.fileExists(atPath: path) else {
                findings.append(
                    Finding(name: "home", isGood: true, message: "\(path), made by the first import", remedy: nil)
                )
                return try report(findings)
            }
            let services = try await Services.open(global)
            let room = try FileManager.default.attributesOfFileSystem(forPath: services.home.path)[.systemFreeSize]
            let free = (room as? NSNumber)?.int64Value ?? 0
            findings.append(
                Finding(
                    name: "home",
                    isGood: free > 1 << 30,
                    message: "\(services.home.path), \(free >> 20) MB free",
                    remedy: free > 1 << 30 ? nil : "free some room: `vitrine prune`"
                )
            )
            let library = try await services.presets.checkedLibrary()
            let errors = library.diagnostics.filter { $0.severity == .error }
            findings.append(
                Finding(
                    name: "presets",
                    isGood: errors.isEmpty,
                    message: "\(counted(library.value.presets.count, "preset"))",
                    remedy: errors.isEmpty ? nil : "see `vitrine presets check`"
                )
            )
        } catch {
            guard let (message, hint) = Output.words(for: error) else { throw error }
            findings.append(Finding(name: "home", isGood: false, message: message, remedy: hint))
        }
        try report(findings)
    }

    private func report(_ findings: [Finding]) throws {
        if global.json {
            global.output.json(findings)
        } else {
            for finding in findings {
                global.output.line("\(finding.isGood ? "ok     " : "MISSING") \(finding.name): \(finding.message)")
                if let remedy = finding.remedy { global.output.line("        \(remedy)") }
            }
        }
        if findings.contains(where: { !$0.isGood }) { throw ExitCode.failure }
    }

    private struct Finding: Encodable {
        var name: String
        var isGood: Bool
        var message: String
        var remedy: String?
    }
}
