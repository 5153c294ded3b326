import Foundation
import VitrineCore

/// The picture that stands for a clip: of its first frame and of one a third into it, the one that shows more.
enum Poster {
    /// The most bytes of a poster.
    static let byteLimit = 200_000
    /// The encoder's scales that are tried, best first.
    static let scales = [2, 4, 7, 12, 22]

    /// The part of a filter graph that encodes one frame at every scale.
    static func graph(of frame: Int, from input: String, as name: String) -> String {
        let outputs = scales.map { "[\(name)\($0)]" }.joined()
        return "[\(input)]select='eq(n,\(frame))',scale=out_color_matrix=bt601:out_range=pc,format=yuvj420p,"
            + "split=\(scales.count)\(outputs)"
    }

    /// The outputs of that graph, as files in a folder.
    static func outputs(in folder: String) -> [String] {
        ["a", "b"].flatMap { name in
            scales.flatMap { scale in
                [
                    "-map", "[\(name)\(scale)]", "-frames:v", "1", "-c:v", "mjpeg", "-huffman", "optimal", "-q:v",
                    "\(scale)", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "image2", "-update", "1",
                    (folder + "/poster-\(name)-\(scale).jpg").asFileAddress,
                ]
            }
        }
    }

    /// The better of the frames, as good as the limit allows; nil when none was written.
    static func choose(in folder: String) -> String? {
        func path(_ name: String, _ scale: Int) -> String { folder + "/poster-\(name)-\(scale).jpg" }
        func bytes(_ path: String) -> Int {
            var found = stat()
            return stat(path, &found) == 0 ? Int(found.st_size) : 0
        }
        // At one scale a JPEG grows with what is to be seen: a dark or blurred frame is small. The later frame is
        // preferred where both show about the same, because it is what the clip is about.
        let first = bytes(path("a", 4))
        let later = bytes(path("b", 4))
        guard first > 0 || later > 0 else { return nil }
        let name = Double(later) * 1.1 >= Double(first) ? "b" : "a"
        let written = scales.map { path(name, $0) }.filter { bytes($0) > 0 }
        return written.first { bytes($0) <= byteLimit } ?? written.last
    }

    /// A plain grey picture for a clip that shows nothing.
    static func blank(_ size: PixelSize, in folder: String, tools: VideoTools) async throws(ProviderError) -> String {
        let path = folder + "/blank.jpg"
        let run = try await ToolRun(tools: tools, limits: .quick).run(
            tools.ffmpeg,
            [
                "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i",
                "color=c=0x808080:s=\(size.width)x\(size.height):r=1:d=1", "-frames:v", "1", "-c:v", "mjpeg", "-q:v",
                "8", "-pix_fmt", "yuvj420p", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-f", "image2",
                "-update", "1", path.asFileAddress,
            ]
        )
        guard run.ended == .well else {
            throw run.isDiskFull
                ? .diskFull : ProviderError(JobFailure(.finishFailed, "no poster could be made"), isPassing: true)
        }
        return path
    }
}
