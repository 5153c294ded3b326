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

    @Test(
        "a cross-fade shows both shots for half a second, and the whole is that much shorter; a cut beside it stays a cut"
    )
    func fading() async throws {
        let shop = try await Workshop()
        var request = try shop.order().request
        request.shots = (0..<3).map { _ in .init(from: .picture, prompt: "a", motion: .still, seconds: 2) }
        request.finish["joins"] = "fade cut"
        let red = try await shop.clip("color=red:s=320x240:r=25", ["-t", "2"])
        let blue = try await shop.clip("color=blue:s=320x240:r=30", ["-an", "-t", "2"])
        let white = try await shop.clip("color=white:s=320x240:r=25", ["-t", "2"])

        let joined = try await shop.finisher.join([red, blue, white], for: request)

        let path = try await shop.media.path(of: joined.file)
        let probe = try #require(try await VideoProbe.of(fileAt: path, tools: shop.tools))
        #expect(request.length == 5.5)
        #expect(abs(probe.seconds - 5.5) < 0.05)
        #expect(probe.audioCodec == "aac")
        let middle = try await shop.color(at: 1.75, of: path)
        let (before, after) = (try await shop.color(at: 3.45, of: path), try await shop.color(at: 3.6, of: path))
        #expect(middle.red > 60 && middle.red < 200 && middle.blue > 60 && middle.blue < 200)
        #expect(before.blue > 200 && before.red < 60)
        #expect(after.blue > 200 && after.red > 200)
    }

    @Test("without a fade the shots are put together as ever")
    func graph() {
        var graph = ShotGraph(size: PixelSize(width: 320, height: 240), fps: 24)
        graph.add(seconds: 2, hasSound: true, join: .cut)
        graph.add(seconds: 3, hasSound: false, join: .cut)
        var faded = graph
        faded.add(seconds: 2, hasSound: true, join: .fade)

        #expect(graph.text.hasSuffix("[v0][a0][v1][a1]concat=n=2:v=1:a=1[v][a]"))
        #expect(faded.text.contains("xfade=transition=fade:duration=0.5:offset=4.5"))
    }
}
