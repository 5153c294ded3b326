import CFrame
import Foundation
import Subprocess
import VitrineCore

/// One clip to render: a picture, a camera move, a look.
struct LocalShot: Hashable, Sendable {
    var framePath: String
    var size: PixelSize
    var motion: Motion
    var look: Look
    var seconds: Double
    var fps: Int
    var seed: UInt64

    /// How many frames it has: the length is a whole number of half seconds and the rate even, so nothing is rounded.
    var frames: Int { Int((seconds * Double(fps)).rounded()) }

    /// Whether frames of that size can be rendered.
    static func allows(_ size: PixelSize) -> Bool {
        size.width % 2 == 0 && size.height % 2 == 0 && size.shortSide >= 64 && size.longSide <= 4096
    }
}

/// Renders one clip: the picture through ffmpeg into a scene, the scene frame by frame through a pipe into x264.
struct ClipRenderer: Sendable {
    let tools: VideoTools
    let pool: BlockingPool

    /// Writes the clip of `shot` to the file `path`, which is made anew; the same shot gives the same bytes.
    func render(_ shot: LocalShot, to path: String, progress: RenderProgress) async throws {
        let scene = try await scene(of: shot)
        let film = Film(shot: shot, subject: scene.subject)
        let pool = pool
        let outcome = try await ToolRun(tools: tools, limits: .encoding).run(
            tools.ffmpeg,
            ClipRenderer.encoding(shot, to: path)
        ) { writer in
            let first = FrameBuffer(count: scene.frameBytes)
            let second = FrameBuffer(count: scene.frameBytes)
            try await pool.run { scene.render(film.moment(0), into: first) }
            for index in 0..<shot.frames {
                let (ready, next) = index % 2 == 0 ? (first, second) : (second, first)
                // The next frame is computed while ffmpeg takes this one.
                async let following: Void =
                    index + 1 < shot.frames
                    ? pool.run { scene.render(film.moment(index + 1), into: next) } : ()
                _ = try await writer.write(ready.bytes.bytes)
                try await following
                progress.advance()
            }
        }
        guard outcome.ended == .well else {
            if outcome.isDiskFull { throw ProviderError.diskFull }
            let how =
                outcome.ended == .stopped ? "ffmpeg took too much time or memory" : "ffmpeg could not encode the clip"
            throw ProviderError(JobFailure(.renderFailed, how, hint: "run `vitrine doctor`"), isPassing: true)
        }
    }

    /// The graded scene of a shot.
    func scene(of shot: LocalShot) async throws -> Scene {
        let count = shot.size.area * 3
        let picture = try await ToolRun(tools: tools, limits: .quick).run(
            tools.ffmpeg,
            [
                "-v", "error", "-nostdin", "-protocol_whitelist", "file,pipe", "-f", "png_pipe", "-i",
                shot.framePath.asFileAddress, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1",
            ],
            outputLimit: count + 1
        )
        guard picture.ended == .well, picture.output.count == count else {
            throw ProviderError(
                JobFailure(.fault, "the first frame is no PNG of \(shot.size) px", hint: "run `vitrine doctor`")
            )
        }
        let pixels = picture.output
        guard
            let scene = try await pool.run({
                Scene(rgb: pixels, size: shot.size, grade: Grade.of(shot.look), seed: shot.seed)
            })
        else {
            throw ProviderError(JobFailure(.fault, "no memory is left for a scene of \(shot.size) px"), isPassing: true)
        }
        return scene
    }

    /// What ffmpeg is told: H.264 High tagged as BT.709, a silent AAC track, moov first, nothing that differs from run to run.
    static func encoding(_ shot: LocalShot, to path: String) -> [String] {
        let seconds = String(Double(shot.frames) / Double(shot.fps))
        return [
            "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size",
            "\(shot.size.width)x\(shot.size.height)", "-framerate", "\(shot.fps)", "-color_range", "tv", "-i", "pipe:0",
            "-f", "lavfi", "-t", seconds, "-i", "anullsrc=r=48000:cl=stereo", "-map", "0:v:0", "-map", "1:a:0",
            "-c:v", "libx264", "-profile:v", "high", "-preset", "veryfast", "-crf", "18", "-threads", "2", "-maxrate",
            "12M", "-bufsize", "24M",
            "-g", "\(2 * shot.fps)", "-pix_fmt", "yuv420p", "-color_range", "tv", "-colorspace", "bt709",
            "-color_primaries", "bt709", "-color_trc", "bt709", "-c:a", "aac", "-b:a", "96k", "-fflags", "+bitexact",
            "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1", "-movflags", "+faststart",
            "-f", "mp4", path.asFileAddress,
        ]
    }
}
