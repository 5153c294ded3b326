import Foundation
import VitrineCore

/// What decoding a clip to its end shows, and the pictures that may stand for it.
struct ClipInspection: Hashable, Sendable {
    /// A stretch of time, in seconds.
    struct Stretch: Hashable, Sendable {
        var from: Double
        var to: Double
        var length: Double { max(0, to - from) }
    }

    /// Whether ffmpeg reached the end without an error.
    var isWhole: Bool
    /// Frames decoded.
    var frames: Int
    /// Where the picture is black.
    var black: [Stretch]
    /// Where it stands still for at least half of the clip.
    var frozen: [Stretch]

    /// Decodes the whole clip once: judges every frame at a quarter of its size, and writes the frames that a poster is chosen from.
    static func of(
        fileAt path: String,
        probe: VideoProbe,
        poster: Poster,
        tools: VideoTools
    ) async throws(ProviderError) -> ClipInspection {
        let run = try await ToolRun(tools: tools, limits: .judging).run(
            tools.ffmpeg,
            [
                "-v", "error", "-nostdin", "-y", "-xerror", "-err_detect", "explode", "-protocol_whitelist",
                "file,pipe", "-f", "mov", "-t", "120", "-i", path.asFileAddress, "-filter_complex",
                graph(poster, seconds: probe.seconds), "-map", "[judged]", "-f", "null", "-",
            ] + poster.output("posters") + (probe.audioCodec == nil ? [] : ["-map", "0:a:0", "-f", "null", "-"]),
            outputLimit: 4 << 20
        )
        if run.isDiskFull { throw .diskFull }
        return ClipInspection(report: run.text, isWhole: run.ended == .well, seconds: probe.seconds)
    }

    private static func graph(_ poster: Poster, seconds: Double) -> String {
        let still = max(0.5, seconds / 2)
        let judge = [
            "scale=w='max(64,iw/4)':h='max(64,ih/4)':flags=area", "blackdetect=d=0.01:pic_th=0.985:pix_th=0.06",
            "freezedetect=n=0.0005:d=\(still)", "metadata=mode=add:key=seen:value=1",
            "metadata=mode=print:file=pipe\\\\:1",
        ]
        return "[0:v:0]split=2[all][some];[all]\(judge.joined(separator: ","))[judged];"
            + poster.graph(from: "some", to: "posters")
    }

    /// Reads what the filters print: a heading to each frame, then what begins or ends there.
    init(report: String, isWhole: Bool, seconds: Double) {
        self.isWhole = isWhole
        frames = 0
        black = []
        frozen = []
        var blackFrom: Double?
        var frozenFrom: Double?
        for line in report.split(separator: "\n") {
            if line.hasPrefix("frame:") {
                frames += 1
                continue
            }
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let value = Double(parts[1]) else { continue }
            switch parts[0] {
            case "lavfi.black_start": blackFrom = value
            case "lavfi.black_end":
                black.append(Stretch(from: blackFrom ?? 0, to: value))
                blackFrom = nil
            case "lavfi.freezedetect.freeze_start": frozenFrom = value
            case "lavfi.freezedetect.freeze_end":
                frozen.append(Stretch(from: frozenFrom ?? 0, to: value))
                frozenFrom = nil
            default: break
            }
        }
        if let blackFrom { black.append(Stretch(from: blackFrom, to: seconds)) }
        if let frozenFrom { frozen.append(Stretch(from: frozenFrom, to: seconds)) }
    }
}
