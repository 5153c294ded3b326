import Foundation
import VitrineCore

/// Turns what was measured of a clip into verdicts.
struct ClipJudgement: Sendable {
    let request: VideoRequest
    /// The length that was asked for, of all shots together.
    let seconds: Double

    /// A judge of clips for that request.
    init(request: VideoRequest) {
        self.request = request
        seconds = request.length
    }

    /// The verdicts on a clip that cannot be read at all.
    var unreadable: [Verdict] {
        [Verdict(check: "decodes", passed: false, message: "the file is no MP4 that can be read")]
    }

    /// The verdicts on what its header says; the rest need its frames.
    func verdicts(on probe: VideoProbe) -> [Verdict] {
        let frame = 1 / probe.fps
        let codec = "\(probe.videoCodec) \(probe.profile) \(probe.pixelFormat)".trimmed
        return [
            Verdict(
                check: "duration",
                passed: abs(probe.seconds - seconds) <= frame + 0.001,
                message: "expected \(short(seconds)) s and measured \(short(probe.seconds)) s"
            ),
            Verdict(
                check: "size",
                passed: probe.size == request.size,
                message: "expected \(request.size) px and measured \(probe.size) px"
            ),
            Verdict(
                check: "codec",
                passed: probe.videoCodec == "h264" && probe.pixelFormat == "yuv420p",
                message: "expected h264 yuv420p and found \(codec)"
            ),
            Verdict(
                check: "audio",
                passed: probe.audioCodec == "aac",
                message: probe.audioCodec.map { "found an \($0) track" } ?? "found no audio track"
            ),
        ]
    }

    /// The verdicts on its frames.
    func verdicts(on inspection: ClipInspection, probe: VideoProbe) -> [Verdict] {
        let expected = probe.frames > 0 ? probe.frames : Int((probe.seconds * probe.fps).rounded(.down))
        let black = inspection.black.reduce(0) { $0 + $1.length }
        let beginsBlack = inspection.black.contains { $0.from < 0.5 / probe.fps }
        let longest = inspection.frozen.map(\.length).max() ?? 0
        let mayStand = request.motion == .still && request.shots.allSatisfy { $0.motion == .still }
        return [
            Verdict(
                check: "decodes",
                passed: inspection.isWhole && inspection.frames >= expected - 1 && inspection.frames > 0,
                message: "\(inspection.frames) of \(expected) frames decode"
                    + (inspection.isWhole ? "" : ", and then an error")
            ),
            Verdict(
                check: "black",
                passed: !beginsBlack && black <= probe.seconds / 2,
                message: beginsBlack ? "the first frame is black" : "\(short(black)) s are black"
            ),
            Verdict(
                check: "frozen",
                passed: mayStand || longest < probe.seconds / 2,
                message: mayStand ? "it may stand still" : "it stands still for \(short(longest)) s"
            ),
        ]
    }

    private func short(_ value: Double) -> String {
        let thousandths = (value * 1000).rounded() / 1000
        return thousandths == thousandths.rounded() ? String(Int(thousandths)) : String(thousandths)
    }
}
