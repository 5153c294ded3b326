import Foundation
public import VitrineCore

/// Why video cannot be made on this machine, and the command that mends it.
public struct VideoToolsProblem: Error, Hashable, Sendable {
    /// What is wrong, in words.
    public var message: String
    /// The command that mends it.
    public var remedy: String

    /// A problem and its remedy.
    public init(_ message: String, remedy: String = "sudo apt-get install ffmpeg") {
        self.message = message
        self.remedy = remedy
    }

    /// It as what a provider throws.
    public var asProviderError: ProviderError {
        ProviderError(JobFailure(.missing, message, hint: "run `\(remedy)`"), pausesLane: true)
    }
}

/// ffmpeg and ffprobe as they stand on this machine, found to have all that is needed.
public struct VideoTools: Hashable, Sendable {
    /// The path of ffmpeg.
    public var ffmpeg: String
    /// The path of ffprobe.
    public var ffprobe: String
    /// The version that ffmpeg gives itself, such as `5.1.9-0+deb12u1`.
    public var version: String
    /// The version that ffprobe gives itself.
    public var probeVersion: String
    /// The variables that programs are found by.
    public var environment: [String: String]
    /// What the programs leave processors to; without it they use all.
    public var share: ProcessorShare?

    /// The encoders without which nothing can be made.
    public static let encoders = ["libx264", "aac"]

    /// Finds the programs on the `PATH` of these variables and asks them what they can do.
    public static func find(environment: [String: String]) async throws(VideoToolsProblem) -> VideoTools {
        let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        func find(_ name: String, remedy: String = "sudo apt-get install ffmpeg") throws(VideoToolsProblem) -> String {
            for folder in path.split(separator: ":") where folder.hasPrefix("/") {
                let candidate = folder + "/" + name
                if access(candidate, X_OK) == 0 { return candidate }
            }
            throw VideoToolsProblem("`\(name)` was not found on the `PATH`", remedy: remedy)
        }
        var tools = VideoTools(
            ffmpeg: try find("ffmpeg"),
            ffprobe: try find("ffprobe"),
            version: "",
            probeVersion: "",
            environment: ["PATH": path]
        )
        for name in ["prlimit", "taskset"] { _ = try find(name, remedy: "sudo apt-get install util-linux") }
        _ = try find("timeout", remedy: "sudo apt-get install coreutils")
        let encoders = try await answer(tools, tools.ffmpeg, ["-hide_banner", "-encoders"])
        for name in VideoTools.encoders where !has(name, in: encoders) {
            throw VideoToolsProblem("`\(tools.ffmpeg)` was built without the encoder `\(name)`")
        }
        tools.version = version(in: try await answer(tools, tools.ffmpeg, ["-version"]))
        tools.probeVersion = version(in: try await answer(tools, tools.ffprobe, ["-version"]))
        return tools
    }

    private static func answer(
        _ tools: VideoTools,
        _ program: String,
        _ arguments: [String]
    ) async throws(VideoToolsProblem) -> String {
        do throws(ProviderError) {
            let run = try await ToolRun(tools: tools, limits: .quick).run(program, arguments, outputLimit: 1 << 20)
            if run.ended == .well { return run.text }
        } catch {}
        throw VideoToolsProblem("`\(program)` does not run", remedy: "sudo apt-get install --reinstall ffmpeg")
    }

    private static func has(_ encoder: String, in list: String) -> Bool {
        list.split(separator: "\n").contains { line in
            line.split(separator: " ").dropFirst().first.map { $0 == encoder } ?? false
        }
    }

    private static func version(in banner: String) -> String {
        let words = banner.split(separator: "\n").first?.split(separator: " ") ?? []
        guard words.count > 2, words[1] == "version" else { return "unknown" }
        return String(words[2])
    }
}
