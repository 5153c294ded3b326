import Foundation
import VitrineCore

@testable import VitrineVideo

/// A folder that is gone with its test, and what is needed to render in it.
final class Workshop: Sendable {
    let path: String
    let tools: VideoTools
    let media: FolderMediaStore
    static let pool = BlockingPool(name: "test-pictures", width: 2)
    private static let found = Task { try await VideoTools.find(environment: ProcessInfo.processInfo.environment) }

    init() async throws {
        path = NSTemporaryDirectory() + "vitrine-video-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        tools = try await Workshop.found.value
        media = try FolderMediaStore(path: path + "/media")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var work: String { path + "/work" }

    func provider() -> LocalProvider {
        LocalProvider(work: work, tools: tools, time: .system, pool: Workshop.pool, concurrency: 1)
    }

    var finisher: FFmpegFinisher { FFmpegFinisher(tools: tools, media: media, work: work) }

    /// The names in the work folder, in order.
    var leftovers: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: work)) ?? []).sorted()
    }

    /// An order for a drawn picture whose short side has that many pixels.
    func order(
        _ key: SubmissionKey = "k1",
        placement: Placement = .portrait,
        shortSide: Int = 240,
        motion: Motion = .pushIn,
        look: Look = .studio,
        seconds: Double = 2,
        fps: Int = 24,
        seed: UInt64 = 7
    ) throws -> SubmissionOrder {
        let request = VideoRequest(
            slot: Slot(product: "p_1", placement: placement),
            pictures: [Digest(of: "picture")],
            frame: FrameRecipe(
                placement: placement,
                shortSide: shortSide,
                fit: .pad,
                background: .auto,
                productSize: 0.78
            ),
            prompt: "",
            avoid: "",
            style: VideoRequest.Style(words: "", tag: nil, look: look),
            motion: motion,
            seconds: seconds,
            fps: fps,
            seed: seed,
            provider: .local,
            model: LocalProvider.model,
            tier: .draft
        )
        let png = DrawnProduct(size: request.size).png
        let framePath = path + "/frame-\(request.size).png"
        if !FileManager.default.fileExists(atPath: framePath) { try png.write(to: URL(filePath: framePath)) }
        let frame = FirstFrame(digest: Digest(of: png), size: request.size, scale: 1)
        return SubmissionOrder(key: key, request: request, shot: 0, frame: frame, framePath: framePath)
    }

    /// Renders an order to its end and keeps the clip.
    func clip(of order: SubmissionOrder) async throws -> Clip {
        let provider = provider()
        let remote = try await provider.submit(order)
        while true {
            guard case .rendered(let video) = try await provider.check(remote, order: order) else { continue }
            let path = path + "/download.mp4"
            try await provider.download(video, to: path)
            return Clip(file: try await media.adopt(fileAt: path, kind: "mp4"))
        }
    }

    /// The mean colour of a video's picture at a moment.
    func color(at seconds: Double, of video: String) async throws -> (red: Int, green: Int, blue: Int) {
        let raw = path + "/pixel.rgb"
        let run = try await ToolRun(tools: tools, limits: .encoding).run(
            tools.ffmpeg,
            [
                "-v", "error", "-nostdin", "-y", "-ss", "\(seconds)", "-i", video, "-frames:v", "1", "-vf",
                "scale=1:1:flags=area", "-pix_fmt", "rgb24", "-f", "rawvideo", raw,
            ]
        )
        let bytes = try Data(contentsOf: URL(filePath: raw))
        guard run.ended == .well, bytes.count == 3 else { throw StoreError(.io, run.complaint) }
        return (Int(bytes[0]), Int(bytes[1]), Int(bytes[2]))
    }

    /// A clip that ffmpeg makes from a filter graph.
    func clip(_ graph: String, _ arguments: [String] = []) async throws -> Clip {
        let path = path + "/made.mp4"
        let sound = ["-f", "lavfi", "-t", "2", "-i", "anullsrc=r=48000:cl=stereo", "-c:a", "aac"]
        let run = try await ToolRun(tools: tools, limits: .encoding).run(
            tools.ffmpeg,
            ["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", graph] + sound
                + ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "ultrafast", "-t", "2"] + arguments
                + ["-f", "mp4", path]
        )
        guard run.ended == .well else { throw StoreError(.io, run.complaint) }
        return Clip(file: try await media.adopt(fileAt: path, kind: "mp4"))
    }
}

/// Files by digest in one folder.
struct FolderMediaStore: MediaStore {
    let path: String

    init(path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func put(_ bytes: Data, kind: String) async throws(StoreError) -> MediaFile {
        let file = MediaFile(digest: Digest(of: bytes), bytes: bytes.count, kind: kind)
        do { try bytes.write(to: URL(filePath: place(of: file))) } catch { throw StoreError(.io, "\(error)") }
        return file
    }

    func adopt(fileAt path: String, kind: String) async throws(StoreError) -> MediaFile {
        do {
            let file = try await put(Data(contentsOf: URL(filePath: path)), kind: kind)
            try FileManager.default.removeItem(atPath: path)
            return file
        } catch {
            throw StoreError(.io, "\(error)")
        }
    }

    func path(of file: MediaFile) async throws(StoreError) -> String {
        let path = place(of: file)
        guard FileManager.default.fileExists(atPath: path) else { throw StoreError(.notFound, "no file") }
        return path
    }

    func file(_ digest: Digest) async throws(StoreError) -> MediaFile? { nil }

    func sweep(keeping needed: Set<Digest>, writtenBefore: Date) async throws(StoreError) -> Int64 { 0 }

    private func place(of file: MediaFile) -> String { path + "/" + file.digest.hexadecimal + "." + file.kind }
}
