import Foundation
import Testing
import VitrineCore
import VitrineImaging

@testable import VitrineVideo

@Suite struct FinishTests {
    private func finished(
        _ shop: Workshop,
        _ finish: [String: String],
        graph: String = "color=c=0x303438:s=240x300:r=24,noise=alls=6:allf=t",
        arguments: [String] = []
    ) async throws -> FinishedClip {
        let clip = try await shop.clip(graph, arguments)
        var request = try shop.order(motion: .still, seconds: 2).request
        request.finish = finish
        return try await shop.finisher.finish(clip, for: request, made: Date(milliseconds: 0))
    }

    /// The light of one frame of a clip.
    private func luma(_ file: MediaFile, at seconds: Double, _ shop: Workshop) async throws -> [UInt8] {
        let run = try await ToolRun(tools: shop.tools, limits: .quick).run(
            shop.tools.ffmpeg,
            [
                "-v", "error", "-ss", String(seconds), "-i", try await shop.media.path(of: file), "-frames:v", "1",
                "-f",
                "rawvideo", "-pix_fmt", "gray", "pipe:1",
            ],
            outputLimit: 240 * 300
        )
        #expect(run.output.count == 240 * 300)
        return run.output
    }

    private func bright(_ luma: [UInt8], rows: Range<Int>) -> Int {
        rows.reduce(0) { sum, y in sum + luma[(y * 240)..<((y + 1) * 240)].count { $0 > 190 } }
    }

    @Test(
        "words of any script stand where they were asked to",
        arguments: ["Soft wool", "صوف ناعم", "柔らかいウール", "צמר רך"]
    )
    func words(text: String) async throws {
        let shop = try await Workshop()
        let clip = try await finished(shop, ["text.0.say": text, "text.0.at": "top", "text.0.size": "large"])

        let frame = try await luma(clip.file, at: 1, shop)

        #expect(clip.verdicts.filter { !$0.passed } == [])
        #expect(bright(frame, rows: 0..<100) > 60)
        #expect(bright(frame, rows: 150..<300) == 0)
    }

    @Test("words are never obeyed")
    func plainWords() {
        let words = TitleScript.plain("50 % {\\pos(1,1)}off\\N\u{7}\nnow")

        #expect(!words.replacing("\\N", with: "").contains("\\"))
        #expect(!words.contains("{") && !words.contains("}"))
        #expect(words.hasSuffix("\\Nnow"))
    }

    @Test("captions are cut between words, and anywhere in scripts without spaces")
    func captions() {
        let pieces = TitleScript.pieces(of: "a bottle that keeps water cold for a day", longest: 16)
        #expect(pieces == ["a bottle that", "keeps water cold", "for a day"])
        #expect(TitleScript.pieces(of: String(repeating: "水", count: 30), longest: 16).map(\.count) == [16, 14])
    }

    @Test("a logo stands in its corner, and the end card covers the end")
    func pictures() async throws {
        let shop = try await Workshop()
        let white = [UInt8](repeating: 255, count: 40 * 20 * 4)
        let bitmap = try #require(Bitmap(size: PixelSize(width: 40, height: 20), pixels: white))
        let logo = try await shop.media.put(ImageEncoding.png(bitmap), kind: "png")
        let clip = try await finished(
            shop,
            [
                "logo": "\(logo.digest.hexadecimal).png", "end_card.text": "Shop now",
                "end_card.background": "#ffffff", "end_card.color": "#000000", "end_card.seconds": "0.8",
            ]
        )

        let before = try await luma(clip.file, at: 0.5, shop)
        let after = try await luma(clip.file, at: 1.85, shop)

        #expect(clip.verdicts.filter { !$0.passed } == [])
        #expect(before[20 * 240 + 220] > 200 && before[20 * 240 + 20] < 90)
        #expect(bright(after, rows: 0..<100) > 100 * 240 * 9 / 10)
        #expect(after[(120 * 240)..<(180 * 240)].contains { $0 < 60 })
    }

    @Test("music makes the clip as loud as asked, and fades")
    func music() async throws {
        let shop = try await Workshop()
        let path = shop.path + "/bed.wav"
        let made = try await ToolRun(tools: shop.tools, limits: .quick).run(
            shop.tools.ffmpeg,
            ["-v", "error", "-f", "lavfi", "-t", "1.3", "-i", "sine=f=440:r=44100", "-af", "volume=-20dB", path]
        )
        #expect(made.ended == .well)
        let bed = try await shop.media.adopt(fileAt: path, kind: "wav")

        let clip = try await finished(shop, ["music.file": "\(bed.digest.hexadecimal).wav"])
        let heard = try await ToolRun(tools: shop.tools, limits: .quick).run(
            shop.tools.ffmpeg,
            [
                "-v", "error", "-i", try await shop.media.path(of: clip.file), "-af",
                "ebur128=metadata=1,ametadata=mode=print:key=lavfi.r128.I:file=pipe\\\\:1", "-vn", "-f", "null", "-",
            ],
            outputLimit: 1 << 20
        )

        #expect(clip.verdicts.filter { !$0.passed } == [])
        let loudness = heard.text.split(separator: "=").last.flatMap { Double($0.trimmingCharacters(in: .newlines)) }
        #expect(abs(try #require(loudness) + 16) < 0.7)
    }

    @Test("a clip of somebody else leaves in our form: moov first, BT.709, AAC in stereo at 48 kHz")
    func form() async throws {
        let shop = try await Workshop()
        let clip = try await finished(shop, [:], arguments: ["-ar", "22050", "-ac", "1"])

        let path = try await shop.media.path(of: clip.file)
        let probe = try #require(try await VideoProbe.of(fileAt: path, tools: shop.tools))

        #expect(probe.hasOurSound)
        #expect(probe.color == .bt709)
        #expect(try MP4Layout(fileAt: path).startsFast)
    }

    @Test("a file that a finish names and that is gone fails the finish, not the clip")
    func missing() async throws {
        let shop = try await Workshop()
        let gone = Digest(of: "gone").hexadecimal + ".png"

        let error = await #expect(throws: ProviderError.self) { try await finished(shop, ["logo": gone]) }
        #expect(error?.failure.kind == .finishFailed)
        #expect(shop.leftovers == [])
    }
}
