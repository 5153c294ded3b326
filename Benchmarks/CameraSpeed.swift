import Foundation
import VitrineCore
import VitrineImaging
import VitrineVideo

/// The renderer beside ffmpeg's zoompan and beside x264 alone, over the same first frame of a product photo.
struct CameraSpeed {
    let folder: String
    private let size = PixelSize(width: 1080, height: 1080)

    /// Photos: one of a product that is told from its ground, but not so surely that it moves apart, and one of which it does.
    private enum Photo: String { case whole = "headphones.jpg", apart = "mug-cobalt-above.jpg" }

    private func shot(_ motion: Motion, _ photo: Photo = .whole) throws -> LocalShot {
        let path = folder + "/\(photo).png"
        if !FileManager.default.fileExists(atPath: path) {
            let bytes = try Data(contentsOf: URL(filePath: "catalog-samples/images/" + photo.rawValue))
            let recipe = FrameRecipe(placement: .square, fit: .pad, background: .auto, productSize: 0.78)
            try FrameComposer.compose(bytes, recipe: recipe).png.write(to: URL(filePath: path))
        }
        return LocalShot(framePath: path, size: size, motion: motion, look: .studio, seconds: 6, fps: 30, seed: 7)
    }

    /// Frames of a push-in, from the PNG to planes in memory, against zoompan to its null output; one thread each.
    func frames() throws {
        let (theirs, ours) = try compare(try shot(.pushIn))
        var others: [String] = []
        for (name, photo) in [("whole", Photo.whole), ("apart", .apart)] {
            for motion in [Motion.orbit, .parallax, .turntable, .float] {
                let (theirs, ours) = try compare(try shot(motion, photo))
                others.append(String(format: "%@ %@ %.2f", motion.rawValue, name, theirs / ours))
            }
        }
        Benchmarks.report(
            "frames-zoompan",
            theirs / ours,
            goal: "3",
            against: "ffmpeg zoompan",
            String(format: "%.0f frames a second of one core; the others at least 1: ", 180 / ours)
                + others.joined(separator: ", ")
        )
    }

    /// Medians of three, in turn: seconds of a processor that zoompan takes over the same picture, and that a shot takes.
    private func compare(_ shot: LocalShot) throws -> (theirs: Double, ours: Double) {
        var theirs: [Double] = []
        var ours: [Double] = []
        for _ in 0..<3 {
            theirs.append(try Spawned.run(Spawned.find("ffmpeg"), zoompan(shot) + ["-f", "null", "-"]).processor)
            ours.append(try processorSeconds(of: shot))
        }
        return (theirs.median, ours.median)
    }

    private func zoompan(_ shot: LocalShot) -> [String] {
        [
            "-v", "error", "-nostdin", "-threads", "1", "-i", shot.framePath, "-filter_threads", "1", "-vf",
            "format=yuv420p,zoompan=z='1.02+0.22*on/180':x='iw/2-iw/zoom/2':y='ih/2-ih/zoom/2':d=180:s=1080x1080:fps=30",
            "-frames:v", "180",
        ]
    }

    private func processorSeconds(of shot: LocalShot) throws -> Double {
        let began = Spawned.processorSeconds()
        guard let scene = Scene(of: try shot.picture(), look: shot.look, motion: shot.motion, seed: shot.seed) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        let film = Film(shot, of: scene)
        let buffer = FrameBuffer(count: scene.frameBytes)
        for index in 0..<shot.frames { scene.render(film.moment(index), into: buffer) }
        return Spawned.processorSeconds() - began
    }

    /// A whole push-in clip against `libx264 -preset veryfast -crf 20` fed with the same frames, ready in memory.
    func clip() async throws {
        let shot = try shot(.pushIn)
        guard let scene = Scene(of: try shot.picture(), look: shot.look, motion: shot.motion, seed: shot.seed) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        let film = Film(shot, of: scene)
        let frames = (0..<shot.frames).map { index in
            let buffer = FrameBuffer(count: scene.frameBytes)
            scene.render(film.moment(index), into: buffer)
            return Data(buffer.bytes)
        }
        let tools = try await VideoTools.find(environment: ProcessInfo.processInfo.environment)
        let renderer = ClipRenderer(tools: tools, pool: BlockingPool(name: "renders", width: 2))
        var ours: [Double] = []
        var theirs: [Double] = []
        for _ in 0..<3 {
            var began = ContinuousClock.now
            try encode(frames)
            theirs.append((ContinuousClock.now - began).inSeconds)
            began = ContinuousClock.now
            try await renderer.render(shot, to: folder + "/ours.mp4")
            ours.append((ContinuousClock.now - began).inSeconds)
        }
        let sizes = try ["ours", "theirs"].map { name in
            try FileManager.default.attributesOfItem(atPath: folder + "/\(name).mp4")[.size] as? Int ?? 0
        }
        Benchmarks.report(
            "clip-encode",
            ours.median / theirs.median,
            goal: "1.15",
            against: "libx264 veryfast crf 20 alone",
            String(format: "%.2f s for 6 s, %d and %d kB", ours.median, sizes[0] / 1000, sizes[1] / 1000)
        )
    }

    private func encode(_ frames: [Data]) throws {
        let process = Process()
        process.executableURL = URL(filePath: Spawned.find("ffmpeg"))
        process.arguments = [
            "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", "1080x1080", "-framerate",
            "30",
            "-i", "pipe:0", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-f", "mp4", folder + "/theirs.mp4",
        ]
        let pipe = Pipe()
        process.standardInput = pipe
        try process.run()
        for frame in frames { try pipe.fileHandleForWriting.write(contentsOf: frame) }
        try pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// The path of a spot through a slow push-in: how much it jerks, ours and zoompan's.
    func smoothness() throws {
        let path = folder + "/spot.png"
        let spot = SIMD2<Double>(300, 380)
        var pixels = [UInt8](repeating: 255, count: size.area * 4)
        for y in 0..<size.height {
            for x in 0..<size.width {
                let (dx, dy) = (Double(x) - spot.x, Double(y) - spot.y)
                let value = UInt8(230 - 190 * exp(-(dx * dx + dy * dy) / 300))
                for channel in 0..<3 { pixels[(y * size.width + x) * 4 + channel] = value }
            }
        }
        guard let bitmap = Bitmap(size: size, pixels: pixels) else { throw CocoaError(.fileReadCorruptFile) }
        try ImageEncoding.png(bitmap).write(to: URL(filePath: path))
        var shot = try shot(.pushIn)
        shot.framePath = path
        guard let scene = Scene(of: bitmap, look: .studio, motion: .pushIn, seed: 7) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        let film = Film(shot, of: scene)
        let buffer = FrameBuffer(count: scene.frameBytes)
        let ours = (0..<shot.frames).map { index in
            scene.render(film.moment(index), into: buffer)
            return centre(of: UnsafeRawBufferPointer(buffer.bytes))
        }
        let raw = folder + "/zoompan.gray"
        _ = try Spawned.run(Spawned.find("ffmpeg"), zoompan(shot) + ["-f", "rawvideo", "-pix_fmt", "gray", raw])
        let bytes = try Data(contentsOf: URL(filePath: raw), options: .alwaysMapped)
        defer { try? FileManager.default.removeItem(atPath: raw) }
        let theirs = bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / size.area).map { index in
                centre(of: UnsafeRawBufferPointer(rebasing: bytes[(index * size.area)..<((index + 1) * size.area)]))
            }
        }
        let (own, other) = (jerk(ours), jerk(theirs))
        Benchmarks.report(
            "smoothness",
            own / other,
            goal: "0.1",
            against: "ffmpeg zoompan",
            String(format: "second difference of a spot's path: %.4f and %.4f px", own, other)
        )
    }

    /// The middle of what is dark.
    private func centre(of luma: UnsafeRawBufferPointer) -> SIMD2<Double> {
        var sum = SIMD2<Double>(0, 0)
        var weight = 0.0
        for y in 0..<size.height {
            for x in 0..<size.width {
                let dark = Double(max(0, 190 - Int(luma[y * size.width + x])))
                if dark > 0 {
                    sum += dark * SIMD2(Double(x), Double(y))
                    weight += dark
                }
            }
        }
        return weight > 0 ? sum / weight : .zero
    }

    /// The root mean square of a path's second difference.
    private func jerk(_ path: [SIMD2<Double>]) -> Double {
        let steps = zip(path, path.dropFirst()).map { $1 - $0 }
        let changes = zip(steps, steps.dropFirst()).map { $1 - $0 }
        return (changes.reduce(0) { $0 + ($1 * $1).sum() } / Double(max(1, changes.count))).squareRoot()
    }
}
