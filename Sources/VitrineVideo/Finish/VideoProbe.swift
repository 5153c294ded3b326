import Foundation
public import VitrineCore

/// What ffprobe reads of a clip before anything is decoded.
public struct VideoProbe: Hashable, Sendable {
    /// The size of its frames.
    public var size: PixelSize
    /// Frames a second.
    public var fps: Double
    /// Its length in seconds, by its video track.
    public var seconds: Double
    /// How many frames its index names; 0 when it names none.
    public var frames: Int
    /// The video codec, such as `h264`.
    public var videoCodec: String
    /// The codec's profile, such as `High`.
    public var profile: String
    /// The pixel format, such as `yuv420p`.
    public var pixelFormat: String
    /// The audio codec, such as `aac`; nil without an audio track.
    public var audioCodec: String?
    /// Whether its sound is AAC in stereo at 48 kHz.
    public var hasOurSound: Bool
    /// What it says its colours are.
    var color: ClipColor

    /// Probes the file at `path` as MP4 and nothing else; nil when it cannot be read as one.
    public static func of(fileAt path: String, tools: VideoTools) async throws(ProviderError) -> VideoProbe? {
        let run = try await ToolRun(tools: tools, limits: .quick).run(
            tools.ffprobe,
            [
                "-v", "error", "-protocol_whitelist", "file,pipe", "-f", "mov", "-show_entries",
                "stream=codec_type,codec_name,profile,pix_fmt,width,height,avg_frame_rate,nb_frames,duration,"
                    + "color_space,color_primaries,color_transfer,sample_rate,channels:"
                    + "format=duration", "-of", "json", path.asFileAddress,
            ],
            outputLimit: 1 << 18
        )
        guard run.ended == .well else { return nil }
        // Output that is no JSON is an unreadable clip, like any other.
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(run.output)) else { return nil }
        return VideoProbe(answer)
    }

    private init?(_ answer: Answer) {
        guard
            let video = answer.streams?.first(where: { $0.codec_type == "video" }),
            let width = video.width, let height = video.height, width > 0, height > 0,
            let fps = video.rate, fps > 0
        else { return nil }
        let frames = video.nb_frames.flatMap(Int.init) ?? 0
        let seconds = (video.duration ?? answer.format?.duration).flatMap(Double.init) ?? Double(frames) / fps
        guard seconds.isFinite, seconds > 0 else { return nil }
        self.size = PixelSize(width: width, height: height)
        self.fps = fps
        self.seconds = seconds
        self.frames = frames
        self.videoCodec = video.codec_name ?? "unknown"
        self.profile = video.profile ?? ""
        self.pixelFormat = video.pix_fmt ?? ""
        let audio = answer.streams?.first { $0.codec_type == "audio" }
        self.audioCodec = audio?.codec_name
        self.hasOurSound = audio?.codec_name == "aac" && audio?.sample_rate == "48000" && audio?.channels == 2
        self.color = ClipColor(
            matrix: video.color_space,
            primaries: video.color_primaries,
            transfer: video.color_transfer
        )
    }

    // The names are ffprobe's.
    private struct Answer: Decodable {
        struct Stream: Decodable {
            var codec_type: String?
            var codec_name: String?
            var profile: String?
            var pix_fmt: String?
            var width: Int?
            var height: Int?
            var avg_frame_rate: String?
            var nb_frames: String?
            var duration: String?
            var color_space: String?
            var color_primaries: String?
            var color_transfer: String?
            var sample_rate: String?
            var channels: Int?

            var rate: Double? {
                let parts = (avg_frame_rate ?? "").split(separator: "/").compactMap { Double($0) }
                guard parts.count == 2, parts[1] != 0 else { return nil }
                return parts[0] / parts[1]
            }
        }

        struct Format: Decodable {
            var duration: String?
        }

        var streams: [Stream]?
        var format: Format?
    }
}
