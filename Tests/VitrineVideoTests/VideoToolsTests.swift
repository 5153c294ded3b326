import Foundation
import Testing
import VitrineCore

@testable import VitrineVideo

@Suite struct VideoToolsTests {
    @Test("the programs of this machine are found with their versions")
    func finds() async throws {
        let tools = try await VideoTools.find(environment: ProcessInfo.processInfo.environment)

        #expect(tools.ffmpeg.hasSuffix("/ffmpeg") && tools.ffprobe.hasSuffix("/ffprobe"))
        #expect(tools.version.first?.isNumber == true || tools.version.first?.isLetter == true)
        #expect(tools.version != "unknown" && tools.probeVersion != "unknown")
    }

    @Test("a machine without ffmpeg is told what to install")
    func missing() async throws {
        let problem = await #expect(throws: VideoToolsProblem.self) {
            try await VideoTools.find(environment: ["PATH": "/nowhere"])
        }

        #expect(problem?.message == "`ffmpeg` was not found on the `PATH`")
        #expect(problem?.remedy == "sudo apt-get install ffmpeg")
        #expect(problem?.asProviderError.failure.kind == .missing)
        #expect(problem?.asProviderError.failure.hint == "run `sudo apt-get install ffmpeg`")
    }

    @Test(
        "an ffmpeg that cannot encode is told apart from one that can",
        arguments: ["exit 1", "echo ' V..... mpeg4'"]
    )
    func incapable(script: String) async throws {
        let folder = NSTemporaryDirectory() + "vitrine-tools-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["ffmpeg", "ffprobe"] {
            let path = folder + "/" + name
            try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }

        await #expect(throws: VideoToolsProblem.self) {
            try await VideoTools.find(environment: ["PATH": folder + ":/usr/bin:/bin"])
        }
    }
}
