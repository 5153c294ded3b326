import Foundation
import Synchronization
import Testing

/// The built program, run in a folder of its own.
struct Program {
    struct Outcome {
        var code: Int32
        var output: String
        var talk: String
    }

    let folder: String
    var environment: [String: String] = [:]

    init() throws {
        folder = FileManager.default.temporaryDirectory.path + "/vitrine-program-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// The root of the repository.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Where the program was built: beside the tests.
    static var path: String {
        if let path = ProcessInfo.processInfo.environment["VITRINE_BINARY"] { return path }
        let folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let beside = folder.appending(path: "vitrine").path
        return FileManager.default.isExecutableFile(atPath: beside) ? beside : root + "/.build/debug/vitrine"
    }

    /// Runs a command to its end.
    func run(_ arguments: String..., input: Data? = nil) throws -> Outcome {
        let process = try start(arguments, input: input)
        process.process.waitUntilExit()
        return process.outcome
    }

    /// Starts a command and gives it back while it runs.
    func start(_ arguments: [String], input: Data? = nil) throws -> Running {
        let process = Process()
        process.executableURL = URL(filePath: Program.path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: folder)
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("VITRINE_") }
        variables["NO_COLOR"] = "1"
        process.environment = variables.merging(environment) { $1 }
        let running = Running(process: process, folder: folder)
        process.standardOutput = try running.file("stdout")
        process.standardError = try running.file("stderr")
        if let input {
            let path = folder + "/stdin-\(UUID().uuidString)"
            try input.write(to: URL(filePath: path))
            process.standardInput = FileHandle(forReadingAtPath: path)
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        return running
    }

    /// Writes a small shop: a Shopify feed of mugs with pictures from catalog-samples, and presets that make short clips.
    func shop(_ titles: [String] = ["Cobalt mug", "Sage mug"], seconds: Double = 2) throws {
        var feed = "Handle,Title,Vendor,Type,Tags,Published,Variant SKU,Variant Price,Image Src,Image Position,Status\n"
        let pictures = ["mug-cobalt", "mug-sage", "mug-terracotta"]
        for (index, title) in titles.enumerated() {
            let picture = pictures[index % pictures.count] + ".jpg"
            feed += "mug-\(index),\(title),Tidewater,Mugs,,TRUE,M-\(index),24.00,\(picture),1,active\n"
            let target = folder + "/" + picture
            if !FileManager.default.fileExists(atPath: target) {
                let source = Program.root + "/catalog-samples/images/" + picture
                try FileManager.default.copyItem(atPath: source, toPath: target)
            }
        }
        try Data(feed.utf8).write(to: URL(filePath: folder + "/shop.csv"))
        let presets = """
            preset: short-mugs
            title: Short mugs
            match: {title: [mug]}
            weight: 1000
            frame: {placements: ["1:1"]}
            video: {seconds: \(seconds), style: studio, motion: push-in}
            prompt: "{{title}}, slow push-in"
            tiers: {draft: {provider: local, resolution: 720P}}
            """
        try FileManager.default.createDirectory(atPath: folder + "/presets", withIntermediateDirectories: true)
        try Data(presets.utf8).write(to: URL(filePath: folder + "/presets/short.yaml"))
    }

    /// The JSON document of an outcome.
    static func json(_ outcome: Outcome) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        return try #require(value as? [String: Any])
    }

    func discard() {
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// A command that runs.
final class Running {
    let process: Process
    private let folder: String
    private let name = UUID().uuidString

    init(process: Process, folder: String) {
        self.process = process
        self.folder = folder
    }

    func file(_ stream: String) throws -> FileHandle {
        let path = folder + "/\(stream)-\(name)"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return try #require(FileHandle(forWritingAtPath: path))
    }

    func text(_ stream: String) -> String {
        (try? String(contentsOfFile: folder + "/\(stream)-\(name)", encoding: .utf8)) ?? ""
    }

    /// What came of it; its code is 128 and the signal when it was killed.
    var outcome: Program.Outcome {
        let code =
            process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
        return Program.Outcome(code: code, output: text("stdout"), talk: text("stderr"))
    }
}
