import Foundation
import Testing
import VitrineCore

@testable import VitrineVideo

/// Contact sheets and speed, for people who look: they run only when `VITRINE_SHEETS` names a folder of first frames (PNG)
/// and write into its folder `sheets`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["VITRINE_SHEETS"]?.isEmpty == false))
struct SheetTests {
    private var folder: String { ProcessInfo.processInfo.environment["VITRINE_SHEETS"] ?? "" }

    private func frames() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".png") }.sorted()
    }

    private func shot(_ name: String, _ motion: Motion, _ look: Look, tools: VideoTools) async throws -> LocalShot {
        let header = try Data(contentsOf: URL(filePath: folder + "/" + name)).prefix(24).suffix(8)
        let numbers = header.map(Int.init)
        return LocalShot(
            framePath: folder + "/" + name,
            size: PixelSize(
                width: numbers[0] << 24 | numbers[1] << 16 | numbers[2] << 8 | numbers[3],
                height: numbers[4] << 24 | numbers[5] << 16 | numbers[6] << 8 | numbers[7]
            ),
            motion: motion,
            look: look,
            seconds: 6,
            fps: 30,
            seed: 7
        )
    }

    /// Tiles raw frames of one size into a PNG.
    private func write(_ frames: [[UInt8]], size: PixelSize, columns: Int, as name: String, tools: VideoTools)
        async throws
    {
        let sheets = folder + "/sheets"
        try FileManager.default.createDirectory(atPath: sheets, withIntermediateDirectories: true)
        let raw = sheets + "/" + name + ".yuv"
        var bytes = Data()
        for frame in frames { bytes.append(contentsOf: frame) }
        try bytes.write(to: URL(filePath: raw))
        defer { try? FileManager.default.removeItem(atPath: raw) }
        let rows = (frames.count + columns - 1) / columns
        let run = try await ToolRun(tools: tools, limits: .encoding).run(
            tools.ffmpeg,
            [
                "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size",
                "\(size.width)x\(size.height)", "-framerate", "1", "-i", raw, "-vf",
                "scale=320:-2:flags=area:in_color_matrix=bt709:out_color_matrix=bt601:out_range=pc,"
                    + "tile=\(columns)x\(rows)", "-frames:v", "1", sheets + "/" + name + ".png",
            ]
        )
        #expect(run.ended == .well, "\(run.complaint)")
    }

    private func frame(_ film: Film, _ index: Int, _ scene: Scene) -> [UInt8] {
        let buffer = FrameBuffer(count: scene.frameBytes)
        scene.render(film.moment(index), into: buffer)
        return [UInt8](buffer.bytes)
    }

    @Test("one sheet a picture with all looks, one with all motions")
    func sheets() async throws {
        let tools = try await VideoTools.find(environment: ProcessInfo.processInfo.environment)
        let renderer = ClipRenderer(tools: tools, pool: Workshop.pool)
        for name in try frames() {
            let stem = String(name.dropLast(4))
            var looks: [[UInt8]] = []
            for look in Look.allCases {
                let shot = try await shot(name, .pushIn, look, tools: tools)
                let scene = try await renderer.scene(of: shot)
                looks.append(frame(Film(shot: shot, subject: scene.subject), 60, scene))
            }
            let shot = try await shot(name, .still, .studio, tools: tools)
            try await write(looks, size: shot.size, columns: 6, as: stem + "-looks", tools: tools)
            var motions: [[UInt8]] = []
            for motion in Motion.allCases {
                var shot = shot
                shot.motion = motion
                let scene = try await renderer.scene(of: shot)
                let film = Film(shot: shot, subject: scene.subject)
                motions += [0, 45, 90, 135, 179].map { frame(film, $0, scene) }
            }
            try await write(Array(motions[..<30]), size: shot.size, columns: 5, as: stem + "-motions-1", tools: tools)
            try await write(Array(motions[30...]), size: shot.size, columns: 5, as: stem + "-motions-2", tools: tools)
        }
    }

    @Test("a finished clip a picture, with its poster, each with the next motion and look")
    func clips() async throws {
        let shop = try await Workshop()
        let renderer = ClipRenderer(tools: shop.tools, pool: Workshop.pool)
        for (index, name) in try frames().enumerated() {
            let motion = Motion.allCases[(index * 5 + 1) % Motion.allCases.count]
            let look = Look.allCases[(index * 7 + 1) % Look.allCases.count]
            let shot = try await shot(name, motion, look, tools: shop.tools)
            let path = shop.path + "/clip.mp4"
            try await renderer.render(shot, to: path, progress: RenderProgress(frames: shot.frames))
            var request = try shop.order(motion: motion, look: look, seconds: 6, fps: 30).request
            request.frame.shortSide = shot.size.shortSide
            request.frame.placement = shot.size.aspect < 0.7 ? .story : .portrait
            let clip = Clip(file: try await shop.media.adopt(fileAt: path, kind: "mp4"))
            let finished = try await shop.finisher.finish(clip, for: request, made: Date(milliseconds: 0))
            #expect(finished.verdicts.filter { !$0.passed } == [], "\(name) \(motion) \(look)")
            for (file, end) in [(finished.file, ".mp4"), (finished.poster, ".jpg")] {
                let kept = folder + "/sheets/" + name.dropLast(4) + end
                try? FileManager.default.removeItem(atPath: kept)
                try FileManager.default.copyItem(atPath: try await shop.media.path(of: file), toPath: kept)
            }
        }
    }

    @Test("frames a second, alone and into a clip")
    func speed() async throws {
        let tools = try await VideoTools.find(environment: ProcessInfo.processInfo.environment)
        let renderer = ClipRenderer(tools: tools, pool: Workshop.pool)
        let clock = ContinuousClock()
        for size in [PixelSize(width: 1080, height: 1080), PixelSize(width: 1080, height: 1920)] {
            let path = NSTemporaryDirectory() + "vitrine-speed-\(size).png"
            try DrawnProduct(size: size).png.write(to: URL(filePath: path))
            for (motion, look) in [(Motion.pushIn, Look.studio), (.orbit, .cinematic), (.parallax, .vintageFilm)] {
                let shot = LocalShot(
                    framePath: path,
                    size: size,
                    motion: motion,
                    look: look,
                    seconds: 6,
                    fps: 30,
                    seed: 7
                )
                let scene = try await renderer.scene(of: shot)
                let film = Film(shot: shot, subject: scene.subject)
                let buffer = FrameBuffer(count: scene.frameBytes)
                let began = clock.now
                let own = processorSeconds(0)
                for index in 0..<60 { scene.render(film.moment(index), into: buffer) }
                let alone = (processorSeconds(0) - own) / 60
                let rendered = clock.now
                let others = processorSeconds(-1)
                try await renderer.render(shot, to: path + ".mp4", progress: RenderProgress(frames: 180))
                let ffmpeg = (processorSeconds(-1) - others) / 180
                let whole = 180 / rendered.duration(to: clock.now).seconds
                let wall = 60 / began.duration(to: rendered).seconds
                let bytes = try FileManager.default.attributesOfItem(atPath: path + ".mp4")[.size] as? Int ?? 0
                let line =
                    "speed \(size) \(motion) \(look): kernel \(alone * 1000) ms of a processor a frame (\(wall)/s), "
                    + "ffmpeg \(ffmpeg * 1000) ms, clip \(whole)/s, \(bytes / 1000) kB\n"
                FileHandle.standardError.write(Data(line.utf8))
            }
        }
    }

    /// Seconds of a processor that this process (0) or its ended children (-1) have used.
    private func processorSeconds(_ who: Int32) -> Double {
        var usage = rusage()
        getrusage(who, &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
