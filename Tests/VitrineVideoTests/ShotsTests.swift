import Foundation
import Testing
import VitrineCore

@testable import VitrineVideo

@Suite("Shots are put together")
struct ShotsTests {
    @Test("two clips become one as long as both, the second may begin from the last frame of the first")
    func joining() async throws {
        let shop = try await Workshop()
        let request = try shop.order().request
        let one = try await shop.clip("color=red:s=320x240:r=25", ["-t", "1"])
        let two = try await shop.clip("color=blue:s=240x320:r=30", ["-an"])

        let joined = try await shop.finisher.join([one, two], for: request)
        let again = try await shop.finisher.join([one, two], for: request)
        let last = try await shop.finisher.lastFrame(of: joined, for: request)

        let path = try await shop.media.path(of: joined.file)
        let probe = try #require(try await VideoProbe.of(fileAt: path, tools: shop.tools))
        #expect(abs(probe.seconds - 3) < 0.1)
        #expect(probe.size == request.size)
        #expect(probe.audioCodec == "aac")
        #expect(joined == again)
        #expect(last.frame.size == request.size)
        #expect(try Data(contentsOf: URL(filePath: last.path)).starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }
}
