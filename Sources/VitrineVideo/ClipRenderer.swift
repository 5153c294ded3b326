import CFrame
import Foundation
import Subprocess
package import VitrineCore
package import VitrineImaging

/// One clip to render: a picture, a camera move, a look.
package struct LocalShot: Hashable, Sendable {
    /// Where the first frame stands, as a PNG of that size.
    package var framePath: String
    /// The size of the clip.
    package var size: PixelSize
    /// How the camera moves.
    package var motion: Motion
    /// How the picture is graded and lit.
    package var look: Look
    /// The length.
    package var seconds: Double
    /// Frames a second.
    package var fps: Int
    /// Decides what is left to chance.
    package var seed: UInt64

    /// A shot.
    package init(
        framePath: String,
        size: PixelSize,
        motion: Motion,
        look: Look,
        seconds: Double,
        fps: Int,
        seed: UInt64
    ) {
        self.framePath = framePath
        self.size = size
        self.motion = motion
        self.look = look
        self.seconds = seconds
        self.fps = fps
        self.seed = seed
    }

    /// How many frames it has: the length is a whole number of half seconds and the rate even, so nothing is rounded.
    package var frames: Int { Int((seconds * Double(fps)).rounded()) }

    /// Whether frames of that size can be rendered.
    static func allows(_ size: PixelSize) -> Bool {
        size.width % 2 == 0 && size.height % 2 == 0 && size.shortSide >= 64 && size.longSide <= 4096
    }

    /// The first frame; throws when it is no PNG of the shot's size.
    package func picture() throws(ProviderError) -> Bitmap {
        let limits = ImageLimits(smallestSide: 1)
        // Whatever is wrong with the file, the answer is the same.
        guard let bytes = try? Data(contentsOf: URL(filePath: framePath)),
            let picture = try? ImageIntake.bitmap(bytes, limits: limits), picture.size == size, picture.isOpaque
        else {
            throw ProviderError(
                JobFailure(.fault, "the first frame is no PNG of \(size) px", hint: "run `vitrine doctor`")
            )
        }
        return picture
    }
}

/// Renders one clip: the first frame into a scene, the scene frame by frame through a pipe into x264.
package struct ClipRenderer: Sendable {
    let tools: VideoTools
    let pool: BlockingPool

    /// A renderer with these programs, on these threads.
    package init(tools: VideoTools, pool: BlockingPool) {
        self.tools = tools
        self.pool = pool
    }

    /// Writes the clip of `shot` to the file `path`, which is made anew; the same shot gives the same bytes.
    package func render(_ shot: LocalShot, to path: String) async throws {
        try await render(shot, to: path, progress: RenderProgress(frames: shot.frames))
    }

    func render(_ shot: LocalShot, to path: String, progress: RenderProgress) async throws {
        let outcome = try await ToolRun(tools: tools, limits: .encoding).run(
            tools.ffmpeg,
            ClipRenderer.encoding(shot, to: path)
        ) { writer in
            // ffmpeg wakes up while the scene is made.
            let scene = try await scene(of: shot)
            let film = Film(shot, of: scene)
            let buffer = FrameBuffer(count: scene.frameBytes)
            // A copy: the writer may still hold its bytes when the buffer is drawn over.
            @Sendable func frame(_ index: Int) -> [UInt8] {
                scene.render(film.moment(index), into: buffer)
                return [UInt8](buffer.bytes)
            }
            // Frames are written where they are rendered: thousands of megabytes through a pipe are nothing for threads that answer.
            try await withTaskExecutorPreference(pool) {
                var ready = frame(0)
                for index in 0..<shot.frames {
                    try Task.checkCancellation()
                    // The next frame is computed while ffmpeg takes this one.
                    async let following = index + 1 < shot.frames ? frame(index + 1) : []
                    _ = try await writer.write(ready)
                    ready = await following
                    progress.advance()
                }
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
        try await pool.run {
            guard let scene = Scene(of: try shot.picture(), look: shot.look, motion: shot.motion, seed: shot.seed)
            else {
                throw ProviderError(
                    JobFailure(.fault, "no memory is left for a scene of \(shot.size) px"),
                    isPassing: true
                )
            }
            return scene
        }
    }

    /// What ffmpeg is told: H.264 High tagged as BT.709, a silent AAC track, moov first, nothing that differs from run to run.
    static func encoding(_ shot: LocalShot, to path: String) -> [String] {
        let seconds = String(Double(shot.frames) / Double(shot.fps))
        return [
            "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size",
            "\(shot.size.width)x\(shot.size.height)", "-framerate", "\(shot.fps)", "-color_range", "tv", "-i", "pipe:0",
            "-f", "lavfi", "-t", seconds, "-i", "anullsrc=r=48000:cl=stereo", "-map", "0:v:0", "-map", "1:a:0",
        ] + x264 + [
            "-threads", "2", "-maxrate", "12M", "-bufsize", "24M", "-g", "\(2 * shot.fps)", "-c:a", "aac", "-b:a",
            "96k", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1",
            "-movflags", "+faststart", "-f", "mp4", path.asFileAddress,
        ]
    }

    /// How every clip of ours is encoded: High, BT.709 and tagged so.
    ///
    /// The cheaper motion search looks the same on smooth camera
    /// moves, in two thirds of the time and a third more bytes (docs/decisions/0025).
    static let x264 = [
        "-c:v", "libx264", "-profile:v", "high", "-preset", "veryfast", "-crf", "20", "-x264-params", "subme=1",
        "-pix_fmt", "yuv420p", "-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc",
        "bt709",
    ]
}
