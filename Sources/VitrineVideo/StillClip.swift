public import Foundation
import Subprocess
public import VitrineCore

/// Makes a plain clip of one picture that slowly nears: small, quick to make, and the product is seen in it.
public struct StillClip: Sendable {
    private let tools: VideoTools

    /// A maker with these programs.
    public init(tools: VideoTools) {
        self.tools = tools
    }

    /// Writes an MP4 (H.264, 24 frames a second, AAC where it has sound) of exactly that size and length to `path`.
    ///
    /// The picture is a PNG; where its shape differs it is cropped around its middle.
    public func render(
        _ png: Data,
        size: PixelSize,
        seconds: Double,
        hasSound: Bool,
        to path: String
    ) async throws(ProviderError) {
        let frames = Int((seconds * 24).rounded())
        let shape = "\(size.width):\(size.height)"
        let graph =
            "[0:v]scale=\(shape):force_original_aspect_ratio=increase,crop=\(shape),"
            + "zoompan=z='1+0.15*on/\(frames)':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d=\(frames)"
            + ":s=\(size.width)x\(size.height):fps=24,format=yuv420p[v]"
        let sound = ["-f", "lavfi", "-t", "\(Double(frames) / 24)", "-i", "anullsrc=r=48000:cl=stereo"]
        let outcome = try await ToolRun(tools: tools, limits: .encoding).run(
            tools.ffmpeg,
            ["-v", "error", "-nostdin", "-y", "-protocol_whitelist", "file,pipe", "-f", "png_pipe", "-i", "pipe:0"]
                + (hasSound ? sound : []) + ["-filter_complex", graph, "-map", "[v]"]
                + (hasSound ? ["-map", "1:a:0", "-c:a", "aac", "-b:a", "48k"] : []) + [
                    "-frames:v", "\(frames)", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "30", "-threads", "1",
                    "-pix_fmt", "yuv420p", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1",
                    "-movflags", "+faststart", "-f", "mp4", path.asFileAddress,
                ]
        ) { writer in
            _ = try await writer.write(Array(png))
        }
        guard outcome.ended == .well else {
            throw outcome.isDiskFull
                ? .diskFull : ProviderError(JobFailure(.renderFailed, "ffmpeg could not encode the clip"))
        }
    }
}
