import Foundation
import Testing
import VitrineCore

@testable import VitrineVideo

@Suite struct SourceMarkTests {
    private func request(_ provider: ProviderID, pictures: [Digest] = [Digest(of: "x")]) -> VideoRequest {
        VideoRequest(
            slot: Slot(product: "p_1", placement: .square),
            pictures: pictures,
            frame: FrameRecipe(placement: .square, fit: .pad, background: .auto, productSize: 0.8),
            prompt: "",
            avoid: "",
            style: VideoRequest.Style(words: "", tag: nil, look: .studio),
            motion: .still,
            seconds: 2,
            fps: 30,
            seed: 1,
            provider: provider,
            model: "m<1>",
            tier: .draft
        )
    }

    @Test("the mark says whether a model made the clip, and from what")
    func values() {
        let made = Date(milliseconds: 0)
        let base = "http://cv.iptc.org/newscodes/digitalsourcetype/"

        #expect(SourceMark(request: request(.local), made: made).sourceType == base + "algorithmicallyEnhanced")
        #expect(
            SourceMark(request: request("fal"), made: made).sourceType == base + "compositeWithTrainedAlgorithmicMedia"
        )
        #expect(
            SourceMark(request: request("fal", pictures: []), made: made).sourceType == base + "trainedAlgorithmicMedia"
        )
    }

    @Test("the box has its length, its name and a packet that is XML")
    func box() throws {
        let mark = SourceMark(request: request(.local), made: Date(milliseconds: 0))
        let box = mark.box

        #expect(box.prefix(4).reduce(0) { $0 << 8 | Int($1) } == box.count)
        #expect(String(decoding: box.dropFirst(4).prefix(4), as: UTF8.self) == "uuid")
        #expect(mark.packet.contains("<xmp:CreateDate>1970-01-01T00:00:00Z</xmp:CreateDate>"))
        #expect(mark.packet.contains("m&lt;1&gt;"))
    }
}
