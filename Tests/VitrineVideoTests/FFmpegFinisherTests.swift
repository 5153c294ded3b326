import Foundation
import Testing
import VitrineCore

@testable import VitrineVideo

@Suite struct FFmpegFinisherTests {
    private func refused(_ clip: Clip, _ shop: Workshop, motion: Motion = .pushIn) async throws -> [String] {
        let order = try shop.order(motion: motion, seconds: 2)
        let finished = try await shop.finisher.finish(clip, for: order.request, made: Date(milliseconds: 0))
        #expect(finished.poster.bytes > 0)
        #expect(shop.leftovers == [])
        return finished.verdicts.filter { !$0.passed }.map(\.check)
    }

    @Test("a sound clip of somebody else passes")
    func passes() async throws {
        let shop = try await Workshop()
        let clip = try await shop.clip("testsrc2=s=240x300:r=24")

        #expect(try await refused(clip, shop) == [])
    }

    @Test("a black clip, and one that only begins black, are refused")
    func refusesBlack() async throws {
        let shop = try await Workshop()

        let black = try await shop.clip("color=c=black:s=240x300:r=24")
        #expect(try await refused(black, shop) == ["black", "frozen"])

        let fade = try await shop.clip("testsrc2=s=240x300:r=24,fade=in:0:12")
        #expect(try await refused(fade, shop) == ["black"])
    }

    @Test("a clip that stands still is refused unless it was asked to")
    func refusesFrozen() async throws {
        let shop = try await Workshop()
        let clip = try await shop.clip("testsrc2=s=240x300:r=24,loop=48:1")

        #expect(try await refused(clip, shop) == ["frozen"])
        #expect(try await refused(clip, shop, motion: .still) == [])
    }

    @Test("another size, another length and another codec are refused by name")
    func refusesShape() async throws {
        let shop = try await Workshop()

        let large = try await shop.clip("testsrc2=s=242x300:r=24")
        #expect(try await refused(large, shop) == ["size"])
        let short = try await shop.clip("testsrc2=s=240x300:r=24", ["-t", "1.5"])
        #expect(try await refused(short, shop) == ["duration"])
        let odd = try await shop.clip("testsrc2=s=240x300:r=24", ["-pix_fmt", "yuv444p"])
        #expect(try await refused(odd, shop) == ["codec"])
    }

    @Test("a clip without sound gets a silent track, and one that starts late is put in order")
    func mends() async throws {
        let shop = try await Workshop()
        let clip = try await shop.clip("testsrc2=s=240x300:r=24", ["-an"])
        let order = try shop.order()
        let before = try MP4Layout(fileAt: try await shop.media.path(of: clip.file))
        #expect(!before.startsFast)

        let finished = try await shop.finisher.finish(clip, for: order.request, made: Date(milliseconds: 0))
        let path = try await shop.media.path(of: finished.file)

        #expect(finished.verdicts.filter { !$0.passed } == [])
        #expect(try MP4Layout(fileAt: path).startsFast)
        #expect(try await VideoProbe.of(fileAt: path, tools: shop.tools)?.audioCodec == "aac")
    }

    @Test("a clip that was cut off is refused, wherever the cut is", arguments: [0.15, 0.5, 0.9])
    func refusesTruncated(share: Double) async throws {
        let shop = try await Workshop()
        let whole = try await shop.clip("testsrc2=s=240x300:r=24", ["-movflags", "+faststart"])
        let bytes = try Data(contentsOf: URL(filePath: try await shop.media.path(of: whole.file)))
        let cut = Clip(file: try await shop.media.put(bytes.prefix(Int(Double(bytes.count) * share)), kind: "mp4"))

        #expect(try await refused(cut, shop).contains("decodes"))
    }

    @Test("bytes that are no video are refused, not thrown", arguments: ["", "<html>", "\u{0}\u{0}\u{0}\u{8}ftyp"])
    func refusesGarbage(text: String) async throws {
        let shop = try await Workshop()
        let bytes = Data(text.utf8) + Data(repeating: 7, count: 3000)
        let clip = Clip(file: try await shop.media.put(bytes, kind: "mp4"))

        #expect(try await refused(clip, shop) == ["decodes"])
    }

    @Test("a playlist that names other files is not followed")
    func followsNothing() async throws {
        let shop = try await Workshop()
        let playlist = Data("#EXTM3U\n#EXTINF:2,\nfile:///etc/passwd\n".utf8)
        let clip = Clip(file: try await shop.media.put(playlist, kind: "mp4"))

        #expect(try await refused(clip, shop) == ["decodes"])
    }

    @Test("a file that is not there is `missing`")
    func missesFiles() async throws {
        let shop = try await Workshop()
        let clip = Clip(file: MediaFile(digest: Digest(of: "nothing"), bytes: 1, kind: "mp4"))
        let request = try shop.order().request

        let error = await #expect(throws: ProviderError.self) {
            try await shop.finisher.finish(clip, for: request, made: Date(milliseconds: 0))
        }
        #expect(error?.failure.kind == .missing)
    }

    @Test("finishing twice gives the same files, and the clip is kept as it was")
    func isDeterministic() async throws {
        let shop = try await Workshop()
        let clip = try await shop.clip("testsrc2=s=240x300:r=24", ["-movflags", "+faststart"])
        let request = try shop.order().request

        let first = try await shop.finisher.finish(clip, for: request, made: Date(milliseconds: 5000))
        let second = try await shop.finisher.finish(clip, for: request, made: Date(milliseconds: 5000))

        #expect(first == second)
        let kept = try Data(contentsOf: URL(filePath: try await shop.media.path(of: clip.file)))
        #expect(Digest(of: kept) == clip.file.digest)
        #expect(first.file.digest != clip.file.digest)
    }

    @Test("the mark stands behind the last box, and exiftool reads it")
    func marks() async throws {
        let shop = try await Workshop()
        let clip = try await shop.clip("testsrc2=s=240x300:r=24", ["-movflags", "+faststart"])
        let finished = try await shop.finisher.finish(
            clip,
            for: try shop.order().request,
            made: Date(milliseconds: 1_795_000_000_000)
        )
        let path = try await shop.media.path(of: finished.file)

        let layout = try MP4Layout(fileAt: path)
        #expect(layout.isWhole)
        #expect(layout.boxes.last == "uuid")

        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/exiftool") else { return }
        let read = try await ToolRun(tools: shop.tools, limits: .quick).run(
            "exiftool",
            ["-s3", "-XMP:DigitalSourceType", "-XMP:CreatorTool", "-XMP:CreateDate", path],
            outputLimit: 4096
        )
        let expected = [
            "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced", "Vitrine (local motion-1)",
            "2026:11:18 11:06:40Z",
        ]
        #expect(read.text.split(separator: "\n").map(String.init) == expected)
    }
}
