import Foundation
import VitrineCore
import VitrineImaging

/// The picture that stands for a clip: of a few of its frames the one that shows most.
struct Poster: Sendable {
    /// The size it is drawn in: the clip's, or smaller where that is enormous.
    let size: PixelSize
    /// The frames it is chosen from, in order.
    let frames: [Int]
    /// Where ffmpeg puts them, one behind the other.
    let path: String

    /// The most bytes of a poster.
    static let byteLimit = 200_000
    /// The qualities that are tried, best first.
    static let qualities = [90, 84, 76, 66, 50, 30]

    /// The poster of a clip; what stands on its end card never stands for it.
    init(of probe: VideoProbe, endCard: Double, in folder: String) {
        let share = min(1, 2048 / Double(probe.size.longSide))
        size = PixelSize(
            width: max(1, Int(Double(probe.size.width) * share)),
            height: max(1, Int(Double(probe.size.height) * share))
        )
        let last = max(0, (probe.seconds - endCard) * probe.fps - 1)
        frames = [0, 0.2, 1.0 / 3, 0.5, 0.7, 0.9].map { Int(last * $0) }.reduce(into: []) { frames, frame in
            if frames.last != frame { frames.append(frame) }
        }
        path = folder + "/posters.rgba"
    }

    /// The part of a filter graph that picks them.
    func graph(from input: String, to output: String) -> String {
        let wanted = frames.map { "eq(n,\($0))" }.joined(separator: "+")
        return
            "[\(input)]select='\(wanted)',scale=\(size.width):\(size.height):flags=area+accurate_rnd+full_chroma_int,"
            + "format=rgba[\(output)]"
    }

    /// The output of that graph.
    func output(_ name: String) -> [String] {
        ["-map", "[\(name)]", "-fps_mode", "passthrough", "-f", "rawvideo", path.asFileAddress]
    }

    /// The JPEG, as good as the limit allows; nil when no frame was written.
    ///
    /// At one quality a JPEG grows with what is to be seen: a dark, faded or blurred frame is small. The one a third into the clip is
    /// preferred where others show little more, because it is what the clip is about.
    func jpeg() -> Data? {
        // Frames that were not written cannot be chosen.
        guard let file = try? FileHandle(forReadingFrom: URL(filePath: path)) else { return nil }
        defer { try? file.close() }
        var best: (bitmap: Bitmap, weight: Double)?
        for frame in frames {
            guard let bytes = try? file.read(upToCount: size.area * 4), bytes.count == size.area * 4,
                let bitmap = Bitmap(size: size, pixels: [UInt8](bytes))
            else { break }
            let isPreferred = frames.count > 2 && frame == frames[2]
            let weight = Double(ImageEncoding.jpeg(bitmap, quality: 80).count) * (isPreferred ? 1.1 : 1)
            if best.map({ weight > $0.weight }) ?? true { best = (bitmap, weight) }
        }
        return best.map { Poster.encoded($0.bitmap) }
    }

    /// A plain grey picture for a clip that shows nothing.
    static func blank(_ size: PixelSize) -> Data {
        guard let bitmap = Bitmap(size: size, pixels: (0..<size.area).flatMap { _ in [128, 128, 128, 255] as [UInt8] })
        else { return Data() }
        return encoded(bitmap)
    }

    private static func encoded(_ bitmap: Bitmap) -> Data {
        var jpeg = Data()
        for quality in qualities {
            jpeg = ImageEncoding.jpeg(bitmap, quality: quality)
            if jpeg.count <= byteLimit { break }
        }
        return jpeg
    }
}
